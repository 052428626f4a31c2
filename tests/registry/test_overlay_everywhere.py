"""What is hidden or corrected is so on every answer of the register, not on the page alone."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from essor.registry import actions_corrections, actions_privacy, queries, queries_plain
from essor.registry.actions_links import declare_state
from essor.registry.filters import Filters, Quarter, Section
from essor.registry.map.index import MapIndex
from essor.registry.models import Correction, DirectoryEntry, DirectoryRow, Organisation, OrganisationFacts
from essor.registry.places import find_near
from essor.registry.search import reader, writer
from tests.factories import OrganisationFactory, TerritoryFactory
from tests.people_factories import CorrectionFactory, EntryFactory, HidingFactory
from tests.registry.directories.made import make_directory
from tests.registry.people.conftest import Scene, make_scene
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory

pytestmark = pytest.mark.django_db
STREET, POSTAL, SIGN = "14 CHEMIN DES ORMES", "31399", "Atelier du Ruisseau"
LONGITUDE, LATITUDE = 1.523417, 43.273951
SIRET = "12345678200025"
CONTACTS = ("www.foyer-du-lac.example", "bonjour@foyer.example", "05 61 00 00 01", "05 61 00 00 02")
QPV = [{"generation": 2024, "code": "QN03199Z", "relation": "in", "certainty": "sure"}]


@pytest.fixture
def placed(db: None) -> Iterator[Scene]:
    """The scene, its organisation at an address of its own, with contacts everywhere and a neighbour."""
    cache.clear()
    scene = make_scene()
    PlaceFactory(
        organisation=scene.organisation, siret=SIRET, commune=scene.facts.commune, address=STREET,
        postal_code=POSTAL, name=SIGN, longitude=LONGITUDE, latitude=LATITUDE, position_quality="number", qpv=QPV,
        position_error=5, is_head_office=False,
    )  # fmt: skip
    scene.organisation.establishments.exclude(siret=SIRET).get().facts.delete()
    neighbour = FactsFactory(name="Voisine du Lac", commune=scene.facts.commune)
    PlaceFactory(
        organisation=neighbour.organisation, commune=scene.facts.commune, address=STREET, postal_code="31398",
        longitude=1.9, latitude=43.9,
    )  # fmt: skip
    for field, value in (("email", CONTACTS[1]), ("phone", CONTACTS[2])):
        EntryFactory(organisation=scene.organisation, field=field, value=value)
    in_directory(scene.organisation, {"website": CONTACTS[0], "phone": CONTACTS[3]})
    yield scene
    reader.forget()


def in_directory(organisation: Organisation, values: dict[str, str]) -> None:
    """The organisation stands in a partner's directory."""
    directory = make_directory()
    row = DirectoryRow.objects.create(
        directory=directory, key="1", line=2, values=values, organisation=organisation, decision="confirmed"
    )
    DirectoryEntry.objects.create(
        row=row, directory=directory, organisation=organisation, values=values, tags=["ea"], day=date(2026, 11, 1),
        since=date(2026, 11, 1),
    )  # fmt: skip


def everything(scene: Scene) -> dict[str, str]:
    """What anybody may read of the organisation, by answer; those that do not exist are empty."""
    writer.rebuild()
    client = Client()
    pk = scene.organisation.pk
    neighbour = Organisation.objects.get(name="Voisine du Lac")
    near = f"/registre/?pres={LONGITUDE},{LATITUDE}&km=1"
    addresses = {
        "page": f"/registre/{pk}/",
        "framed page": f"/ici/registre/{pk}/",
        "card": f"/registre/{pk}/contact.vcf",
        "report": f"/registre/{pk}/signaler/",
        "hide": f"/registre/{pk}/masquer/",
        "list": "/registre/",
        "postal code": f"/registre/?q={POSTAL}",
        "sign": f"/registre/?q={quote(SIGN)}",
        "quarter": "/registre/?qpv=2024-dans",
        "near": near,
        "map": "/registre/carte/",
        "neighbour": f"/registre/{neighbour.pk}/",
        "quartiers": f"/registre/quartiers-prioritaires/?siret={SIRET}",
        **{each: f"/registre/exports/registre.{each}" for each in ("csv", "geojson")},
    }
    found = {}
    for name, address in addresses.items():
        response = client.get(address)
        assert response.status_code in (200, 404), (name, response.status_code)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[name] = body.decode("utf-8", "replace") if response.status_code == 200 else ""
    return found


