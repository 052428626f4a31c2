"""Messages that a person may stop: whole addresses, and the one-click stop that mail programs use (RFC 8058)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def whole(path: str) -> str:
    """The absolute address of a page."""
    base = urlsplit(settings.PUBLIC_URL)
    return f"{base.scheme}://{base.netloc}{path}"


def stops_in_one_click(stop: Callable[[str], object]) -> Callable[[View], View]:
    """Let mail programs stop messages by the address of the page that stops them: put it under `@access`.

    They post « List-Unsubscribe=One-Click » there, without cookie nor form: the token of the address is the right to
    do it. `stop(token)` stops, and does nothing for an unknown token: the answer is the same, and tells nothing.
    """

    def declare(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def stopping(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
            if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
                stop(token)
                return HttpResponse(status=204)
            return view(request, token, **more)

        return stopping

    return declare
