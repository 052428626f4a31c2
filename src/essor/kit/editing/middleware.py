"""Each request reads the kit with what was written on the installation."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from essor.kit.editing.in_force import in_scope


class KitTextsMiddleware:
    """Scopes the texts in force to the request; they are looked up at the first reading, if there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with in_scope():
            return self.get_response(request)
