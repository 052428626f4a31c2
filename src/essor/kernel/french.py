"""Figures and days as French writes them: the one place that templates, charts and documents share."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

NBSP = "\u00a0"
UNKNOWN = "—"
_BEFORE_SIGN = re.compile(r"(?<=\S) (?=[;:!?»](?:\s|$|[.,)]))")
_IN_NUMBER = re.compile(r"(?<=\d) (?=[%€]|\d{3}(?!\d))")


def to_decimal(value: Any) -> Decimal | None:
    """The finite decimal that a value holds, or None; beyond 10^24 it is no figure of ours."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found.adjusted() < 24 else None


def _written(value: Decimal, decimals: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)  # never « -0 »
    return formats.number_format(rounded, decimals, use_l10n=True, force_grouping=True)


def number(value: Any, decimals: int | None = None) -> str:
    """« 1 234,5 »: as many decimals as the value has, or `decimals` (half-up); « — » when there is no number."""
    found = to_decimal(value)
    if found is None:
        return UNKNOWN
    if decimals is None:
        exponent = found.normalize().as_tuple().exponent
        decimals = max(0, -int(exponent))
    return _written(found, decimals)


def euros(value: Any, decimals: int = 2) -> str:
    """« 1 234,50 € » from an amount in euros; « — » when there is none."""
    found = to_decimal(value)
    return UNKNOWN if found is None else f"{_written(found, decimals)}{NBSP}€"


def percent(value: Any, decimals: int | None = None) -> str:
    """« 57,5 % » from a rate (0.575), one decimal at most unless `decimals` is given; « — » when there is none."""
    found = to_decimal(value)
    if found is None:
        return UNKNOWN
    share = found * 100
    if decimals is None:
        share = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
        decimals = 0 if share == share.to_integral_value() else 1
    return f"{_written(share, decimals)}{NBSP}%"


def day(value: date | datetime | None) -> str:
    """« 3 mars 2026 », « 1er mars 2026 »; a moment gives its day in Paris; « — » when there is none."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    written = formats.date_format(value, "j F Y", use_l10n=True)
    return f"1er{written[1:]}" if value.day == 1 else written


def moment(value: datetime | None) -> str:
    """« 3 mars 2026 à 14 h 05 », in Paris; « — » when there is none."""
    if not value:
        return UNKNOWN
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _("%(day)s à %(hour)s") % {
        "day": day(local),
        "hour": f"{local.hour}{NBSP}h{NBSP}{local.minute:02}",
    }


def unbroken(text: object) -> str:
    """The text with no-break spaces inside « », before « ; : ! ? » and inside « 250 000 € » or « 50 % »."""
    return _IN_NUMBER.sub(NBSP, _BEFORE_SIGN.sub(NBSP, str(text))).replace("« ", f"«{NBSP}")


def plural(value: Any, words: str = "") -> str:
    """The word that agrees with the number (0 and 1 are singular): "trouvée,trouvées", or one that takes an s."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        value = sum(1 for _item in value)
    singular, _comma, several = words.partition(",")
    found = to_decimal(value) or Decimal(0)
    return (several or f"{singular}s") if abs(found) >= 2 else singular


def counted(value: Any, words: str) -> str:
    """« 1 234 organisations »: the number and the word that agrees."""
    return f"{number(value)}{NBSP}{plural(value, words)}"
