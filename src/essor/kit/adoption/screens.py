"""What the screens of recipes share: a body in words, what differs between two recipes."""

from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from essor.kit import fiche_links as links
from essor.kit.editing.differences import Difference, differences
from essor.kit.editing.told import flat
from essor.kit.editing.told import told as in_words
from essor.kit.front_matter import ContentError
from essor.kit.models.content import ContentKind
from essor.kit.recipe import Recipe, export
from essor.kit.recipe_kinds import kind_of


def body_in_words(recipe: Recipe) -> dict[str, list[str]]:
    """The parameters of a recipe as its kind tells them, else as they are written."""
    kind = kind_of(recipe.kind)
    if kind is not None and kind.tell is not None:
        try:
            return kind.tell(recipe.body)
        except ContentError:  # a body that this version of the kind refuses is shown as it came
            pass
    lines = flat(recipe.body) if recipe.body else []
    return {_("Paramètres"): lines} if lines else {}


def recipe_in_words(recipe: Recipe) -> dict[str, list[str]]:
    """All that a recipe says, by label."""
    described = export(recipe)
    described.pop("parameters", None)
    return {**in_words(ContentKind.RECIPE, as_yaml(described)), **body_in_words(recipe)}


def between(one: Recipe, other: Recipe) -> list[Difference]:
    """What differs between two recipes, in words."""
    return differences(recipe_in_words(one), recipe_in_words(other))


def as_yaml(data: dict[str, Any]) -> str:
    """The file of a recipe."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def as_file(recipe: Recipe) -> HttpResponse:
    """The recipe as the file that another installation reads."""
    response = HttpResponse(as_yaml(export(recipe)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{recipe.code}.yaml"'
    return response


def thing_page(request: HttpRequest, kind_code: str) -> str:
    """The screen of what a kind makes; "" when it has none."""
    kind = kind_of(kind_code)
    return links.address(request, kind.page) if kind and kind.page else ""
