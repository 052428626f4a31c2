"""Acting for an organisation: proof by e-mail, approval, refusal, limits, members."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from essor.accounts.models import User
from essor.kernel.models import AuditEntry, OutboxMessage
from essor.kernel.periods import today
from essor.registry import actions_claims as actions
from essor.registry.models import Claim, OrganisationMembership
from tests.factories import LONG_AGO, MembershipFactory, OrganisationMembershipFactory, UserFactory
from tests.people_factories import ClaimFactory, EntryFactory
from tests.registry.people.conftest import Scene, signed_in
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_count() -> None:
    cache.clear()


def link_in(message: OutboxMessage) -> str:
    found = re.search(r"http://localhost:8000(/\S+/preuve/\S+/)", message.text)
    assert found
    return found.group(1)


def acts_for(user, organisation) -> bool:
    return actions.is_member(user.pk, organisation.pk, today())


def test_an_address_of_the_domain_is_enough(scene: Scene) -> None:
    client = signed_in(scene.person)
    address = f"/registre/{scene.organisation.pk}/agir/"
    assert "foyer-du-lac.example" in text_of(client.get(address))
    sent = {"way": "email", "mail-email": "Paul@Foyer-du-lac.example", "mail-job_title": "trésorier"}
    assert client.post(address, sent).status_code == 302
    assert "Ouvrez le lien envoyé à paul@foyer-du-lac.example" in text_of(client.get(address))

    message = OutboxMessage.objects.get(to="paul@foyer-du-lac.example")
    link = link_in(message)
    assert not acts_for(scene.person, scene.organisation)
    assert signed_in(scene.stranger).post(link).status_code == 422  # another account cannot use it
    assert text_of(client.get(link)).count("Confirmer") >= 1
    assert client.post(link).status_code == 302

    assert acts_for(scene.person, scene.organisation)
    assert client.get(link).status_code == 410
    told = OutboxMessage.objects.filter(to=scene.member.email).get()
    assert told.subject == "Paul Personne agit désormais pour « Foyer du Lac »"
    assert set(AuditEntry.objects.filter(actor_id=scene.person.pk).values_list("code", flat=True)) == {
        "registry.claim.asked",
        "registry.claim.proved",
    }


@pytest.mark.parametrize("email", ["paul@gmail.com", "paul@autre.example", "paul@x.foyer-du-lac.example"])
def test_another_domain_proves_nothing(scene: Scene, email: str) -> None:
    with pytest.raises(ValidationError, match="domaine"):
        actions.ask_by_email(scene.person, scene.organisation, email)
    assert not Claim.objects.exists()
    assert not OutboxMessage.objects.exists()


def says(scene: Scene, user: User, domain: str, **values: Any) -> None:
    EntryFactory(
        organisation=scene.organisation, field="email", value=f"contact@{domain}", written_by=user, **values
    )


def test_an_address_that_an_agent_wrote_gives_its_domain(scene: Scene) -> None:
    says(scene, scene.agent, "foyer.example", by_member=False, written_for=scene.authority)
    assert actions.proof_domains(scene.organisation) == {"foyer-du-lac.example", "foyer.example"}


@pytest.mark.parametrize(
    ("values", "proves"),
    [
        ({"way": "agent"}, True),
        ({"way": "email", "proof_domain": "foyer-du-lac.example"}, True),
        ({"way": "email", "proof_domain": "foyer.example"}, False),  # by the very domain that it would prove
        ({"way": "invitation"}, False),
        ({}, False),
        ({"way": "agent", "valid_to": today()}, False),
        ({"way": "agent", "valid_from": today() + timedelta(days=1)}, False),
    ],
)
def test_a_domain_that_a_member_wrote_proves_while_the_member_is_confirmed(
    scene: Scene, values: dict[str, Any], proves: bool
) -> None:
    says(scene, scene.person, "foyer.example")
    OrganisationMembershipFactory(organisation=scene.organisation, user=scene.person, **values)
    assert ("foyer.example" in actions.proof_domains(scene.organisation)) is proves


def test_a_former_member_opens_the_door_to_nobody(scene: Scene) -> None:
    claim = ClaimFactory(organisation=scene.organisation, user=scene.person)
    actions.accept_claim(None, None, claim)
    says(scene, scene.person, "complices.example")
    stranger = UserFactory()
    assert "complices.example" in actions.proof_domains(scene.organisation)
    actions.leave(scene.person, scene.organisation)
    with pytest.raises(ValidationError, match="domaine"):
        actions.ask_by_email(stranger, scene.organisation, "x@complices.example")


def test_a_membership_remembers_how_it_was_proved(scene: Scene) -> None:
    actions.ask_by_email(scene.person, scene.organisation, "paul@Foyer-du-lac.example")
    token = link_in(OutboxMessage.objects.get()).rstrip("/").rpartition("/")[2]
    made = actions.prove(token, scene.person)
    assert (made.way, made.proof_domain) == ("email", "foyer-du-lac.example")


def test_a_link_too_old_lapses(scene: Scene) -> None:
    claim = actions.ask_by_email(scene.person, scene.organisation, "p@foyer-du-lac.example")
    later = timezone.now() + timedelta(days=8)
    token = link_in(OutboxMessage.objects.get()).rstrip("/").rpartition("/")[2]
    assert actions.find_proof(token, timezone.now()) == claim
    assert actions.find_proof(token, later) is None
    assert actions.lapse(later) == 1
    claim.refresh_from_db()
    assert claim.state == Claim.State.LAPSED


def test_an_agent_of_the_territory_accepts_and_the_other_authority_is_told(
    scene: Scene, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = SimpleUploadedFile("recepisse.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    claim = actions.ask_agents(scene.person, scene.organisation, "présidente", "Appelez-moi", document)
    queue = text_of(signed_in(scene.agent).get("/ici/demandes/"))
    assert "Foyer du Lac" in queue
    assert "Paul Personne" in queue
    address = f"/ici/demandes/rattachement/{claim.pk}/"
    shown = text_of(signed_in(scene.agent).get(address))
    assert "recepisse.pdf" in shown
    assert "Aussi sur le territoire de : Communauté du Lac" in shown
    file_url = f"/fichiers/{claim.document_id}/"
    given = signed_in(scene.agent).get(file_url)
    assert (given.status_code, given.getvalue()[:5]) == (200, b"%PDF-")
    assert signed_in(scene.stranger).get(file_url).status_code == 403

    assert signed_in(scene.agent).post(address, {"act": "accept", "reason": ""}).status_code == 302

    assert acts_for(scene.person, scene.organisation)
    assert OutboxMessage.objects.filter(to=scene.person.email).count() == 1
    assert OutboxMessage.objects.get(to=scene.other_agent.email).subject == (
        "Département d’ici a traité une demande du registre"
    )
    told = AuditEntry.objects.get(code="registry.claim.told")
    assert told.authority_id == scene.other.pk
    decided = text_of(signed_in(scene.other_agent).get("/la/demandes/?etat=decidees"))
    assert "Département d’ici" in decided
    assert "Rien n’attend" in text_of(signed_in(scene.other_agent).get("/la/demandes/"))
    given.close()


def test_a_refusal_says_why(scene: Scene) -> None:
    claim = ClaimFactory(organisation=scene.organisation, user=scene.person)
    client, address = signed_in(scene.agent), f"/ici/demandes/rattachement/{claim.pk}/"
    refused = client.post(address, {"act": "refuse", "reason": " "})
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()
    assert client.post(address, {"act": "refuse", "reason": "Inconnue du bureau"}).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.reason, claim.decided_by, claim.decided_for) == (
        "refused", "Inconnue du bureau", scene.agent, scene.authority,
    )  # fmt: skip
    assert "Inconnue du bureau" in OutboxMessage.objects.get(to=scene.person.email).text
    assert not acts_for(scene.person, scene.organisation)


def test_agents_of_other_territories_know_nothing_of_it(scene: Scene) -> None:
    claim = ClaimFactory(organisation=scene.organisation, user=scene.person)
    elsewhere = MembershipFactory(agent=True)
    slug = elsewhere.authority.slug
    client = signed_in(elsewhere.user)
    assert "Foyer du Lac" not in text_of(client.get(f"/{slug}/demandes/"))
    assert client.get(f"/{slug}/demandes/rattachement/{claim.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.accept_claim(elsewhere.user, elsewhere.authority, claim)
    with pytest.raises(PermissionDenied):
        actions.accept_claim(scene.stranger, scene.authority, claim)
    with pytest.raises(PermissionDenied):
        actions.accept_claim(scene.member, None, claim)


def test_a_decided_request_is_not_decided_twice(scene: Scene) -> None:
    claim = ClaimFactory(organisation=scene.organisation, user=scene.person)
    stale = Claim.objects.get(pk=claim.pk)
    actions.accept_claim(scene.agent, scene.authority, claim)
    with pytest.raises(ValidationError, match="une autre personne"):
        actions.refuse_claim(scene.other_agent, scene.other, stale, "trop tard")
    assert OrganisationMembership.objects.filter(user=scene.person).count() == 1


def test_attempts_are_limited(scene: Scene) -> None:
    ClaimFactory(organisation=scene.organisation, user=scene.person)
    with pytest.raises(ValidationError, match="déjà en cours"):
        actions.ask_agents(scene.person, scene.organisation, "présidente")
    with pytest.raises(ValidationError, match="agissez déjà"):
        actions.ask_agents(scene.member, scene.organisation, "présidente")
    for _each in range(4):
        ClaimFactory(user=scene.person)
    with pytest.raises(ValidationError, match="trop de demandes"):
        actions.ask_agents(scene.person, ClaimFactory().organisation, "présidente")
    other = UserFactory()
    for _each in range(2):
        ClaimFactory(
            organisation=scene.organisation,
            user=other,
            state="refused",
            reason="non",
            decided_at=timezone.now(),
        )
    with pytest.raises(ValidationError, match="Deux demandes"):
        actions.ask_agents(other, scene.organisation, "présidente")


def test_a_visitor_is_led_to_an_account(client: Client, scene: Scene) -> None:
    page = client.get(f"/registre/{scene.organisation.pk}/agir/")
    assert "Créer un compte" in text_of(page)
    assert f"/compte/inscription/?next=/registre/{scene.organisation.pk}/agir/" in page.content.decode()


def test_who_asked_withdraws(scene: Scene) -> None:
    claim = ClaimFactory(organisation=scene.organisation, user=scene.person)
    address = f"/registre/mes-organisations/demandes/{claim.pk}/retirer/"
    assert signed_in(scene.member).post(address).status_code == 404
    assert signed_in(scene.person).post(address).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "withdrawn"
    assert "Retirée" in text_of(signed_in(scene.person).get("/registre/mes-organisations/"))


def test_a_member_invites_a_colleague(scene: Scene) -> None:
    client = signed_in(scene.member)
    address = f"/registre/{scene.organisation.pk}/membres/"
    assert client.post(address, {"email": scene.person.email}).status_code == 302
    assert scene.person.email in text_of(client.get(address))
    link = link_in(OutboxMessage.objects.get(to=scene.person.email))
    assert signed_in(scene.stranger).post(link).status_code == 422
    assert signed_in(scene.person).post(link).status_code == 302
    assert acts_for(scene.person, scene.organisation)
    with pytest.raises(PermissionDenied):
        actions.invite_colleague(scene.stranger, scene.organisation, "x@exemple.fr")


def test_a_member_leaves_and_the_others_are_told(scene: Scene) -> None:
    OrganisationMembershipFactory(organisation=scene.organisation, user=scene.person)
    assert (
        signed_in(scene.person).post(f"/registre/{scene.organisation.pk}/membres/partir/").status_code == 302
    )
    row = OrganisationMembership.objects.get(user=scene.person)
    assert (row.valid_from, row.valid_to) == (LONG_AGO, today())
    assert OutboxMessage.objects.get(to=scene.member.email).subject.endswith(
        "n’agit plus pour « Foyer du Lac »"
    )
    with pytest.raises(ValidationError):
        actions.leave(scene.person, scene.organisation)


def test_an_agent_ends_a_membership_with_a_reason(scene: Scene) -> None:
    with pytest.raises(ValidationError):
        actions.remove_member(scene.agent, scene.authority, scene.organisation, scene.member, " ")
    actions.remove_member(scene.agent, scene.authority, scene.organisation, scene.member, "Départ")
    assert not acts_for(scene.member, scene.organisation)
    assert "Départ" in OutboxMessage.objects.get(to=scene.member.email).text


def test_the_queue_asks_the_same_queries_whatever_its_length(
    scene: Scene, django_assert_max_num_queries
) -> None:
    client = signed_in(scene.agent)
    for _each in range(15):
        ClaimFactory(organisation=scene.organisation)
    with django_assert_max_num_queries(20):
        client.get("/ici/demandes/")
