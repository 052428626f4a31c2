"""The territories of one level in the order of an indicator: a bounded number of queries, whatever their number."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.indicators import queries, queries_many
from essor.indicators.definition import Indicator, Span
from essor.indicators.enums import Direction, Periodicity
from essor.indicators.models import Observation
from essor.indicators.queries import Cell
from essor.territories.enums import Kind
from essor.territories.models import Territory, TerritoryQuerySet

LEVELS = (Kind.COMMUNE, Kind.EPCI, Kind.EPT, Kind.DEPARTEMENT, Kind.REGION, Kind.COLLECTIVITE)
ORDERS = ("rang", "inverse", "nom", "population")
# The communes of the whole country are ranked from this population on: those below have too few organisations.
LEAST_OF_ALL_COMMUNES = 2000


@dataclass(frozen=True)
class Asked:
    """What is ranked: an indicator, a level, inside a territory (None: France), from a population on, in an order."""

    indicator: Indicator
    kind: str
    inside: Territory | None = None
    least: int = 0
    order: str = "rang"


@dataclass(frozen=True)
class Row:
    """A territory of the ranking; `place` is None where it has no value (equals share a place)."""

    pk: int
    kind: str
    code: str
    name: str
    sort_key: str
    population: int | None
    departement: str
    departement_code: str
    cell: Cell | None
    place: int | None

    @property
    def ref(self) -> str:
        """The reference that people type."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True)
class Ranking:
    """The rows in order, how many have a value, their average, the period."""

    rows: Sequence[Row]
    among: int
    average: Decimal | None
    span: Span | None

    @property
    def missing(self) -> int:
        """How many have no value."""
        return len(self.rows) - self.among


def rank(asked: Asked, known: Mapping[str, Indicator], day: date) -> Ranking:
    """The ranking. Three queries, one more for each other indicator that a formula reads."""
    territories = _territories(asked)
    span = _last_span(asked.indicator, known, territories, day)
    wanted = [asked.indicator.code, *queries.leaves(asked.indicator, known)]
    read: dict[str, dict[queries.Key, Cell]] = {}
    if span is not None:
        read = queries_many.load_many(
            wanted, territories.order_by().values("pk"), known, at=dict.fromkeys(wanted, span)
        )
    cells = {key[1]: cell for key, cell in read.get(asked.indicator.code, {}).items()}
    values = {pk: cell.value for pk, cell in cells.items() if cell.value is not None}
    places = places_of(values, asked.indicator.direction)
    fields = (
        "pk",
        "kind",
        "code",
        "name",
        "sort_key",
        "population",
        "departement__name",
        "departement__code",
    )
    rows = [
        Row(
            pk,
            kind,
            code,
            name,
            key,
            population,
            above or "",
            above_code or "",
            cells.get(pk),
            places.get(pk),
        )
        for pk, kind, code, name, key, population, above, above_code in territories.values_list(*fields)
    ]
    average = (
        queries.average_of(asked.indicator, {code: found.values() for code, found in read.items()}, known)
        if values
        else None
    )
    return Ranking(_ordered(rows, asked.order), len(values), average.value if average else None, span)


def places_of(values: Mapping[int, Decimal], direction: Direction) -> dict[int, int]:
    """The place of each: first the highest value, or the lowest where a fall is wished; equals share their place."""
    ordered = sorted(values.values())
    if direction is Direction.DOWN:
        return {pk: bisect_left(ordered, value) + 1 for pk, value in values.items()}
    falling = [-value for value in reversed(ordered)]
    return {pk: bisect_left(falling, -value) + 1 for pk, value in values.items()}


def _territories(asked: Asked) -> TerritoryQuerySet:
    rows = Territory.objects.active().of_kind(asked.kind)
    inside = asked.inside
    if inside is not None and inside.kind == Kind.REGION:
        rows = rows.filter(region=inside)
    elif inside is not None and inside.kind in (Kind.DEPARTEMENT, Kind.COLLECTIVITE):
        rows = rows.filter(**{inside.kind: inside})
    elif inside is not None and inside.kind == Kind.EPCI:
        rows = rows.filter(epci=inside)
    return rows.filter(population__gte=asked.least) if asked.least else rows


def _last_span(
    indicator: Indicator, known: Mapping[str, Indicator], territories: TerritoryQuerySet, day: date
) -> Span | None:
    """The last period of the indicator (of the first that its formula reads) that one of the territories has."""
    leaf = next(iter(queries.leaves(indicator, known).values()), None)
    if leaf is None:
        return None
    rows = Observation.objects.filter(
        code=leaf.code, parts="", territory__in=territories.order_by().values("pk")
    )
    if leaf.periodicity is not Periodicity.EDITION:
        rows = rows.filter(end__lte=day)
    found = rows.order_by("-start").values_list("start", "end").first()
    return Span(*found) if found else None


def _ordered(rows: list[Row], order: str) -> list[Row]:
    """The rows in the order asked; those without a value last."""
    match order:
        case "nom":
            return sorted(rows, key=lambda row: (row.sort_key, row.code))
        case "population":
            return sorted(rows, key=lambda row: (-(row.population or 0), row.sort_key))
        case "inverse":
            return sorted(rows, key=lambda row: (row.place is None, -(row.place or 0), row.sort_key))
        case _:
            return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.sort_key))
