"""The words of answers: a dataclass of results gives the schema that screens, notes and other programs read.

A field is written ``hours: Decimal = answered("Heures d’insertion", unit="heures")``; one without words is refused.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from essor.law.labelled import Labelled
from essor.law.rules.schema import Kind

_OF_ALL = {
    "explanation": "Explication",
    "references": "Textes",
    "certainty": "Certitude",
    "note": "À vérifier",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a result tells a screen: its words, and what its type does not say. ``words`` are those of codes."""

    title: str
    kind: Kind = "number"
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def answered(
    title: str, *, kind: Kind = "number", unit: str = "", words: Mapping[str, str] | None = None
) -> Any:
    """A field of a rule's answer. ``unit`` follows the number: « heures », « ans »."""
    return dataclasses.field(metadata={"answered": Answered(title, kind, unit, words or {})})


@lru_cache
def answer_schema(form: type) -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of an answer, with French titles; ``x-class`` names what an object is.

    Raises ``LookupError`` for a field without words.
    """
    hints = get_type_hints(form)
    return {
        "type": "object",
        "x-class": form.__name__.lower(),
        "properties": {
            item.name: _field_schema(form, item, hints[item.name]) for item in dataclasses.fields(form)
        },
    }


def _field_schema(form: type, item: "dataclasses.Field[Any]", hint: Any) -> dict[str, Any]:
    about: Answered | None = item.metadata.get("answered")
    if about is None:
        raise LookupError(f"{form.__name__}.{item.name}: a result has French words (answered)")
    return {"title": about.title, **_type_schema(_without_none(hint), about)}


def _without_none(kind: Any) -> Any:
    if get_origin(kind) is UnionType:
        return next(part for part in get_args(kind) if part is not NoneType)
    return kind


def _type_schema(kind: Any, about: Answered) -> dict[str, Any]:
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _type_schema(get_args(kind)[0], about)}
    if get_origin(kind) is dict:
        return {"type": "object", "x-class": "mapping", "additionalProperties": _number(about)}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if kind.__name__ in ("Point", "Cited"):
            return {"type": "object", "x-class": kind.__name__.lower()}
        return dict(answer_schema(kind))
    if kind is bool:
        return {"type": "boolean"}
    if kind is date:
        return {"type": "string", "format": "date"}
    if kind is int:
        return _number(about) | {"type": "integer"}
    if kind is Decimal:
        return _number(about)
    words = dict(kind.choices()) if issubclass(kind, Labelled) else about.words
    if words:
        return {"type": "string", "oneOf": [{"const": code, "title": label} for code, label in words.items()]}
    return {"type": "string"}


def _number(about: Answered) -> dict[str, Any]:
    return {"type": "number", "x-kind": about.kind, **({"x-unit": about.unit} if about.unit else {})}
