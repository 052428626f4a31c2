"""The law with the values of an installation: asked once a scope, at the first reading, for one thread only."""

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from essor.law import parameters as law
from essor.law.certainty import Certainty

THRESHOLD = "procurement.no_publicity.supplies_services"
DAY = date(2026, 10, 1)


def merged(amount: int) -> law.Merged:
    value = law.LocalValue(
        THRESHOLD, date(2026, 9, 1), Decimal(amount), "Essai", Certainty.SEEN, href="https://e.fr"
    )
    return law.with_values_added([value])


@pytest.fixture
def asked() -> Iterator[list[int]]:
    """A provider whose answer grows at each question."""
    times: list[int] = []

    def provider() -> law.Merged:
        times.append(1)
        return merged(50000 + len(times))

    before = list(law._provider)
    law.local_values_from(provider)
    yield times
    law._provider[:] = before


def test_nothing_is_asked_outside_a_scope(asked: list[int]) -> None:
    assert law.value(THRESHOLD, DAY).decimal == 60000
    assert asked == []


def test_a_scope_asks_once_and_only_when_the_law_is_read(asked: list[int]) -> None:
    with law.in_local_scope():
        pass
    assert asked == []
    with law.in_local_scope():
        assert law.value(THRESHOLD, DAY).decimal == 50001
        assert law.value(THRESHOLD, DAY).local
        assert law.parameter(THRESHOLD) in law.all_parameters()
    assert asked == [1]
    with law.in_local_scope():
        assert law.value(THRESHOLD, DAY).decimal == 50002
    assert law.value(THRESHOLD, DAY).decimal == 60000


def test_values_may_be_tried_over_those_of_the_scope(asked: list[int]) -> None:
    tried = law.LocalValue(THRESHOLD, date(2026, 10, 1), Decimal(1), "Essai", Certainty.SEEN)
    with law.in_local_scope(), law.with_local_values([tried]):
        assert [value.decimal for value in law.history(THRESHOLD)[-3:]] == [60000, 50001, 1]


def test_each_thread_has_its_scope(asked: list[int]) -> None:
    found: dict[int, Decimal] = {}
    together = threading.Barrier(4)

    def read(number: int) -> None:
        with law.with_local_values(
            [law.LocalValue(THRESHOLD, DAY, Decimal(number), "Essai", Certainty.SEEN)]
        ):
            together.wait(10)
            found[number] = law.value(THRESHOLD, DAY).decimal

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: Decimal(number) for number in range(4)}


def test_shipped_is_never_changed(asked: list[int]) -> None:
    with law.in_local_scope():
        assert law.parameter(THRESHOLD) != law.shipped(THRESHOLD)
        assert law.parameter(THRESHOLD).entries[-1].references[0].href == "https://e.fr"
    assert law.shipped("n.existe.pas") is None


def test_without_provider_a_scope_reads_what_is_shipped() -> None:
    before = list(law._provider)
    law.local_values_from(None)
    try:
        with law.in_local_scope():
            assert law.value(THRESHOLD, DAY).decimal == 60000
    finally:
        law._provider[:] = before
