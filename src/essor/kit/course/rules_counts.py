"""Numbers of people that point at nobody: groups under three are hidden, and what would give them away. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

SMALLEST = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """What one person did, for the counts: its group, when it started and finished, lessons read and passed."""

    group: str
    started_on: date
    finished_on: date | None
    read: frozenset[str]
    passed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number shown; None when it is hidden."""

    shown: int | None

    @property
    def is_hidden(self) -> bool:
        """Whether the number is hidden."""
        return self.shown is None


def alone(count: int) -> Cell:
    """A number that stands alone: hidden from one to two."""
    return Cell(None if 0 < count < SMALLEST else count)


def parts(counts: Sequence[int]) -> tuple[Cell, ...]:
    """Numbers that add up to a total which is shown too: one hidden part would be found by subtraction.

    When the hidden parts together hold fewer than three people, or stand alone, the smallest other one goes too.
    """
    hidden = {rank for rank, count in enumerate(counts) if 0 < count < SMALLEST}
    others = sorted((rank for rank, count in enumerate(counts) if count >= SMALLEST), key=lambda r: counts[r])
    while hidden and others and (len(hidden) == 1 or sum(counts[rank] for rank in hidden) < SMALLEST):
        hidden.add(others.pop(0))
    return tuple(Cell(None if rank in hidden else count) for rank, count in enumerate(counts))


@dataclass(frozen=True, slots=True)
class Counts:
    """Who followed the course, in numbers: `groups`, `months` and `lessons` give (started or read, finished or passed).

    A number shown never counts fewer than three people, and none of those hidden is found by subtraction.
    """

    started: Cell
    finished: Cell
    groups: dict[str, tuple[Cell, Cell]]
    months: dict[str, tuple[Cell, Cell]]
    lessons: dict[str, tuple[Cell, Cell]]


def count(people: Sequence[Followed], groups: Sequence[str], lessons: Sequence[str]) -> Counts:
    """Count people by group, month (« 2026-11 ») and lesson."""
    finished = [person for person in people if person.finished_on]
    months = sorted(
        {_month(person.started_on) for person in people}
        | {_month(person.finished_on) for person in finished if person.finished_on}
    )
    return Counts(
        started=alone(len(people)),
        finished=alone(len(finished)),
        groups=_paired(
            groups,
            {group: sum(person.group == group for person in people) for group in groups},
            {group: sum(person.group == group for person in finished) for group in groups},
        ),
        months=_paired(
            months,
            {month: sum(_month(person.started_on) == month for person in people) for month in months},
            {month: sum(_finished_in(person, month) for person in finished) for month in months},
        ),
        lessons={
            lesson: (
                alone(sum(lesson in person.read for person in people)),
                alone(sum(lesson in person.passed for person in people)),
            )
            for lesson in lessons
        },
    )


def _finished_in(person: Followed, month: str) -> bool:
    return person.finished_on is not None and _month(person.finished_on) == month


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _paired(
    keys: Sequence[str], first: Mapping[str, int], second: Mapping[str, int]
) -> dict[str, tuple[Cell, Cell]]:
    shown = parts([first[key] for key in keys]), parts([second[key] for key in keys])
    return {key: (shown[0][rank], shown[1][rank]) for rank, key in enumerate(keys)}
