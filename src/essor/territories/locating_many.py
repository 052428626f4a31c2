"""The answers of `locating` for many points at once: their communes, and whether a list of QPV speaks of them."""

import numpy as np

from essor.territories import locating
from essor.territories.enums import Kind
from essor.territories.models import Territory

NONE = -1


def known_at(generation: int, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """For each point, what `locating.qpv_known` says: whether the list of the generation is loaded around it."""
    index = locating.neighbourhoods_of(generation)
    if len(index.surfaces) >= locating.NATIONAL_QPV:
        return np.ones(len(lons), dtype=np.bool_)
    if not index.departements:
        return np.zeros(len(lons), dtype=np.bool_)
    found: np.ndarray = np.isin(_departements_at(lons, lats), sorted(index.departements))
    return found


def communes_at(lons: np.ndarray, lats: np.ndarray) -> list[tuple[str, str] | None]:
    """For each point, code and name of the commune whose outline holds it; None where no outline is loaded."""
    surfaces = locating.surfaces_of(Kind.COMMUNE)
    ranks = surfaces.first_holding(lons, lats)
    wanted = [surfaces.keys[rank] for rank in np.unique(ranks).tolist() if rank != NONE]
    rows = Territory.objects.filter(kind=Kind.COMMUNE, is_active=True).values_list("pk", "code", "name")
    if len(wanted) <= MANY:
        rows = rows.filter(pk__in=wanted)
    names = {pk: (code, name) for pk, code, name in rows} if wanted else {}
    return [names.get(surfaces.keys[rank]) if rank != NONE else None for rank in ranks.tolist()]


def communes_near(lons: np.ndarray, lats: np.ndarray) -> list[int | None]:
    """For each point, the id of the commune that holds it or, without outline, of the nearest located one (approximate,
    as `locating.locate` says it); None far from all.
    """
    outlines, places = locating.surfaces_of(Kind.COMMUNE), locating.places_of(None)
    held = outlines.first_holding(lons, lats)
    near, metres = places.nearest_many(lons, lats)
    found: list[int | None] = []
    for inside, nearest, far in zip(held.tolist(), near.tolist(), metres.tolist(), strict=True):
        if inside != NONE:
            found.append(outlines.keys[inside])
        elif nearest != NONE and far <= locating.GUESS_METRES:
            found.append(places.keys[nearest])
        else:
            found.append(None)
    return found


MANY = 500


def _departements_at(lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Ids of the départements of the points, 0 where it is not known."""
    areas = locating.surfaces_of(Kind.DEPARTEMENT)
    ranks = areas.first_holding(lons, lats)
    found = np.append(np.array(areas.keys, dtype=np.int64), 0)[ranks]
    rest = np.flatnonzero(ranks == NONE)
    if not len(rest):
        return found
    of_commune = locating.departements_of_communes()
    outlines = locating.surfaces_of(Kind.COMMUNE)
    held = outlines.first_holding(lons[rest], lats[rest])
    places = locating.places_of(None)
    near, metres = places.nearest_many(lons[rest], lats[rest])
    for rank, inside, nearest, far in zip(
        rest.tolist(), held.tolist(), near.tolist(), metres.tolist(), strict=True
    ):
        if inside != NONE:
            found[rank] = of_commune.get(outlines.keys[inside], 0)
        elif nearest != NONE and far <= locating.GUESS_METRES:
            found[rank] = of_commune.get(places.keys[nearest], 0)
    return found
