"""Territories by reference, by any code, by what people type."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essor.territories.models import CommuneCode, Territory
from essor.territories.queries import (
    UnknownTerritoryError,
    ambiguous_codes,
    code_map,
    communes,
    members,
    resolve,
    search,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("commune:31555", "Toulouse"),
        ("epci:243100518", "Toulouse Métropole"),
        ("departement:31", "Haute-Garonne"),
        ("region:76", "Occitanie"),
        ("ept:200057867", "Plaine Commune"),
        ("france", "France"),
        ("france:FR", "France"),
        (" Département : 2a ", "Corse-du-Sud"),
        ("commune:75101", "Paris"),
        ("commune:69381", "Lyon"),
        ("commune:13216", "Marseille"),
        ("commune:75059", "Saint-Denis"),
        ("commune:01340", "Arboys en Bugey"),
        ("collectivite:69M", "Métropole de Lyon"),
        ("departement:975", "Saint-Pierre-et-Miquelon"),
    ],
)
def test_a_reference_names_a_territory(ref, name):
    assert resolve(ref).name == name


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("dept:31", "Vouliez-vous dire « departement:31 » ?"),
        ("commmune:31555", "Vouliez-vous dire « commune:31555 » ?"),
        ("toulouse", "Vouliez-vous dire « commune:31555 (Toulouse) » ?"),
        ("commune:Toulouse", "Aucun territoire en vigueur n’a la référence « commune:Toulouse ». "
         "Vouliez-vous dire « commune:31555 (Toulouse) » ?"),
        ("departement:1", "Aucun territoire en vigueur n’a la référence « departement:1 ». "
         "Vouliez-vous dire « departement:01 » ?"),
        ("epci:000000000", "Aucun territoire en vigueur n’a la référence « epci:000000000 »."),
        ("", "«  » n’est pas un territoire. Écrivez le niveau et le code : france, region:…, departement:…, "
         "collectivite:…, epci:…, ept:…, commune:…."),
        ("commune:", "« commune: » n’est pas un territoire."),
    ],
)  # fmt: skip
def test_an_unknown_reference_says_why_and_what_to_write(ref, message):
    with pytest.raises(UnknownTerritoryError) as unknown:
        resolve(ref)
    assert message in str(unknown.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20) | st.from_regex(r"[a-z]{1,12}:[0-9A-Z]{0,10}", fullmatch=True))
def test_any_text_names_a_territory_or_is_refused(text):
    try:
        found = resolve(text)
    except UnknownTerritoryError as error:
        found = None
        message = str(error)
    assert found is not None or message


def test_communes_of_each_level():
    assert communes("commune:31555") == {"31555"}
    assert communes("commune:75101") == {"75056"}
    assert len(communes("departement:31")) == 586
    assert len(communes("epci:243100518")) == 37
    assert communes("collectivite:69D") == {"69264"}
    assert communes("epci:200046977") == {"69123", "69029"}
    assert communes("collectivite:6AE") == {"67482", "68066"}
    assert communes("ept:200057867") == {"93001", "93066"}
    assert communes("region:94") == {"2A004", "2B033"}
    assert communes("france") == set(Territory.objects.of_kind("commune").values_list("code", flat=True))


def test_containing_gives_the_commune_and_its_parents():
    found = Territory.objects.containing(resolve("commune:93066"))
    assert {territory.ref for territory in found} == {
        "commune:93066", "epci:200054781", "ept:200057867", "departement:93", "region:11", "france",
    }  # fmt: skip


def test_by_ref_takes_only_exact_references():
    assert Territory.objects.by_ref("departement:31").name == "Haute-Garonne"
    with pytest.raises(Territory.DoesNotExist):
        Territory.objects.by_ref("commune:75101")


def test_a_current_commune_wins_over_a_delegated_one_of_the_same_code():
    assert CommuneCode.objects.get(code="01015").name == "Arbignieu"
    assert code_map()["01015"] == "01015"


def test_a_former_code_shared_by_several_communes_is_ambiguous():
    for heir in ("31555", "31044"):
        CommuneCode.objects.create(
            code="31901", kind="ancien", commune=Territory.objects.by_ref(f"commune:{heir}")
        )
    from essor.territories.models import Load

    Load.objects.create(kind="cog", source="essai", sha256="")  # what every load does: caches start afresh
    assert "31901" not in code_map()
    assert ambiguous_codes() == {"31901": {"31555", "31044"}}
    with pytest.raises(UnknownTerritoryError) as unknown:
        resolve("commune:31901")
    assert str(unknown.value) == (
        "« commune:31901 » est un ancien code partagé entre plusieurs communes : choisissez parmi 31044, 31555."
    )


@pytest.mark.parametrize(
    ("text", "kinds", "first"),
    [
        ("toulouse", (), "commune:31555"),
        ("Toulouse M", (), "epci:243100518"),
        ("toulouse", ("epci",), "epci:243100518"),
        ("metropole toulouse", (), "epci:243100518"),
        ("SAINT DENIS", (), "commune:97411"),
        ("st-denis", (), "commune:97411"),
        ("31000", (), "commune:31555"),
        ("31 555", (), "commune:31555"),
        ("31", (), "departement:31"),
        ("2a", (), "departement:2A"),
        ("243100518", (), "epci:243100518"),
        ("213105554", (), "commune:31555"),
        ("75101", (), "commune:75056"),
        ("etoile", (), None),
        ("", (), None),
        ("%", (), None),
    ],
)
def test_search_puts_the_likeliest_first(text, kinds, first):
    found = search(text, kinds)
    assert (found[0].ref if found else None) == first


def test_search_is_limited_and_filtered():
    assert len(search("saint", limit=5)) == 5
    assert {t.kind for t in search("31", ("commune",), 50)} == {"commune"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_any_text_can_be_searched(text):
    assert all(territory.is_active for territory in search(text))


def test_members_are_the_next_level_down():
    assert {t.kind for t in members(resolve("france"))} == {"region", "collectivite"}
    assert members(resolve("region:94")).count() == 2
    assert {t.kind for t in members(resolve("departement:31"))} == {"epci"}
    assert members(resolve("epci:243100518")).count() == 37
    assert members(resolve("commune:31555")).count() == 37
    assert [t.code for t in members(resolve("collectivite:977"))] == ["97701"]
    assert [t.code for t in members(resolve("commune:97701"))] == ["97701"]
