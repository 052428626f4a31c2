"""What the level of an authority may do on a lever, and why it could leave the lever out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from essor.kit.diagnosis.grid import GridLever, grid
from essor.kit.words import LEVELS
from essor.law.rules import run

ALLOWED, CONDITIONAL, NOT_ALLOWED = "allowed", "conditional", "not_allowed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The best answer of the competence rule for a lever: a status (allowed when nothing is asked) and why."""

    status: str
    why: str


def standings(level: str, day: date) -> dict[str, Standing]:
    """Where a level stands on each lever of the grid that day; levers share questions, each is asked once."""
    known = grid().levers.values()
    pairs = {pair for lever in known for pair in lever.asks} if level else set()
    answers = {
        (domain, support): run(
            "competence", {"level": level, "domain": domain, "support": support, "on": day.isoformat()}
        )
        for domain, support in sorted(pairs)
    }
    return {lever.code: _standing(lever, level, answers) for lever in known}


def _standing(lever: GridLever, level: str, answers: Mapping[tuple[str, str], Mapping[str, Any]]) -> Standing:
    """The most favourable of the supports that the lever asks about."""
    if lever.levels and level and level not in lever.levels:
        return Standing(
            NOT_ALLOWED,
            _("Ce levier s’adresse à d’autres niveaux : %s.")
            % ", ".join(str(LEVELS[code]).lower() for code in lever.levels),
        )
    if not level or not lever.asks:
        return Standing(ALLOWED, "")
    told = [answers[pair] for pair in lever.asks]
    for status in (ALLOWED, CONDITIONAL):
        found = next((answer for answer in told if answer["status"] == status), None)
        if found is not None:
            points = found["conditions"] if status == CONDITIONAL else []
            return Standing(status, " ".join(point["text"] for point in points[:1]))
    return Standing(NOT_ALLOWED, " ".join(point["text"] for point in told[0]["way_round"][:1]))
