"""Access to views, and one line of log a request without personal data."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from essor.kernel.access import View, predicate_of, sign_in_address

GetResponse = Callable[[HttpRequest], HttpResponse]
requests_log = logging.getLogger("essor.requests")


class AccessMiddleware:
    """Asks each view's predicate; anonymous people are led to sign in, others are refused with the rule."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None when the person may see the view; else the way to sign in, or a refusal."""
        match = request.resolver_match
        predicate = predicate_of(view, match.url_name if match else None)
        if predicate is None:
            raise PermissionDenied("")
        if predicate(request):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse(sign_in_address()))
        raise PermissionDenied(predicate.__doc__ or "")


class RequestLogMiddleware:
    """Writes method, route (not the address: it may hold a name or a search), status and duration."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        requests_log.info(
            "request",
            extra={
                "method": request.method,
                "route": match.route if match else "(aucune)",
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - start) * 1000, 1),
            },
        )
        return response
