"""The fiches that come with Essor, and what a fault in one says."""

from datetime import date

import pytest
from django.test import RequestFactory

from essor.kit import library
from essor.kit.fiche import read_fiche
from essor.kit.fiche_links import screen_address, target_address
from essor.kit.front_matter import ContentError
from essor.kit.legal_values import as_html, as_text, told
from essor.kit.level_answers import answers, level_of
from essor.kit.library import Asked, fiches, found
from essor.kit.recipe_library import recipes
from essor.kit.sectors import sectors
from essor.kit.words import FIELDS, LEVELS
from essor.registry.filters import sector_choices

DAY = date(2026, 11, 22)
GOOD = """---
code: K99
title: Essai
summary: Une fiche d’essai.
field: financer
source: {guide: K, place: "fiche 1"}
levels: [commune]
sectors: [habitat]
odd: [11]
---
Le seuil est de {{ law:grants.convention_threshold }}.
"""


def request() -> object:
    return RequestFactory().get("/kit/")


def test_the_kit_is_whole() -> None:
    kit = [f"K{number:02}" for number in range(1, 22)]
    urban = [f"U{number}" for number in range(1, 8)] + [f"F{number}" for number in range(1, 5)]
    frames = [f"C{number}" for number in range(1, 6)]
    assert sorted(fiches()) == sorted([*kit, *urban, *frames, "B1"])
    assert {each.field for each in fiches().values()} == set(FIELDS)


@pytest.mark.parametrize("code", sorted(path.stem.upper() for path in library.FOLDER.glob("*.md")))
def test_a_fiche_leads_somewhere(code: str) -> None:
    """Every link, screen and reference resolves; every example has its source; every figure line has one."""
    fiche = fiches()[code]
    resolve = target_address(request())  # type: ignore[arg-type]
    for target in fiche.targets:
        assert resolve(target), target
        kind, _colon, name = target.partition(":")
        assert kind != "recette" or name in recipes(), target
        assert kind != "fiche" or name in fiches(), target
    for lever in fiche.levers:
        if lever.screen:
            assert screen_address(request(), lever), lever.screen  # type: ignore[arg-type]
    assert fiche.examples
    assert all(example.source.place for example in fiche.examples)
    assert fiche.helpers
    assert fiche.see
    assert fiche.levers


def test_every_level_has_an_answer() -> None:
    for level in LEVELS:
        for fiche in fiches().values():
            assert len(answers(fiche, level, DAY)) == len(fiche.asks)


def test_sectors_of_the_register_exist() -> None:
    known = {code for code, _label in sector_choices()}
    assert {code for sector in sectors().values() for code in sector.registry} <= known


def test_levels_that_the_rule_does_not_name() -> None:
    assert [level_of(kind) for kind in ("ept", "departement", "syndicat", "etat")] == [
        "epci",
        "departement",
        "",
        "",
    ]


def test_a_value_is_told_with_the_one_of_the_guide() -> None:
    moved = told("procurement.no_publicity.supplies_services", DAY, date(2021, 9, 1))
    assert (moved.now, moved.then) == ("60\u202f000\u00a0€", "40\u202f000\u00a0€")
    same = told("grants.convention_threshold", DAY, date(2021, 9, 1))
    assert same.then == ""


def test_a_value_in_a_page_and_in_a_document() -> None:
    write = as_html(DAY, date(2021, 9, 1), lambda identifier: f"/droit/{identifier}/")
    shown = write("procurement.no_publicity.supplies_services")
    assert 'href="/droit/procurement.no_publicity.supplies_services/"' in shown
    assert "(40\u202f000\u00a0€ à la date du guide)" in shown
    assert as_text(DAY, date(2021, 9, 1))("procurement.no_publicity.supplies_services") == (
        "60\u202f000\u00a0€ (40\u202f000\u00a0€ à la date du guide)"
    )


def test_search_folds_accents_and_narrows() -> None:
    assert [each.code for each in found(Asked(words="CAFE s’il vous PLAIT"))] == ["K05"]
    assert found(Asked(words="zzzz")) == []
    narrowed = found(Asked(sectors=("tourisme",), levels=("region",), goals=(12,)))
    assert [each.code for each in narrowed] == ["K09"]


def test_a_good_fiche_reads() -> None:
    assert read_fiche(GOOD, "k99.md").law == ["grants.convention_threshold"]


@pytest.mark.parametrize(
    ("change", "told_words"),
    [
        (("---\ncode", "code"), "l’en-tête doit commencer"),
        (("field: financer", "field: ailleurs"), "k99.md, champ « field » : « ailleurs » ne convient pas."),
        (("levels: [commune]", "levels: [canton]"), "champ « levels » : « canton »"),
        (("odd: [11]", "odd: [18]"), "champ « odd » : « 18 »"),
        (("title: Essai", "titre: Essai"), "champ « title »"),
        (("odd: [11]", "odd: [11]\ncouleur: bleu"), "Ce champ n’existe pas"),
        (("grants.convention_threshold", "grants.unknown"), "grants.unknown"),
        (("Le seuil", "[Le seuil](javascript:alert)"), "doit commencer par https://"),
        (("odd: [11]", "asks: [[housing]]\nodd: [11]"), "champ « asks »"),
        (("levels: [commune]", "levels: []"), "au moins un niveau"),
        (("code: K99", "code: Z99"), "doit commencer par K"),
        (("sectors: [habitat]", "sectors: [habitat"), "ligne"),
        (("odd: [11]", "odd: [11]\nlevers: [bonjour]"), "k99.md, levier 1 : on attend"),
    ],
)
def test_a_fault_says_where_and_what_to_do(change: tuple[str, str], told_words: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_fiche(GOOD.replace(*change, 1), "k99.md")
    assert told_words in str(caught.value).replace("\u00a0", " ")
