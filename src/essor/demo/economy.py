"""The invented economy, in arrays: legal units and their establishments, before any official column."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from essor.demo.draws import Bools, Draws, Floats, Ints, Objects, either, objects
from essor.demo.identifiers import nics, sirens
from essor.demo.places import Atlas
from essor.demo.profiles import Profile, profiles, size_curves

Days = NDArray[np.datetime64]

FIRST_DAY = date(1905, 1, 1)
NEVER = np.datetime64("NaT", "D")
# Lowest and highest number of employees of each band of SIRENE.
BANDS: dict[str, tuple[int, int]] = {
    "01": (1, 2), "02": (3, 5), "03": (6, 9), "11": (10, 19), "12": (20, 49), "21": (50, 99), "22": (100, 199),
    "31": (200, 249), "32": (250, 499), "41": (500, 999), "42": (1000, 1999), "51": (2000, 4999),
}  # fmt: skip
CLOSED_RATE, MOVED_RATE, OUTSIDE_SEAT, OUTSIDE_BRANCH, SHUT_BRANCH = 0.105, 0.13, 0.004, 0.05, 0.12
HIDDEN_PERSON, HIDDEN_COMPANY = 0.22, 0.006


class Table:
    """Columns of the same length that are taken and put end to end together."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def take(self, chosen: Ints | Bools) -> Self:
        """The rows of these ranks, or where the mask is true."""
        return type(self)(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})  # type: ignore[arg-type]

    def with_rows(self, other: Self) -> Self:
        """These rows then those of the other table."""
        return type(self)(
            **{f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)}  # type: ignore[arg-type]
        )


@dataclass
class Units(Table):
    """Legal units. `profile` is a rank in `profiles()`, `commune` one in the atlas (the seat's)."""

    serial: Ints
    siren: Ints
    profile: Ints
    category: Objects
    naf: Objects
    commune: Ints
    created: Days
    closed: Days
    hidden: Bools
    flag: Objects  # O, N or None
    listed: Bools
    mission: Bools
    name: Objects
    usual_name: Objects
    acronym: Objects
    sex: Objects
    first_name: Objects
    changed: Days  # last day when a fact of the unit changed
    number: Floats  # in [0, 1), the unit's own: its name, purpose and lists come from it


@dataclass
class Establishments(Table):
    """Establishments. `unit` is a rank in the units, `nic` the official five digits."""

    unit: Ints
    nic: Ints
    commune: Ints
    seat: Bools
    created: Days
    closed: Days
    employees: Ints
    changed: Days


def family_mask(units: Units, families: tuple[str, ...]) -> Bools:
    """Which units belong to these families."""
    wanted = np.array([profile.family in families for profile in profiles()])
    return wanted[units.profile]


def of_profiles(units: Units, attribute: str) -> NDArray[np.float64]:
    """A number of each unit's profile."""
    return np.array([float(getattr(profile, attribute)) for profile in profiles()])[units.profile]


def counts(scale: float, least: int = 1) -> Ints:
    """How many units of each profile, closed ones included."""
    share = np.array([profile.share for profile in profiles()], dtype=np.float64)
    return np.maximum(least, np.round(share * scale / (1 - CLOSED_RATE))).astype(np.int64)


def found_units(
    atlas: Atlas, sizes: Ints, draws: Draws, first_serial: int, since: date | None, until: date
) -> Units:
    """Units of each profile (`sizes` of each), created between two days; names are given later."""
    rank = np.repeat(np.arange(len(sizes)), sizes)
    n = len(rank)
    serial = first_serial + np.arange(n)
    last = np.datetime64(until, "D")
    age = draws.exponential(np.array([p.age for p in profiles()])[rank] * 365.25, n)
    start = np.datetime64(since or FIRST_DAY, "D")
    oldest = int((last - start).astype(int))
    created = last - (age % oldest).astype("timedelta64[D]")
    closed = np.full(n, NEVER)
    if since is None:
        ends = draws.chance(CLOSED_RATE, n)
        lived = draws.unit(n) * (last - created).astype(np.float64)
        closed[ends] = (created + lived.astype("timedelta64[D]"))[ends]
    places = objects([p.place for p in profiles()])[rank]
    commune = atlas.draw(draws, places)
    persons = np.array([p.person for p in profiles()])[rank]
    hidden = draws.chance(np.where(persons, HIDDEN_PERSON, HIDDEN_COMPANY), n)
    empty = np.full(n, None, dtype=object)
    units = Units(
        serial=serial, siren=sirens(serial), profile=rank, category=empty.copy(), naf=empty.copy(), commune=commune,
        created=created, closed=closed, hidden=hidden, flag=empty.copy(), listed=np.zeros(n, dtype=bool),
        mission=np.zeros(n, dtype=bool), name=empty.copy(), usual_name=empty.copy(), acronym=empty.copy(),
        sex=empty.copy(), first_name=empty.copy(), changed=np.where(np.isnat(closed), created, closed),
        number=draws.unit(n),
    )  # fmt: skip
    _give_codes(units, sizes, draws)
    _cover_every_commune(units, sizes, atlas)
    return units


