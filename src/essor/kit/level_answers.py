"""What a level may do on the subject of a fiche: asked of the competence rule each time, never written in the fiche."""

from datetime import date
from typing import Any

from essor.kit.fiche import Fiche
from essor.kit.words import LEVELS
from essor.law.rules import run
from essor.law.rules.competence import Domain, Support

TONES = {"allowed": "ok", "conditional": "wait", "not_allowed": "no"}
# Kinds of authorities that the rule does not name: an EPT of Grand Paris acts as an intercommunalité.
NEAREST = {"ept": "epci"}
USUAL = "departement"


def level_of(kind: str) -> str:
    """The level that the rule knows for a kind of authority; "" when it knows none."""
    level = NEAREST.get(kind, kind)
    return level if level in LEVELS else ""


def answers(fiche: Fiche, level: str, day: date) -> list[dict[str, Any]]:
    """One answer a question of the fiche: what is asked, status and tone, conditions, other ways, the case."""
    return [_answer(domain, support, level, day) for domain, support in fiche.asks]


def _answer(domain: str, support: str, level: str, day: date) -> dict[str, Any]:
    case = {"level": level, "domain": domain, "support": support, "on": day.isoformat()}
    result = run("competence", case)
    return {
        "support": Support(support).label,
        "domain": Domain(domain).label,
        "status": result["status_label"],
        "tone": TONES[result["status"]],
        "conditions": [point["text"] for point in result["conditions"]],
        "ways": [point["text"] for point in result["way_round"]],
        "case": case,
    }
