"""The model of a row that the script copies: drawn once a process, a third of the fields of a page hold there."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from essor.rulebook.rule_form import Table

register = template.Library()
_drawn: dict[tuple[str, str, str | None], SafeString] = {}


@register.simple_tag
def blank_row(rule: str, table: Table) -> SafeString:
    """The empty row of a table of a rule. It holds nothing of the request: no value, no error, no token."""
    key = (rule, table.name, get_language())
    if key not in _drawn:
        _drawn[key] = render_to_string("rulebook/parts/row.html", {"row": table.blank(), "number": "0"})
    return _drawn[key]
