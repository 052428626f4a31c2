"""Numbers as people type and read them in French: « 1 500,50 € », « 57,5 % », « 12 »."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from essor.law.wording import french_number

_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?: \d{3})+)(?:\.\d+)?", re.ASCII)
UNITS = {"money": "€", "share": "%"}


def read_number(text: str, kind: str) -> Decimal:
    """The number typed; a share typed « 57,5 » or « 5 % » is given as a part of 1, exact. `ValueError` in French."""
    found = exact_number(text, [UNITS[kind]] if kind in UNITS else ())
    if found is None or abs(found) >= Decimal(10) ** 15:
        raise ValueError(_wanted(text, kind))
    return found.scaleb(-2) if kind == "share" else found


def exact_number(text: str, after: Iterable[str] = ()) -> Decimal | None:
    """The number typed, the first of the words of `after` that ends it left out; None when it is not one number.

    A comma or a point is the decimal sign, spaces stand between thousands only: « 1.500,50 » could mean two numbers.
    """
    # Spaces of every width, by `split`; NFKC would turn « ² » into « 2 ».
    plain = " ".join(text.split()).casefold().replace("−", "-")
    plain = next((plain.removesuffix(word).strip() for word in after if plain.endswith(word)), plain)
    plain = plain.replace(",", ".")
    return Decimal(plain.replace(" ", "")) if _NUMBER.fullmatch(plain) else None


def _wanted(text: str, kind: str) -> str:
    examples = {"money": "1\u202f500,50", "share": "57,5", "integer": "12"}
    return _("« %(text)s » n’est pas un nombre : écrivez par exemple %(example)s.") % {
        "text": text[:40],
        "example": examples.get(kind, "12,5"),
    }


def write_number(value: Any, kind: str) -> str:
    """The number as it is typed again: « 1 500,5 », « 57,5 » for a share of 0.575."""
    found = Decimal(str(value))
    return french_number(found.scaleb(2) if kind == "share" else found)


class NumberInput(forms.TextInput):
    """A text field for a number, with its unit beside it: browsers' number fields refuse the French comma."""

    template_name = "rulebook/widgets/number.html"

    def __init__(self, kind: str, unit: str = "") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"})
        self.unit = unit or UNITS.get(kind, "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget with its unit."""
        return {**super().get_context(name, value, attrs), "unit": self.unit}


class NumberField(forms.Field):
    """A number of a rule: `kind` is money, share, number or integer."""

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(widget=NumberInput(kind), **options)
        self.kind = kind

    def to_python(self, value: Any) -> Decimal | None:
        """The exact number, None when nothing is typed."""
        if value in (None, "") or not str(value).strip():
            return None
        try:
            found = read_number(str(value), self.kind)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if self.kind == "integer" and found != found.to_integral_value():
            raise ValidationError(_("Un nombre entier est attendu."))
        if self.kind == "share" and not 0 <= found <= 1:
            raise ValidationError(_("Une part va de 0 à 100\u00a0%."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Numbers are compared, not the way they are written."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class NumberListField(forms.CharField):
    """Several numbers, one a line."""

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3, "inputmode": "decimal"}), **options)
        self.kind = kind

    def clean(self, value: Any) -> list[Decimal]:
        """The numbers, in their order."""
        lines = [line.strip() for line in (super().clean(value) or "").replace(";", "\n").splitlines()]
        try:
            return [read_number(line, self.kind) for line in lines if line]
        except ValueError as error:
            raise ValidationError(str(error)) from None
