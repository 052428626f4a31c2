"""What the portrait of a territory is made of, read in a bounded number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from essor.indicators import catalogue, queries_many
from essor.indicators.definition import Indicator, Span
from essor.indicators.periods_typed import say_span
from essor.observatory import columns, figures, ranks
from essor.observatory.columns import Column
from essor.observatory.ranks import Ranked
from essor.observatory.rules_finding import Facts, Finding, Official, Place, finding
from essor.registry.models import Edition
from essor.registry.queries import edition_in_force
from essor.territories.enums import Kind
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, members, resolve

PARENTS = ("epci", "ept", "departement", "collectivite", "region")
AUTHORS = (("flores", "l’Insee"), ("urssaf", "l’Urssaf"))


class Covered(Enum):
    """How far the register in force covers a place."""

    WHOLE = "whole"
    PARTLY = "partly"
    OUTSIDE = "outside"
    NO_EDITION = "no_edition"
    NOT_YET = "not_yet"  # covered, but its figures are not computed yet


@dataclass(frozen=True)
class Point:
    """A value of a series."""

    span: Span
    value: Decimal | None


@dataclass(frozen=True)
class Portrait:
    """A place, the territories around it (the nearest first), its ranks, its series, the territories inside it."""

    mine: Column
    beside: Sequence[Column]
    known: Mapping[str, Indicator]
    finding: Finding
    edition: Edition | None
    covered: Covered = Covered.WHOLE
    silent: Sequence[Territory] = ()
    above: Sequence[Territory] = ()
    ranks: Mapping[str, Sequence[Ranked]] = field(default_factory=dict)
    series: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    inside: Sequence[Column] = ()

    @property
    def all(self) -> list[Column]:
        """The place, then those around it."""
        return [self.mine, *self.beside]


def read(territory: Territory, day: date) -> Portrait:
    """The portrait of a territory. `territory` is read with its parents (`find`)."""
    known, edition = catalogue.everything(), edition_in_force()
    around = above(territory)
    mine, *others = columns.read(
        figures.READ, [territory, *around], known, day, with_parts=figures.WITH_PARTS
    )
    france = next((each for each in [territory, *around] if each.kind == Kind.FRANCE), None)
    wholes = {code: found for code in figures.RANKED if (found := mine.whole(code))}
    series = _series(territory, known)
    beside = [each for each in others if not each.is_empty]
    return Portrait(
        mine,
        beside,
        known,
        finding(_facts(mine, beside, series)),
        edition,
        covered(territory, mine, edition),
        [each.territory for each in others if each.is_empty and each.territory],
        around,
        ranks.ranks(territory, france, wholes, known),
        series,
        _inside(territory, known, day),
    )


def find(ref: str) -> Territory:
    """The territory in force of a reference, with its parents. UnknownTerritoryError."""
    found = resolve(ref)
    return Territory.objects.select_related(*PARENTS).get(pk=found.pk)


def above(territory: Territory) -> list[Territory]:
    """The territories that contain it, the nearest first, France last."""
    parents = [getattr(territory, name) for name in PARENTS]
    if territory.kind != Kind.COMMUNE:
        # An EPCI has a département (that of most of its people), never an EPCI above it.
        parents = [territory.departement, territory.region]
    found = [each for each in parents if each is not None and each.pk != territory.pk]
    if territory.kind != Kind.FRANCE:
        found += list(Territory.objects.active().of_kind(Kind.FRANCE)[:1])
    return found


def covered(territory: Territory, mine: Column, edition: Edition | None) -> Covered:
    """How far the register covers the territory; questions are asked only where it has no figure."""
    if mine.whole(figures.ESTABLISHMENTS) is not None:
        return Covered.WHOLE
    if edition is None:
        return Covered.NO_EDITION
    try:
        scope = resolve(edition.scope)
    except UnknownTerritoryError:
        return Covered.OUTSIDE
    communes = Territory.objects.communes_of(territory)
    inside = communes.filter(pk__in=Territory.objects.communes_of(scope).values("pk")).count()
    if not inside:
        return Covered.OUTSIDE
    return Covered.NOT_YET if inside == communes.count() else Covered.PARTLY


def _series(territory: Territory, known: Mapping[str, Indicator]) -> dict[str, list[Point]]:
    """The series of the whole, in order. One query."""
    cells = queries_many.load_many(figures.SERIES, [territory.pk], known, every=True)
    return {
        code: [Point(key[0], cell.value) for key, cell in sorted(found.items(), key=lambda each: each[0][0])]
        for code, found in cells.items()
    }


def _inside(territory: Territory, known: Mapping[str, Indicator], day: date) -> list[Column]:
    """The territories inside, the largest first; for a commune, those of its intercommunality."""
    rows = list(members(territory))
    found = columns.read(figures.MAIN, rows, known, day) if rows else []
    return sorted(found, key=lambda each: (each.is_empty, -(_size(each) or 0), each.sort_key))


def _size(column: Column) -> Decimal | None:
    return column.value(figures.ESTABLISHMENTS)


def _facts(mine: Column, beside: Sequence[Column], series: Mapping[str, Sequence[Point]]) -> Facts:
    return Facts(
        mine.place,
        mine.value(figures.ESTABLISHMENTS),
        mine.value(figures.JOBS),
        mine.value(figures.DENSITY),
        _beside(mine, beside, figures.DENSITY),
        _official(mine, beside),
        _before(series),
    )


def facts_alone(mine: Column, beside: Sequence[Column]) -> Facts:
    """The facts of a place without series: a neighbourhood, a drawn area."""
    return _facts(mine, beside, {})


def _beside(mine: Column, beside: Sequence[Column], code: str) -> list[tuple[Place, Decimal]]:
    """The same figure, of the same period, around: the département or the région before the nearest small ones."""
    own = mine.whole(code)
    large = [each for each in beside if each.place.kind in (Kind.DEPARTEMENT, Kind.REGION, Kind.FRANCE)]
    return [
        (each.place, found.value)
        for each in large or beside
        if (found := each.whole(code)) and found.value is not None and own and found.span == own.span
    ]


def _official(mine: Column, beside: Sequence[Column]) -> Official | None:
    """What the official tables say: INSEE's first, since it counts all employers."""
    for prefix, author in AUTHORS:
        share, jobs = mine.whole(f"{prefix}.part_emploi_prive"), mine.whole(f"{prefix}.effectifs")
        shown = share if share and share.value is not None else jobs
        if shown is None or shown.value is None:
            continue
        same = jobs if jobs and jobs.span == shown.span else None
        return Official(
            author,
            say_span(shown.span),
            same.value if same else None,
            share.value if share else None,
            _beside(mine, beside, f"{prefix}.part_emploi_prive"),
        )
    return None


def _before(series: Mapping[str, Sequence[Point]]) -> tuple[Decimal, str] | None:
    """The establishments of the edition before the last."""
    points = [point for point in series.get(figures.ESTABLISHMENTS, ()) if point.value is not None]
    if len(points) < 2 or points[-2].value is None:
        return None
    return points[-2].value, say_span(points[-2].span)
