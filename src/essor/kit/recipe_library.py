"""The recipes, the package's or those corrected here: found by code, by fiche, by what is asked."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.text import fold
from essor.kit.editing.in_force import PerStamp, Written, written
from essor.kit.fiche import Fiche
from essor.kit.front_matter import ContentError
from essor.kit.library import fiches, package_fiches
from essor.kit.models.content import ContentKind
from essor.kit.recipe import Recipe, read_recipe
from essor.kit.recipe_kinds import kind_of

logger = logging.getLogger("essor.kit")

FOLDER = Path(__file__).parent / "recipes"

# Bands of the amount that stands out: code → (label, lower bound, upper bound excluded).
AMOUNTS: dict[str, tuple[str | Promise, int, int]] = {
    "jusqu-a-10k": (gettext_lazy("Moins de 10 000 €"), 1, 10_000),
    "10k-100k": (gettext_lazy("De 10 000 € à moins de 100 000 €"), 10_000, 100_000),
    "100k-1m": (gettext_lazy("De 100 000 € à moins de 1 M€"), 100_000, 1_000_000),
    "plus-de-1m": (gettext_lazy("1 M€ et plus"), 1_000_000, 10**15),
    "sans": (gettext_lazy("Sans montant connu"), 0, 1),
}


@dataclass(frozen=True)
class Library:
    """Recipes by code in the order of their titles; `corrected`: those whose text was written on this installation."""

    recipes: dict[str, Recipe]
    corrected: dict[str, Written]
    words: dict[str, str]


@cache
def package_texts() -> dict[str, str]:
    """The texts of the package, by code."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}


@cache
def _package() -> Library:
    """The recipes that come with Essor. ContentError when one does not read."""
    read = {code: read_recipe(text, f"{code}.yaml") for code, text in package_texts().items()}
    for code, each in read.items():
        if each.code != code:
            raise ContentError(_("La recette « %s » ne porte pas le nom de son fichier.") % each.code)
        check(each, f"{each.code}.yaml", package_fiches())
    return Library(_in_order(read), {}, {})


def _in_order(read: Mapping[str, Recipe]) -> dict[str, Recipe]:
    return {each.code: each for each in sorted(read.values(), key=lambda each: fold(each.title))}


def _with_corrections() -> Library:
    """The recipes with the texts written here. A text that does not read gives way to the package's, and is told."""
    read, corrected = dict(_package().recipes), {}
    for row in written(ContentKind.RECIPE):
        try:
            recipe = read_recipe(row.text, f"{row.code}.yaml")
            if row.code not in read or recipe.code != row.code:
                raise ContentError(_("« %s » n’est pas une recette d’Essor.") % row.code)
            check(recipe, f"{row.code}.yaml", package_fiches())
        except (ContentError, ValueError, TypeError, KeyError):
            logger.exception("correction left out", extra={"recipe": row.code, "number": row.number})
            continue
        read[row.code], corrected[row.code] = recipe, row
    return Library(_in_order(read), corrected, {})


_library = PerStamp(_package, _with_corrections)


def recipes() -> dict[str, Recipe]:
    """Recipes in force by code, in the order of their titles."""
    return _library.get().recipes


def corrected() -> dict[str, Written]:
    """The texts written here that are read, by code."""
    return _library.get().corrected


def check(recipe: Recipe, file: str, known: Mapping[str, Fiche] | None = None) -> None:
    """Refuse a recipe of a fiche that does not exist, or whose body its kind refuses. ContentError, in French."""
    for code in recipe.fiches:
        if code not in (fiches() if known is None else known):
            raise ContentError(
                _("%(file)s : la fiche « %(code)s » n’existe pas.") % {"file": file, "code": code},
                where=file,
                field="fiches",
            )
    kind = kind_of(recipe.kind)
    problems = kind.problems(recipe.body) if kind else []
    if problems:
        raise ContentError(
            f"{file} : {' '.join(problems)}", where=file, field="parameters", told=" ".join(problems)
        )


def recipes_of(fiche: str) -> list[Recipe]:
    """Recipes to start from for a fiche."""
    return [each for each in recipes().values() if fiche in each.fiches]


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the catalogue; an empty choice keeps everything."""

    words: str = ""
    fiches: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


def band_of(recipe: Recipe) -> str:
    """The band of the amount of a recipe."""
    return next(code for code, (_label, low, high) in AMOUNTS.items() if low <= recipe.amount < high)


def found(asked: Asked) -> list[Recipe]:
    """Recipes that answer, by title."""
    words = fold(asked.words).split()
    return [
        each
        for each in recipes().values()
        if (not asked.fiches or set(asked.fiches) & set(each.fiches))
        and (not asked.levels or set(asked.levels) & set(each.levels))
        and (not asked.kinds or each.kind in asked.kinds)
        and (not asked.amounts or band_of(each) in asked.amounts)
        and all(word in _words_of(each.code) for word in words)
    ]


def _words_of(code: str) -> str:
    """All that one may search in a recipe, folded; worked out once."""
    library = _library.get()
    if code not in library.words:
        library.words[code] = _folded(library.recipes[code])
    return library.words[code]


def _folded(each: Recipe) -> str:
    facts = [f"{fact.label} {fact.text}" for fact in each.facts]
    return fold(
        " ".join([each.title, each.origin, each.year, each.summary, each.kind_label, *facts, *each.needs])
    )
