"""Typed inputs of the rules: a dataclass gives the JSON Schema of its fields, and reads checked JSON data.

A field is written ``amount: Decimal = asked("Montant", kind="money")``. Types known: ``str``, ``bool``, ``int``,
``date``, ``Decimal``, a ``Labelled`` enumeration, another dataclass, ``tuple[X, ...]`` of those, ``X | None``.
Every fault is told at once, in French, with the path of the field, what was read and what is expected.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from essor.law.labelled import Labelled

Kind = Literal["money", "share", "number"]
T = TypeVar("T")
_LARGEST = Decimal(10) ** 13  # ten thousand billion: beyond, a typing mistake
_MOST_ITEMS = 10_000
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009€")


class RuleInputError(ValueError):
    """The input of a rule is not usable: ``problems`` holds one French sentence a fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Asked:
    """What a field tells a form: its words, and the bounds that its type does not say."""

    title: str
    help: str = ""
    kind: Kind = "number"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    read: Callable[[Any], Any] | None = None
    suggested: Mapping[str, str] = dataclasses.field(default_factory=dict)


def asked(
    title: str,
    *,
    help: str = "",
    kind: Kind = "number",
    default: Any = MISSING,
    minimum: int | str | None = None,
    maximum: int | str | None = None,
    read: Callable[[Any], Any] | None = None,
    suggested: Mapping[str, str] | None = None,
) -> Any:
    """A field of a rule's input.

    A share lies between 0 and 1. ``read`` may turn a tolerated form into the expected one before the checks.
    ``suggested`` are codes with their words that a text may take, among others.
    """
    if kind == "share":
        minimum, maximum = minimum or 0, maximum or 1
    about = Asked(
        title,
        help,
        kind,
        None if minimum is None else Decimal(minimum),
        None if maximum is None else Decimal(maximum),
        read,
        suggested or {},
    )
    if default is MISSING:
        return dataclasses.field(metadata={"asked": about})
    return dataclasses.field(default=default, metadata={"asked": about})


@lru_cache
def _hints(form: type) -> Mapping[str, Any]:
    return get_type_hints(form)


def _about(item: "Field[Any]") -> Asked:
    found: Asked = item.metadata["asked"]
    return found


def _without_none(kind: Any) -> Any:
    if get_origin(kind) is UnionType:
        return next(part for part in get_args(kind) if part is not NoneType)
    return kind


def _is_required(item: "Field[Any]") -> bool:
    return item.default is MISSING and item.default_factory is MISSING


# ── JSON Schema ──


_made: dict[type, Mapping[str, Any]] = {}


