"""What the level of an authority may do on a lever, and why it could leave the lever out."""

from dataclasses import dataclass
from datetime import date

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


def standing(lever: GridLever, level: str, day: date) -> Standing:
    """Where a level stands on a lever that day: the most favourable of the supports that the lever asks about."""
    if lever.levels and level and level not in lever.levels:
        return Standing(
            NOT_ALLOWED,
            _("Ce levier s’adresse à d’autres niveaux : %s.")
            % ", ".join(str(LEVELS[code]).lower() for code in lever.levels),
        )
    if not level or not lever.asks:
        return Standing(ALLOWED, "")
    answers = [
        run("competence", {"level": level, "domain": domain, "support": support, "on": day.isoformat()})
        for domain, support in lever.asks
    ]
    for status in (ALLOWED, CONDITIONAL):
        found = next((answer for answer in answers if answer["status"] == status), None)
        if found is not None:
            points = found["conditions"] if status == CONDITIONAL else []
            return Standing(status, " ".join(point["text"] for point in points[:1]))
    return Standing(NOT_ALLOWED, " ".join(point["text"] for point in answers[0]["way_round"][:1]))


def standings(level: str, day: date) -> dict[str, Standing]:
    """Where a level stands on each lever of the grid."""
    return {code: standing(lever, level, day) for code, lever in grid().levers.items()}
