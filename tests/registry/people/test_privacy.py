"""Requests not to be shown, retention, export of what concerns a person."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from essor.kernel import retention
from essor.kernel.models import OutboxMessage, StoredFile
from essor.kernel.periods import today
from essor.registry import actions_claims, actions_profile, overlay
from essor.registry import actions_privacy as actions
from essor.registry.models import Claim, Correction, HidingRequest, Organisation, ProfileEntry
from tests.factories import UserFactory
from tests.people_factories import ClaimFactory, CorrectionFactory, HidingFactory
from tests.registry.people.conftest import Scene, signed_in
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_count() -> None:
    cache.clear()


def status(client: Client, scene: Scene) -> int:
    return client.get(f"/registre/{scene.organisation.pk}/").status_code


def test_anybody_asks_and_an_agent_hides_then_shows_again(client: Client, scene: Scene) -> None:
    address = f"/registre/{scene.organisation.pk}/masquer/"
    assert client.post(address, {"scope": "whole", "ground": "court"}).status_code == 422
    sent = {"scope": "whole", "ground": "Je préside l’association, c’est chez moi.", "email": "p@exemple.fr"}
    assert client.post(address, sent).status_code == 302
    row = HidingRequest.objects.get()
    decide = f"/ici/demandes/masquage/{row.pk}/"
    assert "c’est chez moi" in text_of(signed_in(scene.agent).get(decide))
    assert signed_in(scene.agent).post(decide, {"act": "accept", "reason": ""}).status_code == 422
    assert status(client, scene) == 200

    assert signed_in(scene.agent).post(decide, {"act": "accept", "reason": "Domicile"}).status_code == 302
    assert status(client, scene) == 404
    assert "Foyer du Lac" not in text_of(client.get("/registre/"))
    for page in ("agir", "signaler", "masquer"):
        assert client.get(f"/registre/{scene.organisation.pk}/{page}/").status_code == 404
    assert "Domicile" in OutboxMessage.objects.get(to="p@exemple.fr").text

    assert "Lever le masquage" in text_of(signed_in(scene.agent).get(decide))
    assert signed_in(scene.agent).post(decide, {"act": "lift", "reason": "Déménagement"}).status_code == 302
    assert status(client, scene) == 200


def test_two_hidings_must_both_be_lifted(client: Client, scene: Scene) -> None:
    first, second = (HidingFactory(organisation=scene.organisation, scope="whole") for _each in range(2))
    actions.accept_hiding(None, None, first, "un")
    actions.accept_hiding(None, None, second, "deux")
    actions.lift_hiding(None, None, first, "fini")
    assert status(client, scene) == 404
    second.refresh_from_db()
    actions.lift_hiding(None, None, second, "fini")
    assert status(client, scene) == 200


def test_lifting_never_shows_what_was_not_public_for_another_reason(scene: Scene) -> None:
    Organisation.objects.filter(pk=scene.organisation.pk).update(is_public=False)
    row = HidingFactory(organisation=scene.organisation, scope="whole")
    actions.accept_hiding(None, None, row, "un")
    actions.lift_hiding(None, None, row, "fini")
    assert not Organisation.objects.get(pk=scene.organisation.pk).is_public


def test_address_and_contacts_are_hidden_apart(client: Client, scene: Scene) -> None:
    actions_profile.write_profile(
        scene.member, scene.organisation, {"email": "contact@foyer.example", "description": "Un foyer"}
    )
    shown = text_of(client.get(f"/registre/{scene.organisation.pk}/"))
    assert ("3 RUE DES LILAS" in shown, "contact@foyer.example" in shown) == (True, True)
    for scope in ("address", "contact"):
        actions.accept_hiding(None, None, HidingFactory(organisation=scene.organisation, scope=scope), "oui")
    hidden = text_of(client.get(f"/registre/{scene.organisation.pk}/"))
    assert ("3 RUE DES LILAS" in hidden, "contact@foyer.example" in hidden, "Aller sur" in hidden) == (
        False, False, False,
    )  # fmt: skip
    assert "Un foyer" in hidden
    assert overlay.hidden_of([scene.organisation.pk]) == {
        scene.organisation.pk: overlay.Hidden(address=True, contact=True)
    }


def test_only_agents_of_the_territory_decide(scene: Scene) -> None:
    row = HidingFactory(organisation=scene.organisation)
    for other in (scene.stranger, scene.member):
        with pytest.raises(PermissionDenied):
            actions.accept_hiding(other, scene.authority, row, "oui")
    with pytest.raises(ValidationError, match="une autre personne"):
        actions.lift_hiding(scene.agent, scene.authority, row, "oui")


def test_a_number_is_hidden_from_the_queue(client: Client, scene: Scene) -> None:
    agent, address = signed_in(scene.agent), "/ici/demandes/masquer-un-numero/"
    assert agent.post(address, {"number": "12", "reason": "courrier"}).status_code == 422
    unknown = agent.post(address, {"number": "999 999 999", "reason": "courrier"})
    assert "l’administration de l’installation" in unknown.content.decode()
    assert agent.post(address, {"number": "123 456 782", "reason": "courrier"}).status_code == 302
    assert status(client, scene) == 404
    admin = signed_in(UserFactory(installation_admin=True))
    assert admin.post(address, {"number": "999 999 999", "reason": "courrier"}).status_code == 302
    assert HidingRequest.objects.filter(organisation=None).count() == 1


def test_what_is_kept_too_long_is_erased_at_night(scene: Scene, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = SimpleUploadedFile("preuve.pdf", b"%PDF-1.4\ntrailer<<>>\n%%EOF\n")
    claim = actions_claims.ask_agents(scene.person, scene.organisation, "présidente", "mon numéro", document)
    now = timezone.now()
    old = now - timedelta(days=400)
    Claim.objects.filter(pk=claim.pk).update(state="accepted", decided_at=old)
    kept = ClaimFactory(organisation=scene.organisation, state="accepted", decided_at=now)
    report = CorrectionFactory(
        organisation=scene.organisation, field="other", origin="visitor", reporter_email="v@exemple.fr",
        state="accepted", decided_at=old,
    )  # fmt: skip
    shown = CorrectionFactory(
        organisation=scene.organisation,
        before="Foyer du Lac",
        state="accepted",
        decided_at=old,
        evidence="chez Ana",
    )
    hidden = HidingFactory(organisation=scene.organisation, state="accepted", reason="oui", decided_at=old)
    refused = HidingFactory(organisation=scene.organisation, state="refused", reason="non", decided_at=old)
    actions_profile.write_profile(
        scene.member, scene.organisation, {"needs": "Un local", "offer": "Tout"}, now=old
    )
    actions_profile.write_profile(scene.member, scene.organisation, {"needs": "Un four"}, now=old)
    ProfileEntry.objects.filter(value="Un local").update(replaced_at=now - timedelta(days=1200))

    counts = dict(retention.apply(today()))

    assert {key: counts[f"registry.{key}"] for key in ("claim", "correction", "hidingrequest", "profileentry")} == {
        "claim": 1, "correction": 2, "hidingrequest": 2, "profileentry": 1,
    }  # fmt: skip
    assert list(Claim.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not StoredFile.objects.filter(pk=claim.document_id).exists()
    assert not Correction.objects.filter(pk=report.pk).exists()
    shown.refresh_from_db()
    assert (shown.state, shown.value, shown.evidence) == ("accepted", "Nouveau Nom", "")
    hidden.refresh_from_db()
    assert (hidden.state, hidden.requester_email, hidden.ground) == ("accepted", "", "")
    assert not HidingRequest.objects.filter(pk=refused.pk).exists()
    assert sorted(ProfileEntry.objects.values_list("value", flat=True)) == ["Tout", "Un four"]
    again = dict(retention.apply(today()))
    assert [again[f"registry.{key}"] for key in ("claim", "correction", "hidingrequest", "profileentry")] == [
        0
    ] * 4


def test_a_person_takes_away_what_is_kept_of_them(scene: Scene) -> None:
    ClaimFactory(organisation=scene.organisation, user=scene.member, state="accepted", message="mon numéro")
    CorrectionFactory(organisation=scene.organisation, author=scene.member)
    HidingFactory(organisation=scene.organisation, user=scene.member)
    actions_profile.write_profile(scene.member, scene.organisation, {"needs": "Un local"})
    found = retention.export_for(scene.member.pk)
    mine = {key: len(rows) for key, rows in found.items() if key.startswith("registry.")}
    assert mine == {
        "registry.claim": 1, "registry.correction": 1, "registry.hidingrequest": 1,
        "registry.organisationmembership": 1, "registry.profileentry": 1,
    }  # fmt: skip
    assert found["registry.claim"][0]["message"] == "mon numéro"
    assert not any(key.startswith("registry.") for key in retention.export_for(scene.person.pk))
