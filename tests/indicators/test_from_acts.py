"""Indicators made of acts, from the lever to the page that lists the acts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from essor.indicators import catalogue, from_acts, materialise, queries
from essor.indicators.definition import AUTHORITY, Parts, year
from essor.indicators.models import Materialised, Observation
from essor.indicators.queries import Wanted
from essor.kernel.models import Job
from essor.kit.policies import actions as policies
from essor.territories.enums import Kind
from tests import acts_made
from tests.acts_made import act, make
from tests.factories import AuthorityFactory, MembershipFactory, ServiceFactory, TerritoryFactory
from tests.indicators.asking import signed
from tests.registry_factories import FactsFactory, MergeFactory, PlaceFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)
SPAN = year(2025)
INSIDE = [{"generation": 2024, "code": "QN03101M", "relation": "in"}]


@pytest.fixture(autouse=True)
def lever(monkeypatch: Any) -> Iterator[None]:
    acts_made.install(monkeypatch)
    yield
    acts_made.uninstall()


@pytest.fixture
def place() -> dict[str, Any]:
    """A département with an intercommunality of two communes, and an agent of its council."""
    department = TerritoryFactory(departement_kind=True)
    epci = TerritoryFactory(
        kind=Kind.EPCI, code="200000001", epci_type="cc", departement=department, name="Les Vals"
    )
    communes = [TerritoryFactory(epci=epci, departement=department) for _rank in range(2)]
    authority = AuthorityFactory(slug="dep", territory=department, name="Département")
    agent = MembershipFactory(authority=authority, agent=True)
    return {
        "department": department,
        "epci": epci,
        "communes": communes,
        "authority": authority,
        "agent": agent,
    }


def run() -> materialise.Counts:
    return materialise.materialise(TODAY, timezone.now(), acts_only=True)


def value(code: str, place: Any, authority: Any, parts: Parts = (), span: Any = SPAN) -> Any:
    known = catalogue.everything(authority.pk if authority else None)
    cells = queries.load(known[code], Wanted([place.pk], [span], with_parts=True), known)
    cell = cells.get((span, place.pk, parts))
    return cell.value if cell else None


def test_acts_become_figures_on_each_territory_and_part(place: dict[str, Any]) -> None:
    authority, (one, two) = place["authority"], place["communes"]
    other = AuthorityFactory(territory=one)
    service = ServiceFactory(authority=authority)
    helped, away = FactsFactory(family="cooperative").organisation, FactsFactory().organisation
    PlaceFactory(organisation=helped, longitude=1.4, latitude=43.6, qpv=INSIDE)
    PlaceFactory(organisation=away, longitude=1.5, latitude=43.6)
    day = date(2025, 4, 2)
    make(
        act(
            authority,
            day,
            organisation=helped.pk,
            territory=one.pk,
            amount=100_050,
            policy="habitat",
            odd="|8|11|",
        ),
        act(authority, day, organisation=helped.pk, territory=two.pk, amount=50_000, service=service.pk),
        act(authority, day, organisation=away.pk, amount=10_000),
        act(authority, day, kind="essai.loan", amount=999_999),
        act(other, day, organisation=away.pk, amount=7_700),
    )
    counts = run()
    assert counts.indicators == len(acts_made.INDICATORS)
    assert [
        value("essai.actes", each, authority) for each in (one, two, place["epci"], place["department"])
    ] == [1, 1, 2, 3]
    assert value("essai.montant", place["department"], authority) == Decimal("1600.50")
    assert value("essai.organisations", place["department"], authority) == 2
    assert value("essai.organisations", place["epci"], authority) == 1
    assert value("essai.part_qpv", place["department"], authority) == pytest.approx(
        Decimal("1500.50") / Decimal("1600.50")
    )
    for part, expected in (
        (("politique", "habitat"), Decimal("1000.50")),
        (("service", str(service.pk)), 500),
        (("odd", "8"), Decimal("1000.50")),
        (("odd", "11"), Decimal("1000.50")),
        (("fiche", "K02"), Decimal("1600.50")),
        (("famille", "cooperative"), Decimal("1500.50")),
        (("famille", "association"), 100),
    ):
        assert value("essai.montant", place["department"], authority, (part,)) == expected
    # Another authority reads its own; without a frame nothing is put together, each is told apart.
    assert value("essai.montant", one, other) == 77
    assert value("essai.montant", place["department"], None) is None
    assert value("essai.montant", place["department"], None, ((AUTHORITY, str(other.pk)),)) == 77
    assert run().same == Observation.objects.filter(code__startswith="essai.").count()


def test_what_is_withdrawn_leaves_the_series_whole_periods_too(place: dict[str, Any]) -> None:
    make(
        act(place["authority"], date(2023, 1, 5), amount=100),
        act(place["authority"], date(2025, 1, 5), amount=100),
    )
    run()
    Job.objects.filter(created_at__year=2023).delete()
    run()
    rows = Observation.objects.filter(
        code="essai.actes", territory=place["department"], parts__contains="collectivite"
    )
    assert sorted(set(rows.values_list("start__year", flat=True))) == [2025, 2026]
    Job.objects.all().delete()
    run()
    assert not Observation.objects.filter(code__startswith="essai.").exists()


def test_a_policy_melted_into_another_is_read_as_it(place: dict[str, Any]) -> None:
    authority, agent = place["authority"], place["agent"].user
    policies.merge(agent, authority, "habitat", "culture")
    make(
        act(authority, date(2025, 1, 5), policy="habitat"), act(authority, date(2025, 1, 5), policy="culture")
    )
    run()
    assert value("essai.actes", place["department"], authority, (("politique", "culture"),)) == 2
    assert value("essai.actes", place["department"], authority, (("politique", "habitat"),)) is None


def test_a_merged_organisation_is_helped_once(place: dict[str, Any]) -> None:
    merge = MergeFactory(kept_id=FactsFactory().organisation_id)
    gone = merge.absorbed
    gone.merged_into_id = merge.kept_id
    gone.save(update_fields=["merged_into"])
    day = date(2025, 1, 5)
    make(*(act(place["authority"], day, organisation=pk) for pk in (gone.pk, merge.kept_id)))
    run()
    assert value("essai.organisations", place["department"], place["authority"]) == 1


def test_figures_are_due_once_and_again_when_a_lever_says_so(
    place: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    assert materialise.is_due()
    run()
    assert not materialise.is_due()
    assert Materialised.objects.get(code="essai.actes").stamp == "v1"
    with django_capture_on_commit_callbacks(execute=True):
        from_acts.acts_changed()
        from_acts.acts_changed()
    assert Job.objects.filter(kind=from_acts.JOB).count() == 1


# ── The acts behind a figure ──


@pytest.fixture
def filled(place: dict[str, Any]) -> dict[str, Any]:
    authority, one = place["authority"], place["communes"][0]
    helped = FactsFactory(name="Les Cigales").organisation
    make(
        *(
            act(
                authority, date(2025, 1 + rank, 3), organisation=helped.pk, territory=one.pk, amount=1000 * (rank + 1),
                policy="habitat" if rank % 2 else "culture", reference=f"A{rank}",
            )
            for rank in range(6)
        )
    )  # fmt: skip
    run()
    return place


def page(client: Client, code: str, place: Any, frame: str = "/dep", **query: str) -> Any:
    return client.get(
        f"{frame}/indicateurs/{code}/actes/", {"territoire": place.ref, "periode": "2025-01-01", **query}
    )


@pytest.mark.parametrize("code", ["essai.actes", "essai.montant", "essai.organisations"])
def test_the_list_is_worth_the_figure(filled: dict[str, Any], code: str) -> None:
    client, department = signed(filled["agent"]), filled["department"]
    response = page(client, code, department)
    (told,) = response.context["made"]
    assert (told["seen"], told["written"]) == (True, "")
    assert [row["act"].reference for row in response.context["rows"]] == ["A5", "A4", "A3", "A2", "A1", "A0"]
    assert response.context["rows"][0]["url"] == "/essai/A5/"
    assert "Subvention" in response.content.decode()
    whole = client.get(f"/dep/indicateurs/{code}/", {"territoire": department.ref, "periode": "2025-01-01"})
    assert whole.context["value"] == told["value"]
    link = whole.context["made"]["list_url"]
    assert client.get(link).context["made"] == response.context["made"]


def test_the_list_follows_the_parts(filled: dict[str, Any]) -> None:
    client, one = signed(filled["agent"]), filled["communes"][0]
    response = page(client, "essai.montant", one, politique="habitat")
    assert [row["act"].reference for row in response.context["rows"]] == ["A5", "A3", "A1"]
    assert response.context["made"][0]["value"] == "120,00\u00a0€"
    assert page(client, "essai.montant", one, politique="inconnue").status_code == 404
    # Where there is no figure, its page says it.
    assert page(client, "essai.montant", filled["communes"][1]).status_code == 302


def test_others_see_the_number_and_nothing_else(filled: dict[str, Any], client: Client) -> None:
    for frame in ("/dep", ""):
        for who in (client, signed(MembershipFactory(agent=True))):
            response = page(who, "essai.actes", filled["department"], frame)
            (told,) = response.context["made"]
            assert (told["seen"], told["count"], told["value"]) == (False, "6\u00a0actes", "6\u00a0aides")
            assert response.context["rows"] == []
            text = response.content.decode()
            assert "Les Cigales" not in text
            assert "/essai/A5/" not in text
            address = f"{frame}/indicateurs/essai.actes/actes/csv/?territoire={filled['department'].ref}"
            assert who.get(address).status_code == 404
    # A member of the authority sees them outside its frame too.
    assert len(page(signed(filled["agent"]), "essai.actes", filled["department"], "").context["rows"]) == 6


def test_a_hidden_figure_does_not_even_tell_its_number(filled: dict[str, Any], client: Client) -> None:
    response = page(client, "essai.secret", filled["department"])
    assert (response.context["made"][0]["is_told"], response.context["made"][0]["count"]) == (False, "")
    # Nor a part that no rule of secrecy looked at.
    response = page(client, "essai.secret", filled["department"], politique="sport")
    assert [each["is_told"] for each in response.context["made"]] in ([], [False])
    seen = page(signed(filled["agent"]), "essai.secret", filled["department"])
    assert (seen.context["made"][0]["count"], seen.context["made"][0]["hidden"]) == ("6\u00a0actes", True)


def test_a_change_since_the_figure_is_said(filled: dict[str, Any]) -> None:
    make(act(filled["authority"], date(2025, 8, 1), amount=5))
    (told,) = page(signed(filled["agent"]), "essai.actes", filled["department"]).context["made"]
    assert (told["value"], told["written"]) == ("7\u00a0aides", "6\u00a0aides")


def test_the_file_has_the_acts_of_the_page(filled: dict[str, Any]) -> None:
    address = "/dep/indicateurs/essai.part_qpv/actes/csv/"
    make(act(filled["authority"], date(2025, 8, 1), amount=5, reference="=A1+A2"))
    client = signed(filled["agent"])
    query = {"territoire": filled["department"].ref, "periode": "2025-01-01"}
    assert client.get(address, query).status_code == 404  # nobody knows where these organisations are
    text = b"".join(client.get("/dep/indicateurs/essai.montant/actes/csv/", query).streaming_content).decode(
        "utf-8-sig"
    )  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert lines[0] == "date;nature;reference;objet;organisation;montant;collectivite"
    assert lines[1] == "2025-08-01;Subvention;'=A1+A2;Acte d’essai;;0,05;Département"
    assert lines[2] == "2025-06-03;Subvention;A5;Acte d’essai;Les Cigales;60,00;Département"
    assert len(lines) == 8


def test_a_figure_that_is_not_made_of_acts_leads_to_its_page(place: dict[str, Any], client: Client) -> None:
    response = client.get("/indicateurs/registre.organisations/actes/")
    assert (
        response.status_code,
        response["Location"].startswith("/indicateurs/registre.organisations/"),
    ) == (302, True)


# ── Thousands of acts ──


def many(place: dict[str, Any], count: int) -> None:
    facts = [FactsFactory().organisation_id for _rank in range(5)]
    make(
        *(
            act(
                place["authority"], date(2022 + rank % 4, 1 + rank % 12, 1 + rank % 28), organisation=facts[rank % 5],
                territory=place["communes"][rank % 2].pk, amount=rank, policy="habitat", odd="|8|",
            )
            for rank in range(count)
        )
    )  # fmt: skip


def test_the_number_of_queries_does_not_follow_the_number_of_acts(
    place: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    many(place, 3000)
    with django_assert_max_num_queries(62):  # 8 to read, then some ten for each of the five indicators
        run()
    assert value("essai.actes", place["department"], place["authority"], span=year(2024)) == 750
    client = signed(place["agent"])
    with django_assert_max_num_queries(24):
        response = page(client, "essai.montant", place["department"])
    assert response.context["page_obj"].paginator.count == 750
    with django_assert_max_num_queries(24):
        assert client.get("/dep/indicateurs/essai.montant/").status_code == 200
