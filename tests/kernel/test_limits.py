"""Limits count what changes, by visitor, and answer 429 with the house's page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from essor.kernel.limits import limited


@pytest.fixture(autouse=True)
def _no_count() -> None:
    cache.clear()


def ask(view, method: str = "post", ip: str = "10.0.0.1", user: object = None) -> int:
    request: HttpRequest = getattr(RequestFactory(), method)("/", REMOTE_ADDR=ip)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    return view(request).status_code


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fait")


@pytest.mark.django_db
def test_only_what_changes_is_counted_and_each_visitor_apart() -> None:
    view = limited("essai", "2/h/ip")(ok)
    assert [ask(view, "get") for _each in range(4)] == [200] * 4
    assert [ask(view) for _each in range(3)] == [200, 200, 429]
    assert ask(view, ip="10.0.0.2") == 200
    assert ask(limited("autre", "2/h/ip")(ok)) == 200


@pytest.mark.django_db
def test_reading_may_be_counted_too_and_people_signed_in_left_free() -> None:
    class Person:
        is_authenticated = True
        pk = 1

    view = limited("lecture", "1/h/ip", reading=True, visitors_only=True)(ok)
    assert [ask(view, "get") for _each in range(2)] == [200, 429]
    assert [ask(view, "get", user=Person()) for _each in range(3)] == [200] * 3
