"""Which supporters, at which stage, for a project: the ranking, its reasons, the needs that nobody answers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from essor.kit.enums_support import Role, Stage

# The road of a project; difficulty is apart from it.
ROAD: tuple[str, ...] = (Stage.IDEA, Stage.EMERGENCE, Stage.LAUNCH, Stage.GROWTH, Stage.SCALE)
# What a project most often looks for at a stage that it has not reached yet.
USUAL_NEED: dict[str, str] = {
    Stage.IDEA: Role.INFORM,
    Stage.EMERGENCE: Role.INCUBATE,
    Stage.LAUNCH: Role.FINANCE,
    Stage.GROWTH: Role.ADVISE,
    Stage.SCALE: Role.FINANCE,
    Stage.DIFFICULTY: Role.ADVISE,
}
THEME_WEIGHT, PROFILE_WEIGHT = 3, 2


@dataclass(frozen=True)
class Answers:
    """What a project holder said. `theme` « » when it is another one; `needs` are roles, at least one."""

    stage: str
    needs: tuple[str, ...]
    profile: str
    theme: str = ""
    employs: bool = False


@dataclass(frozen=True)
class Candidate:
    """A supporter open on the project's territory. `nearness`: 0 for France, up to 4 for a commune."""

    pk: int
    name: str
    roles: frozenset[str]
    stages: frozenset[str]
    profiles: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    employers_only: bool = False
    nearness: int = 0


@dataclass(frozen=True)
class Step:
    """A supporter proposed at a stage, for needs, with the codes of the reasons."""

    stage: str
    needs: tuple[str, ...]
    supporter: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Path:
    """The steps in the order of the road, and the needs of today that nobody answers."""

    steps: tuple[Step, ...] = ()
    unmet: tuple[str, ...] = ()


def eligible(candidate: Candidate, answers: Answers, stage: str) -> bool:
    """Whether it helps such a project at that stage: stage, profile, theme, employment."""
    return (
        stage in candidate.stages
        and (not candidate.profiles or answers.profile in candidate.profiles)
        and (not candidate.themes or answers.theme in candidate.themes)
        and (answers.employs or not candidate.employers_only)
    )


def score(candidate: Candidate, answers: Answers) -> int:
    """How well it fits: its own theme 3, its own profile 2, its nearness up to 4, each need answered 1."""
    return (
        THEME_WEIGHT * (answers.theme in candidate.themes)
        + PROFILE_WEIGHT * (answers.profile in candidate.profiles)
        + candidate.nearness
        + len(candidate.roles & set(answers.needs))
    )


def reasons(candidate: Candidate, answers: Answers) -> tuple[str, ...]:
    """Why it is proposed, as codes: theme, profile, near, everyone."""
    found = []
    if answers.theme in candidate.themes:
        found.append("theme")
    if answers.profile in candidate.profiles:
        found.append("profile")
    if candidate.nearness:
        found.append("near")
    if not candidate.profiles and not candidate.themes:
        found.append("everyone")
    return tuple(found)


def ordered(candidates: Iterable[Candidate], answers: Answers, stage: str, need: str) -> list[Candidate]:
    """Those that answer a need at a stage, the best first; by name, then number, among equals."""
    fit = [each for each in candidates if need in each.roles and eligible(each, answers, stage)]
    return sorted(fit, key=lambda each: (-score(each, answers), each.name, each.pk))


def path(answers: Answers, candidates: Iterable[Candidate]) -> Path:
    """The path of a project: today, a supporter for each need; then one at each stage still to come."""
    known = list(candidates)
    steps: list[Step] = []
    unmet: list[str] = []
    at: dict[int, int] = {}
    for need in answers.needs:
        best = next(iter(ordered(known, answers, answers.stage, need)), None)
        if best is None:
            unmet.append(need)
        elif best.pk in at:
            former = steps[at[best.pk]]
            steps[at[best.pk]] = Step(former.stage, (*former.needs, need), former.supporter, former.reasons)
        else:
            at[best.pk] = len(steps)
            steps.append(Step(answers.stage, (need,), best.pk, reasons(best, answers)))
    for stage in _to_come(answers.stage):
        need = USUAL_NEED[stage]
        found = ordered(known, answers, stage, need)
        best = next((each for each in found if each.pk not in at), next(iter(found), None))
        if best is not None:
            at.setdefault(best.pk, len(steps))
            steps.append(Step(stage, (need,), best.pk, reasons(best, answers)))
    return Path(tuple(steps), tuple(unmet))


def _to_come(stage: str) -> tuple[str, ...]:
    return ROAD[ROAD.index(stage) + 1 :] if stage in ROAD else ()
