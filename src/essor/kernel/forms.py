"""How forms look everywhere: label, then help, then error, then the field; errors summed up with links."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class EssorFormRenderer(TemplatesSetting):
    """Django's renderer with the house's form and field templates (named in `FORM_RENDERER`)."""

    form_template_name = "kernel/forms/form.html"
    field_template_name = "kernel/forms/field.html"


class DayInput(forms.DateInput):
    """A date in the browser's own calendar; the value travels as ISO 8601, the browser shows it in French."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def error_anchor(field: forms.BoundField) -> str:
    """Id of the element to which the error summary leads: the field, or the group when it is made of several inputs."""
    if isinstance(field.field.widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    return str(field.auto_id)


def kind_of(field: forms.BoundField) -> str:
    """Word for the field's style: `checkbox`, `choices`, `file` or `line`."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "line"
