"""What answers to a lever say together: median, spread, answers by role, gaps to discuss. Pure.

Small groups are protected: a role with fewer than `SMALLEST_GROUP` answers is never shown apart, and no median is told
while the whole has fewer. Of a role that is shown, only the number of answers and the median are: never a spread,
never one answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

SMALLEST_GROUP = 3
# From how many stages between two medians, or between two answers, there is a subject to discuss.
GAP_TO_DISCUSS = Decimal(1)
SPREAD_TO_DISCUSS = 3
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says of a lever: the stage (None: « je ne sais pas ») and the stage wanted in two years."""

    role: str
    stage: int | None
    ambition: int | None = None


@dataclass(frozen=True, slots=True)
class RoleView:
    """What a role says together: number of answers that give a stage, and their median."""

    role: str
    count: int
    median: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """Two roles that see a lever differently: the one that sees it lowest, the one that sees it highest."""

    low: RoleView
    high: RoleView

    @property
    def size(self) -> Decimal:
        """Number of stages between the two medians."""
        return self.high.median - self.low.median


@dataclass(frozen=True, slots=True)
class Together:
    """A lever as its answers give it.

    `count` are the answers that give a stage, `unknown` those that say they do not know. Medians and spread are None
    while too few answered. `roles` are those that may be shown, in the order asked; `hidden` how many answers come
    from roles that may not.
    """

    count: int
    unknown: int
    median: Decimal | None
    low: int | None
    high: int | None
    ambition: Decimal | None
    roles: tuple[RoleView, ...]
    hidden: int
    gap: Gap | None

    @property
    def spread(self) -> int | None:
        """Number of stages between the lowest answer and the highest."""
        return None if self.low is None or self.high is None else self.high - self.low

    @property
    def is_spread(self) -> bool:
        """Whether answers are far from one another, whoever gives them."""
        return self.spread is not None and self.spread >= SPREAD_TO_DISCUSS

    @property
    def to_discuss(self) -> bool:
        """Whether there is something to discuss before a value is agreed."""
        return self.gap is not None or self.is_spread


def median(values: Iterable[int]) -> Decimal:
    """The middle value, or the half-way between the two middle ones. ValueError when there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no value, no median")
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return Decimal(ordered[middle - 1] + ordered[middle]) / 2


def together(answers: Sequence[Answer], roles: Sequence[str]) -> Together:
    """What the answers to one lever say together, for the roles in their order."""
    known = [answer for answer in answers if answer.stage is not None]
    stages = [answer.stage for answer in known if answer.stage is not None]
    wanted = [answer.ambition for answer in answers if answer.ambition is not None]
    enough = len(stages) >= SMALLEST_GROUP
    views = []
    for role in roles:
        own = [answer.stage for answer in known if answer.role == role and answer.stage is not None]
        if len(own) >= SMALLEST_GROUP:
            views.append(RoleView(role, len(own), median(own)))
    return Together(
        count=len(stages),
        unknown=len(answers) - len(known),
        median=median(stages) if enough else None,
        low=min(stages) if enough else None,
        high=max(stages) if enough else None,
        ambition=median(wanted) if len(wanted) >= SMALLEST_GROUP else None,
        roles=tuple(views),
        hidden=len(stages) - sum(view.count for view in views),
        gap=gap_between(views),
    )


def gap_between(views: Sequence[RoleView]) -> Gap | None:
    """The widest gap between two roles when it is one to discuss, None when roles agree or only one is shown."""
    if len(views) < 2:
        return None
    low = min(views, key=lambda view: view.median)
    high = max(views, key=lambda view: view.median)
    found = Gap(low, high)
    return found if found.size >= GAP_TO_DISCUSS else None


def stage_of(value: Decimal | None) -> int | None:
    """The whole stage proposed for a median: half a stage goes down, so that nobody is flattered."""
    return None if value is None else int(value)


def ambition_of(value: Decimal | None) -> int | None:
    """The whole stage proposed for a wanted median: half a stage goes up."""
    return None if value is None else int(value + HALF)


def middle(values: Sequence[int | Decimal | None]) -> Decimal | None:
    """The mean of known values, to a tenth, half up: how an axis is drawn from its levers. None when none is known."""
    known = [Decimal(value) for value in values if value is not None]
    if not known:
        return None
    return (sum(known, Decimal(0)) / len(known)).quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")
