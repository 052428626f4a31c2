"""All the indicators: those that rooms declare in code, and the current versions of those kept in the database."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from essor.indicators.definition import Dimension, Indicator, Shared
from essor.indicators.enums import Direction, Origin, Periodicity
from essor.indicators.models import StoredIndicator
from essor.indicators.rules_parts import common_dimensions
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


@cache
def shared() -> dict[str, Shared]:
    """The standard dimensions that rooms own, by code."""
    found: dict[str, Shared] = {}
    for lever in levers():
        for each in lever.dimensions:
            if each.code in found:
                raise LookupError(f"indicators: the dimension {each.code} is declared twice")
            found[each.code] = each
    return found


def dimension_of(code: str, authority_id: int | None) -> Dimension:
    """A standard dimension as an authority has it; its values are read when somebody asks them. KeyError."""
    owner = shared()[code]
    values: Any = SimpleLazyObject(lambda: tuple((a, str(b)) for a, b in owner.values(authority_id)))
    return Dimension(code, str(owner.label), values, owner.partition, shared=True)


def _known_dimension(dimension: Dimension, authority_id: int | None) -> Dimension:
    """The dimension with its values; itself when it is not a standard one, or when no room owns it here."""
    if not dimension.shared or dimension.code not in shared():
        return dimension
    return dimension_of(dimension.code, authority_id)


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
        dimensions=tuple(_dimension_of_row(each, row.authority_id) for each in row.dimensions),
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
        constants=tuple(row.constants),
    )


def _dimension_of_row(said: Mapping[str, Any], authority_id: int | None) -> Dimension:
    values = tuple((a, b) for a, b in said.get("values", ()))
    found = Dimension(
        said["code"], said.get("label", said["code"]), values, said.get("partition", True),
        shared=said.get("shared", False),
    )  # fmt: skip
    return _known_dimension(found, authority_id)


def everything(frame: int | None = None) -> dict[str, Indicator]:
    """All the indicators, by code: one query. `frame` is the authority in whose frame they are read."""
    stored = StoredIndicator.objects.filter(is_current=True)
    known = framed({**declared(), **{row.code: from_row(row) for row in stored}}, frame)
    return {
        code: replace(each, dimensions=common_dimensions(each, known))
        if each.origin is Origin.FORMULA
        else each
        for code, each in known.items()
    }


def framed(known: Mapping[str, Indicator], authority_id: int | None) -> dict[str, Indicator]:
    """The same indicators read in the frame of an authority: figures that belong to authorities become its own."""
    return {
        code: replace(
            each,
            frame=authority_id,
            dimensions=tuple(_known_dimension(axis, authority_id) for axis in each.dimensions),
        )
        if each.by_authority
        else each
        for code, each in known.items()
    }


def sees(indicator: Indicator, authority_ids: Iterable[int]) -> bool:
    """True when the indicator is published, or belongs to one of these authorities (those of the person)."""
    return indicator.is_public or indicator.authority_id in set(authority_ids)
