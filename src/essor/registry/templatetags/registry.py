"""Tags of the register's templates: addresses in the frame, numbers as people read them."""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from essor.registry import links
from essor.registry.queries import PlaceLevels
from essor.registry.words import spaced

register = template.Library()


@register.simple_tag(takes_context=True)
def registry_url(context: Context, name: str, *args: Any) -> str:
    """Address of a page of the register in the frame of the request."""
    return links.address(context["request"], name, *args)


@register.filter
def siren(value: str) -> str:
    """« 123 456 789 », « 123 456 789 00012 »."""
    return spaced(value)


@register.simple_tag
def place_options(levels: PlaceLevels, chosen: str) -> SafeString:
    """The options of the filter by place; hundreds of them are written once a load, the chosen one marked after."""
    written = _options(levels)
    value = f'value="{escape(chosen)}"'
    return mark_safe(written.replace(value, f"{value} selected", 1)) if chosen else written  # noqa: S308


@lru_cache(maxsize=4)
def _options(levels: PlaceLevels) -> SafeString:
    groups = ((label, format_html_join("", '<option value="{}">{}</option>', refs)) for label, refs in levels)
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)
