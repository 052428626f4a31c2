"""Kinds of recipes that a lever understands: registered by its face (`Lever.recipe_kinds`), none before it comes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from essor.accounts.models import Authority, User
from essor.kernel.lever import levers

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """What an adoption comes from: the recipe, and the thing that an earlier version of it made (None: the first)."""

    code: str
    version: int
    title: str
    origin: str
    thing: Model | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """What may leave with an exported thing, which the agent ticks: `usual` is ticked from the start."""

    code: str
    label: str
    usual: bool = False


@dataclass(frozen=True, slots=True)
class RecipeKind:
    """A kind that a lever understands.

    `code` is one of `recipe.KINDS`; `problems` gives the faults of a body, in French. `adopt_url_name` is the page that
    adopts. `adopt` makes the thing of an authority (or gives it the later version, when the reference has a thing) in
    the transaction of the adoption; it raises `ValidationError`. `find` gives the thing of an authority by the key of
    its row, None when it is gone. `export` writes the body of a thing with the options ticked; `options` says which
    there are. `tell` gives the lines of a body by label, for people and for differences. `things` are those that the
    authority may export: (key, label). `page` names the screen of a thing. `effect` says in one sentence what adopting
    does. `fiches` are those that an exported recipe is filed under when it was not adopted from one.
    """

    code: str
    problems: Callable[[Body], list[str]]
    adopt_url_name: str = "kit-authority:adopt"
    adopt: Callable[[Authority, User | None, Body, Reference], Model] | None = None
    find: Callable[[Authority, str], Model | None] | None = None
    export: Callable[[Any, Collection[str]], dict[str, Any]] | None = None
    options: Callable[[Any], Sequence[Option]] | None = None
    tell: Callable[[Body], dict[str, list[str]]] | None = None
    things: Callable[[Authority], Sequence[tuple[str, str]]] | None = None
    page: str = ""
    effect: str | Promise = ""
    fiches: tuple[str, ...] = ()


def kind_of(code: str) -> RecipeKind | None:
    """The kind of this code, None while no lever brings it."""
    return next((kind for kind in kinds() if kind.code == code), None)


def kinds() -> list[RecipeKind]:
    """The kinds that levers bring, in the order of the levers."""
    return [kind for lever in levers() for kind in lever.recipe_kinds if isinstance(kind, RecipeKind)]


def is_adoptable(code: str) -> bool:
    """True when Essor can adopt a recipe of this kind."""
    kind = kind_of(code)
    return kind is not None and (kind.adopt is not None or bool(kind.adopt_url_name))
