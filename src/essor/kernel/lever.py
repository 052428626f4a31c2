"""The one face that a room with screens shows to the house: its `lever.py` holds `LEVER = Lever(...)`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from essor.kernel.access import Predicate
from essor.kernel.acts import Act, Scope

# The rail of agents: the guides' fields of action, in their order, the upkeep of the register after its reading;
# last, what the administration of the installation sets for all.
SECTIONS: tuple[str, ...] = (
    "Connaître",
    "Tenir le registre",
    "Piloter",
    "Financer",
    "Acheter",
    "Coopérer",
    "Loger",
    "Animer",
    "Publier",
    "Administrer",
)


@dataclass(frozen=True)
class Entry:
    """A place in the navigation: label, icon (Lucide), name of the address, who sees it.

    `framed`: it stands in an authority's frame; `public`: in the public site's header too; `under`: the name of the
    address of the entry under which it stands, shown when the person is in that family.
    """

    label: str | Promise
    url_name: str
    icon: str
    access: Predicate
    section: str = ""
    framed: bool = True
    public: bool = False
    under: str = ""


@dataclass(frozen=True)
class Role:
    """A role that a room adds: code, French label, and what it allows in one sentence.

    `scope` says on what it is held: « authority » (teams give it), or a subject of the room (« organisation »…).
    """

    code: str
    label: str
    allows: str
    scope: str = "authority"


@dataclass(frozen=True)
class Panel:
    """A block on an organisation's page: `context(request, id)` gives the template's data, None hides it."""

    title: str
    template: str
    access: Predicate
    context: Callable[[HttpRequest, int], dict[str, Any] | None]


@dataclass(frozen=True)
class Lever:
    """Face of a room: navigation, roles, panels, acts, indicators, datasets, recipe kinds, fiches, demonstration.

    `act_kinds` are the words of its kinds of acts (code, label) and `act_url(request, act)` the address of an act's
    page, "" for none. `dimensions` are the standard axes of indicators that it owns (`indicators.definition.Shared`).
    """

    code: str
    name: str
    entries: Sequence[Entry] = ()
    roles: Sequence[Role] = ()
    panels: Sequence[Panel] = ()
    acts: "Callable[[Scope], QuerySet[Any]] | None" = None
    act_kinds: Sequence[tuple[str, str | Promise]] = ()
    act_url: Callable[[HttpRequest, Act], str] | None = None
    indicators: Sequence[Any] = ()
    dimensions: Sequence[Any] = ()
    datasets: Sequence[Any] = ()
    recipe_kinds: Sequence[Any] = ()
    fiches: Sequence[str] = ()
    demo: Callable[[], None] | None = None


_levers: dict[str, Lever] = {}


def collect_levers() -> None:
    """Read the `LEVER` of every installed room that has one; two rooms with the same code are an error."""
    _levers.clear()
    for config in apps.get_app_configs():
        name = f"{config.name}.lever"
        if not config.name.startswith("essor.") or find_spec(name) is None or name == __name__:
            continue
        lever = import_module(name).LEVER
        if lever.code in _levers:
            raise ImproperlyConfigured(f"Deux leviers portent le code « {lever.code} ».")
        _levers[lever.code] = lever


def levers() -> list[Lever]:
    """The faces of the rooms, in the order of the settings."""
    return list(_levers.values())
