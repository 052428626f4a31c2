"""Tags of the map: its settings, and the two ways to look at the same set."""

from typing import Any

from django import template
from django.template import Context

from essor.registry import links
from essor.registry.exports.formats import FORMATS
from essor.registry.map import page
from essor.registry.map.picture import Picture

register = template.Library()


@register.simple_tag(takes_context=True)
def register_map(context: Context) -> page.RegisterMap | None:
    """The map of the filters of this page."""
    return page.map_of_request(context["request"])


@register.simple_tag
def establishments_picture(establishments: list[dict[str, Any]], scope: str) -> Picture | None:
    """The small map of the establishments that an organisation's page shows (`place.facts`), on the edition's scope."""
    return page.picture([each["facts"] for each in establishments], scope)


@register.filter
def told(shown: page.RegisterMap) -> str:
    """How many organisations of the set the map places."""
    return page.told(shown)


@register.simple_tag(takes_context=True)
def registry_url_same(context: Context, name: str, *args: Any) -> str:
    """Address of another page of the register with the filters and the order of this one."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    address = links.address(request, name, *args)
    return f"{address}?{query.urlencode()}" if query else address


@register.simple_tag
def export_formats() -> list[tuple[str, str]]:
    """Extension and words of each format of export."""
    return [(each.extension, str(each.label)) for each in FORMATS.values()]
