"""Dated legal parameters: what a number of the law is worth on a day, with its reference and its certainty.

The YAML files beside this module are in the form of OpenFisca-core. An identifier is the path of a parameter:
``ess/company.yaml`` key ``dev_fund`` is ``ess.company.dev_fund``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from essor.law.certainty import Certainty
from essor.law.parameters.loader import checked_value, load_tree
from essor.law.parameters.model import (
    UNITS,
    Entry,
    LegalParameterError,
    LegalValue,
    Node,
    NotInForceError,
    Parameter,
    Reference,
    UnknownParameterError,
    Value,
)

__all__ = [
    "UNITS",
    "LegalParameterError",
    "LegalValue",
    "LocalValue",
    "Node",
    "NotInForceError",
    "Parameter",
    "Reference",
    "UnknownParameterError",
    "Value",
    "all_parameters",
    "check",
    "history",
    "in_force",
    "in_local_scope",
    "local_values_from",
    "parameter",
    "problems",
    "shipped",
    "tree",
    "value",
    "with_local_values",
    "with_values_added",
]


@lru_cache(maxsize=1)
def tree() -> Node:
    """The whole tree of the parameters shipped with Essor."""
    return load_tree(resources.files("essor.law").joinpath("parameters"))


Merged = Mapping[str, Parameter]

_NONE: Merged = MappingProxyType({})
# What this thread or task reads before the shipped values: parameters that bear local values, found when first asked.
_local: ContextVar[Callable[[], Merged]] = ContextVar("local values of the law", default=lambda: _NONE)
_provider: list[Callable[[], Merged]] = []


@dataclass(frozen=True, slots=True)
class LocalValue:
    """A dated value that an installation adds, or puts in the place of the one shipped for that day.

    ``value`` is in JSON form (a list for a list, ``Decimal`` for a number), None to end the value. ``description``
    and ``unit`` are only for a parameter that Essor does not have.
    """

    parameter: str
    start: date
    value: Any
    reference: str
    certainty: Certainty
    note: str = ""
    description: str = ""
    unit: str = ""
    href: str = ""


def with_values_added(values: Iterable[LocalValue], to: Merged = _NONE) -> Merged:
    """The parameters that these values change or create, by identifier, over those of ``to``; nothing else changes.

    Raises ``LegalParameterError`` for a value that does not suit its unit, or for a new parameter without words or
    unit.
    """
    merged: dict[str, Parameter] = dict(to)
    for item in values:
        known = merged.get(item.parameter) or _by_id().get(item.parameter)
        unit = known.unit if known else item.unit
        if unit not in UNITS or not (known or item.description) or not item.reference:
            raise LegalParameterError(
                f"{item.parameter} : une valeur locale demande une référence et, pour un paramètre nouveau, une "
                "description et une unité connue."
            )
        value = None if item.value is None else checked_value(item.value, unit, item.parameter)
        references = (Reference(item.reference, item.href or None),)
        entry = Entry(item.start, value, references, item.certainty, item.note, local=True)
        base = known or Parameter(item.parameter, item.description, unit, ())
        merged[item.parameter] = base.with_entries((entry,))
    return MappingProxyType(merged)


@contextmanager
def with_local_values(values: Iterable[LocalValue]) -> Iterator[None]:
    """Inside this block, and for this thread or task only, the law is read with these values added.

    Rules follow without knowing. Raises as ``with_values_added`` does.
    """
    merged = with_values_added(values, _local.get()())
    token = _local.set(lambda: merged)
    try:
        yield
    finally:
        _local.reset(token)


def local_values_from(provider: Callable[[], Merged] | None) -> None:
    """Say, for the whole process, who knows the local values of the installation; None takes it back.

    The provider gives what ``with_values_added`` gives. It is asked inside ``in_local_scope`` only.
    """
    _provider[:] = [] if provider is None else [provider]


@contextmanager
def in_local_scope() -> Iterator[None]:
    """Inside this block (a request, a work), and for this thread or task only, the law bears the installation's values.

    The provider is asked when a value is first read, once: work that never reads the law costs nothing, and work that
    does sees one state of the law from its beginning to its end. Without provider, the law is the one shipped.
    """
    found: list[Merged] = []

    def asked() -> Merged:
        if not found:
            found.append(_provider[0]() if _provider else _NONE)
        return found[0]

    token = _local.set(asked)
    try:
        yield
    finally:
        _local.reset(token)


def all_parameters() -> tuple[Parameter, ...]:
    """Every parameter, shipped or local, with its local values, in the order of identifiers."""
    merged = {**_by_id(), **_local.get()()}
    return tuple(merged[identifier] for identifier in sorted(merged))


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Parameter]:
    return {parameter.id: parameter for parameter in tree().parameters()}


def shipped(identifier: str) -> Parameter | None:
    """The parameter as Essor ships it, whatever is added here; None when Essor does not have it."""
    return _by_id().get(identifier)


def parameter(identifier: str) -> Parameter:
    """One parameter with all its dated entries. Raises ``UnknownParameterError``."""
    try:
        return _local.get()().get(identifier) or _by_id()[identifier]
    except KeyError:
        raise UnknownParameterError(
            f"Le paramètre légal « {identifier} » n’existe pas : "
            "son nom est dans l’adresse de sa page, dans Règles et seuils (ou « essor law show »)."
        ) from None


def value(identifier: str, on: date) -> LegalValue:
    """The value in force on a day. Raises ``UnknownParameterError`` or ``NotInForceError``, in French."""
    return parameter(identifier).at(on)


def in_force(identifier: str, on: date) -> LegalValue | None:
    """The value in force on a day, None when the parameter holds none that day."""
    try:
        return value(identifier, on)
    except NotInForceError:
        return None


def history(identifier: str) -> tuple[LegalValue, ...]:
    """Every value a parameter has had, oldest first. Raises ``UnknownParameterError``."""
    return parameter(identifier).history()


def check(root: Node | None = None) -> tuple[str, ...]:
    """Faults of the parameters as French sentences, empty when all is well (the shipped ones by default).

    What the loader cannot accept at all (no reference, wrong unit, two values at one date) it refuses with an
    error; this looks at what reads well and is still suspect.
    """
    return tuple(problems((root or tree()).parameters()))


def problems(parameters: Iterable[Parameter]) -> Iterable[str]:
    """Faults of some parameters: a history that opens with an end, an untold gap, an end without effect."""
    for item in parameters:
        if item.entries[0].value is None:
            yield f"{item.id} : la première date met fin à une valeur qui n’existe pas, retirez-la"
        for earlier, later in pairwise(item.entries):
            day = later.start.isoformat()
            if earlier.value is None and later.value is None:
                yield f"{item.id} : deux fins de suite ({day}), retirez la seconde"
            elif earlier.value is None and not earlier.note:
                yield (
                    f"{item.id} : rien n’est dit entre le {earlier.start.isoformat()} et le {day} ; "
                    "ajoutez une « note » ou la valeur qui manque"
                )
            elif earlier.value == later.value and earlier.references == later.references:
                yield f"{item.id} : la date {day} répète la valeur et la référence précédentes, retirez-la"
