"""Addresses of the pages of territories, made once for the hundreds of pieces of a map."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from essor.observatory.links import address
from essor.territories.models import Territory


def of_territories(request: HttpRequest) -> Callable[[Territory], str]:
    """What gives the address of a territory's portrait, in the frame of the request."""
    try:
        pattern = address(request, "portrait", "commune", "00000")
    except NoReverseMatch:
        pattern = reverse("territories:territory", args=["commune", "00000"])

    def of(territory: Territory) -> str:
        return pattern.replace("commune/00000", f"{territory.kind}/{territory.code}")

    return of
