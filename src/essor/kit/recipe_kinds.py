"""Kinds of recipes that a lever understands: registered by its face (`Lever.recipe_kinds`), none before it comes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from essor.kernel.lever import levers


@dataclass(frozen=True, slots=True)
class RecipeKind:
    """A kind that a lever understands: its code (of `recipe.KINDS`), the faults of a body, the page that adopts."""

    code: str
    problems: Callable[[Mapping[str, Any]], list[str]]
    adopt_url_name: str


def kind_of(code: str) -> RecipeKind | None:
    """The kind of this code, None while no lever brings it."""
    for lever in levers():
        for kind in lever.recipe_kinds:
            if kind.code == code:
                return kind if isinstance(kind, RecipeKind) else None
    return None
