"""Alerts after a switch: what raises them, who sees them, what is made of them, who is written to."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from essor.accounts.models import Authority, User
from essor.kernel import retention
from essor.kernel.models import AuditEntry, OutboxMessage
from essor.registry import actions_alerts, alerts, digest
from essor.registry.models import Alert, AlertReview, AlertSubscription, Switch
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, EditionFactory, MembershipFactory, TerritoryFactory, UserFactory
from tests.registry.editions_made import make_places
from tests.registry.test_views_list import text_of
from tests.registry_factories import AlertFactory, ChangeFactory, FactsFactory, PlaceFactory, SwitchFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def places() -> dict[str, Territory]:
    return make_places()


@pytest.fixture
def switch() -> Switch:
    return SwitchFactory(replaced=EditionFactory())


@pytest.fixture
def agent(places: dict[str, Territory]) -> User:
    """An agent of the authority of Muret's intercommunality."""
    authority = AuthorityFactory(slug="muretain", name="Le Muretain", territory=places["Le Muretain Agglo"])
    return MembershipFactory(authority=authority, agent=True).user


@pytest.fixture
def authority(agent: User) -> Authority:
    return Authority.objects.get(slug="muretain")


@pytest.fixture
def signed_in(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def leave(switch: Switch, commune: Territory, *, to: str = "", **facts) -> None:
    """An organisation that the switch takes out of the register."""
    row = FactsFactory(present=False, commune=commune, **facts)
    ChangeFactory(
        switch=switch, edition=switch.edition, organisation=row.organisation, commune=commune,
        field="presence", before="present", after=to,
    )  # fmt: skip


def raised() -> list[tuple[str, str, str]]:
    return [
        (alert.kind, alert.territory.name, alert.sentence) for alert in Alert.objects.order_by("kind", "pk")
    ]


def test_a_large_employer_that_closes_or_leaves(switch: Switch, places: dict[str, Territory]) -> None:
    for number in range(2):  # the sector stays in both communes
        FactsFactory(commune=places["Muret"], size_band="12", name=f"Reste {number}")
    leave(switch, places["Muret"], to="closed", name="Ateliers du Lac", size_band="21")
    leave(switch, places["Muret"], name="Foyer du Bois", size_band="32")
    leave(switch, places["Muret"], name="Amicale", size_band="12")

    assert alerts.after_switch(switch) == 2
    assert raised() == [
        (
            "employer_closed",
            "Muret",
            "Ateliers du Lac (Muret, 50 à 99 salariés) est fermée selon Sirene.",
        ),
        (
            "employer_left",
            "Muret",
            "Foyer du Bois (Muret, 250 à 499 salariés) n’est plus dans les fichiers.",
        ),
    ]
    assert alerts.after_switch(switch) == 0  # run again, it raises nothing twice


def test_a_sharp_loss_of_jobs(switch: Switch, places: dict[str, Territory]) -> None:
    for band in ("11", "12"):
        row = FactsFactory(commune=places["Muret"], name=f"Foyer {band}", size_band=band)
        ChangeFactory(
            switch=switch, edition=switch.edition, organisation=row.organisation, commune=places["Muret"],
            before="21", after=band,
        )  # fmt: skip

    alerts.after_switch(switch)

    assert raised() == [
        ("jobs_lost", "Muret", "Foyer 11 (Muret) passe de « 50 à 99 salariés » à « 10 à 19 salariés ».")
    ]


def test_a_commune_and_an_intercommunality_that_lose_their_last_structure(
    switch: Switch, places: dict[str, Territory]
) -> None:
    seysses = TerritoryFactory(code="31547", name="Seysses", epci=places["Le Muretain Agglo"])
    FactsFactory(commune=seysses, naf="93.12Z")
    leave(switch, places["Muret"], naf="93.12Z")  # its neighbour has a club still
    leave(switch, places["Toulouse"], naf="88.99B")  # nobody else in the whole metropolis

    alerts.after_switch(switch)

    assert [(kind, place) for kind, place, _sentence in raised()] == [
        ("last_of_sector", "Toulouse Métropole"),
        ("last_of_sector", "Muret"),
    ]
    sentence = raised()[1][2]
    assert re.fullmatch(r"Muret n’a plus aucune structure du secteur « .+ »\.", sentence)


def test_a_place_of_an_organisation_seated_elsewhere_counts(
    switch: Switch, places: dict[str, Territory]
) -> None:
    other = FactsFactory(commune=places["Toulouse"], naf="93.12Z", size_band="02")
    PlaceFactory(organisation=other.organisation, commune=places["Muret"], is_head_office=False)
    leave(switch, places["Muret"], naf="93.12Z", size_band="01")

    assert alerts.after_switch(switch) == 0


def test_the_last_employer_of_a_sector(switch: Switch, places: dict[str, Territory]) -> None:
    stays = FactsFactory(commune=places["Muret"], naf="93.12Z", size_band="00")
    ChangeFactory(
        switch=switch, edition=switch.edition, organisation=stays.organisation, commune=places["Muret"],
        before="01", after="00",
    )  # fmt: skip

    alerts.after_switch(switch)

    assert [(kind, place) for kind, place, _sentence in raised()] == [("last_employer", "Le Muretain Agglo")]


def test_moving_or_changing_activity_leaves_a_commune_without(
    switch: Switch, places: dict[str, Territory]
) -> None:
    moved = FactsFactory(commune=places["Toulouse"], naf="93.12Z")
    ChangeFactory(
        switch=switch, edition=switch.edition, organisation=moved.organisation, commune=places["Toulouse"],
        field="commune_id", before=str(places["Muret"].pk), after=str(places["Toulouse"].pk),
    )  # fmt: skip
    turned = FactsFactory(commune=places["Toulouse"], naf="93.12Z")
    ChangeFactory(
        switch=switch, edition=switch.edition, organisation=turned.organisation, commune=places["Toulouse"],
        field="naf", before="88.99B", after="93.12Z",
    )  # fmt: skip

    alerts.after_switch(switch)

    assert {(kind, place) for kind, place, _sentence in raised()} == {
        ("last_of_sector", "Le Muretain Agglo"),
        ("last_of_sector", "Toulouse Métropole"),
    }


def test_going_back_withdraws_what_the_edition_raised(places: dict[str, Territory]) -> None:
    first = SwitchFactory()
    undone = SwitchFactory(replaced=first.edition)
    alert = AlertFactory(switch=undone, territory=places["Muret"])
    kept = AlertFactory(switch=first, territory=places["Muret"])

    assert (
        alerts.after_switch(SwitchFactory(edition=first.edition, replaced=undone.edition, going_back=True))
        == 1
    )
    alert.refresh_from_db()
    kept.refresh_from_db()
    assert (alert.withdrawn, kept.withdrawn) == (True, False)


def test_an_authority_sees_its_territory_only(
    authority: Authority, signed_in: Client, places: dict[str, Territory]
) -> None:
    mine = AlertFactory(territory=places["Muret"])
    group = AlertFactory(territory=places["Le Muretain Agglo"])
    other = AlertFactory(territory=places["Toulouse"])
    county = AuthorityFactory(territory=places["departement"])

    assert set(alerts.alerts_of(authority)) == {mine, group}
    assert set(alerts.alerts_of(county)) == {mine, group, other}
    assert set(alerts.alerts_of(AuthorityFactory(territory=None))) == set()
    said = text_of(signed_in.get("/muretain/alertes/"))
    assert (mine.sentence in said, other.sentence in said) == (True, False)
    assert signed_in.post(f"/muretain/alertes/{other.pk}/", {"state": "seen"}).status_code == 404


def test_seen_set_aside_and_back(
    authority: Authority, agent: User, signed_in: Client, places: dict[str, Territory]
) -> None:
    alert = AlertFactory(territory=places["Muret"])
    page, line = "/muretain/alertes/", f"/muretain/alertes/{alert.pk}/"

    assert alerts.waiting(authority) == 1
    signed_in.post(line, {"state": "seen", "back": f"{page}?nature=jobs_lost"})
    review = AlertReview.objects.get()
    assert (review.state, review.person, review.authority) == ("seen", agent, authority)
    assert alerts.waiting(authority) == 0
    assert alert.sentence in text_of(signed_in.get(f"{page}?etat=vues"))

    assert "Dites pourquoi" in text_of(signed_in.post(line, {"state": "set_aside"}, follow=True))
    signed_in.post(line, {"state": "set_aside", "word": "Déjà connue"})
    said = text_of(signed_in.get(f"{page}?etat=ecartees"))
    assert "Déjà connue" in said
    signed_in.post(line, {"state": "open"})
    assert alerts.waiting(authority) == 1
    assert list(
        AuditEntry.objects.filter(code__startswith="registry.alert")
        .order_by("pk")
        .values_list("code", "reason")
    ) == [
        ("registry.alert.seen", ""),
        ("registry.alert.set_aside", "Déjà connue"),
        ("registry.alert.reopened", ""),
    ]
    assert signed_in.post(line, {"state": "nonsense"}, follow=True).status_code == 200
    assert not AlertReview.objects.exists()


def test_the_list_leads_back_to_itself_only(signed_in: Client, places: dict[str, Territory]) -> None:
    alert = AlertFactory(territory=places["Muret"])
    response = signed_in.post(
        f"/muretain/alertes/{alert.pk}/", {"state": "seen", "back": "https://evil.example/?a=b"}
    )
    assert response["Location"] == "/muretain/alertes/?a=b"


def test_only_agents_of_the_authority_act(authority: Authority, places: dict[str, Territory]) -> None:
    alert = AlertFactory(territory=places["Muret"])
    for person in (
        UserFactory(),
        MembershipFactory(agent=True).user,
        MembershipFactory(authority=authority, elected=True).user,
    ):
        with pytest.raises(PermissionDenied):
            actions_alerts.review(person, authority, alert, "seen")
        with pytest.raises(PermissionDenied):
            actions_alerts.subscribe(person, authority)


def test_an_alert_elsewhere_is_refused(
    authority: Authority, agent: User, places: dict[str, Territory]
) -> None:
    with pytest.raises(ValidationError):
        actions_alerts.review(agent, authority, AlertFactory(territory=places["Toulouse"]), "seen")


def test_two_authorities_look_each_on_its_own(
    authority: Authority, agent: User, places: dict[str, Territory]
) -> None:
    alert = AlertFactory(territory=places["Muret"])
    county = AuthorityFactory(territory=places["departement"])
    actions_alerts.review(agent, authority, alert, "seen")

    assert (alerts.waiting(authority), alerts.waiting(county)) == (0, 1)


def test_the_csv_is_what_is_shown(signed_in: Client, places: dict[str, Territory]) -> None:
    alert = AlertFactory(territory=places["Muret"], sentence="=Formule")
    AlertFactory(territory=places["Muret"], kind="last_employer")

    response = signed_in.get("/muretain/alertes/alertes.csv?nature=jobs_lost")

    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Nature", "Alerte", "Territoire", "Édition", "État", "Motif", "Le"],
        [alert.get_kind_display(), "'=Formule", "Muret", "2026-11-01", "À regarder", "", ""],
    ]


