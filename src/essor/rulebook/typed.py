"""Values of the law as people type them, and as tables hold them: exact, never a floating-point number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from essor.kernel.numbers import exact_number
from essor.law.parameters import Value
from essor.law.parameters.model import Raw
from essor.law.wording import french_number

SHARES = ("/1", "smic_share")
MAX_DIGITS = 18

# What may be typed after the number, by unit: dropped when it is there.
_AFTER: dict[str, tuple[str, ...]] = {
    "currency-EUR": ("€", "euros", "euro", "eur"),
    "/1": ("%",),
    "smic_share": ("%",),
    "year": ("ans", "an", "années", "année"),
    "month": ("mois",),
    "working-day": ("jours ouvrés", "jour ouvré", "jours", "jour"),
    "hour": ("heures", "heure", "h"),
    "smic": ("fois le smic annuel", "fois", "smic"),
    "multiple": ("fois",),
    "fte": ("équivalents temps plein", "équivalent temps plein", "etp"),
}
# Numbers of which a part means nothing.
_WHOLE = ("working-day", "count")


def read_number(text: str, unit: str) -> Decimal:
    """« 60 000 € », « 12,5 % », « 4 ans » as the exact number of the unit (12,5 % is 0.125).

    Raises `ValidationError`, in French, naming what was read and how to write it.
    """
    given = " ".join(text.split())
    number = exact_number(given, _AFTER.get(unit, ()))
    if number is None:
        raise ValidationError(
            _("« %(given)s » ne se lit pas comme un nombre : écrivez par exemple %(example)s."),
            params={"given": given[:60], "example": "12,5" if unit in SHARES else "60 000"},
        )
    if len(number.as_tuple().digits) > MAX_DIGITS:
        raise ValidationError(_("« %(given)s » a trop de chiffres."), params={"given": given[:60]})
    return _checked(number, unit, given)


def _checked(number: Decimal, unit: str, given: str) -> Decimal:
    if number < 0:
        raise ValidationError(_("« %(given)s » est négatif."), params={"given": given})
    if unit == "/1" and number > 100:
        raise ValidationError(
            _("« %(given)s » dépasse 100 : une part s’écrit en pourcentage, entre 0 et 100."),
            params={"given": given},
        )
    if unit in _WHOLE and number != number.to_integral_value():
        raise ValidationError(_("« %(given)s » n’est pas un nombre entier."), params={"given": given})
    if unit == "currency-EUR" and number != number.quantize(Decimal("0.01")):
        raise ValidationError(
            _("« %(given)s » a plus de deux décimales : un montant s’arrête au centime."),
            params={"given": given},
        )
    return number.scaleb(-2) if unit in SHARES else number


def read_fraction(text: str) -> tuple[Decimal, Decimal]:
    """« 5/7 » as its numerator and denominator. Raises `ValidationError`, in French."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        raise ValidationError(
            _("« %(given)s » n’est pas une fraction : écrivez par exemple 5/7."), params={"given": text[:60]}
        )
    top, bottom = Decimal(parts[0]), Decimal(parts[1])
    if bottom == 0:
        raise ValidationError(_("Une fraction ne se divise pas par zéro."))
    return top, bottom


def read_lines(text: str) -> tuple[str, ...]:
    """The elements of a list, one a line, without those that are empty. Raises `ValidationError` for none or twice."""
    items = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
    if not items:
        raise ValidationError(_("Écrivez au moins un élément, un par ligne."))
    twice = next((item for item in items if items.count(item) > 1), None)
    if twice:
        raise ValidationError(
            _("« %(item)s » est écrit deux fois : gardez une seule ligne."), params={"item": twice[:60]}
        )
    return items


def written(value: Value | None, unit: str) -> str:
    """A value as it would be typed: « 60 000 », « 12,5 », « 5/7 », lines of a list; "" for none."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, tuple):
        return ("/" if unit == "fraction" else "\n").join(_said(item) for item in value)
    return french_number(value * 100 if unit in SHARES else value)


def _said(item: Raw) -> str:
    return f"{item:f}" if isinstance(item, Decimal) else str(item)


def stored(value: Value | None) -> Any:
    """The JSON form kept in a table: numbers as text, so that no digit is lost."""
    if isinstance(value, tuple):
        return [_stored_item(item) for item in value]
    return _stored_item(value) if isinstance(value, Decimal) else value


def _stored_item(item: Raw) -> Any:
    return {"number": f"{item:f}"} if isinstance(item, Decimal) else item


def restored(raw: Any) -> Any:
    """What `stored` kept, in the form that `law.LocalValue` takes: `Decimal`, bool, a list, or None."""
    if isinstance(raw, list):
        return [_restored_item(item) for item in raw]
    return _restored_item(raw)


def _restored_item(raw: Any) -> Any:
    return Decimal(raw["number"]) if isinstance(raw, dict) else raw


def codes(value: Value | None) -> Sequence[str]:
    """The elements of a list as the names of boxes to tick."""
    return [str(item) for item in value] if isinstance(value, tuple) else []
