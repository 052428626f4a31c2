"""What the legend of a map draws."""

from django import template
from django.utils.safestring import SafeString

from essor.observatory.maps import legend
from essor.observatory.maps.choropleth import Choropleth

register = template.Library()


@register.filter
def step_box(look: str) -> SafeString:
    """The sample of a class in the legend."""
    return legend.sample(look, "map-steps__box")


@register.filter
def circle_sizes(shown: Choropleth) -> SafeString:
    """The circles of reference."""
    return legend.circles(shown)
