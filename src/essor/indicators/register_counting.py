"""What is counted of the register's columns: each figure of all the territories at once, one function a figure.

Nothing here knows whether the columns are those of the whole register or of one place (`of_place`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from essor.indicators.definition import Dimension, Observed, Parts, Span, month, year
from essor.indicators.register_cuts import AGE, FAMILY, INSEE_FAMILY, SECTOR, SIZE
from essor.indicators.register_ground import UNKNOWN, Flags, Ints
from essor.indicators.register_reading import SOURCE, Columns, Presence

YEARS = 6  # years of creations and closures that are kept, the current one included
TENTHS = 1


@dataclass(frozen=True)
class Counted:
    """One figure on all the territories, by rank; `decimals` of the numerators; `denominators` may be UNKNOWN."""

    span: Span
    parts: Parts
    numerators: Ints
    denominators: Ints | None = None
    decimals: int = 0
    sources: Sequence[str] = ()

    def observed(self, ids: Ints) -> Iterator[Observed]:
        """The cells; those of a part leave out what is zero, those without denominator are left out."""
        bottoms = self.denominators.tolist() if self.denominators is not None else [None] * len(ids)
        tops = self.numerators.tolist()
        for rank, territory in enumerate(ids.tolist()):
            top, bottom = tops[rank], bottoms[rank]
            if (self.parts and not top) or bottom == UNKNOWN:
                continue
            yield Observed(
                self.span,
                territory,
                self.parts,
                Decimal(top).scaleb(-self.decimals) if self.decimals else Decimal(top),
                None if bottom is None else Decimal(bottom),
                source=self.sources[rank] if self.sources else "",
            )


def count(columns: Columns, there: Presence, chosen: Flags | None = None, each: Ints | None = None) -> Ints:
    """How many of the chosen things (all of them when None) each territory has; or the sum of `each` of them."""
    rows, at = there.row, there.at
    if chosen is not None:
        kept = chosen[rows]
        rows, at = rows[kept], at[kept]
    return _sums(at, len(columns.ids), None if each is None else each[rows])


def _sums(keys: Ints, size: int, weights: Ints | None) -> Ints:
    """Counts or sums by key. Sums pass through floating point, exact below 2⁵³: there are not that many employees."""
    found = np.bincount(keys, weights=weights, minlength=size)
    return found.astype(np.int64)


@dataclass(frozen=True)
class Cut:
    """A dimension, and the rank of each thing's value in it."""

    dimension: Dimension
    codes: Ints


def cut(
    columns: Columns,
    there: Presence,
    by: Cut,
    chosen: Flags | None = None,
    each: Ints | None = None,
) -> Iterator[tuple[Parts, Ints]]:
    """The same counts value by value: (parts, counts by territory). What has no listed value is left out."""
    values = by.dimension.values
    rows, at = there.row, there.at
    kept = by.codes[rows] < len(values)
    if chosen is not None:
        kept &= chosen[rows]
    rows, at = rows[kept], at[kept]
    keys = at * len(values) + by.codes[rows]
    sums = _sums(keys, len(columns.ids) * len(values), None if each is None else each[rows])
    table = sums.reshape(len(columns.ids), len(values))
    for rank, (code, _label) in enumerate(values):
        yield ((by.dimension.code, code),), table[:, rank]


def _now(columns: Columns) -> Span:
    return month(columns.edition.day)


def organisations(columns: Columns) -> Iterator[Counted]:
    """Organisations, and by family, sector and age."""
    span, mine = _now(columns), columns.organisations
    yield Counted(span, (), count(columns, columns.present))
    for by in (Cut(FAMILY, mine.family), Cut(SECTOR, mine.sector), Cut(AGE, mine.age)):
        for parts, counts in cut(columns, columns.present, by):
            yield Counted(span, parts, counts)


def employers(columns: Columns) -> Iterator[Counted]:
    """Organisations that employ, and by family."""
    span, mine = _now(columns), columns.organisations
    yield Counted(span, (), count(columns, columns.present, mine.employer))
    for parts, counts in cut(columns, columns.present, Cut(FAMILY, mine.family), mine.employer):
        yield Counted(span, parts, counts)


def esus(columns: Columns) -> Iterator[Counted]:
    """Organisations with a running Esus agreement."""
    yield Counted(_now(columns), (), count(columns, columns.present, columns.organisations.esus))


def creations(columns: Columns) -> Iterator[Counted]:
    """Organisations of today's register by year of creation."""
    last = columns.edition.day.year
    for number in range(last - YEARS + 1, last + 1):
        made = columns.organisations.year == number
        yield Counted(year(number), (), count(columns, columns.present, made))


