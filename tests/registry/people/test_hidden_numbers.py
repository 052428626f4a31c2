"""Numbers hidden before the register has their organisation: listed, found by the number, lifted with a reason."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from essor.kernel.audit import entries_for
from essor.registry import actions_privacy as actions
from essor.registry import changes
from essor.registry.models import HidingRequest, Identifier, Organisation
from tests.factories import OrganisationFactory, UserFactory
from tests.registry.people.conftest import Scene, signed_in
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db
LIST = "/ici/demandes/numeros-masques/"


def hide(scene: Scene, number: str = "999 999 999", reason: str = "Courrier du 3") -> HidingRequest:
    admin = UserFactory(installation_admin=True)
    return actions.hide_number(admin, scene.authority, number, reason)


def test_agents_see_their_numbers_and_lift_one_which_is_then_shown_when_it_comes(scene: Scene) -> None:
    row = hide(scene)
    hide(scene, "W312000999", "Autre courrier")
    agent = signed_in(scene.agent)
    assert LIST in agent.get("/ici/demandes/").content.decode()
    listed = text_of(agent.get(LIST))
    assert ("Courrier du 3" in listed, "Autre courrier" in listed, "999999999" in listed) == (
        True,
        True,
        False,
    )
    other = text_of(signed_in(scene.other_agent).get("/la/demandes/numeros-masques/"))
    assert "Courrier du 3" not in other

    address = f"{LIST}{row.pk}/"
    assert "« Courrier du 3 »" in text_of(agent.get(address))
    assert agent.post(address, {"reason": " "}).status_code == 422
    assert agent.post(address, {"reason": "Il a changé d’avis"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == ("lifted", "Il a changé d’avis")
    assert entries_for(row)[0].sentence.endswith("a levé le masquage : toute la fiche")
    assert agent.get(address).status_code == 404

    made = OrganisationFactory(name="Arrivée")
    Identifier.objects.create(organisation=made, scheme="siren", value="999999999")
    changes.tell(None)
    assert Organisation.objects.get(pk=made.pk).is_public


def test_a_number_is_found_by_typing_it(scene: Scene) -> None:
    hide(scene)
    hide(scene, "W312000999", "Autre courrier")
    agent = signed_in(scene.agent)
    found = text_of(agent.post(LIST, {"number": "w312 000 999"}))
    assert ("Courrier du 3" in found, "Autre courrier" in found) == (False, True)
    assert "Ce numéro n’est pas masqué" in text_of(agent.post(LIST, {"number": "123456782"}))
    assert agent.post(LIST, {"number": ""}).status_code == 422


def test_only_who_hid_it_and_the_administration_lift(scene: Scene) -> None:
    row = hide(scene)
    assert signed_in(scene.other_agent).get(f"/la/demandes/numeros-masques/{row.pk}/").status_code == 403
    for other in (scene.other_agent, scene.member):
        with pytest.raises(PermissionDenied):
            actions.lift_number(other, scene.authority, row, "oui")
    admin = UserFactory(installation_admin=True)
    assert "Courrier du 3" in text_of(signed_in(admin).get("/la/demandes/numeros-masques/"))
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        actions.lift_number(admin, None, row, " ")
    actions.lift_number(admin, None, row, "oui")
    with pytest.raises(ValidationError, match="une autre personne"):
        actions.lift_number(admin, None, row, "encore")


def test_a_number_that_an_edition_brings_is_lifted_from_its_request(scene: Scene) -> None:
    row = hide(scene)
    made = OrganisationFactory()
    Identifier.objects.create(organisation=made, scheme="siren", value="999999999")
    changes.tell([made.pk])
    assert not Organisation.objects.get(pk=made.pk).is_public
    with pytest.raises(ValidationError, match="vient d’amener"):
        actions.lift_number(scene.agent, scene.authority, row, "oui", now=timezone.now())
    assert "Aucun numéro masqué d’avance" in text_of(signed_in(scene.agent).get(LIST))
