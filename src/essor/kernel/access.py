"""Who may see a view: default deny, one predicate a view.

A predicate is a function of the request whose docstring is the rule, in French: it is shown on the refusal page and
listed by the test that walks all addresses × all roles. `AccessMiddleware` enforces it; a view without one answers 403.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

Predicate = Callable[[HttpRequest], bool]
View = Callable[..., Any]

ATTRIBUTE = "essor_access"

# Views of libraries, by the name of their address: they cannot bear the decorator.
_third_party: dict[str, Predicate] = {}


def access(predicate: Predicate) -> Callable[[View], View]:
    """Declare who may see a view; put it outermost, above every other decorator."""
    if not predicate.__doc__:
        raise TypeError(f"{predicate.__name__}: the docstring of a predicate is its rule")

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, predicate)
        return view

    return declare


def declare_third_party(url_names: list[str], predicate: Predicate) -> None:
    """Declare the predicate of library views, found by the names of their addresses."""
    for name in url_names:
        _third_party[name] = predicate


def predicate_of(view: View, url_name: str | None) -> Predicate | None:
    """The predicate of a view, or None: then nobody may see it."""
    found: Predicate | None = getattr(view, ATTRIBUTE, None)
    if found is None and url_name:
        found = _third_party.get(url_name)
    return found


def everyone(request: HttpRequest) -> bool:
    """Tout le monde, connecté ou non."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Toute personne connectée."""
    return request.user.is_authenticated


def load(path: str) -> Predicate:
    """A predicate by its dotted path."""
    found: Predicate = import_string(path)
    return found


def sign_in_address() -> str:
    """Name of the address where a person signs in."""
    return str(settings.LOGIN_URL)