def telling(found: dict[str, str], *wanted: str) -> set[str]:
    """The answers where one of these texts is."""
    return {name for name, said in found.items() if any(each in said for each in wanted)}


def points() -> list[int]:
    """Organisations that the map places."""
    return MapIndex.read().organisation_ids.tolist()


POSITION = (str(LONGITUDE), str(LATITUDE), "1,523417", "43,273951")


def test_shown_everywhere_while_nothing_is_hidden(placed: Scene) -> None:
    """What the next tests say absent is there before: they would prove nothing otherwise."""
    found = everything(placed)
    assert telling(found, STREET) >= {"page", "framed page", "card", "csv", "geojson", "neighbour"}
    assert telling(found, *POSITION) >= {"csv", "geojson", "card"}
    assert telling(found, "Foyer du Lac") >= {"near", "postal code", "sign", "quarter", "neighbour", "list"}
    assert telling(found, CONTACTS[0]) >= {"page", "card", "csv"}
    assert placed.organisation.pk in points()


def test_a_hidden_address_is_nowhere(placed: Scene) -> None:
    actions_privacy.accept_hiding(None, None, HidingFactory(organisation=placed.organisation), "Domicile")
    found = everything(placed)
    own_page = Organisation.objects.get(name="Voisine du Lac")  # at the same street, and not hidden
    assert STREET in found["neighbour"]
    assert own_page.is_public
    assert telling(found, POSTAL, SIGN, *POSITION) - {"near", "postal code", "sign"} == set()
    assert telling(found, STREET) - {"neighbour"} == {"csv", "geojson"}  # that of the neighbour, once
    assert [found[each].count(STREET) for each in ("csv", "geojson", "neighbour")] == [1, 1, 1]
    assert telling(found, "QN03199Z") == set()
    assert telling(found, "Foyer du Lac") == {
        "page",
        "framed page",
        "card",
        "report",
        "hide",
        "list",
        "map",
        "csv",
        "geojson",
    }
    assert placed.organisation.pk not in points()
    near = find_near(f"{LONGITUDE},{LATITUDE}", 1)
    for asked in (
        Filters(day=timezone.localdate(), near=near),
        Filters(day=timezone.localdate(), quarters=(Quarter.IN_2024.value,)),
    ):
        assert list(queries.matching_ids(asked)) == list(queries_plain.matching_ids(asked)) == []


def test_an_organisation_that_is_not_public_is_nowhere(placed: Scene) -> None:
    row = HidingFactory(organisation=placed.organisation, scope="whole")
    actions_privacy.accept_hiding(None, None, row, "Domicile")
    found = everything(placed)
    assert telling(found, "Foyer du Lac", "123456782", POSTAL, *POSITION, *CONTACTS) - {
        "near", "postal code", "quartiers",
    } == set()  # fmt: skip
    assert telling(found, "Foyer du Lac", STREET) == {
        "csv",
        "geojson",
        "neighbour",
    }  # the neighbour's own street
    assert "Foyer du Lac" not in "".join(found.values())
    assert placed.organisation.pk not in points()


def test_hidden_contacts_are_nowhere(placed: Scene) -> None:
    row = HidingFactory(organisation=placed.organisation, scope="contact")
    actions_privacy.accept_hiding(None, None, row, "Numéro personnel")
    assert telling(everything(placed), *CONTACTS) == set()


