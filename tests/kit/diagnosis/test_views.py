"""The self-diagnosis over HTTP: a campaign from its opening to its report; tokens, late answers, number of queries."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from essor.accounts.models import Authority, User
from essor.kernel.models import OutboxMessage
from essor.kernel.periods import today
from essor.kernel.questions.models import Response
from essor.kit.diagnosis.actions import join_member
from essor.kit.diagnosis.actions_agree import Agreement, agree
from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import AgreedValue, Campaign, Respondent, SharingConsent
from tests.diagnosis_factories import answered, campaign_of
from tests.factories import AuthorityFactory, MandateFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory(slug="essai", kind="departement")


@pytest.fixture
def agent(authority: Authority) -> User:
    user: User = RoleGrantFactory(membership__authority=authority, role="agent").membership.user
    return user


@pytest.fixture
def at_work(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode().replace("\u00a0", " ")


BASE = "/essai/kit/autodiagnostic/"


def test_the_grid_is_read_by_all_and_fiches_lead_to_it(client: Client, authority: Authority) -> None:
    page = text(client, "/kit/autodiagnostic/grille/")
    assert "À l’époque de l’étude : 84 collectivités sur 128" in page
    assert page.count('class="diagnosis-stages"') == 30
    assert "Nos autodiagnostics" not in page
    fiche = text(client, "/essai/kit/fiches/C2/")
    assert "/essai/kit/autodiagnostic/grille/#levier-instance" in fiche
    assert 'id="levier-instance"' in text(client, f"{BASE}grille/")
    assert "Où en êtes-vous ?" in text(client, "/kit/")


def test_a_commune_may_leave_out_what_is_not_for_it_and_sees_why(agent: User, at_work: Client) -> None:
    Authority.objects.update(kind="commune")
    page = text(at_work, f"{BASE}ouvrir/")
    assert re.search(r'value="communes">', page)
    assert re.search(r'value="portage" checked>', page)
    assert (
        "Ce levier s’adresse à d’autres niveaux : intercommunalité, métropole, département, région." in page
    )


def test_from_the_opening_to_the_next_step(agent: User, at_work: Client, authority: Authority) -> None:
    at_work.post(
        f"{BASE}ouvrir/",
        {"title": "En 2026", "closes_on": today() + timedelta(days=9), "levers": ["instance", "achats"]},
    )
    campaign = Campaign.objects.get()
    assert campaign.left_out["portage"] == "Choix de la collectivité"
    at_work.post(
        f"{BASE}{campaign.pk}/inviter/", {"emails": "a@example.org\nb@example.org", "role": "partner"}
    )
    assert OutboxMessage.objects.count() == 2
    page = text(at_work, f"{BASE}{campaign.pk}/")
    assert "commencé : 0 sur 2" in page
    assert f'href="{BASE}{campaign.pk}/repondre/"' in text(at_work, BASE)
    assert "Pas encore de résultat" in page
    for stage, role in (("4", Role.ELECTED), ("2", Role.AGENT)):
        for _number in range(3):
            answered(campaign, role, {"instance": stage}, "5")
    page = text(at_work, f"{BASE}{campaign.pk}/")
    assert "3 personnes élues disent 4, 3 agentes et agents disent 2." in page
    assert "2 stades d’écart × facilité 3" in page
    assert escape(grid().levers["instance"].step_from(3).do) in page  # what to do, before it is agreed
    url = f"{BASE}{campaign.pk}/leviers/instance/"
    assert "de 2 à 4" not in text(at_work, url)
    said = {"stage": "3", "ambition": "5", "note": "Oui", "step": "Réunir", "who": "Service", "revision": "0"}
    assert at_work.post(url, said | {"suite": ""}).url == f"{BASE}{campaign.pk}/"  # type: ignore[attr-defined]
    again = at_work.post(url, said | {"stage": "1"}).content.decode()
    assert "vient d’inscrire une autre valeur" in again
    assert 'name="revision" value="1"' in again
    assert AgreedValue.objects.get().stage == 3
    at_work.post(f"{BASE}{campaign.pk}/arreter/")
    assert Campaign.objects.get().is_agreed
    page = text(at_work, url)
    assert "Réunir" in page
    assert "<textarea" not in page
    assert at_work.get(f"{BASE}{campaign.pk}/rapport.pdf")["Content-Type"] == "application/pdf"
    lines = b"".join(at_work.get(f"{BASE}{campaign.pk}/resultats.csv")).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[2].startswith(
        "Décider avec;Instance avec les acteurs;3;oui;3;6;0;4;2;;5;;;Réunir;Service;;Oui"
    )


def test_mistakes_are_told_and_nothing_is_lost(agent: User, at_work: Client, authority: Authority) -> None:
    page = at_work.post(
        f"{BASE}ouvrir/", {"title": "Titre gardé", "closes_on": "2001-01-01", "levers": ["instance"]}
    )
    told = page.content.decode()
    assert "choisissez un jour à venir" in told
    assert "Titre gardé" in told
    assert 'value="instance" checked' in told
    campaign = campaign_of(authority, agent)
    told = at_work.post(
        f"{BASE}{campaign.pk}/inviter/", {"emails": "a@example.org\nzut", "role": "agent"}
    ).content.decode()
    assert "Ligne 2 : « zut »" in told.replace("\u00a0", " ")
    assert not Respondent.objects.exists()


# ── Answering ──


def test_an_outsider_comes_by_the_link_says_a_role_and_answers(client: Client, authority: Authority) -> None:
    campaign = campaign_of(authority)
    page = client.post(f"{BASE}lien/{campaign.link}/", {"role": "partner"})
    own = page["Location"]
    assert "0 / 6" in text(client, own)
    sent = client.post(f"{own}associer/", {"instance": "3", "instance_ambition": "4", "revision": "1"})
    assert sent.status_code == 302
    assert "1 / 6" in text(client, own)
    assert Response.objects.get().answers == {"instance": "3", "instance_ambition": "4"}
    assert client.post(f"{own}fin/", {"revision": Response.objects.get().revision}).url == own  # type: ignore[attr-defined]
    assert "Vos réponses sont envoyées" in text(client, own)
    assert Respondent.objects.get().has_finished


def test_a_token_shows_its_own_answers_and_nothing_else(
    client: Client, agent: User, authority: Authority
) -> None:
    campaign = campaign_of(authority)
    one = answered(campaign, Role.PARTNER, {"instance": "5"}).response
    two = answered(campaign, Role.PARTNER, {"instance": "1"}).response
    member = join_member(campaign, agent, Role.AGENT, today()).response
    assert one is not None
    assert two is not None
    assert member is not None
    review = text(client, f"{BASE}reponse/{one.token}/fin/")
    assert "5 · Reconnu et évalué" in review
    assert "1 · Rien encore" not in review
    AuthorityFactory(slug="voisine")
    for url in (
        f"/voisine/kit/autodiagnostic/reponse/{one.token}/",
        f"{BASE}reponse/{member.token}/",
        f"{BASE}reponse/rien/",
        f"/voisine/kit/autodiagnostic/lien/{campaign.link}/",
    ):
        assert client.get(url).status_code in (403, 404), url
    for url in (f"/kit/autodiagnostic/reponse/{one.token}/", f"{BASE}{campaign.pk}/"):
        assert client.get(url)["Location"].startswith("/compte/connexion/")
    client.force_login(agent)
    assert client.get(f"{BASE}reponse/{member.token}/").status_code == 200


def test_too_late_to_answer_what_was_kept_stays(client: Client, authority: Authority) -> None:
    campaign = campaign_of(authority, day=today() - timedelta(days=40))
    respondent = answered(campaign, Role.PARTNER, {"instance": "5"}, day=today() - timedelta(days=39))
    assert respondent.response is not None
    own = f"{BASE}reponse/{respondent.response.token}/"
    assert "Il est trop tard pour répondre" in text(client, own)
    assert client.post(f"{own}associer/", {"instance": "1", "revision": "9"}).status_code == 302
    assert client.post(f"{own}fin/", {"revision": "9"}).status_code == 302
    assert Response.objects.get().answers == {"instance": "5"}
    late = client.post(f"{BASE}lien/{campaign.link}/", {"role": "partner"})
    assert "Il est trop tard" in late.content.decode()
    assert Respondent.objects.count() == 1


def test_members_answer_as_what_they_are(authority: Authority, agent: User) -> None:
    campaign = campaign_of(authority)
    elected = MandateFactory(membership__authority=authority).membership.user
    for person, role in ((agent, Role.AGENT), (elected, Role.ELECTED)):
        client = Client()
        client.force_login(person)
        for _twice in range(2):
            assert "/reponse/" in client.get(f"{BASE}{campaign.pk}/repondre/")["Location"]
        assert Respondent.objects.get(user=person).role == role


def test_sharing_is_accepted_and_taken_back(at_work: Client, authority: Authority) -> None:
    at_work.post(f"{BASE}partage/", {"partager": "oui"})
    assert SharingConsent.objects.get().authority == authority
    assert "Partage accepté le" in text(at_work, BASE)
    at_work.post(f"{BASE}partage/", {"partager": "non"})
    assert not SharingConsent.objects.exists()


def test_pages_ask_few_questions(
    at_work: Client, agent: User, authority: Authority, django_assert_max_num_queries: Any
) -> None:
    campaign = campaign_of(authority, agent)
    agree(agent, campaign, "instance", Agreement(3))
    for _number in range(6):
        answered(campaign, Role.AGENT, {"instance": "3", "achats": "2"})
    for url, most in (
        (BASE, 12),
        (f"{BASE}{campaign.pk}/", 18),
        (f"{BASE}{campaign.pk}/leviers/instance/", 15),
    ):
        with django_assert_max_num_queries(most):
            assert at_work.get(url).status_code == 200
