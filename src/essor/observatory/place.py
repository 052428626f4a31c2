"""The portrait of a place that is no administrative territory: a priority neighbourhood, a drawn area.

Its figures are counted on demand; they stand beside those of the commune, of the intercommunality and of the
département. Such a place has no rank and no density.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from essor.indicators import catalogue, of_place
from essor.indicators.definition import Parts, month
from essor.indicators.queries import Cell
from essor.observatory import columns, figures
from essor.observatory.columns import Column, Dated
from essor.observatory.models import Area
from essor.observatory.portrait import Covered, Portrait, facts_alone
from essor.observatory.rules_finding import Place, finding
from essor.registry.models import Edition
from essor.registry.queries import edition_in_force
from essor.territories.locating_many import communes_near
from essor.territories.models import Qpv, Territory

OUTLINE_POINTS = 12  # of a drawn area, looked at to know what holds it
MOST_BESIDE = 3  # columns beside the place's own


def of_quarter(quarter: Qpv, day: date) -> Portrait:
    """The portrait of a priority neighbourhood, beside its communes and what contains the first of them."""
    communes = list(quarter.communes.select_related("epci", "departement").order_by("sort_key"))
    around = [*communes, *_above(communes[0])] if communes else []
    return _portrait(
        Place(quarter.name, kind="qpv"), of_place.figures_of_quarter(quarter.code, day), around, day
    )


def quarters_of(territory: Territory) -> list[Qpv]:
    """The priority neighbourhoods of a territory, of the newest list that names some. One query."""
    rows = Qpv.objects.filter(communes__in=Territory.objects.communes_of(territory)).distinct()
    found = list(rows.defer("geometry").order_by("-generation", "sort_key", "code"))
    return [each for each in found if each.generation == found[0].generation]


def of_area(area: Area, day: date) -> Portrait:
    """The portrait of a drawn area, beside the territories that hold it."""
    shape = area.shape
    return _portrait(Place(area.name, kind="zone"), of_place.figures_inside(shape, day), _holding(shape), day)


def _holding(shape: BaseGeometry) -> list[Territory]:
    """The territories where the middle of the shape and the points of its outline all lie, the smallest first.

    Some points of the outline stand for all: a sliver over a border does not bring the whole neighbour in.
    """
    if shape.is_empty:
        return []
    outline = shapely.get_coordinates(shape)
    middle = shape.representative_point()
    points = np.array([(middle.x, middle.y), *outline[:: max(1, len(outline) // OUTLINE_POINTS)]])
    ids = [pk for pk in communes_near(points[:, 0], points[:, 1]) if pk is not None]
    there = Territory.objects.filter(pk__in=ids).select_related("epci", "departement", "region")
    held = [
        {each.pk: each for each in (row, row.epci, row.departement, row.region) if each is not None}
        for row in there
    ]
    if not held:
        return []
    return [each for pk, each in held[0].items() if all(pk in others for others in held)][:MOST_BESIDE]


def _above(commune: Territory) -> list[Territory]:
    return [each for each in (commune.epci, commune.departement) if each is not None]


def _portrait(
    place: Place, counted: Mapping[str, Mapping[Parts, Cell]], around: Sequence[Territory], day: date
) -> Portrait:
    known, edition = catalogue.everything(), edition_in_force()
    mine = Column(place, figures=_dated(counted, edition))
    read = columns.read(figures.READ, around, known, day, with_parts=figures.WITH_PARTS)
    beside = [each for each in read if not each.is_empty]
    return Portrait(
        mine,
        beside,
        known,
        finding(facts_alone(mine, beside)),
        edition,
        Covered.WHOLE if edition else Covered.NO_EDITION,
        [each for each in around if each.pk not in {seen.territory.pk for seen in beside if seen.territory}],
    )


def _dated(
    counted: Mapping[str, Mapping[Parts, Cell]], edition: Edition | None
) -> dict[str, dict[Parts, Dated]]:
    """The figures with their period: that of what was observed, the edition's month for a formula."""
    if edition is None:
        return {}
    state = month(edition.day)
    return {
        code: {
            parts: Dated(cell.observed.span if cell.observed else state, cell)
            for parts, cell in parts_of.items()
        }
        for code, parts_of in counted.items()
    }