def test_a_hidden_address_is_not_told_by_its_correction(client: Client, placed: Scene) -> None:
    place = placed.organisation.establishments.get(siret=SIRET)
    row = CorrectionFactory(
        organisation=placed.organisation, establishment=place, field="address", before=f"{STREET}, {POSTAL}",
        value="9 QUAI SECRET, 31390",
    )  # fmt: skip
    actions_corrections.accept_correction(None, None, row)
    assert "9 QUAI SECRET" in text_of(client.get(f"/registre/{placed.organisation.pk}/"))
    actions_privacy.accept_hiding(None, None, HidingFactory(organisation=placed.organisation), "Domicile")
    assert telling(everything(placed), "9 QUAI SECRET", "31390") == set()


def accept(scene: Scene, field: str, value: str, **more: Any) -> Correction:
    row = CorrectionFactory(organisation=scene.organisation, field=field, value=value, **more)
    actions_corrections.accept_correction(None, None, row, "Vu au Journal officiel")
    return row


@pytest.fixture
def listed(placed: Scene) -> Callable[..., list[str]]:
    """Names that the list gives, by the index when it is made, else by the database."""

    def names(text: str = "", section: Section = Section.REGISTER, *, index: bool = True) -> list[str]:
        if index:
            writer.rebuild()
        filters = Filters(day=timezone.localdate(), text=text, section=section)
        asked = queries if index else queries_plain
        total = asked.facets(filters).total
        assert asked.count(filters) == len(asked.matching_ids(filters)) == total
        return sorted(row.name for row in queries.search_page(filters, total, 0, 50))

    return names


def test_a_corrected_name_is_shown_found_and_sorted_everywhere(
    placed: Scene, listed: Callable[..., list[str]]
) -> None:
    accept(placed, "name", "Zénith Solidaire")
    assert listed("zenith") == listed("foyer lac") == ["Zénith Solidaire"]
    assert listed() == ["Voisine du Lac", "Zénith Solidaire"]
    found = everything(placed)
    assert found["csv"].index("Voisine du Lac") < found["csv"].index("Zénith Solidaire")
    assert telling(found, "Zénith Solidaire") >= {
        "page",
        "card",
        "list",
        "near",
        "csv",
        "geojson",
        "neighbour",
    }
    assert telling(found, "Foyer du Lac") <= {"page", "framed page", "report", "hide"}  # « disent encore »
    index = MapIndex.read()
    said = {index.words(row)[1] for row in range(len(index.codes))}
    assert said == {"Zénith Solidaire", "Voisine du Lac"}


def test_other_corrected_facts_are_those_of_the_list_and_of_the_exports(placed: Scene) -> None:
    muret = TerritoryFactory(name="Muret", code="31395")
    place = placed.organisation.establishments.get(siret=SIRET)
    place.facts.is_head_office = True
    place.facts.save()
    accept(placed, "naf", "87.90A")
    accept(placed, "size_band", "12")
    accept(placed, "website", "https://neuf.example")
    accept(placed, "commune", muret.code, establishment=place)
    found = everything(placed)
    line = next(row for row in found["csv"].split("\r\n") if "Foyer du Lac" in row)
    for words in ("87.90A", "20 à 49 salariés", "https://neuf.example", "31395;Muret"):
        assert words in line, (words, line)
    assert telling(found, *POSITION) - {"near"} == set()  # the point was in the other commune
    day = timezone.localdate()
    counted = queries.facets(Filters(day=day))
    assert {value.value for value in counted.sizes} == {"0", "20-49"} or counted.employers == 1
    assert {value.label for value in counted.communes} == {"Muret", "Auterive"}
    assert [row.commune.name for row in queries.search_page(Filters(day=day, text="foyer"), 1, 0, 5)] == [
        "Muret"
    ]


