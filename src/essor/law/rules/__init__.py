"""Legal rules: pure functions of typed inputs and a day, whose answers explain themselves.

``run("scic_reserves", {"surplus": 10000, "on": "2026-05-01"})`` answers in JSON form; each module holds the typed
function of the same name, its input and its answer.
"""

from collections.abc import Mapping
from typing import Any

from essor.law.rules import (
    agec,
    brs,
    competence,
    contract_form,
    ess_company,
    esus,
    insertion_hours,
    procurement_threshold,
    reserved_contract,
    scic_capital,
    scic_colleges,
    scic_reserves,
    spaser,
    state_aid,
)
from essor.law.rules.base import Cited, Point, Rule, RuleError
from essor.law.rules.schema import RuleInputError

__all__ = ["RULES", "Cited", "Point", "Rule", "RuleError", "RuleInputError", "rule", "run"]

_MODULES = (
    competence,
    contract_form,
    state_aid,
    reserved_contract,
    scic_capital,
    scic_colleges,
    scic_reserves,
    ess_company,
    esus,
    procurement_threshold,
    agec,
    spaser,
    brs,
    insertion_hours,
)
RULES: Mapping[str, Rule[Any]] = {module.RULE.name: module.RULE for module in _MODULES}


def rule(name: str) -> Rule[Any]:
    """The rule of this name. Raises ``RuleError``, in French, naming the rules that exist."""
    try:
        return RULES[name]
    except KeyError:
        raise RuleError(f"La règle « {name} » n’existe pas. Règles : {', '.join(RULES)}.") from None


def run(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Answer JSON data with JSON data. Raises ``RuleError`` or ``RuleInputError``, in French."""
    return rule(name).run(data)
