"""Which levers to move first: gap to the ambition × ease of the next step, each told in French. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_EASE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lever as the rule weighs it.

    `has_recipe`: a real scheme can be taken up for the next step; `is_allowed`: the level holds the competence, or
    needs none; `rank` is its place in the grid.
    """

    lever: str
    stage: int | None
    ambition: int | None
    has_recipe: bool
    is_allowed: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Priority:
    """A lever to move: `score` = `gap` (stages to the ambition) × `ease` (1 to 3), and the same in French."""

    lever: str
    gap: int
    ease: int
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        """Gap × ease, 1 to 12."""
        return self.gap * self.ease

    @property
    def told(self) -> str:
        """The computation, in a sentence."""
        gap = ngettext("%(gap)s stade d’écart", "%(gap)s stades d’écart", self.gap) % {"gap": self.gap}
        return _("%(gap)s × facilité %(ease)s (%(reasons)s) = %(score)s") % {
            "gap": gap,
            "ease": self.ease,
            "reasons": ", ".join(self.reasons),
            "score": self.score,
        }


def priorities(candidates: Sequence[Candidate]) -> list[Priority]:
    """Levers below their ambition, the highest score first; at the same score the lowest stage, then the grid’s order.

    A lever without a stage or an ambition, or that reached it, is no priority.
    """
    found: list[tuple[tuple[int, int, int], Priority]] = []
    for each in candidates:
        if each.stage is None or each.ambition is None or each.ambition <= each.stage:
            continue
        priority = Priority(each.lever, each.ambition - each.stage, *_ease(each))
        found.append(((-priority.score, each.stage, each.rank), priority))
    return [priority for _key, priority in sorted(found, key=lambda pair: pair[0])]


def _ease(candidate: Candidate) -> tuple[int, tuple[str, ...]]:
    """1, plus 1 for a recipe, plus 1 for the competence; and why."""
    reasons = (
        _("une recette existe") if candidate.has_recipe else _("pas de recette pour cette étape"),
        _("votre niveau peut agir sans condition de compétence")
        if candidate.is_allowed
        else _("compétence à partager ou sous condition"),
    )
    return 1 + candidate.has_recipe + candidate.is_allowed, reasons
