"""What deserves an alert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import SizeBand
from essor.registry.rules_alerts import (
    AlertKind,
    Footing,
    Lost,
    large_employer_gone,
    losses,
    sharp_loss,
    without_repeats,
)
from essor.registry.rules_history import ChangeKind

bands = st.sampled_from([band.value for band in SizeBand])


@pytest.mark.parametrize(
    ("kind", "band", "alert"),
    [
        (ChangeKind.CLOSED, "21", AlertKind.EMPLOYER_CLOSED),
        (ChangeKind.LEFT, "53", AlertKind.EMPLOYER_LEFT),
        (ChangeKind.CLOSED, "12", None),
        (ChangeKind.CLOSED, "NN", None),
        (ChangeKind.SHRUNK, "53", None),
        (ChangeKind.CLOSED, "?", None),
    ],
)
def test_a_large_employer_has_fifty_employees(kind: ChangeKind, band: str, alert: AlertKind | None) -> None:
    assert large_employer_gone(kind, band) is alert


@pytest.mark.parametrize(
    ("before", "after", "sharp"),
    [
        ("21", "11", True),
        ("21", "12", False),
        ("11", "02", True),
        ("03", "00", False),  # nine people at most: told by the history, not by an alert
        ("22", "NN", False),  # unknown is not lost
        ("11", "21", False),
    ],
)
def test_a_sharp_loss_is_two_bands_from_ten_employees(before: str, after: str, sharp: bool) -> None:
    assert sharp_loss(before, after) is sharp


@given(bands, bands)
def test_a_loss_is_never_a_gain(before: str, after: str) -> None:
    assert not (sharp_loss(before, after) and sharp_loss(after, before))


def test_the_last_structure_and_the_last_employer_of_a_sector() -> None:
    gone = [
        Footing(1, "sport", True),
        Footing(2, "sport", True),
        Footing(3, "sport", False),
        Footing(4, "", True),
    ]

    assert losses(gone, still={(2, "sport"), (3, "sport")}, employing=set()) == [
        Lost(1, "sport", AlertKind.LAST_OF_SECTOR),
        Lost(2, "sport", AlertKind.LAST_EMPLOYER),
    ]
    assert (
        losses(gone, still={(1, "sport"), (2, "sport"), (3, "sport")}, employing={(1, "sport"), (2, "sport")})
        == []
    )


def test_a_commune_does_not_repeat_what_its_intercommunality_says() -> None:
    above = [Lost(10, "sport", AlertKind.LAST_OF_SECTOR)]
    communes = [Lost(1, "sport", AlertKind.LAST_OF_SECTOR), Lost(2, "sport", AlertKind.LAST_OF_SECTOR)]

    assert without_repeats(communes, above, {1: 10, 2: 20}) == [*above, communes[1]]
