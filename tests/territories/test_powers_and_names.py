"""Who has which powers, other names of the same authorities, and names after « de »."""

import pytest

from essor.law.certainty import Certainty
from essor.territories.enums import Kind
from essor.territories.naming import of_name
from essor.territories.rules import Level, alias, powers_of

C, I, D, R = Level.COMMUNAL, Level.INTERCOMMUNAL, Level.DEPARTEMENTAL, Level.REGIONAL  # noqa: E741


@pytest.mark.parametrize(
    ("ref", "levels"),
    [
        ("commune:31555", {C}),
        ("epci:243100518", {I}),
        ("ept:200057867", {I}),
        ("departement:31", {D}),
        ("region:76", {R}),
        ("france:FR", set()),
        # Paris is a commune and a département.
        ("commune:75056", {C, D}),
        ("departement:75", set()),
        # The Métropole de Lyon is also a département on its territory; the rest of the Rhône has its own.
        ("epci:200046977", {I, D}),
        ("collectivite:69D", {D}),
        ("departement:69", set()),
        # Corsica, Martinique, Guyane and Mayotte have one collectivity for two levels.
        ("region:94", {D, R}),
        ("departement:2A", set()),
        ("departement:2B", set()),
        ("region:02", {D, R}),
        ("departement:972", set()),
        ("region:03", {D, R}),
        ("departement:973", set()),
        ("region:06", {D, R}),
        ("departement:976", set()),
        # Guadeloupe and La Réunion keep both.
        ("region:01", {R}),
        ("departement:971", {D}),
        ("region:04", {R}),
        ("departement:974", {D}),
        # Alsace.
        ("collectivite:6AE", {D}),
        ("departement:67", set()),
        ("departement:68", set()),
        ("region:44", {R}),
        ("collectivite:987", {Level.OVERSEAS}),
    ],
)
def test_levels_of_powers(ref, levels):
    kind, _sep, code = ref.partition(":")
    assert powers_of(kind, code).levels == levels


@pytest.mark.parametrize("kind", Kind.values)
def test_powers_are_explained(kind):
    powers = powers_of(kind, "00")
    assert powers.explanation.endswith(".")
    assert isinstance(powers.certainty, Certainty)


def test_the_rule_of_mayotte_names_its_law():
    powers = powers_of("region", "06")
    assert (
        powers.explanation
        == "Le Département-Région de Mayotte exerce les compétences d’un département et d’une région."
    )
    assert "2025-793" in powers.source


def test_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        powers_of("canton", "3101")


@pytest.mark.parametrize(
    ("ref", "target"),
    [
        ("collectivite:69M", "epci:200046977"),
        ("departement:69M", "epci:200046977"),
        ("departement:69D", "collectivite:69D"),
        ("collectivite:67A", "collectivite:6AE"),
        ("departement:20", "region:94"),
        ("collectivite:20R", "region:94"),
        ("collectivite:972R", "region:02"),
        ("collectivite:976R", "region:06"),
        ("collectivite:75C", "commune:75056"),
        ("collectivite:31D", "departement:31"),
        ("departement:975", "collectivite:975"),
        ("region:987", "collectivite:987"),
        ("departement:69", "departement:69"),
        ("region:20", "region:20"),
        ("commune:31555", "commune:31555"),
    ],
)
def test_other_names_of_an_authority(ref, target):
    assert alias(*ref.split(":")) == target


@pytest.mark.parametrize(
    ("name", "liaison", "kind", "expected"),
    [
        ("Haute-Garonne", 3, "departement", "de la Haute-Garonne"),
        ("Ain", 5, "departement", "de l’Ain"),
        ("Rhône", 2, "departement", "du Rhône"),
        ("Landes", 4, "departement", "des Landes"),
        ("Paris", 0, "departement", "de Paris"),
        ("Eure-et-Loir", 1, "departement", "d’Eure-et-Loir"),
        ("Occitanie", 1, "region", "d’Occitanie"),
        ("Le Havre", 2, "commune", "du Havre"),
        ("Les Abymes", 4, "commune", "des Abymes"),
        ("La Rochelle", 3, "commune", "de La Rochelle"),
        ("L'Haÿ-les-Roses", 5, "commune", "de L'Haÿ-les-Roses"),
        ("Arles", 1, "commune", "d’Arles"),
        ("Toulouse", 0, "commune", "de Toulouse"),
        ("Los Masos", 8, "commune", "de Los Masos"),
        ("Aux Marais", 6, "commune", "des Marais"),
        ("Métropole de Lyon", 3, "epci", "de la Métropole de Lyon"),
        ("Eurométropole de Strasbourg", 5, "epci", "de l’Eurométropole de Strasbourg"),
        ("Toulouse Métropole", 0, "epci", "de Toulouse Métropole"),
    ],
)
def test_a_name_after_de(name, liaison, kind, expected):
    assert of_name(name, liaison, kind) == expected
