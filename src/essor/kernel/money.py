"""Euros: `Decimal` with two decimals in Python, integer cents in tables, French form on screens.

SQLite keeps a `DecimalField` as floating point and its sums and constraints fail by a cent; integers are
exact on both databases.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, register_combinable_fields
from django.utils.translation import gettext as _

from essor.kernel.french import NBSP, euros

CENT = Decimal("0.01")
MAX_CENTS = 2**63 - 1
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
_INPUT = re.compile(r"(?P<sign>[-−+]?)(?P<whole>\d{1,16})(?:[.,](?P<part>\d*))?")


def round_euros(amount: Decimal) -> Decimal:
    """The amount rounded to the cent, half away from zero; the one rounding of a computation, at its last
    step.
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_cents(amount: Decimal | int) -> int:
    """The amount in integer cents.

    Refuses floating point (TypeError), and more than two decimals or more than a table holds (ValueError): a
    rounding is a decision, see `round_euros`.
    """
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError(f"an amount is a Decimal, not {type(amount).__name__}")
    exact = Decimal(amount)
    if not exact.is_finite():
        raise ValueError(_("Un montant est un nombre, pas « %(value)s ».") % {"value": amount})
    if abs(exact) > Decimal(MAX_CENTS) / 100:
        raise ValueError(_("Le montant %(value)s dépasse ce que la base peut tenir.") % {"value": amount})
    cents = int(exact.scaleb(2))
    if Decimal(cents).scaleb(-2) != exact:
        raise ValueError(_("Le montant %(value)s a plus de deux décimales.") % {"value": amount})
    return cents


def from_cents(cents: int | Decimal | float) -> Decimal:
    """The amount in euros of cents read in a table; an average, which has parts of a cent, is rounded
    half-up.
    """
    return Decimal(str(cents)).quantize(Decimal(1), rounding=ROUND_HALF_UP).scaleb(-2)


def parse_euros(text: str) -> Decimal:
    """The amount that a person typed: « 1 234,50 € », « 1234.5 », « 12 ». ValueError in French when it is not
    one.
    """
    compact = _SPACES.sub("", text)
    compact = compact[:-1] if compact.endswith("€") else compact
    found = _INPUT.fullmatch(compact)
    if not found:
        raise ValueError(
            _("« %(value)s » n’est pas un montant : écrivez par exemple 1 234,50.")
            % {"value": text.strip()[:40]}
        )
    part = found["part"] or ""
    if len(part) > 2:
        raise ValueError(
            _("« %(value)s » a plus de deux décimales : écrivez par exemple 1 234,50.")
            % {"value": text.strip()[:40]}
        )
    amount = Decimal(f"{found['whole']}.{part or '0'}")
    return round_euros(-amount if found["sign"] in {"-", "−"} else amount)


class MoneyFormField(forms.CharField):
    """An amount in euros, typed and shown in French."""

    def __init__(
        self, *, min_value: Decimal | None = None, max_value: Decimal | None = None, **kwargs: Any
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        kwargs.pop("max_length", None)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        """A Decimal, or None when nothing was typed."""
        if value in self.empty_values:
            return None
        try:
            amount = value if isinstance(value, Decimal) else parse_euros(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error
        if self.min_value is not None and amount < self.min_value:
            raise ValidationError(
                _("Le montant doit être d’au moins %(limit)s.") % {"limit": euros(self.min_value)}
            )
        if self.max_value is not None and amount > self.max_value:
            raise ValidationError(
                _("Le montant ne peut pas dépasser %(limit)s.") % {"limit": euros(self.max_value)}
            )
        return amount

    def run_validators(self, value: Any) -> None:
        """The limits of a text do not apply to an amount."""

    def prepare_value(self, value: Any) -> Any:
        """The amount without the sign of euro, as one types it."""
        return euros(value).removesuffix(f"{NBSP}€") if isinstance(value, Decimal) else value


class MoneyField(models.Field):  # type: ignore[type-arg]
    """An amount in euros: a `Decimal` in Python, a BIGINT of cents in the table; sums, filters and
    constraints are exact.

    In expressions give a plain amount its type: `Value(amount, output_field=MoneyField())`. What mixes money
    with something else without saying so is refused by Django rather than computed in cents.
    """

    description = "Euros"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """A big integer on both databases; the field is not Django's own, whose averages are cut to whole
        numbers.
        """
        return "bigint"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        """Euros from cents."""
        return None if value is None else from_cents(value)

    def to_python(self, value: Any) -> Decimal | None:
        """A Decimal from a Decimal, an integer or their text form « 1234.50 »."""
        if value is None:
            return None
        try:
            amount = Decimal(value) if isinstance(value, str) else value
            return from_cents(to_cents(amount))
        except (InvalidOperation, ValueError, TypeError) as error:
            raise ValidationError(
                _("« %(value)s » n’est pas un montant en euros.") % {"value": value}
            ) from error

    def get_prep_value(self, value: Any) -> int | None:
        """Integer cents; expressions pass through."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        return to_cents(Decimal(value) if isinstance(value, str) else value)

    def value_to_string(self, obj: models.Model) -> str:
        """The text form of serializers."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        """A field that reads « 1 234,50 »."""
        return super().formfield(**{"form_class": MoneyFormField, **kwargs})


register_combinable_fields(MoneyField, Combinable.ADD, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.SUB, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.MUL, models.IntegerField, MoneyField)
register_combinable_fields(models.IntegerField, Combinable.MUL, MoneyField, MoneyField)