@pytest.mark.parametrize("index", [True, False])
def test_said_not_of_the_ess_it_is_to_check(
    client: Client, placed: Scene, listed: Callable[..., list[str]], index: bool
) -> None:
    row = accept(placed, "not_ess", "oui", before="")
    assert listed(index=index) == ["Voisine du Lac"]
    assert listed(section=Section.TO_CHECK, index=index) == ["Foyer du Lac"]
    said = text_of(client.get(f"/registre/{placed.organisation.pk}/"))
    assert "Pourquoi elle est à vérifier" in said
    assert "Motif : Vu au Journal officiel" in said
    row.refresh_from_db()
    actions_corrections.settle_dispute(None, None, row, "Erreur", keep=False)
    assert listed(index=index) == ["Foyer du Lac", "Voisine du Lac"]


def state(scene: Scene) -> tuple[str, date | None]:
    found = Organisation.objects.get(pk=scene.organisation.pk)
    return found.state, found.closed_on


def test_said_closed_it_is_closed_until_the_correction_is_dropped(
    client: Client, placed: Scene, listed: Callable[..., list[str]]
) -> None:
    row = accept(placed, "closed", "oui", before="", evidence="Mme Untel me l’a dit")
    assert state(placed) == ("closed", timezone.localdate(row.created_at))
    row.refresh_from_db()
    assert row.state == "accepted"
    assert listed() == listed(index=False) == ["Voisine du Lac"]
    said = text_of(client.get(f"/registre/{placed.organisation.pk}/"))
    shown = ["Fermée le" in said, "Vu au Journal officiel" in said, "Untel" in said]
    assert shown == [True, True, False]
    actions_corrections.settle_dispute(None, None, row, "Elle a rouvert", keep=False)
    assert state(placed) == ("active", None)
    assert listed() == ["Foyer du Lac", "Voisine du Lac"]


def test_reopened_by_an_agent_the_correction_is_dropped(placed: Scene) -> None:
    row = accept(placed, "closed", "oui", before="")
    declare_state(
        None,
        None,
        placed.organisation,
        state="active",
        day=timezone.localdate(),
        reason="Elle rouvre",
        source="Appel",
    )
    row.refresh_from_db()
    assert (row.state, state(placed)) == ("dropped", ("active", None))


def test_dropping_a_correction_leaves_a_closing_that_agents_noted_before(placed: Scene) -> None:
    day = timezone.localdate()
    declare_state(None, None, placed.organisation, state="closed", day=day, reason="Dissoute", source="JO")
    row = CorrectionFactory(organisation=placed.organisation, field="closed", value="oui", before="")
    actions_corrections.accept_correction(None, None, row)
    row.refresh_from_db()
    if row.state == "accepted":
        actions_corrections.settle_dispute(None, None, row, "Doublon", keep=False)
    assert state(placed) == ("closed", day)


def test_an_edition_that_no_longer_has_it_takes_over_the_closing(placed: Scene) -> None:
    row = accept(placed, "closed", "oui", before="")
    OrganisationFacts.objects.filter(pk=placed.organisation.pk).update(present=False)
    assert actions_corrections.reconcile([placed.organisation.pk]) == (1, 0)
    row.refresh_from_db()
    assert row.state == "absorbed"


def test_the_list_costs_the_same_whatever_is_corrected(placed: Scene, django_assert_num_queries: Any) -> None:
    filters = Filters(day=timezone.localdate())
    queries.facets(filters)
    for number in range(5):
        other = FactsFactory(name=f"Autre {number}", organisation=OrganisationFactory(name=f"Autre {number}"))
        row = CorrectionFactory(organisation=other.organisation, value=f"Nouvelle {number}")
        actions_corrections.accept_correction(None, None, row)
    writer.rebuild()
    queries.facets(filters)
    with django_assert_num_queries(3):  # the index's state, the rows, their corrections
        names = [row.name for row in queries.search_page(filters, 7, 0, 25)]
    assert sum(name.startswith("Nouvelle") for name in names) == 5
