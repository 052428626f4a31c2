"""Activities and sectors: every sub-class has one sector, codes are read in the ways people write them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import Certainty, Family, SizeBand, Tag, Verdict
from essor.registry.nomenclatures import (
    naf_label,
    naf_labels,
    normalise_naf,
    sector_of,
    sector_prefixes,
    sectors,
    sectors_version,
)


def test_the_naf_has_its_732_sub_classes() -> None:
    assert len(naf_labels()) == 732
    assert [code for code in naf_labels() if not re.fullmatch(r"\d{2}\.\d{2}[A-Z]", code)] == []
    assert [label for label in naf_labels().values() if not label.strip() or "'" in label] == []


@pytest.mark.realdata
def test_the_naf_is_the_official_one(real_data: Path) -> None:
    file = real_data / "nomenclatures" / "naf_rev2_socialgouv_1.1.1.json"
    official = {
        row["id"]
        for row in json.loads(file.read_text(encoding="utf-8"))
        if re.fullmatch(r"\d{2}\.\d{2}[A-Z]", row["id"])
    }
    assert set(naf_labels()) == official


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("88.99B", "88.99B"),
        ("8899B", "88.99B"),
        (" 88.99b ", "88.99B"),
        ("57.10", None),
        ("88.99", None),
        ("", None),
        (None, None),
        ("88.99B\n88.99B", None),
        ("٨٨.٩٩B", None),
    ],
)
def test_codes_as_people_write_them(written: str | None, code: str | None) -> None:
    assert normalise_naf(written) == code


def test_labels() -> None:
    assert (naf_label("8810A"), naf_label("99.99Z"), naf_label(None)) == ("Aide à domicile", None, None)


def test_every_activity_has_one_sector_and_every_sector_an_activity() -> None:
    found = {code: sector_of(code) for code in naf_labels()}
    assert [code for code, sector in found.items() if sector is None] == []
    assert {sector.code for sector in found.values() if sector} == {sector.code for sector in sectors()}


def test_no_prefix_belongs_to_two_sectors() -> None:
    written = [prefix for sector in sectors() for prefix in sector.prefixes]
    assert len(written) == len(set(written)) == len(sector_prefixes())
    assert [prefix for prefix in written if not any(code.startswith(prefix) for code in naf_labels())] == []
    assert sectors_version() == "2026-11"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("88.10A", "Aide à domicile"),
        ("88.10B", "Action sociale et médico-sociale"),
        ("88.91A", "Petite enfance"),
        ("78.30Z", "Insertion et emploi"),
        ("93.12Z", "Sport"),
        ("93.29Z", "Éducation populaire, jeunesse et loisirs"),
        ("94.99Z", "Vie associative et défense de causes"),
        ("47.79Z", "Environnement, réemploi et déchets"),
        ("58.29C", "Numérique"),
        ("58.11Z", "Culture et médias"),
        ("64.19Z", "Banque et assurance"),
    ],
)
def test_sectors_in_the_words_of_the_trade(code: str, label: str) -> None:
    sector = sector_of(code)
    assert sector is not None
    assert sector.label == label


def test_an_unknown_activity_has_no_sector() -> None:
    assert (sector_of(None), sector_of("99.99Z"), sector_of("57.10")) == (None, None, None)


@given(st.text(max_size=12))
def test_any_text_is_read_without_error(text: str) -> None:
    code = normalise_naf(text)
    assert code is None or normalise_naf(code) == code
    assert (sector_of(text) is None) == (naf_label(text) is None)


def test_size_bands_follow_each_other() -> None:
    bounds = [(band.low, band.high) for band in SizeBand if band is not SizeBand.NN]
    assert bounds[0] == (0, 0)
    assert bounds[-1] == (10000, None)
    assert [low for low, _ in bounds[1:]] == [(high or 0) + 1 for _, high in bounds[:-1]]
    assert (SizeBand.NN.low, SizeBand.NN.high, SizeBand.NN.is_employer) == (None, None, False)
    assert (SizeBand.of("12"), SizeBand.of(""), SizeBand.of("99"), SizeBand.of(None)) == (
        SizeBand.B12,
        None,
        None,
        None,
    )


def test_codes_that_others_store_do_not_change() -> None:
    assert [str(family.value) for family in Family] == [
        "association",
        "cooperative",
        "mutual",
        "foundation",
        "ess_company",
    ]
    assert [str(verdict.value) for verdict in Verdict] == [
        "ess_by_status",
        "ess_declared",
        "to_check",
        "outside",
    ]
    assert [verdict for verdict in Verdict if verdict.is_ess] == [Verdict.ESS_BY_STATUS, Verdict.ESS_DECLARED]


@pytest.mark.parametrize("enum", [Certainty, Family, SizeBand, Tag, Verdict])
def test_every_choice_has_its_own_french_label(enum: type) -> None:
    labels = [label for _, label in enum.choices()]  # type: ignore[attr-defined]
    assert len(labels) == len(set(labels))
    assert [label for label in labels if not label.strip() or "'" in label] == []
