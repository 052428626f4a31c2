"""What the page « Règles et seuils » shows: the values of a day, by chapter, searched and filtered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from essor.kernel.text import fold
from essor.law import parameters as law
from essor.law.changes import Change
from essor.law.wording import french_date
from essor.rulebook.chapters import FIRST, OTHER, THEMES, Theme, grouped, theme_of, words_above

SHOWN_ITEMS = 3


@dataclass(frozen=True)
class Asked:
    """What a person asks of the page."""

    day: date
    query: str = ""
    to_verify: bool = False
    local: bool = False
    themes: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """True when the page does not show everything."""
        return bool(self.query or self.to_verify or self.local or self.themes)


@dataclass(frozen=True)
class Line:
    """A parameter on the day: its value, or why it has none."""

    description: str
    url: str
    text: str
    absent: str
    value: law.LegalValue | None

    @property
    def marks(self) -> list[str]:
        """What must be seen at a glance: to be verified, added here."""
        if self.value is None:
            return []
        found = [] if self.value.certainty.is_sure else [_("à vérifier")]
        return [*found, _("ajoutée ici")] if self.value.local else found

    @property
    def to_check(self) -> str:
        """What has to be verified, in words; empty when nothing has."""
        return "" if self.value is None or self.value.certainty.is_sure else self.value.note


@dataclass(frozen=True)
class Group:
    """A chapter inside a theme."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Section:
    """A theme with what it shows."""

    theme: Theme
    groups: Sequence[Group]

    @property
    def count(self) -> int:
        """How many values it shows."""
        return sum(len(group.lines) for group in self.groups)

    @property
    def to_verify(self) -> int:
        """How many of them were not read in their text."""
        lines = [line for group in self.groups for line in group.lines]
        return sum(line.value is not None and not line.value.certainty.is_sure for line in lines)


def short_text(value: law.LegalValue) -> str:
    """The value in words, a long list cut after its first elements."""
    if not isinstance(value.value, tuple) or value.unit != "list" or len(value.value) <= SHOWN_ITEMS + 1:
        return value.text
    words = dict(value.labels)
    first = ", ".join(words.get(str(item), str(item)) for item in value.value[:SHOWN_ITEMS])
    return _("%(first)s… et %(others)s autres") % {"first": first, "others": len(value.value) - SHOWN_ITEMS}


def line_of(parameter: law.Parameter, day: date, url: str) -> Line:
    """The parameter as the day sees it."""
    try:
        value = parameter.at(day)
    except law.NotInForceError:
        return Line(parameter.description, url, "", absence_of(parameter, day), None)
    return Line(parameter.description, url, short_text(value), "", value)


def absence_of(parameter: law.Parameter, day: date) -> str:
    """Why a parameter has no value on a day: it begins later, or it has ended."""
    later = next((value for value in parameter.history() if value.valid_from > day), None)
    before = [value for value in parameter.history() if value.valid_to and value.valid_to <= day]
    if later is not None:
        return _("pas en vigueur ; %(text)s dès le %(day)s") % {
            "text": short_text(later),
            "day": french_date(later.valid_from),
        }
    if before and before[-1].valid_to:
        return _("terminé depuis le %(day)s") % {"day": french_date(before[-1].valid_to)}
    return _("pas en vigueur")


def answers(parameter: law.Parameter, words: Sequence[str]) -> bool:
    """True when each word stands in the description, its chapters, the identifier, a value it has had or a text."""
    if not words:
        return True
    text = _text_of(parameter)
    return all(word in text for word in words)


# The folded text of each parameter; one that changes (a local value) is another object, and is folded again.
_texts: dict[str, tuple[law.Parameter, str]] = {}


def _text_of(parameter: law.Parameter) -> str:
    known = _texts.get(parameter.id)
    if known is None or known[0] is not parameter:
        known = _texts[parameter.id] = (parameter, fold(" ".join(_searched(parameter))))
    return known[1]


def _searched(parameter: law.Parameter) -> Iterable[str]:
    yield parameter.description
    yield parameter.id
    yield str(theme_of(parameter.id).label)
    yield from words_above(parameter.id)
    yield from (str(label) for identifier, label in FIRST if identifier == parameter.id)
    for value in parameter.history():
        yield value.text
        yield value.reference
        if isinstance(value.value, Decimal):
            yield f"{value.value:f}"


def is_to_verify(parameter: law.Parameter, day: date) -> bool:
    """True when the value of the day was not read in its text."""
    try:
        return not parameter.at(day).certainty.is_sure
    except law.NotInForceError:
        return False


def is_local(parameter: law.Parameter) -> bool:
    """True when the installation added or changed something in it."""
    return any(entry.local for entry in parameter.entries)


def found(asked: Asked) -> list[law.Parameter]:
    """The parameters that answer, those with a local value included; an identifier typed whole gives its own alone."""
    words = fold(asked.query).split()
    everything = law.all_parameters()
    named = [parameter for parameter in everything if parameter.id == asked.query]
    return [
        parameter
        for parameter in named or everything
        if (not asked.local or is_local(parameter))
        and (not asked.to_verify or is_to_verify(parameter, asked.day))
        and (not asked.themes or theme_of(parameter.id).code in asked.themes)
        and answers(parameter, words)
    ]


def sections(parameters: Iterable[law.Parameter], day: date, url: Callable[[str], str]) -> list[Section]:
    """The parameters by theme and chapter, each with its value of the day; `url` gives the page of each."""
    return [Section(theme, _groups(theme, items, day, url)) for theme, items in grouped(parameters)]


def _groups(
    theme: Theme, items: Iterable[law.Parameter], day: date, url: Callable[[str], str]
) -> list[Group]:
    found: dict[str, list[Line]] = {}
    for parameter in items:
        title = title_of(parameter.id, str(theme.label))
        found.setdefault(title, []).append(line_of(parameter, day, url(parameter.id)))
    return [Group(title, lines) for title, lines in found.items()]


def title_of(identifier: str, theme: str) -> str:
    """The chapter of a parameter under its theme: the last two words of its path, the widest left out."""
    words = words_above(identifier)
    kept = [word for word in words if word != theme] if theme in words else list(words[1:] or words)
    return " › ".join(kept[-2:])


@dataclass(frozen=True)
class Shown:
    """A change with the page of its parameter."""

    change: Change
    url: str


def shown(changes: Iterable[Change], url: Callable[[str], str]) -> list[Shown]:
    """The changes, each with the page of its parameter."""
    return [Shown(change, url(change.parameter)) for change in changes]


@dataclass(frozen=True)
class First:
    """One of the values that people look up most."""

    id: str
    label: str
    value: law.LegalValue


def first_values(day: date) -> list[First]:
    """The values that people look up most, as the day sees them; those not in force are left out."""
    return [
        First(identifier, str(label), value)
        for identifier, label in FIRST
        if (value := law.in_force(identifier, day)) is not None
    ]


def counts(parameters: Sequence[law.Parameter], day: date) -> dict[str, int]:
    """How many parameters each theme and each filter holds."""
    told = {theme.code: 0 for theme in (*THEMES, OTHER)}
    for parameter in parameters:
        told[theme_of(parameter.id).code] += 1
    told["to_verify"] = sum(is_to_verify(parameter, day) for parameter in parameters)
    told["local"] = sum(is_local(parameter) for parameter in parameters)
    return told
