"""The communes of an edition, the territories that it covers whole, their inhabitants; which communes are rural."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from essor.territories.enums import Kind, Zoning
from essor.territories.models import COMMUNE_PARENT, CommuneClass, Territory
from essor.territories.queries import UnknownTerritoryError, communes

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LEVELS = (Kind.EPCI, Kind.EPT, Kind.DEPARTEMENT, Kind.COLLECTIVITE, Kind.REGION)
UNKNOWN = -1
RURAL_SEVEN = frozenset({"5", "6", "7"})
RURAL_FOUR = frozenset({"3", "4"})
RURAL_POPULATION = 2000
FEW = 2000  # communes named one by one in a query


@dataclass(frozen=True)
class Ground:
    """`ids`: the territories of which the register may speak, its communes first; a rank is a place in it.

    `communes`: sorted ids of the communes. `above[level][rank of the commune]`: rank of the territory of that level,
    UNKNOWN where there is none or where the edition has only a part of it. `population`: by rank, UNKNOWN where a
    commune's is not known.
    """

    ids: Ints
    communes: Ints
    above: tuple[Ints, ...]
    population: Ints


def ground_of(scope: str) -> Ground:
    """The communes of an edition's territory, and what contains them whole."""
    try:
        inside = communes(scope)
    except UnknownTerritoryError:
        inside = frozenset()
    names = [COMMUNE_PARENT[level] + "_id" for level in LEVELS]
    rows = list(
        Territory.objects.active()
        .of_kind(Kind.COMMUNE)
        .order_by("pk")
        .values_list("pk", "code", "population", *names)
    )
    mine = [row for row in rows if row[1] in inside]
    partial = {pk for row in rows if row[1] not in inside for pk in row[3:] if pk}
    levels = [
        [0 if row[place] in partial else row[place] or 0 for row in mine]
        for place in range(3, 3 + len(names))
    ]
    if scope == Kind.FRANCE and (france := Territory.objects.filter(kind=Kind.FRANCE).first()):
        levels.append([france.pk] * len(mine))
    pks = [row[0] for row in mine]
    greater = sorted({pk for level in levels for pk in level if pk})
    rank = {pk: number for number, pk in enumerate([*pks, *greater])} | {0: UNKNOWN}
    above = tuple(np.array([rank[pk] for pk in level], dtype=np.int64) for level in levels)
    population = np.array([UNKNOWN if row[2] is None else row[2] for row in mine], dtype=np.int64)
    return Ground(
        np.array([*pks, *greater], dtype=np.int64),
        np.array(pks, dtype=np.int64),
        above,
        _populations(population, above, len(greater)),
    )


def _populations(of_communes: Ints, above: Collection[Ints], greater: int) -> Ints:
    """Inhabitants of each territory: the sum of its communes, so that both terms of a quotient speak of the same place.

    A territory of which one commune's population is not known has none, as one where nobody lives.
    """
    found = np.concatenate([of_communes, np.zeros(greater, dtype=np.int64)])
    for level in above:
        placed = level != UNKNOWN
        np.add.at(found, level[placed], np.maximum(of_communes[placed], 0))
    for level in above:
        found[level[(level != UNKNOWN) & (of_communes == UNKNOWN)]] = UNKNOWN
    return np.where(found > 0, found, UNKNOWN)


@dataclass(frozen=True)
class Countryside:
    """Which communes are rural: by the grid of density where it is loaded, else by their population.

    Ids of communes, sorted; for each whether it is rural, whether that is known, whether the grid says it.
    """

    communes: Ints
    rural: Flags
    known: Flags
    by_grid: Flags
    vintage: int | None

    def words(self, *, grid: bool, population: bool) -> str:
        """What the answer stands on, in French: the grid, the approximation by population, or both."""
        said = []
        if grid:
            said.append(_("grille communale de densité de l’Insee (%(year)s)") % {"year": self.vintage})
        if population or not grid:
            said.append(_("approximation : communes de moins de 2 000 habitants, faute de grille de densité"))
        return " ; ".join(said)


def countryside(communes_: Ints, population: Ints) -> Countryside:
    """What is known of these communes (sorted ids, inhabitants or UNKNOWN). Two queries.

    A grid of seven levels says rural from 5 on, one of four levels from 3 on; a value above 4 tells that it has seven.
    """
    every = CommuneClass.objects.filter(zoning=Zoning.DENSITY)
    rows = every.filter(commune__in=communes_.tolist()) if len(communes_) <= FEW else every
    grid = {pk: (value, vintage) for pk, value, vintage in rows.values_list("commune_id", "value", "vintage")}
    rural = RURAL_SEVEN if grid and every.filter(value__gt="4").exists() else RURAL_FOUR
    values = [grid.get(pk, ("", 0))[0] for pk in communes_.tolist()]
    by_grid = np.array([value != "" for value in values], dtype=np.bool_)
    said = np.array([value in rural for value in values], dtype=np.bool_)
    known = population != UNKNOWN
    return Countryside(
        communes_,
        np.where(by_grid, said, known & (population < RURAL_POPULATION)),
        by_grid | known,
        by_grid,
        max((vintage for _value, vintage in grid.values()), default=None),
    )
