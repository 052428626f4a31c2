"""Who may see what, room by room: each module of this package holds a table `ALLOWED` and makers `ARGUMENTS`."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.rights_made import Route, World


def _united(table: str) -> dict[str, Any]:
    """The tables of all the modules as one; a key told twice is a mistake."""
    found: dict[str, Any] = {}
    for module in iter_modules(__path__):
        part = getattr(import_module(f"{__name__}.{module.name}"), table, {})
        twice = found.keys() & part.keys()
        assert not twice, f"told twice in tests/rights: {sorted(twice)}"
        found |= part
    return found


ALLOWED: dict[str, frozenset[str]] = _united("ALLOWED")
ARGUMENTS: dict[str, Callable[[World], Any]] = _united("ARGUMENTS")


def maker(route: Route, argument: str) -> Callable[[World], Any] | None:
    """What makes an argument of an address, None when nobody says."""
    return ARGUMENTS.get(f"{route.name}:{argument}") or ARGUMENTS.get(argument)
