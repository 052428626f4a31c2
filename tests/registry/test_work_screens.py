"""The screens of agents' work: what is shown first, what a form does, where one goes after."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from essor.accounts.models import Authority
from essor.registry.actions_merge import merge
from essor.registry.models import DistinctPair, HidingRequest, Merge, Organisation, OrganisationLink
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.people_factories import HidingFactory
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory(slug="lac", name="Département du Lac")


@pytest.fixture
def agent(authority: Authority, client: Client) -> Client:
    client.force_login(MembershipFactory(authority=authority, agent=True).user)
    edition_in_force()
    return client


def refusal(response: Any) -> str:
    """What a form that was refused says."""
    assert response.status_code == 422
    response.status_code = 200
    return text_of(response)


def held(authority: Authority, **values: Any) -> Organisation:
    commune = values.pop("commune", None) or TerritoryFactory(departement=authority.territory)
    facts = FactsFactory(commune=commune, **values)
    PlaceFactory(organisation=facts.organisation, commune=commune, address=f"{facts.pk} RUE DES LILAS")
    return facts.organisation


def test_adding_shows_look_alikes_first_then_adds(authority: Authority, agent: Client) -> None:
    commune = TerritoryFactory(departement=authority.territory, name="Auterive", code="31033")
    known = held(authority, name="RESSOURCERIE DU LAC", commune=commune)
    said = {
        "name": "La ressourcerie du lac",
        "legal_form": "collective",
        "commune": "Auterive",
        "statement": "Un collectif d’habitants",
        "website": "lac.example.org",
    }
    first = agent.post("/lac/registre/ajouter/", said)
    assert "Le registre a peut-être déjà cette organisation" in text_of(first)
    assert f"/lac/registre/{known.pk}/" in first.content.decode()
    assert Organisation.objects.count() == 1
    second = agent.post("/lac/registre/ajouter/", {**said, "distinct": "on"}, follow=True)
    assert "Ajoutée par Département du Lac, le " in text_of(second)
    assert "Un collectif d’habitants" in text_of(second)
    assert "À vérifier" in text_of(second)
    assert "La ressourcerie du lac" in text_of(agent.get("/lac/registre/?verdict=a-verifier"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"siren": "123 456 789"}, "la clé du SIREN est fausse"),
        ({"commune": "Nulle part"}, "Aucun territoire ne s’appelle"),
        ({"postal_code": "3"}, "Un code postal a cinq chiffres"),
        ({"name": ""}, "obligatoire"),
        ({"legal_form": "public_body"}, "ne relève pas de l’ESS"),
    ],
)
def test_a_wrong_form_says_where_and_what(
    authority: Authority, agent: Client, changes: dict[str, str], words: str
) -> None:
    TerritoryFactory(departement=authority.territory, name="Auterive", code="31033")
    said = {
        "name": "Collectif",
        "legal_form": "association",
        "commune": "31033",
        "statement": "Oui",
        **changes,
    }
    answer = agent.post("/lac/registre/ajouter/", said)
    assert words in refusal(answer)


def test_a_commune_out_of_the_territory_is_refused(authority: Authority, agent: Client) -> None:
    TerritoryFactory(name="Ailleurs", code="64445")
    said = {"name": "Collectif", "legal_form": "association", "commune": "64445", "statement": "Oui"}
    assert agent.post("/lac/registre/ajouter/", said).status_code == 403


def test_two_duplicates_are_compared_merged_and_given_back(authority: Authority, agent: Client) -> None:
    commune = TerritoryFactory(departement=authority.territory)
    first = held(authority, name="Ressourcerie du Lac", commune=commune, siren="123456782")
    second = held(authority, name="Association ressourcerie du lac", commune=commune, origin="agent")
    listed = agent.get("/lac/registre/doublons/")
    assert "1 paire" in text_of(listed)
    found = agent.post(f"/lac/registre/{second.pk}/doublon/", {"other": "123 456 782"})
    assert found["Location"] == f"/lac/registre/doublons/{second.pk}/{first.pk}/"
    page = agent.get(found["Location"])
    assert page.context["form"]["kept"].initial == first.pk
    refused = agent.post(found["Location"], {"kept": second.pk})
    assert "Gardez « Ressourcerie du Lac »" in refusal(refused)
    done = agent.post(found["Location"], {"kept": first.pk, "reason": "Même adresse"})
    assert done["Location"] == f"/lac/registre/{first.pk}/"

    moved = agent.get(f"/lac/registre/{second.pk}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/lac/registre/{first.pk}/?fusion={second.pk}")
    assert moved["Cache-Control"] == "no-cache"
    shown = agent.get(moved["Location"])
    assert f"La fiche n° {second.pk}, « Association ressourcerie du lac », a été fusionnée" in text_of(shown)
    assert "fusionnée avec" not in text_of(Client().get(moved["Location"]))
    assert agent.get(found["Location"]).status_code == 404
    assert "0 paire" in text_of(agent.get("/lac/registre/doublons/"))

    undo = f"/lac/registre/fusions/{Merge.objects.get().pk}/annuler/"
    assert agent.post(undo, {"reason": ""}).status_code == 422
    agent.post(undo, {"reason": "Deux associations"})
    assert agent.get(f"/lac/registre/{second.pk}/").status_code == 200
    again = agent.post(undo, {"reason": "Encore"})
    assert "déjà été annulée" in refusal(again)
    agent.post(f"/lac/registre/doublons/{second.pk}/{first.pk}/distinctes/")
    assert DistinctPair.objects.count() == 1
    assert "0 paire" in text_of(agent.get("/lac/registre/doublons/"))


def test_different_numbers_must_be_confirmed(authority: Authority, agent: Client) -> None:
    first, second = held(authority, siren="123456782"), held(authority, siren="552100554")
    address = f"/lac/registre/doublons/{first.pk}/{second.pk}/"
    assert "Deux SIREN différents" in text_of(agent.get(address))
    assert agent.post(address, {"kept": first.pk}).status_code == 422
    assert agent.post(address, {"kept": second.pk, "numbers_confirmed": "on"}).status_code == 302
    assert Merge.objects.count() == 1
    assert "SIREN 552 100 554, 123 456 782" in text_of(agent.get(f"/lac/registre/{second.pk}/")).replace(
        "\xa0", " "
    )


def test_linking_by_the_way_that_people_say_it(authority: Authority, agent: Client) -> None:
    here, other = held(authority, name="Foyer"), held(authority, name="Maison des jeunes")
    address = f"/lac/registre/{here.pk}/relier/"
    said = {"way": "succeeds", "other": "maison des jeunes", "kind": "merger", "day": "2026-01-01"}
    wrong = agent.post(address, {**said, "kind": "member"})
    assert "Pour ce lien, choisissez : Fusion" in refusal(wrong)
    assert "Aucune organisation" in refusal(agent.post(address, {**said, "other": "zzz"}))
    agent.post(address, said)
    tie = OrganisationLink.objects.get()
    assert (tie.source, tie.target) == (other, here)
    agent.post(address, {**said, "way": "belongs", "kind": "branch", "day": ""})
    tie = OrganisationLink.objects.latest("pk")
    assert (tie.source, tie.target) == (here, other)
    agent.post(f"/lac/registre/liens/{tie.pk}/retirer/", {"reason": "Erreur"})
    assert agent.get(f"/lac/registre/liens/{tie.pk}/retirer/").status_code == 404


def test_several_candidates_are_named(authority: Authority, agent: Client) -> None:
    here = held(authority, name="Foyer")
    twins = [held(authority, name="Maison") for _each in range(2)]
    said = {"way": "belongs", "other": "maison", "kind": "group"}
    answer = refusal(agent.post(f"/lac/registre/{here.pk}/relier/", said))
    assert all(f"n° {twin.pk}" in answer for twin in twins)


def test_a_tag_is_put_then_renewed_then_ended_on_screen(authority: Authority, agent: Client) -> None:
    here = held(authority)
    said = {"code": "ei", "origin": "Convention", "number": "EI031", "until": "2099-01-01"}
    assert agent.post(f"/lac/registre/{here.pk}/etiqueter/", said).status_code == 302
    tag = here.tags.get()
    page = agent.get(f"/lac/registre/{here.pk}/")
    assert "Convention n° EI031 (Département du Lac)" in text_of(page)
    told = {each.source for each in page.context["why"].conditions}
    assert "Annuaires" not in told  # the verdict of the edition rests on public sources alone
    agent.post(f"/lac/registre/etiquettes/{tag.pk}/renouveler/", {**said, "number": "EI032", "seen": 1})
    tag.proof.refresh_from_db()
    assert tag.proof.number == "EI032"
    agent.post(f"/lac/registre/etiquettes/{tag.pk}/terminer/", {"reason": "Fin"})
    assert "Entreprise d’insertion terminée le" in text_of(agent.get(f"/lac/registre/{here.pk}/"))


def test_only_those_who_may_act_see_the_block(authority: Authority, agent: Client) -> None:
    here, away = held(authority), FactsFactory().organisation
    assert "Mettre une étiquette" in text_of(agent.get(f"/lac/registre/{here.pk}/"))
    assert f"/lac/registre/{here.pk}/etiqueter/" in agent.get(f"/registre/{here.pk}/").content.decode()
    assert "Mettre une étiquette" not in text_of(agent.get(f"/lac/registre/{away.pk}/"))
    assert "Mettre une étiquette" not in text_of(Client().get(f"/lac/registre/{here.pk}/"))
    assert agent.get(f"/lac/registre/{away.pk}/etiqueter/").status_code == 403
    assert agent.get("/lac/registre/999999/etiqueter/").status_code == 404


def test_the_page_of_an_agent_costs_a_bounded_number_of_queries(
    authority: Authority, agent: Client, django_assert_max_num_queries: Any
) -> None:
    commune = TerritoryFactory(departement=authority.territory)
    kept = held(authority, commune=commune)
    for _each in range(4):
        merge(None, authority, kept, held(authority, commune=commune), reason="")
    with django_assert_max_num_queries(31):
        agent.get(f"/lac/registre/{kept.pk}/")


def test_the_list_of_duplicates_costs_the_same_for_many(
    authority: Authority, agent: Client, django_assert_max_num_queries: Any
) -> None:
    commune = TerritoryFactory(departement=authority.territory)
    for number in range(12):
        for _each in range(2):
            held(authority, name=f"Amicale numéro {number} du quartier", commune=commune)
    agent.get("/lac/registre/doublons/")
    with django_assert_max_num_queries(18):
        answer = agent.get("/lac/registre/doublons/")
    assert not list(get_messages(answer.wsgi_request))


def test_an_address_hidden_on_its_own_is_shown_to_no_agent_who_compares(
    authority: Authority, agent: Client
) -> None:
    commune = TerritoryFactory(departement=authority.territory)
    hidden, shown = (held(authority, name="Foyer rural du Lac", commune=commune) for _each in range(2))
    HidingFactory(
        organisation=hidden, state=HidingRequest.State.ACCEPTED, reason="Domicile", decided_at=timezone.now()
    )
    for address in ("/lac/registre/doublons/", f"/lac/registre/doublons/{hidden.pk}/{shown.pk}/"):
        told = text_of(agent.get(address))
        assert (f"{hidden.pk} RUE DES LILAS" in told, f"{shown.pk} RUE DES LILAS" in told) == (False, True)
        assert "asquée à la demande d’une personne" in told
