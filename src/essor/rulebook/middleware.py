"""Each request reads the law with the values that the installation added."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from essor.law import parameters as law


class LocalLawMiddleware:
    """Scopes the local values to the request; they are looked up at the first reading of the law, if there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        law.tree()  # read once when the process starts, not by its first visitor

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with law.in_local_scope():
            return self.get_response(request)