def _give_codes(units: Units, sizes: Ints, draws: Draws) -> None:
    """Legal category, activity, ESS flag and lists, profile by profile."""
    start = 0
    for profile, size in zip(profiles(), sizes.tolist(), strict=True):
        part = slice(start, start + size)
        start += size
        units.category[part] = draws.choice(profile.categories, size)
        units.naf[part] = draws.choice(profile.naf, size)
        flagged = draws.chance(profile.flag_rate, size)
        units.flag[part] = either(flagged, "O", _unflagged(profile))
        units.listed[part] = draws.chance(profile.listed_rate, size)
        if profile.family == "company":  # a company of the ESS is known by the flag or by the list
            units.listed[part] |= ~flagged
        units.mission[part] = draws.chance(profile.mission, size)


def _unflagged(profile: Profile) -> str | None:
    return "N" if profile.family in {"other", "company"} and not profile.person else None


def _cover_every_commune(units: Units, sizes: Ints, atlas: Atlas) -> None:
    """The first units of the profile marked `first` take a commune each, so that none is empty."""
    rank = next(i for i, profile in enumerate(profiles()) if profile.first)
    begin = int(sizes[:rank].sum())
    covered = min(int(sizes[rank]), atlas.inside)
    units.commune[begin : begin + covered] = np.arange(covered)
    units.closed[begin : begin + covered] = NEVER
    units.changed[begin : begin + covered] = units.created[begin : begin + covered]


def settle(units: Units, atlas: Atlas, draws: Draws, until: date) -> Establishments:
    """The establishments of the units: the seat, the place left when the unit moved, the other ones."""
    n = len(units)
    last = np.datetime64(until, "D")
    alive = np.isnat(units.closed)
    end = np.where(alive, last, units.closed)
    home = units.commune.copy()
    outside = _seat_elsewhere(units, atlas, draws)
    moved = draws.chance(MOVED_RATE, n) & ((end - units.created).astype(np.int64) > 400)
    day = units.created + _part_of(end - units.created, 0.2 + 0.7 * draws.unit(n))
    branches = np.where(alive, draws.count(of_profiles(units, "branches"), n), 0)
    # One in the département at least, without which the unit would not be there.
    branches = np.where(outside, np.maximum(branches, 1), branches)

    seats = _seats(units, moved, day, draws)
    places = _left(units, np.flatnonzero(moved), day, home, atlas, draws).with_rows(seats)
    places = places.with_rows(_branches(units, branches, outside, moved, seats.employees, atlas, draws, last))
    units.changed = np.maximum(units.changed, np.where(moved, day, units.created))
    return in_order(places, units)


def _part_of(duration: NDArray[np.timedelta64], part: Floats) -> NDArray[np.timedelta64]:
    return (duration.astype(np.float64) * part).astype("timedelta64[D]")


def _seat_elsewhere(units: Units, atlas: Atlas, draws: Draws) -> Bools:
    """Put the seat of a few active units outside the département; gives which."""
    ess = of_profiles(units, "is_ess") == 1
    outside = draws.chance(np.where(ess, OUTSIDE_SEAT, OUTSIDE_SEAT / 4), len(units)) & np.isnat(units.closed)
    outside &= ~np.array([p.person or p.first for p in profiles()])[units.profile]
    units.commune[outside] = atlas.draw_elsewhere(draws, int(outside.sum()))
    return outside


def _seats(units: Units, moved: Bools, day: Days, draws: Draws) -> Establishments:
    """The seat of every unit: its second establishment when it moved."""
    created = np.where(moved, day, units.created)
    return Establishments(
        unit=np.arange(len(units)),
        nic=nics(units.siren, np.where(moved, 2, 1)),
        commune=units.commune.copy(),
        seat=np.ones(len(units), dtype=bool),
        created=created,
        closed=units.closed.copy(),
        employees=_employees(units, draws),
        changed=np.maximum(units.changed, created),
    )


