"""Each request reads the law with the values that the installation added."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, copy_context

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from essor.law import parameters as law


class LocalLawMiddleware:
    """Scopes the local values to the request; they are looked up at the first reading of the law, if there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        law.tree()  # read once when the process starts, not by its first visitor

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with law.in_local_scope():
            scope = copy_context()
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _in_this_scope(scope, response.streaming_content)
        return response


def _in_this_scope(scope: Context, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The body of a download, each part made with the law of its request: it is written once the request is over."""
    parts = iter(chunks)
    while (part := scope.run(next, parts, None)) is not None:
        yield part
