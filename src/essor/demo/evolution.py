"""The whole invented territory on a day, and the same three months later: created, closed, moved, renamed, grown."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from essor.demo.draws import Draws, Ints
from essor.demo.economy import (
    Establishments,
    Units,
    counts,
    found_units,
    in_order,
    of_profiles,
    settle,
)
from essor.demo.identifiers import nics
from essor.demo.locations import Locations, locate
from essor.demo.names import give_oddities, name_units
from essor.demo.places import Atlas

SEED = 31
FIRST_EDITION = date(2026, 8, 1)
SECOND_EDITION = date(2026, 11, 1)
# Parts of the units, or of the employers, that each event of a quarter touches.
BORN, CLOSED, MOVED, RENAMED, RESIZED = 0.012, 0.008, 0.007, 0.004, 0.05


@dataclass
class Economy:
    """Legal units, their establishments (sorted by SIRET) and where these are, on a day."""

    units: Units
    places: Establishments
    locations: Locations
    day: date


def economy(atlas: Atlas, scale: float = 1.0, seed: int = SEED, variant: int = 1) -> Economy:
    """The invented economy: `variant` 1 on 1 August 2026, 2 three months later. `scale` 1 is the real size."""
    return _first(atlas, scale, seed) if variant == 1 else editions(atlas, scale, seed)[1]


def editions(atlas: Atlas, scale: float = 1.0, seed: int = SEED) -> tuple[Economy, Economy]:
    """The economies of both days, the first one made once."""
    first = _first(atlas, scale, seed)
    return first, _three_months_later(first, atlas, scale, seed)


def _first(atlas: Atlas, scale: float, seed: int) -> Economy:
    first = _founded(atlas, counts(scale), Draws(seed, "units"), 0, None, FIRST_EDITION, seed, "first")
    give_oddities(first.units)
    return first


def of_the_register(now: Economy) -> Economy:
    """What a register of the ESS may hold of it: an extract of the stocks, far lighter, with the same result."""
    units = now.units
    kept = (of_profiles(units, "is_ess") == 1) | (units.flag == "O") | units.listed
    rank = np.cumsum(kept) - 1
    there = kept[now.places.unit]
    places = now.places.take(there)
    places.unit = rank[places.unit]
    return Economy(units.take(kept), places, now.locations.take(there), now.day)


def _founded(
    atlas: Atlas,
    sizes: Ints,
    draws: Draws,
    serial: int,
    since: date | None,
    until: date,
    seed: int,
    stage: str,
) -> Economy:
    units = found_units(atlas, sizes, draws, serial, since, until)
    places = settle(units, atlas, Draws(seed, f"places {stage}"), until)
    name_units(units, atlas, Draws(seed, f"names {stage}"))
    return Economy(units, places, locate(places, atlas, Draws(seed, f"addresses {stage}")), until)


def _three_months_later(before: Economy, atlas: Atlas, scale: float, seed: int) -> Economy:
    """What a quarter does. The events touch different units, so that each can be told from the others."""
    known = len(before.units)
    births = _founded(
        atlas,
        counts(scale * BORN, least=0),
        Draws(seed, "births"),
        known,
        FIRST_EDITION,
        SECOND_EDITION,
        seed,
        "second",
    )
    births.places.unit = births.places.unit + known
    now = Economy(
        before.units.with_rows(births.units),
        before.places.with_rows(births.places),
        before.locations.with_rows(births.locations),
        SECOND_EDITION,
    )
    draws = Draws(seed, "events")
    fate = draws.unit(known)
    day = np.datetime64(FIRST_EDITION, "D") + (1 + draws.below(90, known)).astype("timedelta64[D]")
    alive = np.isnat(now.units.closed[:known])
    limits = np.cumsum([0, CLOSED, MOVED, RENAMED, RESIZED])
    closed, moved, renamed, resized = (
        np.flatnonzero(alive & (fate >= low) & (fate < high)) for low, high in pairwise(limits)
    )
    _close(now, closed, day)
    _rename(now, renamed[of_profiles(now.units, "person")[renamed] == 0], day, atlas, seed)
    _resize(now, resized, draws)
    _move(now, moved, day, atlas, draws, seed)
    order = in_order(now.places, now.units)
    rank = np.lexsort((now.places.nic, now.units.siren[now.places.unit]))
    return Economy(now.units, order, now.locations.take(rank), SECOND_EDITION)


def _close(now: Economy, chosen: Ints, day: np.ndarray) -> None:
    now.units.closed[chosen] = now.units.changed[chosen] = day[chosen]
    gone = np.flatnonzero(np.isin(now.places.unit, chosen) & np.isnat(now.places.closed))
    now.places.closed[gone] = now.places.changed[gone] = day[now.places.unit[gone]]
    now.places.employees[gone] = 0


def _rename(now: Economy, chosen: Ints, day: np.ndarray, atlas: Atlas, seed: int) -> None:
    """Another name for the same activity."""
    some = now.units.take(chosen)
    some.number = (some.number + 0.37) % 1
    name_units(some, atlas, Draws(seed, "names renamed"))
    now.units.name[chosen] = some.name
    now.units.changed[chosen] = day[chosen]


def _resize(now: Economy, chosen: Ints, draws: Draws) -> None:
    """Employers that grow or shrink; nothing happens to the others."""
    rows = np.flatnonzero(np.isin(now.places.unit, chosen) & now.places.seat & (now.places.employees > 0))
    factor = 0.55 + 1.25 * draws.unit(len(rows))
    now.places.employees[rows] = np.maximum(1, np.round(now.places.employees[rows] * factor)).astype(np.int64)


def _move(now: Economy, chosen: Ints, day: np.ndarray, atlas: Atlas, draws: Draws, seed: int) -> None:
    """A new seat in another commune of the département; the former one closes, its employees follow."""
    places = now.places
    chosen = chosen[now.units.commune[chosen] < atlas.inside]
    old = np.flatnonzero(np.isin(places.unit, chosen) & places.seat)
    owner = places.unit[old]
    held = np.bincount(places.unit, minlength=len(now.units))
    new = Establishments(
        unit=owner,
        nic=nics(now.units.siren[owner], held[owner] + 1),
        commune=draws.rank(atlas.weights("everywhere"), len(owner)),
        seat=np.ones(len(owner), dtype=bool),
        created=day[owner],
        closed=np.full(len(owner), np.datetime64("NaT", "D")),
        employees=places.employees[old].copy(),
        changed=day[owner],
    )
    places.seat[old] = False
    places.closed[old] = places.changed[old] = day[owner]
    places.employees[old] = 0
    now.units.commune[owner] = new.commune
    now.units.changed[owner] = day[owner]
    now.places = places.with_rows(new)
    now.locations = now.locations.with_rows(locate(new, atlas, Draws(seed, "addresses moved")))
