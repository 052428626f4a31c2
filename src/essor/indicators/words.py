"""Values in words: « 5 250 organisations », « 12,5 % », « 3,2 pour 1 000 habitants »."""

from decimal import ROUND_HALF_UP, Decimal

from essor.indicators.definition import PERCENT, Indicator
from essor.kernel import french
from essor.territories.enums import Kind
from essor.territories.models import Territory

EURO = "€"

WHOLE_EUROS = 1000  # from there, a round amount bears no cents


def say_number(indicator: Indicator, value: Decimal | None) -> str:
    """The figure alone, as charts and tables write it; a share with its sign; « — » without value."""
    if value is None:
        return french.UNKNOWN
    if indicator.unit == PERCENT:
        return french.percent(value)
    if indicator.unit == EURO:
        whole = abs(value) >= WHOLE_EUROS and value == value.to_integral_value()
        return french.euros(value, 0 if whole else 2)
    if indicator.decimals is not None:
        return french.number(value, indicator.decimals)
    return french.number(_shortened(value))


def _shortened(value: Decimal) -> Decimal:
    """Two decimals at most for what is not whole: enough to compare."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def say_value(indicator: Indicator, value: Decimal | None) -> str:
    """The figure with its unit."""
    if value is None or indicator.unit in (PERCENT, EURO, ""):
        return say_number(indicator, value)
    return f"{say_number(indicator, value)}{french.NBSP}{indicator.unit}"


def say_average(indicator: Indicator, value: Decimal) -> str:
    """An average, with no more digits than one reads: whole from a hundred on."""
    plain = indicator.unit not in (PERCENT, EURO) and abs(value) >= 100
    return say_number(indicator, value.quantize(Decimal(1), ROUND_HALF_UP) if plain else value)


def say_place(territory: Territory) -> str:
    """The territory after its figure: « Toulouse », « France »."""
    return "France" if territory.kind == Kind.FRANCE else territory.name
