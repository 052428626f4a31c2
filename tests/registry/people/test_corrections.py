"""Corrections: reported, proposed, decided, laid over the open data."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from essor.kernel.models import AuditEntry, OutboxMessage
from essor.registry import actions_corrections as actions
from essor.registry import overlay_rows
from essor.registry.models import Correction, OrganisationFacts
from tests.factories import TerritoryFactory
from tests.people_factories import CorrectionFactory
from tests.registry.people.conftest import Scene, signed_in
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_count() -> None:
    cache.clear()


def page(client: Client, scene: Scene) -> str:
    return text_of(client.get(f"/registre/{scene.organisation.pk}/"))


def test_a_visitor_reports_and_the_agent_answers(client: Client, scene: Scene) -> None:
    address = f"/registre/{scene.organisation.pk}/signaler/"
    said = text_of(client.get(address))
    for words in (
        "À propos de : Foyer du Lac",
        "123 456 782",
        "Corriger aussi à la source",
        "Insee",
        "greffe des associations",
    ):
        assert words in said, words
    sent = {"field": "closed", "text": "Le local est fermé depuis mars.", "email": "voisin@exemple.fr"}
    assert client.post(address, sent).status_code == 302
    row = Correction.objects.get()
    assert (row.origin, row.field, row.before, row.reporter_email) == (
        "visitor",
        "other",
        "closed",
        "voisin@exemple.fr",
    )

    shown = text_of(signed_in(scene.agent).get(f"/ici/demandes/correction/{row.pk}/"))
    assert "Le local est fermé depuis mars." in shown
    assert "L’organisation est fermée" in shown
    actions.accept_correction(scene.agent, scene.authority, row, "Merci, nous corrigeons.")
    assert "Merci, nous corrigeons." in OutboxMessage.objects.get(to="voisin@exemple.fr").text
    assert "corrig" not in page(client, scene).casefold()  # a report changes nothing by itself


def test_reports_are_limited_by_visitor(client: Client, scene: Scene) -> None:
    address = f"/registre/{scene.organisation.pk}/signaler/"
    sent = {"field": "name", "text": "Le nom est tout à fait faux."}
    codes = [client.post(address, sent).status_code for _each in range(11)]
    assert codes == [302] * 10 + [429]
    assert client.get(address).status_code == 200
    assert client.post(address, {**sent, "text": "court"}, REMOTE_ADDR="10.0.0.9").status_code == 422


def test_a_member_proposes_an_agent_accepts_and_the_page_says_so(client: Client, scene: Scene) -> None:
    address = f"/registre/{scene.organisation.pk}/corriger/"
    choose = text_of(signed_in(scene.member).get(address))
    assert "Nom Foyer du Lac · Corriger" in choose
    assert "Corriger aussi à la source" in choose
    assert "les données publiques disent « Foyer du Lac »" in text_of(
        signed_in(scene.member).get(f"{address}?fait=name")
    )
    sent = {"field": "name", "value": "Le Grand Foyer", "evidence": "Journal officiel du 3 mars"}
    assert signed_in(scene.member).post(address, sent).status_code == 302
    row = Correction.objects.get()
    assert (row.before, row.value, row.origin) == ("Foyer du Lac", "Le Grand Foyer", "member")
    assert "Le Grand Foyer" not in page(client, scene)

    decide = f"/ici/demandes/correction/{row.pk}/"
    assert "Journal officiel du 3 mars" in text_of(signed_in(scene.agent).get(decide))
    assert signed_in(scene.agent).post(decide, {"act": "accept", "reason": "Vu au JO"}).status_code == 302

    said = page(client, scene)
    assert "Nom : Le Grand Foyer" in said
    assert "par Département d’ici. Source : l’organisation." in said
    assert "Les données publiques disent encore « Foyer du Lac »." in said
    assert "<h1>Le Grand Foyer</h1>" in client.get(f"/registre/{scene.organisation.pk}/").content.decode()
    assert OrganisationFacts.objects.get(pk=scene.facts.pk).name == "Foyer du Lac"
    assert overlay_rows.corrected_names([scene.organisation.pk]) == {scene.organisation.pk: "Le Grand Foyer"}
    assert "acceptée" in OutboxMessage.objects.get(to=scene.member.email).subject
    assert AuditEntry.objects.filter(code="registry.claim.told", authority_id=scene.other.pk).count() == 1


def test_each_fact_is_corrected_in_its_own_terms(client: Client, scene: Scene) -> None:
    muret = TerritoryFactory(name="Muret", code="31395")
    wanted = {
        "address": {"value": "8 quai du Lac, 31600"},
        "commune": {"value": "Muret"},
        "naf": {"value": "8790A"},
        "size_band": {"value": "12"},
        "website": {"value": "neuf.example"},
        "closed": {},
        "not_ess": {},
    }
    for field, values in wanted.items():
        answer = signed_in(scene.agent).post(
            f"/registre/{scene.organisation.pk}/corriger/", {"field": field, "evidence": "Vu", **values}
        )
        assert answer.status_code == 302, (field, answer.content.decode()[-3000:])
    rows = {row.field: row for row in Correction.objects.all()}
    assert {field: (row.before, row.value) for field, row in rows.items()} == {
        "address": ("3 RUE DES LILAS, 31000", "8 quai du Lac, 31600"),
        "commune": (scene.facts.commune.code, muret.code),
        "naf": ("88.99B", "87.90A"),
        "size_band": ("NN", "12"),
        "website": ("www.foyer-du-lac.example", "https://neuf.example"),
        "closed": ("", "oui"),
        "not_ess": ("", "oui"),
    }
    for row in rows.values():
        actions.accept_correction(scene.agent, scene.authority, row)
    said = page(client, scene)
    for words in (
        "8 quai du Lac, 31600 Muret", "20 à 49 salariés", "(87.90A)", "Aller sur neuf.example",
        "L’organisation est fermée", "L’organisation n’est pas de l’ESS", "Commune : Muret",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"field": "name", "value": "", "evidence": "x"}, "Le bon nom"),
        ({"field": "name", "value": "FOYER DU LAC", "evidence": "x"}, "déjà ce que disent"),
        ({"field": "naf", "value": "99.99Z", "evidence": "x"}, "pas un code NAF"),
        ({"field": "size_band", "evidence": "x"}, "Le bon effectif"),
        ({"field": "commune", "value": "Nulle part", "evidence": "x"}, "Aucun territoire"),
        ({"field": "website", "value": "javascript:alert(1)", "evidence": "x"}, "pas une adresse de site"),
        ({"field": "name", "value": "Autre", "evidence": " "}, "ce qui le montre"),
    ],
)
def test_what_is_not_a_correction_is_refused(scene: Scene, values: dict[str, str], said: str) -> None:
    answer = signed_in(scene.member).post(f"/registre/{scene.organisation.pk}/corriger/", values)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Correction.objects.exists()


def test_only_members_and_agents_of_the_territory_propose(scene: Scene) -> None:
    for other in (scene.person, scene.stranger):
        with pytest.raises(PermissionDenied):
            actions.propose(other, scene.organisation, "name", "Faux", "rien")
    row = CorrectionFactory(organisation=scene.organisation)
    with pytest.raises(PermissionDenied):
        actions.accept_correction(scene.member, None, row)
    with pytest.raises(PermissionDenied):
        actions.accept_correction(scene.stranger, scene.authority, row)


def test_a_refusal_says_why_and_changes_nothing(client: Client, scene: Scene) -> None:
    row = CorrectionFactory(organisation=scene.organisation, author=scene.member, before="Foyer du Lac")
    with pytest.raises(ValidationError):
        actions.refuse_correction(scene.agent, scene.authority, row, "")
    actions.refuse_correction(scene.agent, scene.authority, row, "Le nom est celui des statuts.")
    assert "celui des statuts" in OutboxMessage.objects.get(to=scene.member.email).text
    assert "Nouveau Nom" not in page(client, scene)
    with pytest.raises(ValidationError, match="une autre personne"):
        actions.accept_correction(scene.other_agent, scene.other, Correction.objects.get(pk=row.pk))


def test_a_second_correction_takes_the_place_of_the_first(client: Client, scene: Scene) -> None:
    first = CorrectionFactory(organisation=scene.organisation, value="Premier")
    second = CorrectionFactory(organisation=scene.organisation, value="Second")
    actions.accept_correction(scene.agent, scene.authority, first)
    actions.accept_correction(scene.other_agent, scene.other, second)
    first.refresh_from_db()
    assert first.state == "dropped"
    assert "Nom : Second" in page(client, scene)


def test_who_proposed_withdraws(scene: Scene) -> None:
    row = actions.propose(scene.member, scene.organisation, "name", "Autre", "JO")
    address = f"/registre/mes-organisations/corrections/{row.pk}/retirer/"
    assert signed_in(scene.person).post(address).status_code == 404
    assert signed_in(scene.member).post(address).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("voisin@exemple.fr", "Votre décision est enregistrée ; la personne est prévenue."),
        ("", "Votre décision est enregistrée. Personne n’a laissé d’adresse où répondre."),
    ],
)
def test_the_agent_knows_whether_somebody_is_told(scene: Scene, email: str, told: str) -> None:
    row = actions.report(scene.organisation, "closed", "Le local est fermé depuis mars.", email)
    agent = signed_in(scene.agent)
    waiting = [each.text for each in agent.get("/ici/accueil/").context["waiting"]]
    assert waiting == ["1 demande à propos du registre à examiner."]
    done = agent.post(f"/ici/demandes/correction/{row.pk}/", {"act": "accept", "reason": ""}, follow=True)
    assert told in text_of(done)
    assert agent.get("/ici/accueil/").context["waiting"] == []


def test_a_member_asks_for_a_tag_and_an_agent_puts_it(client: Client, scene: Scene) -> None:
    member, address = signed_in(scene.member), f"/registre/{scene.organisation.pk}/corriger/"
    assert "Une étiquette manque" in text_of(member.get(address))
    assert "L’étiquette" in text_of(member.get(f"{address}?fait=tag"))
    sent = {"field": "tag", "evidence": "Convention de la DDETS du 3 mars"}
    assert member.post(address, {**sent, "value": "inconnue"}).status_code == 422
    for code in ("aci", "ea"):
        assert member.post(address, {**sent, "value": code}).status_code == 302
    assert member.post(address, {**sent, "value": "aci"}).status_code == 422  # asked already
    first, second = Correction.objects.order_by("pk")
    assert "Atelier et chantier d’insertion" not in page(client, scene)

    decide = f"/ici/demandes/correction/{first.pk}/"
    assert "Atelier et chantier d’insertion" in text_of(signed_in(scene.agent).get(decide))
    assert signed_in(scene.agent).post(decide, {"act": "accept", "reason": ""}).status_code == 302
    said = page(client, scene)
    assert "Atelier et chantier d’insertion" in said
    assert "Demande de l’organisation, vérifiée" in said
    assert "DDETS" not in said
    assert "Une étiquette manque" not in said
    actions.accept_correction(scene.agent, scene.authority, second)
    assert sorted(scene.organisation.tags.values_list("code", "source")) == [
        ("aci", f"authority:{scene.authority.pk}"), ("ea", f"authority:{scene.authority.pk}"),
    ]  # fmt: skip
    assert member.post(address, {**sent, "value": "aci"}).status_code == 422  # borne already
    assert actions.reconcile(None) == (0, 0)
