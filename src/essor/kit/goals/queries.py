"""What serves each goal: fiches, recipes, aids, supporters, organisations, acts."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from urllib.parse import urlencode

from django.db.models import Count

from essor.accounts.models import Authority
from essor.kernel.acts import Act, Scope, acts, acts_by_goal
from essor.kernel.goals import GOALS, read
from essor.kit import library
from essor.kit.enums_support import Axis
from essor.kit.fiche import Fiche
from essor.kit.goals.sectors import sectors_of
from essor.kit.models.aids import Aid, AidQuerySet
from essor.kit.models.support import Supporter, SupporterQuerySet
from essor.kit.recipe import Recipe
from essor.kit.recipe_library import recipes
from essor.registry.filters import Filters
from essor.registry.places import place_of
from essor.registry.queries import edition_in_force, facets
from essor.territories.models import Territory


@dataclass(frozen=True)
class Counts:
    """How many things serve a goal. They overlap from one goal to another: never add them up."""

    goal: int
    fiches: int
    recipes: int
    aids: int
    supporters: int
    acts: int


def fiches_of(goal: int) -> list[Fiche]:
    """Fiches that bear a goal, in the order of the contents."""
    return [each for each in library.fiches().values() if goal in each.goals]


def goals_of_recipe(recipe: Recipe) -> tuple[int, ...]:
    """The goals of its first fiche: a recipe bears none of its own."""
    return library.fiches()[recipe.fiches[0]].goals


@cache
def _recipes_by_goal() -> dict[int, list[Recipe]]:
    by_goal: dict[int, list[Recipe]] = {goal: [] for goal in GOALS}
    for recipe in recipes().values():
        for goal in goals_of_recipe(recipe):
            by_goal[goal].append(recipe)
    return by_goal


def recipes_of(goal: int) -> list[Recipe]:
    """Recipes whose first fiche bears a goal, by title."""
    return _recipes_by_goal()[goal]


def aids_of(goal: int, day: date) -> AidQuerySet:
    """Aids open on a day that serve a goal."""
    rows: AidQuerySet = Aid.objects.for_goal(goal).open_on(day)
    return rows


def supporters_of(goal: int, authority: Authority | None) -> SupporterQuerySet:
    """Supporters that this frame knows, around its territory, that bear a goal."""
    rows: SupporterQuerySet = _supporters(authority).filter(marks__axis=Axis.GOAL, marks__code=str(goal))
    return rows


def _supporters(authority: Authority | None) -> SupporterQuerySet:
    rows: SupporterQuerySet = Supporter.objects.known_to(authority.pk if authority else None).opened()
    return rows.around(authority.territory) if authority and authority.territory else rows


def acts_of(authority: Authority | None) -> dict[int, list[Act]]:
    """The authority's acts by goal, whatever lever made them; none on the common pages."""
    found = acts(Scope(authority_ids=frozenset({authority.pk}))) if authority else iter(())
    return acts_by_goal(found)


def counts(authority: Authority | None, day: date) -> list[Counts]:
    """How many things serve each of the seventeen goals, in their order."""
    aids = dict.fromkeys(GOALS, 0)
    open_aids = Aid.objects.open_on(day).exclude(goal_codes="").order_by()
    for text, count in open_aids.values_list("goal_codes").annotate(n=Count("pk")):
        for goal in read(text):
            aids[goal] += count
    marks = _supporters(authority).filter(marks__axis=Axis.GOAL).order_by()
    supporters = {int(code): n for code, n in marks.values_list("marks__code").annotate(n=Count("pk"))}
    done = acts_of(authority)
    return [
        Counts(
            goal,
            len(fiches_of(goal)),
            len(recipes_of(goal)),
            aids[goal],
            supporters.get(goal, 0),
            len(done[goal]),
        )
        for goal in GOALS
    ]


@dataclass(frozen=True)
class Organisations:
    """Organisations of the sectors that most often serve a goal; `query` opens their list."""

    total: int
    employers: int
    sectors: tuple[str, ...]
    query: str
    day: date


def organisations_of(goal: int, territory: Territory | None) -> Organisations | None:
    """Counted in the edition in force, on a territory or the whole register; None before the first edition."""
    edition, asked = edition_in_force(), sectors_of(goal)
    if edition is None or not asked:
        return None
    place = territory.pk if territory else None
    total, employers = _counted(edition.pk, edition.loaded_at, edition.day, place, asked)
    query = urlencode([("secteur", code) for code in asked])
    return Organisations(total, employers, asked, query, edition.day)


@lru_cache(maxsize=512)
def _counted(
    edition_id: int, loaded_at: datetime | None, day: date, territory_id: int | None, asked: tuple[str, ...]
) -> tuple[int, int]:
    territory = Territory.objects.get(pk=territory_id) if territory_id else None
    counted = facets(Filters(day=day, place=place_of(territory) if territory else None, sectors=asked))
    return counted.total, counted.employers