def test_the_home_says_how_many_wait(signed_in: Client, places: dict[str, Territory]) -> None:
    AlertFactory.create_batch(2, territory=places["Muret"])

    assert "2 alertes du registre à regarder." in text_of(signed_in.get("/muretain/accueil/"))


def test_the_list_costs_the_same_whatever_its_length(
    signed_in: Client, places: dict[str, Territory], django_assert_max_num_queries
) -> None:
    for _each in range(20):
        row = FactsFactory(commune=places["Muret"])
        AlertFactory(territory=places["Muret"], organisation=row.organisation)
    signed_in.get("/muretain/alertes/")
    with django_assert_max_num_queries(16):
        signed_in.get("/muretain/alertes/")


# The weekly message.


def test_the_week_is_told_once_to_who_asks(
    authority: Authority, agent: User, signed_in: Client, places: dict[str, Territory]
) -> None:
    before = AlertFactory(territory=places["Muret"])
    page = "/muretain/alertes/"
    signed_in.post(f"{page}abonnement/", {"wanted": "yes", "back": page})
    assert digest.send_digests(MONDAY) == 0  # nothing new: nothing is sent
    new = AlertFactory(territory=places["Muret"])
    AlertFactory(territory=places["Toulouse"])

    assert digest.send_digests(MONDAY) == 1
    assert digest.send_digests(MONDAY) == 0
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == (agent.email, "1 alerte du registre à regarder")
    for body in (message.text, message.html):
        assert new.sentence in body
        assert before.sentence not in body
    link = re.search(r"/registre/alertes/desabonnement/[^/\s]+/", message.text)
    assert link

    visitor = Client()
    assert "Ne plus les recevoir" in text_of(visitor.get(link.group()))
    assert AlertSubscription.objects.exists()  # a link that a robot follows ends nothing
    assert "C’est fait" in text_of(visitor.post(link.group()))
    assert not AlertSubscription.objects.exists()
    assert visitor.post(link.group()).status_code == 200
    assert visitor.get("/registre/alertes/desabonnement/faux/").status_code == 404


