"""Precision and recall of the match by name and place on the real lists, their numbers hidden.

Truth is the SIREN of the same row. Sure is what is proposed alone; found is what is among the candidates shown.
The floors are what was measured on 22 November 2026 (ADR 14), less one row where a figure is small.
"""

import csv
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from essor.kernel.text import fold
from essor.registry.directories.blocks import Index
from essor.registry.directories.rules import Known, Outcome, Wanted, parts_of

pytestmark = pytest.mark.realdata

Row = dict[str, str]


class Measure(NamedTuple):
    """Counts of a run: rows, proposed alone, rightly so, right among the candidates shown, nothing proposed."""

    rows: int
    sure: int
    right: int
    found: int
    none: int

    @property
    def precision(self) -> float:
        return self.right / self.sure if self.sure else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.rows

    @property
    def recall_with_choice(self) -> float:
        return self.found / self.rows


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def structures(real_data: Path) -> list[Row]:
    """1 004 insertion structures of three régions, with a place."""
    return read(real_data / "registry" / "siae_directory_2021.csv")


def number_of(text: str) -> int:
    return zlib.crc32(fold(text).encode())


def siren_of(row: Row) -> int:
    return int(row["siret"][:9])


def register(rows: Sequence[Row], *, first_only: bool = False) -> list[Known]:
    """The organisations that these rows describe, as the register would hold them."""
    by_siren: dict[int, list[Row]] = {}
    for row in rows:
        by_siren.setdefault(siren_of(row), []).append(row)
    known = []
    for siren, mine in sorted(by_siren.items()):
        kept = mine[:1] if first_only else mine
        known.append(
            Known(
                siren,
                tuple(dict.fromkeys(row["name"] for row in kept)),
                frozenset(number_of(row["city"] + row["department"]) for row in kept),
                frozenset(number_of(row["department"]) for row in kept),
            )
        )
    return known


def wanted(row: Row, name: str) -> Wanted:
    return Wanted(
        parts_of(name),
        frozenset({number_of(row["city"] + row["department"])}),
        frozenset({number_of(row["department"])}),
    )


def measure(index: Index, asked: Iterable[tuple[int, Wanted]]) -> Measure:
    counts: Counter[str] = Counter()
    for truth, row in asked:
        match = index.match(row)
        ids = [candidate.organisation for candidate in match.candidates]
        counts["rows"] += 1
        counts["none"] += match.outcome is Outcome.NONE
        counts["found"] += truth in ids
        if match.outcome is Outcome.SURE:
            counts["sure"] += 1
            counts["right"] += ids[0] == truth
    return Measure(*(counts[name] for name in Measure._fields))


def test_trade_names_against_registered_names(structures: list[Row]) -> None:
    """The hardest: a sign (« TTS », « Activ’Cités ») against the name of SIRENE, in the same commune."""
    index = Index(register(structures))
    differing = [row for row in structures if row["brand"] and fold(row["brand"]) != fold(row["name"])]
    found = measure(index, [(siren_of(row), wanted(row, row["brand"])) for row in differing])
    assert found.rows == 69
    assert found.precision >= 0.97
    assert found.recall >= 0.65
    assert found.recall_with_choice >= 0.86


def test_names_of_the_list_against_a_register_that_has_half_of_them(structures: list[Row]) -> None:
    """As a directory is imported: half of its rows are not in the register, and must not be given to another."""
    sirens = sorted({siren_of(row) for row in structures})
    inside = set(sirens[::2])
    index = Index(register([row for row in structures if siren_of(row) in inside]))

    def asked(present: bool) -> list[tuple[int, Wanted]]:
        return [
            (siren_of(row), wanted(row, row["brand"] or row["name"]))
            for row in structures
            if (siren_of(row) in inside) is present
        ]

    present, absent = measure(index, asked(True)), measure(index, asked(False))
    assert present.rows + absent.rows == 1004
    # A wrong sure proposal is one that a person must refuse: over all rows, present or not.
    precision = present.right / (present.sure + absent.sure)
    assert precision >= 0.99
    assert present.recall >= 0.95
    assert present.recall_with_choice >= 0.98
    assert absent.none / absent.rows >= 0.91


def test_other_names_of_the_same_organisation(structures: list[Row]) -> None:
    """Establishments whose name is not that of the first one: most bear another name altogether, and none is forced."""
    index = Index(register(structures, first_only=True))
    first: dict[int, Row] = {}
    others = []
    for row in structures:
        kept = first.setdefault(siren_of(row), row)
        if fold(row["name"]) != fold(kept["name"]):
            others.append(row)
    found = measure(index, [(siren_of(row), wanted(row, row["name"])) for row in others])
    assert found.rows == 62
    assert found.right == found.sure
    assert found.recall_with_choice >= 0.34


def test_names_without_place_against_national_lists(structures: list[Row], real_data: Path) -> None:
    """Without commune, among 5 000 organisations of other lists: sure proposals must still be right."""
    national = {
        int(row["siren"]): row["denominationUniteLegale"] or row.get("nomUniteLegale") or ""
        for name in ("01_ess_x_naf.csv", "04_ess_flag_insee.csv")
        for row in read(real_data / "registry" / name)
    }
    others = [Known(siren, (name,)) for siren, name in sorted(national.items()) if name]
    index = Index([*register(structures), *others])
    asked = [(siren_of(row), Wanted(parts_of(row["name"]))) for row in structures[::4]]
    found = measure(index, asked)
    assert found.precision >= 0.97
    assert found.recall >= 0.80
