"""The sentence that a portrait has for title."""

from decimal import Decimal
from typing import Any

import pytest

from essor.observatory.rules_finding import Facts, Finding, Official, Place, about, finding
from essor.territories.naming import is_plural, the_name

GARONNE = Place("Haute-Garonne", 3, "departement")
OCCITANIE = Place("Occitanie", 1, "region")
LANDES = Place("Landes", 4, "departement")


def said(finding: Finding) -> Finding:
    """The same with plain spaces."""
    return Finding(
        *(text.replace("\u00a0", " ").replace("\u202f", " ") for text in (finding.title, finding.more))
    )


def read(place: Place = GARONNE, **more: Any) -> Finding:
    given = {name: Decimal(value) if isinstance(value, int | str) else value for name, value in more.items()}
    return said(finding(Facts(place, **given)))


def insee(**more: Any) -> Official:
    return Official("l’Insee", "2022", **more)


@pytest.mark.parametrize(
    ("name", "liaison", "kind", "wanted"),
    [
        ("Haute-Garonne", 3, "departement", "la Haute-Garonne"),
        ("Gers", 2, "departement", "le Gers"),
        ("Ariège", 5, "departement", "l’Ariège"),
        ("Eure-et-Loir", 1, "departement", "l’Eure-et-Loir"),
        ("Landes", 4, "departement", "les Landes"),
        ("Paris", 0, "departement", "Paris"),
        ("Mayotte", 0, "region", "Mayotte"),
        ("La Réunion", 0, "region", "La Réunion"),
        ("Bretagne", 0, "region", "la Bretagne"),
        ("Occitanie", 1, "region", "l’Occitanie"),
        ("Hauts-de-France", 4, "region", "les Hauts-de-France"),
        ("CC du Frontonnais", 3, "epci", "la CC du Frontonnais"),
        ("Toulouse Métropole", 0, "epci", "Toulouse Métropole"),
        ("Est Ensemble", 1, "ept", "Est Ensemble"),
        ("Le Havre", 2, "commune", "Le Havre"),
        ("Arles", 1, "commune", "Arles"),
        ("France", 3, "france", "la France"),
        ("Les Izards", 0, "qpv", "Les Izards"),
    ],
)
def test_a_name_with_its_article(name: str, liaison: int, kind: str, wanted: str) -> None:
    assert the_name(name, liaison, kind) == wanted


def test_only_regions_and_departements_take_a_plural_verb() -> None:
    assert (is_plural(4, "departement"), is_plural(4, "commune"), is_plural(3, "region")) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("share", "beside", "wanted"),
    [
        ("0.142", "0.121", ", plus que l’Occitanie"),
        ("0.1", "0.121", ", moins que l’Occitanie"),
        ("0.1211", "0.1214", ", autant que l’Occitanie"),
    ],
)
def test_the_share_of_private_jobs_is_that_of_an_official_table(share: str, beside: str, wanted: str) -> None:
    official = insee(share=Decimal(share), share_beside=[(OCCITANIE, Decimal(beside))])
    found = read(establishments=21304, jobs=84321, density=14, official=official)
    written = f"{Decimal(share) * 100:.1f}".replace(".", ",").removesuffix(",0")
    assert found.title == (
        "La Haute-Garonne compte 21 304 établissements de l’ESS et 84 000 emplois environ ; "
        f"selon l’Insee (2022), l’ESS y porte {written} % de l’emploi privé{wanted}"
    )


def test_without_an_official_share_the_density_is_compared() -> None:
    found = read(
        LANDES, establishments=5000, jobs=1234, density="13.93", density_beside=[(GARONNE, Decimal("13.96"))]
    )
    assert found.title == (
        "Les Landes comptent 5 000 établissements de l’ESS et 1 200 emplois environ : "
        "13,9 organisations pour 1 000 habitants, moins que la Haute-Garonne"
    )


def test_a_density_below_two_is_singular_and_alone() -> None:
    found = read(Place("Ourdes"), establishments=1, density="1.04")
    assert found.title == "Ourdes compte 1 établissement de l’ESS : 1 organisation pour 1 000 habitants"


def test_few_or_none() -> None:
    assert read(Place("Ourdes"), establishments=2, jobs=1).title == (
        "Ourdes compte 2 établissements de l’ESS et 1 emploi environ"
    )
    assert read(Place("Ourdes"), establishments=0, density=0) == Finding(
        "Ourdes ne compte aucun établissement de l’ESS dans le registre"
    )
    assert read(LANDES, establishments=0).title == (
        "Les Landes ne comptent aucun établissement de l’ESS dans le registre"
    )


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (100, "Autant d’établissements qu’en août 2026."),
        (99, "1 établissement de plus qu’en août 2026."),
        (142, "42 établissements de moins qu’en août 2026."),
    ],
)
def test_what_moved_since_the_earlier_edition(before: int, wanted: str) -> None:
    assert read(establishments=100, before=(Decimal(before), "août 2026")).more == wanted


@pytest.mark.parametrize(
    ("official", "wanted"),
    [
        (None, "L’Occitanie : pas encore de chiffre de l’ESS dans cet observatoire"),
        (insee(), "L’Occitanie : pas encore de chiffre de l’ESS dans cet observatoire"),
        (insee(jobs=Decimal(1)), "L’Occitanie compte 1 emploi de l’ESS selon l’Insee (2022)"),
        (
            insee(
                jobs=Decimal(228000),
                share=Decimal("0.125"),
                share_beside=[(Place("France", 3, "france"), Decimal("0.105"))],
            ),
            "L’Occitanie compte 228 000 emplois de l’ESS selon l’Insee (2022) : "
            "12,5 % de l’emploi privé, plus que la France",
        ),
        (insee(share=Decimal("0.125")), "L’Occitanie, selon l’Insee (2022) : 12,5 % de l’emploi privé"),
    ],
)
def test_where_the_register_does_not_speak(official: Official | None, wanted: str) -> None:
    assert read(OCCITANIE, official=official).title == wanted


@pytest.mark.parametrize(
    ("jobs", "wanted"),
    [(0, 0), (87, 87), (104, 100), (105, 110), (1250, 1300), (84321, 84000), (999999, 1000000)],
)
def test_an_estimate_has_no_more_digits_than_it_deserves(jobs: int, wanted: int) -> None:
    assert about(Decimal(jobs)) == wanted
