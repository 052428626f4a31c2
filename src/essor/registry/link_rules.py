"""Ties between organisations as a graph. Pure."""

from collections import defaultdict
from collections.abc import Iterable


def closes_cycle(ties: Iterable[tuple[int, int]], source: int, target: int) -> bool:
    """True when a tie from `source` to `target` would lead back to `source` through the others.

    >>> closes_cycle([(1, 2), (2, 3)], 3, 1)
    True
    """
    onward: dict[int, list[int]] = defaultdict(list)
    for before, after in ties:
        onward[before].append(after)
    seen: set[int] = set()
    waiting = [target]
    while waiting:
        here = waiting.pop()
        if here == source:
            return True
        if here not in seen:
            seen.add(here)
            waiting += onward[here]
    return False
