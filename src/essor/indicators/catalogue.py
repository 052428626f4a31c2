"""All the indicators: those that rooms declare in code, and the current versions of those kept in the database."""

from collections.abc import Iterable
from functools import cache

from django.utils.translation import gettext as _

from essor.indicators.definition import Dimension, Indicator
from essor.indicators.enums import Direction, Origin, Periodicity
from essor.indicators.models import StoredIndicator
from essor.kernel.lever import levers


@cache
def declared() -> dict[str, Indicator]:
    """The indicators that rooms declare in code, by code."""
    found: dict[str, Indicator] = {}
    for lever in levers():
        for each in lever.indicators:
            if each.code in found:
                raise LookupError(f"indicators: {each.code} is declared twice")
            found[each.code] = each
    return found


def from_row(row: StoredIndicator) -> Indicator:
    """The definition of a row."""
    return Indicator(
        code=row.code,
        label=row.label,
        unit=row.unit,
        version=row.version,
        origin=Origin(row.origin),
        direction=Direction(row.direction),
        periodicity=Periodicity(row.periodicity),
        dimensions=tuple(
            Dimension(
                each["code"],
                each["label"],
                tuple((a, b) for a, b in each["values"]),
                each.get("partition", True),
            )
            for each in row.dimensions
        ),
        numerator=row.numerator,
        denominator=row.denominator,
        factor=row.factor,
        additive=row.additive,
        protected=row.protected,
        formula=row.formula,
        source=row.source,
        method=row.method,
        limits=row.limits,
        room="indicators",
        room_label=_("Collecte et formules"),
        authority_id=row.authority_id,
        is_public=row.is_public,
    )


def everything() -> dict[str, Indicator]:
    """All the indicators, by code: one query."""
    stored = StoredIndicator.objects.filter(is_current=True)
    return {**declared(), **{row.code: from_row(row) for row in stored}}


def sees(indicator: Indicator, authority_ids: Iterable[int]) -> bool:
    """True when the indicator is published, or belongs to one of these authorities (those of the person)."""
    return indicator.is_public or indicator.authority_id in set(authority_ids)
