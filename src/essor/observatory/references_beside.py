"""Our own figures beside those that others publish: the gap is said, never hidden."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from essor.indicators.models import Observation
from essor.kernel import french
from essor.observatory import rules_references as rules
from essor.observatory.references import Point


@dataclass(frozen=True)
class Beside:
    """Our figure of the nearest year, its source, the gap in words."""

    compared: rules.Compared
    year: int
    source: str
    sentence: str


def beside(points: Iterable[Point]) -> dict[str, Beside]:
    """By id of point, our figure of the same measure and territory, where there is one. One query.

    Points about a part (« Action sociale ») and changes have none.
    """
    asked = [point for point in points if point.measure.indicator and not point.about and not point.is_change]
    codes = {point.measure.indicator for point in asked}
    places = {point.territory.partition(":")[2] or "FR" for point in asked}
    cells = Observation.objects.filter(code__in=codes, parts="", territory__code__in=places)
    rows = cells.select_related("territory") if codes else []
    ours: dict[tuple[str, str], list[Observation]] = {}
    for row in rows:
        ours.setdefault((row.code, row.territory.ref), []).append(row)
    found = {}
    for point in asked:
        known = ours.get((point.measure.indicator, point.territory), [])
        if known:
            nearest = min(known, key=lambda row: (abs(row.start.year - point.year), -row.start.year))
            found[point.id] = _beside(point, nearest)
    return found


def _beside(point: Point, row: Observation) -> Beside:
    value = row.numerator
    if row.denominator:
        value = (row.numerator / row.denominator).quantize(rules.SHARE)
    compared = rules.compare(value, row.start.year, point.value, point.year)
    words = {
        "ours": point.measure.say(value),
        "year": row.start.year,
        "gap": _gap(point, compared),
    }
    text = (
        _("Chiffre chargé ici pour %(year)s : %(ours)s (%(gap)s).")
        if compared.same_year
        else _("Chiffre chargé ici pour %(year)s, une autre année : %(ours)s (%(gap)s).")
    )
    return Beside(compared, row.start.year, row.source, text % words)


def _gap(point: Point, compared: rules.Compared) -> str:
    sign = "+" if compared.gap > 0 else ""
    if compared.gap == 0:
        return _("pareil")
    if point.measure.unit == "%":
        points = french.number((compared.gap * 100).quantize(Decimal("0.01")))
        text = _("%(gap)s point") if abs(compared.gap) < Decimal("0.02") else _("%(gap)s points")
        return text % {"gap": f"{sign}{points}"}
    rate = f", {sign}{french.percent(compared.rate)}" if compared.rate is not None else ""
    return _("écart %(gap)s%(rate)s") % {"gap": f"{sign}{french.number(compared.gap)}", "rate": rate}
