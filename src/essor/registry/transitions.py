"""States of what people ask of the register, as tables: from, what is done, to, who does it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Who = Literal["asker", "agent", "system"]


@dataclass(frozen=True)
class Step:
    """One way from a state to another: `who` may do `act`."""

    start: str
    act: str
    end: str
    who: Who


# A person asks to act for an organisation.
CLAIM: tuple[Step, ...] = (
    Step("proving", "prove", "accepted", "asker"),  # the link sent to the address was opened
    Step("proving", "withdraw", "withdrawn", "asker"),
    Step("proving", "lapse", "lapsed", "system"),  # the link was not opened in time
    Step("waiting", "accept", "accepted", "agent"),
    Step("waiting", "refuse", "refused", "agent"),
    Step("waiting", "withdraw", "withdrawn", "asker"),
)
# Somebody says that open data are wrong. « disputed »: a later edition says a third thing.
CORRECTION: tuple[Step, ...] = (
    Step("waiting", "accept", "accepted", "agent"),
    Step("waiting", "refuse", "refused", "agent"),
    Step("waiting", "withdraw", "withdrawn", "asker"),
    Step("waiting", "absorb", "absorbed", "system"),
    Step("accepted", "absorb", "absorbed", "system"),  # the open data now say the same
    Step("accepted", "dispute", "disputed", "system"),
    Step("accepted", "drop", "dropped", "agent"),
    Step("disputed", "keep", "accepted", "agent"),
    Step("disputed", "drop", "dropped", "agent"),
    Step("disputed", "absorb", "absorbed", "system"),
)
# A person asks that something is no longer shown (RGPD, article 21).
HIDING: tuple[Step, ...] = (
    Step("waiting", "accept", "accepted", "agent"),
    Step("waiting", "refuse", "refused", "agent"),
    Step("accepted", "lift", "lifted", "agent"),
)


def step(table: Sequence[Step], start: str, act: str) -> Step | None:
    """The step that `act` makes from `start`; None when it cannot be done from there."""
    return next((each for each in table if (each.start, each.act) == (start, act)), None)


def starts(table: Sequence[Step], act: str) -> tuple[str, ...]:
    """The states from which `act` can be done."""
    return tuple(each.start for each in table if each.act == act)


def acts(table: Sequence[Step], start: str, who: Who) -> tuple[str, ...]:
    """What `who` can do from `start`."""
    return tuple(each.act for each in table if each.start == start and each.who == who)
