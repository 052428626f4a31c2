"""Invented numbers: right keys, each once, in the announced ranges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.demo.identifiers import CAPACITY, nics, padded, rnas, sirens
from essor.formats.identifiers import is_rna, is_siren, is_siret


@given(st.lists(st.integers(0, CAPACITY - 1), min_size=1, max_size=20), st.integers(1, 9999))
def test_numbers_have_right_keys_and_the_invented_prefix(serials, rank):
    serial = np.array(serials)
    siren = sirens(serial)
    texts = padded(siren, 9).tolist()
    nic = padded(nics(siren, np.full(len(serial), rank)), 5).tolist()
    assert all(is_siren(text) and text.startswith("46") for text in texts)
    assert all(is_siret(text + five) for text, five in zip(texts, nic, strict=True))
    assert {five[:4] for five in nic} == {f"{rank:04d}"}
    assert all(is_rna(text) and text.startswith("W319") for text in rnas(serial))


def test_every_serial_number_gives_another_siren():
    assert len(np.unique(sirens(np.arange(0, CAPACITY, 7)))) == len(range(0, CAPACITY, 7))


def test_beyond_the_range_is_refused():
    with pytest.raises(ValueError, match="1000000"):
        sirens(np.array([CAPACITY]))
