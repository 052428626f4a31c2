"""The results of a campaign: its levers with what was answered and agreed, gaps, priorities, comparisons."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from essor.kernel.charts import Chart, Series
from essor.kernel.charts_radar import LEAST_AXES, radar_chart
from essor.kernel.french import number, unbroken
from essor.kit.diagnosis import questionnaire
from essor.kit.diagnosis.competence import ALLOWED, standings
from essor.kit.diagnosis.enums import SEVERAL, Role
from essor.kit.diagnosis.grid import Axis, GridLever, grid
from essor.kit.diagnosis.models import AgreedValue, Campaign, Respondent
from essor.kit.diagnosis.others import Compared, compared
from essor.kit.diagnosis.rules import Answer, Gap, Together, ambition_of, middle, stage_of, together
from essor.kit.diagnosis.rules_priorities import Candidate, Priority, priorities

__all__ = ["LeverResult", "Results", "codes_of", "gap_told", "previous_of", "results"]


@dataclass(frozen=True)
class LeverResult:
    """A lever of a campaign: its answers together, the value agreed, the one of the previous campaign, the others’.

    What people wrote (`proofs`, `steps`) is told without their role, and only where a median may be.
    """

    lever: GridLever
    together: Together
    agreed: AgreedValue | None = None
    previous: int | None = None
    others: tuple[Decimal, int] | None = None
    proofs: tuple[str, ...] = ()
    steps: tuple[tuple[str, int], ...] = ()

    @property
    def stage(self) -> int | None:
        """The stage to show: agreed, else the one that the answers propose."""
        return self.agreed.stage if self.agreed else stage_of(self.together.median)

    @property
    def ambition(self) -> int | None:
        """The stage wanted in two years: agreed, else the one that the answers propose."""
        return self.agreed.ambition if self.agreed else ambition_of(self.together.ambition)

    @property
    def sentence(self) -> str:
        """What is seen at the stage, "" while it is unknown."""
        return self.lever.stage(self.stage) if self.stage else ""

    @property
    def gap(self) -> str:
        """The gap between roles, in a sentence; "" when there is none to discuss."""
        return gap_told(self.together.gap) if self.together.gap else ""

    @property
    def moved(self) -> int | None:
        """Stages gained since the previous campaign; None when one of the two is unknown."""
        return None if self.stage is None or self.previous is None else self.stage - self.previous


@dataclass(frozen=True)
class Results:
    """All that a campaign tells."""

    campaign: Campaign
    rows: dict[str, LeverResult]
    level: str
    day: date
    previous: Campaign | None = None
    compared: Compared | None = None
    people: tuple[Respondent, ...] = ()
    by_axis: list[tuple[Axis, list[LeverResult]]] = field(default_factory=list)

    @cached_property
    def to_discuss(self) -> list[LeverResult]:
        """Levers on which people do not see the same thing, the widest gap first."""
        found = [row for row in self.rows.values() if row.together.to_discuss]
        return sorted(found, key=lambda row: (-_width(row.together), list(self.rows).index(row.lever.code)))

    @cached_property
    def priorities(self) -> list[tuple[Priority, LeverResult]]:
        """Levers to move first, with why."""
        stands = standings(self.level, self.day)
        candidates = [
            Candidate(
                code,
                row.stage,
                row.ambition,
                has_recipe=bool(row.stage and row.lever.step_from(row.stage).recipes),
                is_allowed=stands[code].status == ALLOWED,
                rank=rank,
            )
            for rank, (code, row) in enumerate(self.rows.items())
        ]
        return [(priority, self.rows[priority.lever]) for priority in priorities(candidates)]

    @property
    def begun(self) -> int:
        """How many people answered something."""
        return sum(each.has_begun for each in self.people)

    @property
    def agreed_count(self) -> int:
        """How many levers have an agreed value."""
        return sum(row.agreed is not None for row in self.rows.values())

    @property
    def has_values(self) -> bool:
        """Whether something can be drawn."""
        return any(row.stage is not None for row in self.rows.values())

    @cached_property
    def radar(self) -> Chart | None:
        """The radar by axis, None when there are too few axes or nothing is known."""
        if len(self.by_axis) < LEAST_AXES or not self.has_values:
            return None
        series = [
            Series(_("Aujourd’hui"), [middle([row.stage for row in rows]) for _axis, rows in self.by_axis]),
            Series(
                _("Ambition à deux ans"),
                [middle([row.ambition for row in rows]) for _axis, rows in self.by_axis],
            ),
        ]
        if self.previous is not None:
            series.append(
                Series(
                    _("Autodiagnostic précédent"),
                    [middle([row.previous for row in rows]) for _axis, rows in self.by_axis],
                )
            )
        return radar_chart(
            self._finding(series),
            [axis.title for axis, _rows in self.by_axis],
            series,
            first=_("Axe"),
            note=_(
                "Moyenne des stades des leviers de chaque axe, de 1 (rien encore) à 5 (reconnu et évalué)."
            ),
        )

    def _finding(self, series: list[Series]) -> str:
        """What the drawing says: the strongest axis and the weakest."""
        known = [
            (value, axis.title)
            for value, (axis, _rows) in zip(series[0].values, self.by_axis, strict=True)
            if value is not None
        ]
        high, low = max(known), min(known)
        if high[0] == low[0]:
            return _("Tous les axes sont au même stade : %(stage)s sur 5") % {"stage": number(high[0])}
        told = _("« %(high)s » est le plus avancé (%(top)s sur 5), « %(low)s » le moins (%(bottom)s)") % {
            "high": high[1],
            "top": number(high[0]),
            "low": low[1],
            "bottom": number(low[0]),
        }
        return unbroken(told)


def _width(seen: Together) -> Decimal:
    """How far apart people are: by role when roles are shown, else half of the spread of answers."""
    return max(seen.gap.size if seen.gap else Decimal(0), Decimal(seen.spread or 0) / 2)


def gap_told(gap: Gap) -> str:
    """« 3 personnes élues disent 4, 5 agentes et agents disent 2 »."""
    return _("%(high)s disent %(top)s, %(low)s disent %(bottom)s") % {
        "high": f"{gap.high.count} {SEVERAL[gap.high.role]}",
        "top": number(gap.high.median),
        "low": f"{gap.low.count} {SEVERAL[gap.low.role]}",
        "bottom": number(gap.low.median),
    }


def previous_of(campaign: Campaign) -> Campaign | None:
    """The campaign agreed before this one by the same authority."""
    rows = Campaign.objects.filter(authority_id=campaign.authority_id).agreed().exclude(pk=campaign.pk)
    if campaign.agreed_on is not None:
        rows = rows.filter(agreed_on__lte=campaign.agreed_on, opened_on__lte=campaign.opened_on)
    return rows.order_by("-agreed_on", "-pk").first()


def codes_of(campaign: Campaign) -> list[str]:
    """The levers of a campaign, without those that a later version of the grid no longer has."""
    return [code for code in campaign.levers if code in grid().levers]


def results(campaign: Campaign, level: str, day: date, only: str = "") -> Results:
    """Everything a campaign tells, or one lever, in six queries whatever the number of levers and people."""
    answered = list(Respondent.objects.filter(campaign=campaign).select_related("response"))
    told = [(each.role, each.response.answers) for each in answered if each.response is not None]
    agreed = {value.lever: value for value in campaign.values.all()}
    previous = previous_of(campaign)
    before = dict(previous.values.values_list("lever", "stage")) if previous else {}
    others = compared(campaign.authority_id)
    known = grid()
    rows = {}
    for code in codes_of(campaign):
        if only and code != only:
            continue
        lever = known.levers[code]
        given = [questionnaire.answer_of(answers, code, role) for role, answers in told]
        seen = together([answer for answer in given if isinstance(answer, Answer)], Role.values)
        words = [answers for _role, answers in told] if seen.median is not None else []
        rows[code] = LeverResult(
            lever,
            seen,
            agreed.get(code),
            before.get(code),
            others.medians.get(code) if others else None,
            tuple(sorted(filter(None, (questionnaire.proof_of(answers, code) for answers in words)))),
            tuple(
                Counter(
                    step for answers in words for step in questionnaire.steps_of(answers, lever)
                ).most_common()
            ),
        )
    return Results(
        campaign,
        rows,
        level,
        day,
        previous,
        others,
        tuple(answered),
        [
            (axis, kept)
            for axis in known.axes
            if (kept := [rows[lever.code] for lever in known.of_axis(axis.code) if lever.code in rows])
        ],
    )
