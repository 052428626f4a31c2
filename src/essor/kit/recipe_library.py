"""The recipes that come with Essor: read once, found by code, by fiche, by what is asked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.text import fold
from essor.kit.front_matter import ContentError
from essor.kit.library import fiches
from essor.kit.recipe import Recipe, read_recipe
from essor.kit.recipe_kinds import kind_of

FOLDER = Path(__file__).parent / "recipes"

# Bands of the amount that stands out: code → (label, lower bound, upper bound excluded).
AMOUNTS: dict[str, tuple[str | Promise, int, int]] = {
    "jusqu-a-10k": (gettext_lazy("Moins de 10 000 €"), 1, 10_000),
    "10k-100k": (gettext_lazy("De 10 000 € à moins de 100 000 €"), 10_000, 100_000),
    "100k-1m": (gettext_lazy("De 100 000 € à moins de 1 M€"), 100_000, 1_000_000),
    "plus-de-1m": (gettext_lazy("1 M€ et plus"), 1_000_000, 10**15),
    "sans": (gettext_lazy("Sans montant connu"), 0, 1),
}


@cache
def recipes() -> dict[str, Recipe]:
    """Recipes by code, in the order of their titles. ContentError when one does not read."""
    read = [
        read_recipe(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.yaml"))
    ]
    found = {each.code: each for each in sorted(read, key=lambda each: fold(each.title))}
    if len(found) != len(read):
        raise ContentError(_("Deux recettes portent le même code."))
    for each in read:
        check(each, f"{each.code}.yaml")
    return found


def check(recipe: Recipe, file: str) -> None:
    """Refuse a recipe of a fiche that does not exist, or whose body its kind refuses. ContentError, in French."""
    for code in recipe.fiches:
        if code not in fiches():
            raise ContentError(
                _("%(file)s : la fiche « %(code)s » n’existe pas.") % {"file": file, "code": code}
            )
    kind = kind_of(recipe.kind)
    problems = kind.problems(recipe.body) if kind else []
    if problems:
        raise ContentError(f"{file} : {' '.join(problems)}")


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


@cache
def _words_of(code: str) -> str:
    each = recipes()[code]
    facts = [f"{fact.label} {fact.text}" for fact in each.facts]
    return fold(
        " ".join([each.title, each.origin, each.year, each.summary, each.kind_label, *facts, *each.needs])
    )
