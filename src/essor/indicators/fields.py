"""Exact decimals in tables: SQLite keeps a `DecimalField` as floating point, integers are exact on both databases."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

DECIMALS = 6
GREATEST = Decimal(2**63 - 1).scaleb(-DECIMALS)


def to_scaled(value: Decimal | int) -> int:
    """The number in millionths. Refuses floating point (TypeError), more than six decimals or what a table cannot hold
    (ValueError): a rounding is a decision.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"an exact number is a Decimal, not {type(value).__name__}")
    exact = Decimal(value)
    if not exact.is_finite():
        raise ValueError(_("« %(value)s » n’est pas un nombre.") % {"value": value})
    if abs(exact) > GREATEST:
        raise ValueError(_("Le nombre %(value)s dépasse ce que la base peut tenir.") % {"value": value})
    scaled = int(exact.scaleb(DECIMALS))
    if Decimal(scaled).scaleb(-DECIMALS) != exact:
        raise ValueError(_("Le nombre %(value)s a plus de six décimales.") % {"value": value})
    return scaled


def from_scaled(value: int) -> Decimal:
    """The number of its millionths, without useless zeros."""
    found = Decimal(value).scaleb(-DECIMALS).normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


class ExactField(models.Field):  # type: ignore[type-arg]
    """A decimal number with six decimals at most: a `Decimal` in Python, a BIGINT of millionths in the table."""

    description = "Exact number"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """A big integer on both databases."""
        return "bigint"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        """The number of what the table holds."""
        return None if value is None else from_scaled(value)

    def to_python(self, value: Any) -> Decimal | None:
        """A Decimal from a Decimal, an integer or their text."""
        if value is None or value == "":
            return None
        try:
            number = Decimal(value) if isinstance(value, str) else value
            return from_scaled(to_scaled(number))
        except (InvalidOperation, ValueError, TypeError) as error:
            raise ValidationError(_("« %(value)s » n’est pas un nombre.") % {"value": value}) from error

    def get_prep_value(self, value: Any) -> int | None:
        """Millionths; expressions pass through."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        return to_scaled(Decimal(value) if isinstance(value, str) else value)

    def value_to_string(self, obj: models.Model) -> str:
        """The text form of serializers."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)
