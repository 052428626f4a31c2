"""The portrait of a place that is no administrative territory: a priority neighbourhood, a drawn area.

Its figures are counted on demand; they stand beside those of the commune, of the intercommunality and of the
département. Such a place has no rank and no density.
"""

from collections.abc import Mapping, Sequence
from datetime import date

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
from essor.territories.locating import PositionError, locate
from essor.territories.models import Qpv, Territory


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
    """The portrait of a drawn area, beside the territories where its middle lies."""
    shape = area.shape
    around: list[Territory] = []
    if not shape.is_empty:
        middle = shape.representative_point()
        try:
            found = locate(middle.x, middle.y)
            around = [each for each in (found.commune, found.epci, found.departement) if each is not None]
        except PositionError:
            around = []
    return _portrait(Place(area.name, kind="zone"), of_place.figures_inside(shape, day), around, day)


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
