"""Addresses of the pages of territories, made once for the hundreds of pieces of a map."""

from collections.abc import Callable

from django.http import HttpRequest

from essor.observatory.links import address
from essor.territories.models import Territory


def of_territories(request: HttpRequest) -> Callable[[Territory], str]:
    """What gives the address of a territory's portrait, in the frame of the request."""
    pattern = address(request, "portrait", "commune", "00000")

    def of(territory: Territory) -> str:
        return pattern.replace("commune/00000", f"{territory.kind}/{territory.code}")

    return of
