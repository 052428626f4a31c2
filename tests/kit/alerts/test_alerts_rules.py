"""When a deadline is told: thresholds, weekly messages, deadlines that move."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from essor.kit.alerts.rules import horizon, is_due, threshold

DAY = date(2026, 3, 1)


def test_the_nearest_threshold_is_crossed() -> None:
    left = {0: 7, 7: 7, 8: 30, 30: 30, 31: None, -1: None}
    assert {n: threshold(DAY + timedelta(days=n), DAY, (7, 30)) for n in left} == left


def test_a_weekly_message_tells_what_will_cross_before_the_next_one() -> None:
    assert threshold(DAY + timedelta(days=13), DAY, (7,), ahead=6) == 7
    assert threshold(DAY + timedelta(days=14), DAY, (7,), ahead=6) is None


def test_a_deadline_is_told_once_a_threshold_and_anew_when_it_moves() -> None:
    deadline = DAY + timedelta(days=5)
    assert is_due(deadline, 7, None)
    assert is_due(deadline, 7, (deadline, 30))
    assert not is_due(deadline, 7, (deadline, 7))
    assert not is_due(deadline, 30, (deadline, 7))
    assert is_due(deadline, 7, (deadline + timedelta(days=9), 7))


@given(st.integers(-10, 60), st.sampled_from([(), (7,), (30,), (7, 30)]), st.integers(0, 6))
def test_what_is_told_lies_within_the_horizon(left: int, wanted: tuple[int, ...], ahead: int) -> None:
    deadline = DAY + timedelta(days=left)
    crossed = threshold(deadline, DAY, wanted, ahead)
    assert (crossed is not None) == (bool(wanted) and DAY <= deadline <= horizon(DAY, wanted, ahead))
