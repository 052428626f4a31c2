"""One form field for each field of a rule's schema, and the way back: what was typed, as JSON for the rule."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from essor.kernel.forms import DayInput
from essor.kernel.number_fields import NumberField, NumberListField
from essor.kernel.numbers import write_number

Schema = Mapping[str, Any]
YES, NO, UNKNOWN = "true", "false", ""
FEW = 4  # choices shown one under the other
LONGEST_TEXT = 300
OTHERS = "_autres"  # what is typed beside suggested codes
_SEPARATORS = re.compile(r"[,;\n]")


def is_table(schema: Schema) -> bool:
    """Is this a list of objects, shown as rows?"""
    return schema.get("type") == "array" and schema["items"].get("type") == "object"


def form_fields(
    name: str, schema: Schema, *, required: bool, radios: bool | None = False
) -> dict[str, forms.Field]:
    """The field or fields that ask for a value, by the names under which they travel.

    `radios`: True shows choices one under the other, False does when they are few, None never does.
    """
    common: dict[str, Any] = {
        "label": schema["title"],
        "help_text": schema.get("description", ""),
        "required": required,
    }
    if schema["type"] == "array":
        return _list_fields(name, schema["items"], common)
    if "default" in schema and ("enum" in schema or schema["type"] == "boolean"):
        common["required"] = True  # one of the choices always holds
    return {name: _field(schema, common, radios=radios)}


def _field(schema: Schema, common: dict[str, Any], *, radios: bool | None) -> forms.Field:
    if "enum" in schema:
        return _choice(schema, common, radios=radios)
    kind = schema["type"]
    if kind == "boolean":
        choices = [(YES, _("Oui")), (NO, _("Non"))]
        if "default" not in schema:
            choices.append((UNKNOWN, _("Je ne sais pas")))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if kind in ("number", "integer"):
        return NumberField("integer" if kind == "integer" else schema.get("x-kind", "number"), **common)
    if schema.get("format") == "date":
        return forms.DateField(widget=DayInput, **common)
    return forms.CharField(max_length=LONGEST_TEXT, **common)


def _choice(schema: Schema, common: dict[str, Any], *, radios: bool | None) -> forms.Field:
    choices = [(option["const"], option["title"]) for option in schema["oneOf"]]
    if radios or (radios is False and len(choices) <= FEW):
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    empty = [] if "default" in schema else [("", _("Choisir…"))]
    return forms.ChoiceField(choices=[*empty, *choices], **common)


def _list_fields(name: str, items: Schema, common: dict[str, Any]) -> dict[str, forms.Field]:
    if items["type"] == "number":
        note = _("Un nombre par ligne.")
        help_text = f"{common['help_text']} {note}".strip()
        return {name: NumberListField(items.get("x-kind", "number"), **(common | {"help_text": help_text}))}
    known = items.get("x-suggested", items.get("oneOf", ()))
    if not known:
        return {name: forms.CharField(help_text=_("Séparez par des virgules."), **_without_help(common))}
    choices = [(option["const"], _capital(option["title"])) for option in known]
    fields: dict[str, forms.Field] = {
        name: forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    }
    if "x-suggested" in items:
        label = _("%(title)s : autres") % {"title": common["label"]}
        fields[f"{name}{OTHERS}"] = forms.CharField(
            label=label, required=False, help_text=_("Séparez par des virgules.")
        )
    return fields


def _without_help(common: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in common.items() if key != "help_text"}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# ── Typed → JSON ──


def typed_value(name: str, schema: Schema, cleaned: Mapping[str, Any]) -> Any:
    """What the rule reads for a field, from the cleaned data of the form; None when nothing was said."""
    value = cleaned.get(name)
    if schema["type"] == "array":
        return _typed_list(name, schema["items"], cleaned)
    if schema["type"] == "boolean":
        return {YES: True, NO: False}.get(str(value))
    if value in (None, ""):
        return None
    if schema["type"] == "integer":
        return int(value)
    if schema.get("format") == "date":
        return value.isoformat()
    return value


def _typed_list(name: str, items: Schema, cleaned: Mapping[str, Any]) -> list[Any] | None:
    value = cleaned.get(name) or []
    if isinstance(value, str):
        value = _words(value)
    return [*value, *_words(cleaned.get(f"{name}{OTHERS}") or "")] or None


def _words(text: str) -> list[str]:
    return [word.strip() for word in _SEPARATORS.split(text) if word.strip()]


# ── JSON → typed ──


def written(name: str, schema: Schema, value: Any) -> dict[str, Any]:
    """What a field of the form holds for a value of the rule, by name; lists for fields of several values."""
    if schema["type"] == "array":
        return _written_list(name, schema["items"], value)
    if schema["type"] == "boolean":
        return {name: YES if value else NO}
    if schema["type"] in ("number", "integer"):
        kind = "integer" if schema["type"] == "integer" else schema.get("x-kind", "number")
        return {name: write_number(value, kind)}
    return {name: str(value)}


def _written_list(name: str, items: Schema, value: Any) -> dict[str, Any]:
    if items["type"] == "number":
        return {name: "\n".join(write_number(item, items.get("x-kind", "number")) for item in value)}
    codes = {option["const"] for option in items.get("x-suggested", items.get("oneOf", ()))}
    if not codes:
        return {name: ", ".join(value)}
    found: dict[str, Any] = {name: [item for item in value if item in codes]}
    others = [item for item in value if item not in codes]
    return found | ({f"{name}{OTHERS}": ", ".join(others)} if others else {})
