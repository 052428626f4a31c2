"""Draws: the same for the same seed and subject, in proportion to their weights."""

import numpy as np
import pytest

from essor.demo.draws import Draws, derived, either


def test_same_seed_and_subject_give_the_same_and_others_do_not():
    assert np.array_equal(Draws(31, "names").unit(50), Draws(31, "names").unit(50))
    assert not np.array_equal(Draws(31, "names").unit(50), Draws(31, "places").unit(50))
    assert not np.array_equal(Draws(31, "names").unit(50), Draws(32, "names").unit(50))


def test_choice_follows_the_weights():
    found = Draws(1, "weights").choice({"a": 3, "b": 1, "never": 0}, 20_000)
    parts = {key: float(np.mean(found == key)) for key in ("a", "b", "never")}
    assert parts["a"] == pytest.approx(0.75, abs=0.02)
    assert parts["b"] == pytest.approx(0.25, abs=0.02)
    assert parts["never"] == 0


def test_counts_and_durations_have_the_mean_asked_for():
    assert Draws(1, "count").count(1.6, 50_000).mean() == pytest.approx(1.6, rel=0.05)
    assert Draws(1, "count").count(0.0, 1000).sum() == 0
    assert Draws(1, "age").exponential(12.0, 50_000).mean() == pytest.approx(12, rel=0.05)


def test_gaussian_is_centred_and_reduced():
    east, north = Draws(1, "gauss").gaussian(50_000)
    assert (abs(east.mean()), abs(north.mean())) < (0.02, 0.02)
    assert east.std() == pytest.approx(1, abs=0.02)


def test_derived_numbers_depend_on_their_own_number_only():
    numbers = Draws(1, "units").unit(100)
    assert np.array_equal(derived(numbers, 3)[:10], derived(numbers[:10], 3))
    assert np.all((derived(numbers, 3) >= 0) & (derived(numbers, 3) < 1))
    assert either(np.array([True, False]), None, "x").tolist() == [None, "x"]
