"""What every piece of background work (a job, a work of the night) is done inside, whatever its room.

A room that scopes something to a request in its middleware scopes it to a work here: the worker has no middleware.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

Around = Callable[[], AbstractContextManager[None]]

_arounds: list[Around] = []


def register(around: Around) -> None:
    """Put every work inside what `around` gives, in the order of registration; twice the same counts once."""
    if around not in _arounds:
        _arounds.append(around)


@contextmanager
def work() -> Iterator[None]:
    """Inside this block stands one piece of work."""
    with ExitStack() as stack:
        for around in _arounds:
            stack.enter_context(around())
        yield
