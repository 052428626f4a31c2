"""Limits on how often an address may be asked: counted in the cache that all processes share, by visitor's address.

The counting is the one of the sign-in (allauth's), which already knows the visitor behind a trusted proxy; nothing is
kept longer than the period of the limit. Too many requests answer 429 with the house's page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def limited(
    name: str, rates: str, *, reading: bool = False, visitors_only: bool = False
) -> Callable[[View], View]:
    """Refuse a view asked too often. `rates` as « 5/h/ip,20/d/ip »; put it under `@access`.

    What changes things is counted; what only reads too when `reading`. `visitors_only` leaves people signed in free.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            free = visitors_only and request.user.is_authenticated
            if not free and not within(request, name, rates, reading=reading):
                answer: HttpResponse = ratelimit.respond_429(request)
                return answer
            return view(request, *args, **kwargs)

        return counted

    return declare


def within(request: HttpRequest, name: str, rates: str, *, reading: bool = False) -> bool:
    """Count this request; False when it is one too many."""
    usage = ratelimit.consume(request, app="essor", action=name, config={name: rates}, limit_get=reading)
    return usage is not None
