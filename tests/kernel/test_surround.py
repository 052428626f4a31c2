"""What stands around every work: entered in order, left in reverse, even when the work fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from essor.kernel import surround


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What two rooms do around a work."""
    monkeypatch.setattr(surround, "_arounds", [])
    said: list[str] = []

    def room(name: str) -> surround.Around:
        @contextmanager
        def around() -> Iterator[None]:
            said.append(f"+{name}")
            try:
                yield
            finally:
                said.append(f"-{name}")

        return around

    first, second = room("a"), room("b")
    for each in (first, second, first):
        surround.register(each)
    return said


def test_around_a_work(told: list[str]) -> None:
    with surround.work():
        told.append("work")
    assert told == ["+a", "+b", "work", "-b", "-a"]


def test_around_a_work_that_fails(told: list[str]) -> None:
    with pytest.raises(ValueError, match="essai"), surround.work():
        raise ValueError("essai")
    assert told == ["+a", "+b", "-b", "-a"]