def closures(columns: Columns) -> Iterator[Counted]:
    """Organisations that closed, by year; years without any known closure have no value."""
    if columns.closures is None or columns.closed is None:
        return
    last = columns.edition.day.year
    for number in range(last - YEARS + 1, last + 1):
        chosen = columns.closures.year == number
        if chosen.any():
            yield Counted(year(number), (), count(columns, columns.closed, chosen))


def density(columns: Columns) -> Iterator[Counted]:
    """Organisations over inhabitants, where the population is known."""
    yield Counted(_now(columns), (), count(columns, columns.present), columns.population)


def _of_sites(
    columns: Columns, cuts: Sequence[Cut], chosen: Flags | None = None, each: Ints | None = None
) -> Iterator[Counted]:
    """A count of establishments (or a sum over them, in tenths), whole then cut."""
    span, decimals = _now(columns), 0 if each is None else TENTHS
    yield Counted(span, (), count(columns, columns.sited, chosen, each), decimals=decimals)
    for by in cuts:
        for parts, counts in cut(columns, columns.sited, by, chosen, each):
            yield Counted(span, parts, counts, decimals=decimals)


def _kinds(columns: Columns) -> tuple[Cut, Cut]:
    """Establishments by the family and the sector of their organisation."""
    mine, owner = columns.organisations, columns.sites.owner
    return Cut(FAMILY, mine.family[owner]), Cut(SECTOR, mine.sector[owner])


def _hiring(columns: Columns) -> Flags:
    found: Flags = columns.sites.low > 0
    return found


def establishments(columns: Columns) -> Iterator[Counted]:
    """Establishments, and by family, sector, size and age."""
    mine = columns.sites
    yield from _of_sites(columns, (*_kinds(columns), Cut(SIZE, mine.size), Cut(AGE, mine.age)))


def employing_establishments(columns: Columns) -> Iterator[Counted]:
    """Establishments whose band proves an employee, and by family and sector."""
    yield from _of_sites(columns, _kinds(columns), _hiring(columns))


def jobs(columns: Columns) -> Iterator[Counted]:
    """The estimate of employees, and by family and sector."""
    yield from _of_sites(columns, _kinds(columns), each=columns.sites.best)


def jobs_at_least(columns: Columns) -> Iterator[Counted]:
    """The sum of the lower bounds of the bands."""
    yield from _of_sites(columns, (), each=columns.sites.low)


def jobs_at_most(columns: Columns) -> Iterator[Counted]:
    """The sum of the upper bounds of the bands."""
    yield from _of_sites(columns, (), each=columns.sites.high)


def _counted_by_insee(columns: Columns) -> tuple[Cut, Flags]:
    codes = columns.organisations.insee[columns.sites.owner]
    return Cut(INSEE_FAMILY, codes), codes < len(INSEE_FAMILY.values)


def insee_establishments(columns: Columns) -> Iterator[Counted]:
    """Employing establishments that INSEE counts, by its families."""
    by, counted = _counted_by_insee(columns)
    yield from _of_sites(columns, (by,), counted & _hiring(columns))


def insee_jobs(columns: Columns) -> Iterator[Counted]:
    """The estimate of employees of the establishments that INSEE counts, by its families."""
    by, counted = _counted_by_insee(columns)
    yield from _of_sites(columns, (by,), counted, columns.sites.best)


def quarter_share(columns: Columns) -> Iterator[Counted]:
    """Establishments inside a priority neighbourhood, over those whose position is known."""
    mine, there = columns.sites, columns.sited
    inside = count(columns, there, mine.in_quarter & mine.located)
    yield Counted(_now(columns), (), inside, count(columns, there, mine.located))


def rural_share(columns: Columns) -> Iterator[Counted]:
    """Establishments in a rural commune, over those of which one knows; each cell says what « rural » stands on."""
    mine, there = columns.sites, columns.sited
    by_grid = count(columns, there, mine.rural_known & mine.by_grid).tolist()
    others = count(columns, there, mine.rural_known & ~mine.by_grid).tolist()
    words = {
        (grid, population): f"{SOURCE} ; {columns.country.words(grid=grid, population=population)}"
        for grid in (False, True)
        for population in (False, True)
    }
    yield Counted(
        _now(columns),
        (),
        count(columns, there, mine.rural & mine.rural_known),
        count(columns, there, mine.rural_known),
        sources=[words[(bool(grid), bool(other))] for grid, other in zip(by_grid, others, strict=True)],
    )
