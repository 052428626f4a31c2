"""The register's figures of a place that is no administrative territory: a drawn area, a priority neighbourhood.

Counted on demand by the code that counts the territories, on the establishments of the place alone. An organisation is
there when one of its establishments is; what has no known position, or a hidden address, is not counted. A place has
neither inhabitants nor known closures: it has no density, and no closure. Of creations, the last year that is over.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from shapely.geometry.base import BaseGeometry

from essor.indicators import formula, rules
from essor.indicators.definition import Indicator, Observed, Parts
from essor.indicators.formula import Result
from essor.indicators.from_register import INDICATORS
from essor.indicators.queries import Cell
from essor.indicators.register_ground import UNKNOWN, Countryside, countryside
from essor.indicators.register_indicator import FromRegister
from essor.indicators.register_reading import (
    ESS,
    OF_ORGANISATION,
    OF_SITE,
    SOURCE,
    Columns,
    Presence,
    columns_of,
    sites_of,
)
from essor.registry.models import Edition, EstablishmentFacts, Organisation
from essor.registry.overlay_rows import hidden_addresses, moved_places, said_not_ess
from essor.registry.queries import edition_in_force
from essor.territories.models import Qpv, Territory

Figures = Mapping[str, Mapping[Parts, Cell]]
PLACE = 0  # in place of the id of a territory: a place has none
_FACTS = "establishment__organisation__facts__"
_ORGANISATION = tuple(f"{_FACTS}{name}" for name in OF_ORGANISATION)
Row = Sequence[Any]


def figures_inside(shape: BaseGeometry, day: date) -> Figures:
    """The figures of the establishments whose position is in a shape (degrees, its edge included), by code and parts.

    Empty before the first edition, and for an empty shape. Six queries at most.
    """
    edition = edition_in_force()
    if edition is None or shape.is_empty:
        return {}
    west, south, east, north = shape.bounds
    near = _shown().filter(longitude__gte=west, longitude__lte=east, latitude__gte=south, latitude__lte=north)
    rows = list(near.values_list(*OF_SITE, *_ORGANISATION, "longitude", "latitude"))
    points = np.array([row[-2:] for row in rows], dtype=np.float64).reshape(-1, 2)
    shapely.prepare(shape)
    inside = shapely.intersects_xy(shape, points[:, 0], points[:, 1])
    return _figures([row for row, kept in zip(rows, inside.tolist(), strict=True) if kept], edition, day)


def figures_of_quarter(code: str, day: date) -> Figures:
    """The figures of the establishments that the register says to be in a priority neighbourhood, by code and parts.

    The edition holds the answer for each establishment. Empty before the first edition, and for an unknown code.
    """
    edition, quarter = edition_in_force(), Qpv.objects.filter(code=code).first()
    if edition is None or quarter is None:
        return {}
    near = _shown().filter(commune__in=list(quarter.communes.values_list("pk", flat=True)))
    near = near.annotate(said=Cast("qpv", TextField())).filter(said__contains=f'"{quarter.code}"')
    rows = near.values_list(*OF_SITE, *_ORGANISATION, "qpv")
    return _figures([row for row in rows if _is_in(row[-1], quarter.code)], edition, day)


def _is_in(said: object, code: str) -> bool:
    rows: Any = json.loads(said) if isinstance(said, str) else said or []
    return any(row["code"] == code and row["relation"] == "in" for row in rows)


def _shown() -> QuerySet[EstablishmentFacts]:
    """Establishments of public organisations of the ESS, of which one may say where they are."""
    rows = EstablishmentFacts.objects.filter(
        present=True,
        commune__isnull=False,
        establishment__organisation__is_public=True,
        establishment__organisation__facts__present=True,
        establishment__organisation__facts__verdict__in=ESS,
    )
    rows = rows.exclude(establishment__organisation__state=Organisation.State.CLOSED)
    rows = rows.exclude(establishment__organisation__in=said_not_ess())
    rows = rows.exclude(establishment__organisation__in=hidden_addresses())
    return rows.exclude(pk__in=moved_places()).order_by("pk")


def _figures(rows: Sequence[Row], edition: Edition, day: date) -> Figures:
    """The cells of one place, from what was read of its establishments (`OF_SITE`, then `OF_ORGANISATION`)."""
    columns = _columns(rows, edition, day)
    found: dict[str, dict[Parts, Cell]] = {}
    for each in INDICATORS:
        if isinstance(each.observe, FromRegister):
            cells = [
                cell for counted in each.observe.count(columns) for cell in counted.observed(columns.ids)
            ]
            found[each.code] = _cells(each, cells, edition)
    for each in INDICATORS:
        if each.formula:
            found[each.code] = {(): _computed(each, found, edition)}
    return {code: cells for code, cells in found.items() if cells}


def _columns(rows: Sequence[Row], edition: Edition, day: date) -> Columns:
    """The columns of a place: one territory, where everything is."""
    first = len(OF_SITE)
    owners = {row[0]: row[first : first + len(OF_ORGANISATION)] for row in rows}
    organisations = columns_of([owners[pk] for pk in sorted(owners)], edition.day, day)
    sites, places = sites_of(
        rows, organisations.ids, country := _country(row[1] for row in rows), edition.day
    )
    return Columns(
        edition,
        np.array([PLACE], dtype=np.int64),
        np.array([UNKNOWN], dtype=np.int64),
        country,
        organisations,
        _all_here(len(owners)),
        sites,
        _all_here(len(places)),
    )


def _all_here(size: int) -> Presence:
    return Presence(np.arange(size, dtype=np.int64), np.zeros(size, dtype=np.int64))


def _country(communes: Iterable[int]) -> Countryside:
    ids = sorted(set(communes))
    people = dict(Territory.objects.filter(pk__in=ids).values_list("pk", "population"))
    counts = [UNKNOWN if people.get(pk) is None else people[pk] for pk in ids]
    return countryside(np.array(ids, dtype=np.int64), np.array(counts, dtype=np.int64))


def _cells(indicator: Indicator, cells: Iterable[Observed], edition: Edition) -> dict[Parts, Cell]:
    """The cells by parts; of several periods, the last one that is over."""
    found: dict[Parts, Observed] = {}
    for cell in sorted(cells, key=lambda cell: cell.span):
        if cell.parts not in found or cell.span.end <= edition.day:
            found[cell.parts] = cell
    return {
        parts: Cell(
            rules.value_of(indicator, cell), cell, cell.source or SOURCE, edition.day, indicator.version
        )
        for parts, cell in found.items()
    }


def _computed(indicator: Indicator, found: Mapping[str, Mapping[Parts, Cell]], edition: Edition) -> Cell:
    """A formula on the figures of the same place."""

    def value_of(code: str) -> Result:
        cell = found.get(code, {}).get(())
        return cell.result if cell else Result(None, "aucune valeur pour ce lieu")

    result = formula.evaluate(formula.parse(indicator.formula), value_of)
    return Cell(result, None, SOURCE, edition.day, indicator.version)
