"""Form fields for numbers as people type them in French."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from essor.kernel.numbers import UNITS, read_number


class NumberInput(forms.TextInput):
    """A text field for a number, with its unit beside it: browsers' number fields refuse the French comma."""

    template_name = "kernel/widgets/number.html"

    def __init__(self, kind: str, unit: str = "") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"})
        self.unit = unit or UNITS.get(kind, "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget with its unit."""
        return {**super().get_context(name, value, attrs), "unit": self.unit}


class NumberField(forms.Field):
    """A number: `kind` is money, share, number or integer."""

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