def json_schema(form: type) -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of an input; titles and helps are in French, ``x-kind`` tells money from share.

    Made once a form: to be read, never written.
    """
    if form not in _made:
        _made[form] = _object_schema(form)
    return _made[form]


def _object_schema(form: type) -> dict[str, Any]:
    hints = _hints(form)
    fields = dataclasses.fields(form)
    return {
        "type": "object",
        "properties": {item.name: _field_schema(item, hints[item.name]) for item in fields},
        "required": [item.name for item in fields if _is_required(item)],
        "additionalProperties": False,
    }


def _field_schema(item: "Field[Any]", hint: Any) -> dict[str, Any]:
    about = _about(item)
    schema: dict[str, Any] = {"title": about.title}
    if about.help:
        schema["description"] = about.help
    schema |= _type_schema(_without_none(hint), about)
    if not _is_required(item) and isinstance(item.default, str | int | bool | Decimal):
        schema["default"] = _plain_default(item.default)
    return schema


def _plain_default(value: Any) -> Any:
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _type_schema(kind: Any, about: Asked) -> dict[str, Any]:
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _type_schema(get_args(kind)[0], about)}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return dict(json_schema(kind))
    if kind is date:
        return {"type": "string", "format": "date"}
    if kind is bool:
        return {"type": "boolean"}
    if kind in (int, Decimal):
        schema: dict[str, Any] = {"type": "integer" if kind is int else "number"}
        if kind is Decimal:
            schema["x-kind"] = about.kind
        for name, bound in (("minimum", about.minimum), ("maximum", about.maximum)):
            if bound is not None:
                schema[name] = int(bound) if bound == bound.to_integral_value() else float(bound)
        return schema
    if issubclass(kind, Labelled):
        return {
            "type": "string",
            "enum": [code for code, _ in kind.choices()],
            "oneOf": [{"const": code, "title": label} for code, label in kind.choices()],
        }
    if about.suggested:
        known = [{"const": code, "title": label} for code, label in about.suggested.items()]
        return {"type": "string", "x-suggested": known}
    return {"type": "string"}


# ── Reading ──


def read_input(form: type[T], data: Any) -> T:
    """The input typed and checked. Raises ``RuleInputError`` with every fault."""
    problems: list[str] = []
    found = _read_form(form, data, "", problems)
    if problems:
        raise RuleInputError(problems)
    result: T = found
    return result


def _read_form(form: type, data: Any, path: str, problems: list[str]) -> Any:
    if not isinstance(data, Mapping):
        problems.append(f"{path or 'Entrée'} : un objet JSON est attendu (lu : {_shown(data)}).")
        return None
    hints = _hints(form)
    fields = {item.name: item for item in dataclasses.fields(form)}
    for key in data:
        if key not in fields:
            problems.append(f"{_join(path, str(key))} : champ inconnu (attendus : {', '.join(fields)}).")
    before = len(problems)
    given: dict[str, Any] = {}
    for name, item in fields.items():
        raw = data.get(name)
        if raw is None or raw == "":
            if _is_required(item):
                problems.append(f"{_join(path, name)} : à renseigner ({_about(item).title}).")
            continue
        given[name] = _read(_without_none(hints[name]), raw, _about(item), _join(path, name), problems)
    return form(**given) if len(problems) == before else None


def _read(kind: Any, raw: Any, about: Asked, path: str, problems: list[str]) -> Any:
    if get_origin(kind) is tuple:
        if not isinstance(raw, list | tuple):
            problems.append(f"{path} : une liste est attendue (lu : {_shown(raw)}).")
            return ()
        if len(raw) > _MOST_ITEMS:
            problems.append(f"{path} : {_MOST_ITEMS} éléments au plus.")
            return ()
        inner = get_args(kind)[0]
        return tuple(_read(inner, row, about, f"{path}[{n}]", problems) for n, row in enumerate(raw, 1))
    if about.read is not None:
        raw = about.read(raw)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_form(kind, raw, path, problems)
    try:
        return _scalar(kind, raw, about)
    except ValueError as error:
        problems.append(f"{path} : {error}")
        return None


def _scalar(kind: Any, raw: Any, about: Asked) -> Any:
    if kind is bool:
        return _boolean(raw)
    if kind is date:
        return _date(raw)
    if kind is int:
        number = _number(raw, about)
        if number != number.to_integral_value():
            raise ValueError(f"un nombre entier est attendu (lu : {_shown(raw)}).")
        return int(number)
    if kind is Decimal:
        return _number(raw, about)
    if issubclass(kind, Labelled):
        codes = [code for code, _ in kind.choices()]
        if raw not in codes:
            raise ValueError(f"« {raw} » n’est pas admis (valeurs : {', '.join(codes)}).")
        return kind(raw)
    if not isinstance(raw, str):
        raise ValueError(f"un texte est attendu (lu : {_shown(raw)}).")
    return raw.strip()


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    raise ValueError(f"true ou false est attendu (lu : {_shown(raw)}).")


def _date(raw: Any) -> date:
    if type(raw) is date:
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(f"{_shown(raw)} n’est pas une date AAAA-MM-JJ.") from None


def _number(raw: Any, about: Asked) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise ValueError(f"un nombre est attendu (lu : {_shown(raw)}).")
    try:
        number = Decimal(str(raw).translate(_SPACES).replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"un nombre est attendu (lu : {_shown(raw)}).") from None
    if not number.is_finite() or abs(number) > _LARGEST:
        raise ValueError(f"le nombre {_shown(raw)} est hors de toute mesure.")
    if about.kind == "share" and not 0 <= number <= 1:
        raise ValueError(f"une part s’écrit entre 0 et 1 (lu : {raw} ; 5 % s’écrit 0.05).")
    if about.kind == "money" and number != number.quantize(Decimal("0.01")):
        raise ValueError(f"deux décimales au plus en euros (lu : {raw}).")
    if about.minimum is not None and number < about.minimum:
        raise ValueError(f"la valeur doit être d’au moins {about.minimum} (lu : {raw}).")
    if about.maximum is not None and number > about.maximum:
        raise ValueError(f"la valeur doit être d’au plus {about.maximum} (lu : {raw}).")
    return number


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(raw: Any) -> str:
    text = str(raw)
    return f"« {text[:57]}… »" if len(text) > 60 else f"« {text} »"
