"""Rows of the table of values: two hundred a page, written without the template engine."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from essor.rulebook.values_list import Line

register = template.Library()

_ROW = '<tr><th scope="row"><a href="{}">{}</a></th><td>{}{}</td><td class="law-table__source">{}{}</td></tr>'
_NOTHING = mark_safe("")


@register.simple_tag
def law_rows(lines: Iterable[Line]) -> SafeString:
    """The rows of a chapter: description, value and its marks, text and what has to be verified."""
    return format_html_join("\n", _ROW, (_cells(line) for line in lines))


def _cells(line: Line) -> tuple[str, ...]:
    if line.value is None:
        value = format_html('<span class="law-table__value--none">{}</span>', line.absent)
    else:
        look = "law-table__words" if line.value.unit == "list" else "law-table__value"
        value = format_html('<span class="{}">{}</span>', look, line.text)
    return (
        line.url,
        line.description,
        value,
        _marks(line),
        line.value.reference if line.value else "",
        format_html('<span class="law-table__note">{}</span>', line.to_check) if line.to_check else _NOTHING,
    )


def _marks(line: Line) -> SafeString:
    if not line.marks:
        return _NOTHING
    marks = format_html_join("", '<span class="to-check">{}</span>', ((mark,) for mark in line.marks))
    return format_html('<span class="law-table__marks">{}</span>', marks)
