"""Legal values told in a text: today's, and beside it the one of the guide's day when the law has moved since."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.law import parameters as law


@dataclass(frozen=True, slots=True)
class Told:
    """A value on two days, in words; `then` is empty when it is the same, or was not in force."""

    now: str
    then: str
    description: str
    sure: bool


def told(identifier: str, day: date, guide_day: date) -> Told:
    """The value of a parameter on a day and on the guide's. Raises law.UnknownParameterError."""
    description = law.parameter(identifier).description
    value, before = law.in_force(identifier, day), law.in_force(identifier, guide_day)
    now = value.text if value else _("plus en vigueur")
    then = before.text if before and before.text != now else ""
    return Told(now, then, description, value is None or value.certainty.is_sure)


def as_html(day: date, guide_day: date, page: Callable[[str], str]) -> Callable[[str], SafeString]:
    """What writes a value in a page, linked to its own page of the law."""

    def write(identifier: str) -> SafeString:
        value = told(identifier, day, guide_day)
        url = page(identifier)
        shown = (
            format_html(
                '<a class="law-value-told" href="{}" title="{}">{}</a>', url, value.description, value.now
            )
            if url
            else format_html('<strong class="law-value-told">{}</strong>', value.now)
        )
        marks = format_html(' <span class="to-check">{}</span>', _("à vérifier")) if not value.sure else ""
        then = (
            format_html(" <small>({})</small>", _("%s à la date du guide") % value.then) if value.then else ""
        )
        return format_html("{}{}{}", shown, marks, then)

    return write


def as_text(day: date, guide_day: date) -> Callable[[str], str]:
    """What writes a value in a printed document."""

    def write(identifier: str) -> str:
        value = told(identifier, day, guide_day)
        return f"{value.now} ({_('%s à la date du guide') % value.then})" if value.then else value.now

    return write
