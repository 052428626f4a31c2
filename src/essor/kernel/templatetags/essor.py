"""Filters and tags of every template: French figures and days, icons, addresses that keep filters, families."""

from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context, TemplateSyntaxError
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from essor.kernel import forms as house_forms
from essor.kernel import french
from essor.kernel.views_theme import theme_address

register = template.Library()
for _filter in (
    french.number,
    french.euros,
    french.percent,
    french.day,
    french.moment,
    french.plural,
    french.counted,
    french.unbroken,
):
    register.filter(_filter.__name__, _filter)

# The five families of the ESS, each with its colour and shape (tokens.css, marks.svg).
FAMILIES = ("association", "cooperative", "mutual", "foundation", "ess_company")


@cache
def _icon_names() -> frozenset[str]:
    lines = (Path(__file__).parent.parent / "icons.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """A Lucide icon, hidden from assistive technology: always put a word beside it."""
    if name not in _icon_names():
        raise TemplateSyntaxError(
            f"icon: '{name}' is not in kernel/icons.txt; add it there and run `make assets`"
        )
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {extra_class}" if extra_class else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def family_mark(family: str, label: str = "") -> SafeString:
    """The coloured shape of a family of the ESS, then `label`; an unknown family gives the label alone."""
    if family not in FAMILIES:
        return format_html('<span class="family">{}</span>', label) if label else SafeString("")
    return format_html(
        '<span class="family family--{0}"><svg class="mark" aria-hidden="true" focusable="false">'
        '<use href="{1}#{0}"></use></svg>{2}</span>',
        family,
        static("kernel/marks.svg"),
        f" {label}" if label else "",
    )


@register.simple_tag
def day_tag(value: date | datetime | None) -> SafeString | str:
    """The day inside a `<time>` element, readable by machines."""
    if not value:
        return french.UNKNOWN
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), french.day(value))


def _address(context: Context, query: QueryDict) -> str:
    written = query.urlencode()
    path = context["request"].path
    return f"{path}?{written}" if written else path


@register.simple_tag(takes_context=True)
def framed_url(context: Context, name: str, **kwargs: Any) -> str:
    """Address of « room:page » inside the authority's frame when there is one, else the common one; "" when unknown."""
    authority = getattr(context.get("request"), "authority", None)
    if authority is not None:
        framed = {**kwargs, "authority": authority.slug}
        for framed_name in (f"authority-{name}", name):
            with suppress(NoReverseMatch):
                return reverse(framed_name, kwargs=framed)
    with suppress(NoReverseMatch):
        return reverse(name, kwargs=kwargs)
    return ""


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """This page's address with query values changed (None or "" removes); all but `page` go back to page 1."""
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return _address(context, query)


@register.simple_tag(takes_context=True)
def url_without(context: Context, name: str, value: Any = None) -> str:
    """This page's address without one value of a filter (or without the whole filter), from the first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    kept = [] if value is None else [other for other in query.getlist(name) if other != str(value)]
    if kept:
        query.setlist(name, kept)
    else:
        query.pop(name, None)
    return _address(context, query)


@register.simple_tag(takes_context=True)
def hidden_query(context: Context, *names_left_out: str) -> SafeString:
    """Hidden inputs that carry this page's filters through another GET form, except the names given and the page."""
    pairs = [
        (name, value)
        for name, values in context["request"].GET.lists()
        if name not in names_left_out and name != "page"
        for value in values
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def elided_pages(page: Page[Any]) -> list[int | None]:
    """Numbers of the pages to offer around the current one; None stands for those left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.filter
def machine(value: Any) -> str:
    """A number as machines read it in an attribute (no grouping, a point); "" when there is none."""
    found = french.to_decimal(value)
    return "" if found is None else f"{found:f}"


@register.simple_tag
def theme_link(authority: Any) -> SafeString:
    """The stylesheet of an authority's accent, or nothing when it keeps the house's."""
    address = theme_address(authority)
    return format_html('<link rel="stylesheet" href="{}">', address) if address else SafeString("")


@register.filter
def error_anchor(field: BoundField) -> str:
    """Id to which the error summary leads."""
    return house_forms.error_anchor(field)


@register.filter
def kind_of(field: BoundField) -> str:
    """Word for the style of a field."""
    return house_forms.kind_of(field)