def test_a_seen_or_withdrawn_alert_is_not_told(
    authority: Authority, agent: User, places: dict[str, Territory]
) -> None:
    actions_alerts.subscribe(agent, authority)
    actions_alerts.review(agent, authority, AlertFactory(territory=places["Muret"]), "seen")
    AlertFactory(territory=places["Muret"], withdrawn=True)

    assert digest.send_digests(MONDAY) == 0


def test_who_is_no_longer_an_agent_is_not_written_to(
    authority: Authority, agent: User, places: dict[str, Territory]
) -> None:
    actions_alerts.subscribe(agent, authority)
    AlertFactory(territory=places["Muret"])
    agent.memberships.all().delete()

    assert digest.send_digests(MONDAY) == 0
    assert not AlertSubscription.objects.exists()


def test_what_concerns_a_person_is_declared_and_exported(
    authority: Authority, agent: User, places: dict[str, Territory]
) -> None:
    actions_alerts.subscribe(agent, authority)
    alert = AlertFactory(territory=places["Muret"])
    actions_alerts.review(agent, authority, alert, "set_aside", "Connue")
    declared = retention.declared()

    exported = [
        dict(row)
        for model in ("registry.alertreview", "registry.alertsubscription")
        for row in declared[model].export(agent.pk)
    ]

    assert [(row.get("alerte"), row.get("motif"), row["collectivité"]) for row in exported] == [
        (alert.sentence, "Connue", "Le Muretain"),
        (None, None, "Le Muretain"),
    ]