def _left(units: Units, who: Ints, day: Days, home: Ints, atlas: Atlas, draws: Draws) -> Establishments:
    """The place that each unit that moved had before, half of the time in another commune."""
    other = atlas.draw(draws, _places(units, who))
    return Establishments(
        unit=who,
        nic=nics(units.siren[who], np.ones(len(who), dtype=np.int64)),
        commune=np.where(draws.chance(0.45, len(who)), other, home[who]),
        seat=np.zeros(len(who), dtype=bool),
        created=units.created[who],
        closed=day[who],
        employees=np.zeros(len(who), dtype=np.int64),
        changed=day[who],
    )


def _branches(
    units: Units,
    count: Ints,
    outside: Bools,
    moved: Bools,
    staff: Ints,
    atlas: Atlas,
    draws: Draws,
    last: np.datetime64,
) -> Establishments:
    """The other establishments; the first one of a unit seated elsewhere is open and in the département."""
    owner = np.repeat(np.arange(len(units)), count)
    first_of_unit = np.concatenate([[0], np.cumsum(count)[:-1]])
    kept_here = first_of_unit[outside & (count > 0)]
    commune = atlas.draw(draws, _places(units, owner))
    away = draws.chance(OUTSIDE_BRANCH, len(owner))
    away[kept_here] = False
    commune[away] = atlas.draw_elsewhere(draws, int(away.sum()))
    opened = units.created[owner] + _part_of(last - units.created[owner], draws.unit(len(owner)))
    shut = draws.chance(SHUT_BRANCH, len(owner))
    shut[kept_here] = False
    closed = np.where(shut, opened + ((last - opened) // 2), NEVER)
    order_in_unit = np.arange(len(owner)) - first_of_unit[owner]
    return Establishments(
        unit=owner,
        nic=nics(units.siren[owner], np.where(moved, 2, 1)[owner] + 1 + order_in_unit),
        commune=commune,
        seat=np.zeros(len(owner), dtype=bool),
        created=opened,
        closed=closed,
        employees=_branch_employees(units, owner, staff, shut, draws),
        changed=np.where(shut, closed, opened),
    )


def in_order(places: Establishments, units: Units) -> Establishments:
    """The establishments sorted by SIRET, as the official file is."""
    return places.take(np.lexsort((places.nic, units.siren[places.unit])))


def _places(units: Units, chosen: Ints) -> Objects:
    return objects([profile.place for profile in profiles()])[units.profile[chosen]]


def draw_employees(curve: str, draws: Draws, size: int) -> Ints:
    """Numbers of employees drawn along a curve of `sizes.yaml`."""
    bands = draws.choice(size_curves()[curve], size)
    low = np.array([BANDS[band][0] for band in bands], dtype=np.int64)
    high = np.array([BANDS[band][1] for band in bands], dtype=np.int64)
    # Squared: small numbers are more frequent inside a band too.
    return low + ((high - low + 1) * draws.unit(size) ** 2).astype(np.int64)


def _employees(units: Units, draws: Draws) -> Ints:
    """Employees of each seat: none in closed units, in most others too."""
    staff = np.zeros(len(units), dtype=np.int64)
    employer = draws.chance(of_profiles(units, "employer"), len(units)) & np.isnat(units.closed)
    curves = objects([profile.sizes for profile in profiles()])[units.profile]
    for curve in sorted(size_curves()):
        mask = employer & (curves == curve)
        staff[mask] = draw_employees(curve, draws, int(mask.sum()))
    return staff


def _branch_employees(units: Units, owner: Ints, staff: Ints, shut: Bools, draws: Draws) -> Ints:
    """Employees of the other establishments: a part of the seat's, in employers only."""
    part = 0.15 + 0.6 * draws.unit(len(owner))
    active = (staff[owner] > 0) & ~shut & draws.chance(0.85, len(owner))
    return np.where(active, np.maximum(1, (staff[owner] * part).astype(np.int64)), 0)


def band(employees: Ints) -> Objects:
    """The official band of each number of employees; None where there is none."""
    codes = objects([None, *BANDS])
    return codes[np.searchsorted([low for low, _high in BANDS.values()], employees, side="right")]
