"""The directory of support: what the package brings, the list and its filters, what agents add, correct and close."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from essor.accounts.models import Membership
from essor.kernel import audit
from essor.kit import actions_support as actions
from essor.kit.actions_support import Described
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.models import Supporter, SupportMark
from essor.kit.support_seed import load_shipped, shipped
from essor.territories.enums import Kind
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db

MARKS = {Axis.ROLE: ["finance"], Axis.STAGE: ["launch"], Axis.PROFILE: [], Axis.THEME: []}


@pytest.fixture
def region() -> Territory:
    return TerritoryFactory(kind=Kind.REGION, code="11", name="Île-de-France")


@pytest.fixture
def agent() -> Membership:
    departement = TerritoryFactory(kind=Kind.DEPARTEMENT, code="30", name="Gard")
    TerritoryFactory(name="Nîmes", code="30189", departement=departement)
    return MembershipFactory(authority=AuthorityFactory(slug="gard", territory=departement), agent=True)


def said(name: str = "Club des Cévennes", marks: Any = None, **values: Any) -> Described:
    known = {
        "name": name,
        "offer": "Prête à des projets.",
        "source": "Son site",
        "source_day": date(2026, 1, 5),
    }
    return Described(known | values, marks or MARKS)


def signed(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def names(response: Any) -> list[str]:
    return [row["supporter"].name for row in response.context["rows"]]


def test_every_network_of_the_package_is_whole() -> None:
    assert len(shipped()) == 31
    for code, row in shipped().items():
        assert row["name"], code
        assert row["offer"], code
        assert row["source"], code
        for axis, plural in (
            ("role", "roles"),
            ("stage", "stages"),
            ("profile", "profiles"),
            ("theme", "themes"),
        ):
            assert set(row.get(plural, ())) <= set(CHOICES[axis].values), code
        assert "phone" not in row, code


def test_loading_twice_changes_nothing(region: Territory) -> None:
    first = load_shipped()
    before = list(Supporter.objects.values_list("pk", "updated_at"))
    second = load_shipped()
    assert (first.written, second.written, second.kept, second.closed) == (31, 0, 31, 0)
    assert list(Supporter.objects.values_list("pk", "updated_at")) == before


def test_an_upgrade_leaves_what_a_person_corrected_or_closed(region: Territory) -> None:
    load_shipped()
    editor = UserFactory()
    dla, adie = Supporter.objects.get(code="dla"), Supporter.objects.get(code="cigales")
    actions.correct_supporter(editor, dla, said("DLA du Gard"))
    actions.close_supporter(editor, adie, date(2026, 3, 1))
    load_shipped()
    dla.refresh_from_db()
    adie.refresh_from_db()
    assert (dla.name, dla.is_corrected, adie.closed_on) == ("DLA du Gard", True, date(2026, 3, 1))


def test_what_the_package_no_longer_has_is_closed(region: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    load_shipped()
    fewer = {code: row for code, row in shipped().items() if code != "etic"}
    monkeypatch.setattr("essor.kit.support_seed.shipped", lambda: fewer)
    assert load_shipped().closed == 1
    assert Supporter.objects.get(code="etic").closed_on is not None


def test_the_list_crosses_stage_profile_theme_and_words(region: Territory, client: Client) -> None:
    load_shipped()
    page = client.get("/kit/accompagnement/?role=finance&etape=launch&theme=food")
    assert names(page) == [
        "Cigales, clubs d’investisseurs solidaires", "France Active", "Plateformes de financement participatif",
        "Terre de Liens",
    ]  # fmt: skip
    assert names(client.get("/kit/accompagnement/?q=fonciere+agricoles")) == ["Terre de Liens"]
    assert [chip["label"] for chip in page.context["chips"]] == [
        "Financer",
        "Lancement",
        "Agriculture et alimentation",
    ]


def test_each_choice_of_a_filter_tells_what_it_would_give(region: Territory, client: Client) -> None:
    load_shipped()
    page = client.get("/kit/accompagnement/?etape=difficulty")
    for facet in page.context["facets"]:
        if facet["name"] == "etape":
            continue
        for option in facet["options"]:
            found = client.get(f"/kit/accompagnement/?etape=difficulty&{facet['name']}={option['value']}")
            assert found.context["count"] == option["count"], option


def test_the_list_of_an_authority_leaves_out_what_acts_elsewhere(
    region: Territory, agent: Membership
) -> None:
    load_shipped()
    client = Client()
    assert "Émergence Île-de-France" in names(client.get("/kit/accompagnement/?etape=emergence"))
    assert "Émergence Île-de-France" not in names(client.get("/gard/kit/accompagnement/?etape=emergence"))
    assert "Émergence Île-de-France" in names(
        client.get("/gard/kit/accompagnement/?etape=emergence&lieu=partout")
    )
    unknown = client.get("/gard/kit/accompagnement/?lieu=Atlantide")
    assert "Aucun territoire ne répond à « Atlantide »" in unknown.content.decode()


def test_an_agent_adds_corrects_closes_and_opens_again(agent: Membership) -> None:
    client = signed(agent)
    form = {
        "name": "Club des Cévennes", "offer": "Prête à des projets.", "source": "Son site", "source_day": "2026-01-05",
        "role": ["finance"], "stage": ["launch"], "theme": ["food"], "place": "Nîmes", "website": "https://club.example.org",
    }  # fmt: skip
    made_at = client.post("/gard/kit/accompagnement/ajouter/", form)["Location"]
    made = Supporter.objects.get()
    assert made_at == f"/gard/kit/accompagnement/{made.pk}/"
    assert (made.authority, made.territory and made.territory.name) == (agent.authority, "Nîmes")
    assert set(made.marks.values_list("axis", "code")) == {
        ("role", "finance"),
        ("stage", "launch"),
        ("theme", "food"),
    }
    client.post(f"{made_at}corriger/", form | {"name": "Club du Gard", "theme": []})
    made.refresh_from_db()
    assert (made.name, made.is_corrected, made.marks.count()) == ("Club du Gard", False, 2)
    client.post(f"{made_at}fermer/")
    assert names(client.get("/gard/kit/accompagnement/")) == []
    assert names(client.get("/gard/kit/accompagnement/?fermes=oui")) == ["Club du Gard"]
    assert names(Client().get("/gard/kit/accompagnement/?fermes=oui")) == []
    client.post(f"{made_at}fermer/", {"rouvrir": "oui"})
    assert names(client.get("/gard/kit/accompagnement/")) == ["Club du Gard"]
    assert [entry.sentence.split("a ")[-1][:6] for entry in audit.entries_for(made)] != []
    assert len(audit.entries_for(made)) == 4


def test_a_form_that_lacks_something_says_what(agent: Membership) -> None:
    page = signed(agent).post("/gard/kit/accompagnement/ajouter/", {"name": "Club", "place": "Atlantide"})
    assert set(page.context["form"].errors) == {"offer", "source", "role", "stage", "place"}
    assert Supporter.objects.count() == 0


def test_two_open_supporters_of_an_authority_never_bear_one_name(agent: Membership) -> None:
    actions.add_supporter(agent.user, agent.authority, said())
    with pytest.raises(ValidationError, match="déjà un acteur de ce nom"):
        actions.add_supporter(agent.user, agent.authority, said("CLUB des cévennes"))
    assert Supporter.objects.count() == 1


def test_closing_twice_and_unknown_codes_are_refused(agent: Membership) -> None:
    made = actions.add_supporter(agent.user, agent.authority, said())
    actions.close_supporter(agent.user, made, date(2026, 1, 1))
    with pytest.raises(ValidationError, match="déjà fermé"):
        actions.close_supporter(agent.user, made, date(2026, 1, 2))
    with pytest.raises(ValidationError, match="« moon » n’est pas connu"):
        actions.add_supporter(agent.user, None, said("Autre", MARKS | {Axis.THEME: ["moon"]}))
    assert SupportMark.objects.count() == 2


def test_an_agent_changes_neither_the_networks_nor_what_another_authority_keeps(
    region: Territory, agent: Membership
) -> None:
    load_shipped()
    national = Supporter.objects.get(code="dla")
    other = actions.add_supporter(UserFactory(), AuthorityFactory(slug="lozere"), said())
    client = signed(agent)
    for one, page in ((national, 200), (other, 404)):
        assert client.get(f"/gard/kit/accompagnement/{one.pk}/").status_code == page
        assert client.get(f"/gard/kit/accompagnement/{one.pk}/corriger/").status_code == 404
        assert client.post(f"/gard/kit/accompagnement/{one.pk}/fermer/").status_code == 404


def test_the_table_holds_the_same_rows_as_the_list(region: Territory, client: Client) -> None:
    load_shipped()
    text = b"".join(client.get("/kit/accompagnement/csv/?role=house&q=terre").streaming_content).decode()
    lines = text.strip().splitlines()
    assert (
        lines[0]
        .removeprefix("\ufeff")
        .startswith("Nom;Ce qu’il apporte;Ce qu’il fait;Moment du projet;Pour qui")
    )
    assert [row.split(";")[0] for row in lines[1:]] == ["Terre de Liens"]


@pytest.mark.parametrize(
    "path", ["/kit/accompagnement/", "/gard/kit/accompagnement/?etape=launch&profil=youth"]
)
def test_reading_asks_few_questions_of_the_database(
    path: str, region: Territory, agent: Membership, client: Client, django_assert_max_num_queries: Any
) -> None:
    load_shipped()
    with django_assert_max_num_queries(14):
        assert client.get(path).status_code == 200
