"""Values of a territory that were not collected but whose communes all were: they add up, both terms of a share."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from essor.indicators import queries, rules
from essor.indicators.definition import Indicator, Span
from essor.indicators.enums import Origin
from essor.indicators.queries import Cell, Key, Wanted
from essor.territories.enums import Kind
from essor.territories.models import Territory

SUMMED = (Kind.EPCI, Kind.EPT, Kind.DEPARTEMENT, Kind.COLLECTIVITE)


def with_sums(
    indicator: Indicator, territory: Territory, cells: Mapping[Key, Cell], known: queries.Known
) -> Mapping[Key, Cell]:
    """The cells, and the sum of the communes for each period where the territory has none and they all have one.

    Only for what is collected, adds up and hides no small number. Two queries more there, none elsewhere.
    """
    adds = indicator.origin is Origin.COLLECTED and indicator.additive and not indicator.protected
    if not adds or territory.kind not in SUMMED:
        return cells
    communes = list(Territory.objects.communes_of(territory).values_list("pk", flat=True))
    found: dict[Span, list[Cell]] = {}
    for (span, _commune, _parts), cell in queries.load(indicator, Wanted(communes), known).items():
        found.setdefault(span, []).append(cell)
    whole = {
        (span, territory.pk, ()): _sum(indicator, territory, rows)
        for span, rows in found.items()
        if (span, territory.pk, ()) not in cells and len(rows) == len(communes)
    }
    return {**cells, **whole}


def _sum(indicator: Indicator, territory: Territory, rows: list[Cell]) -> Cell:
    observed = [row.observed for row in rows if row.observed]
    above = {each.territory_id: (territory.pk,) for each in observed}
    total = next(each for each in rules.roll_up(observed, above) if each.territory_id == territory.pk)
    sources = "; ".join(dict.fromkeys(row.source for row in rows if row.source))
    source = _("Somme de %(count)s communes ; %(sources)s") % {"count": len(rows), "sources": sources}
    days = [row.day for row in rows if row.day]
    return Cell(
        rules.value_of(indicator, total), total, source, max(days, default=None), max(r.version for r in rows)
    )
