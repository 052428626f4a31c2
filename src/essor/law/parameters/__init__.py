"""Dated legal parameters: what a number of the law is worth on a day, with its reference and its certainty.

The YAML files beside this module are in the form of OpenFisca-core. An identifier is the path of a parameter:
``ess/company.yaml`` key ``dev_fund`` is ``ess.company.dev_fund``.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from essor.law.parameters.loader import load_tree
from essor.law.parameters.model import (
    UNITS,
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
    "Node",
    "NotInForceError",
    "Parameter",
    "Reference",
    "UnknownParameterError",
    "Value",
    "check",
    "history",
    "in_force",
    "parameter",
    "problems",
    "tree",
    "value",
]


@lru_cache(maxsize=1)
def tree() -> Node:
    """The whole tree of the parameters shipped with Essor."""
    return load_tree(resources.files("essor.law").joinpath("parameters"))


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Parameter]:
    return {parameter.id: parameter for parameter in tree().parameters()}


def parameter(identifier: str) -> Parameter:
    """One parameter with all its dated entries. Raises ``UnknownParameterError``."""
    try:
        return _by_id()[identifier]
    except KeyError:
        raise UnknownParameterError(
            f"Le paramètre légal « {identifier} » n’existe pas : « essor law show » donne la liste."
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
