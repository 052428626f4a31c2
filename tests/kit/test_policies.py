"""The sector policies of an authority: rename, add, order, retire, merge, take Essor's list again."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from essor.kernel import audit
from essor.kit.editing.in_force import in_scope
from essor.kit.models import SectorPolicy
from essor.kit.policies import actions
from essor.kit.policies.actions import Said
from essor.kit.sectors import policy_of, sectors, sectors_of
from tests.factories import AuthorityFactory, MembershipFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def labels(authority_id: int) -> list[str]:
    return [each.label for each in sectors_of(authority_id).values()]


def test_the_list_is_essors_until_it_is_touched(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner = AuthorityFactory()
    assert labels(owner.pk) == [each.label for each in sectors().values()]
    assert not SectorPolicy.objects.exists()
    actions.change(None, owner, "habitat", Said("Se loger", "habitat", ServiceFactory(authority=owner)))
    assert SectorPolicy.objects.filter(authority=owner).count() == len(sectors())
    with in_scope():
        policy = sectors_of(owner.pk)["habitat"]
        assert (policy.label, policy.registry) == ("Se loger", sectors()["habitat"].registry)
        assert policy.service_id is not None
    with django_assert_num_queries(1), in_scope():
        sectors_of(owner.pk), policy_of(owner.pk, "habitat"), sectors_of(owner.pk + 1)
    assert labels(AuthorityFactory().pk) == [each.label for each in sectors().values()]


def test_what_is_refused() -> None:
    owner = AuthorityFactory()
    for said in (
        Said("Mobilité"),
        Said("Eau", "rien"),
        Said("Eau", service=ServiceFactory()),
        Said("contact@example.org"),
        Said(" "),
    ):
        with pytest.raises(ValidationError):
            actions.add(None, owner, said)
    with pytest.raises(ValidationError, match="n’est plus dans la liste"):
        actions.retire(None, owner, "inconnue")
    assert labels(owner.pk) == [each.label for each in sectors().values()]


def test_a_merged_policy_goes_on_in_the_other() -> None:
    owner = AuthorityFactory()
    actions.merge(None, owner, "sport", "jeunesse")
    actions.merge(None, owner, "jeunesse", "culture")
    for code in ("sport", "jeunesse", "culture"):
        assert policy_of(owner.pk, code).code == "culture"  # type: ignore[union-attr]
    assert "sport" not in sectors_of(owner.pk)
    with pytest.raises(ValidationError, match="autre politique, en service"):
        actions.merge(None, owner, "culture", "sport")
    actions.resume(None, owner, "sport")
    assert policy_of(owner.pk, "sport").code == "sport"  # type: ignore[union-attr]
    row = SectorPolicy.objects.get(authority=owner, code="jeunesse")
    assert audit.entries_for(row)[0].sentence.endswith(
        "a fondu la politique « Jeunesse et éducation populaire » dans « Culture »"
    )


def test_order_retire_and_reset() -> None:
    owner = AuthorityFactory()
    added = actions.add(None, owner, Said("Montagne", "developpement-local"))
    assert added.code == "montagne"
    actions.order(None, owner, ["montagne", "habitat"])
    assert list(sectors_of(owner.pk))[:2] == ["montagne", "habitat"]
    actions.retire(None, owner, "habitat")
    with pytest.raises(ValidationError, match="déjà retirée"):
        actions.retire(None, owner, "habitat")
    assert policy_of(owner.pk, "habitat").label == "Habitat et logement"  # type: ignore[union-attr]
    # Names exchanged, then given back.
    actions.change(None, owner, "culture", Said("X", "culture"))
    actions.change(None, owner, "sport", Said("Culture", "sport"))
    actions.reset(None, owner)
    assert labels(owner.pk) == [each.label for each in sectors().values()]
    assert SectorPolicy.objects.get(authority=owner, code="montagne").retired_on is not None


def test_the_screens(client: Client) -> None:
    member = MembershipFactory(manager=True, authority__slug="ici")
    owner = member.authority
    client.force_login(member.user)
    page = client.post("/ici/kit/politiques/ajouter/", {"label": "Montagne", "seed": "tourisme"}, follow=True)
    assert "Montagne" in page.content.decode()
    client.post("/ici/kit/politiques/ordre/", {"code": "montagne", "monter": "oui"})
    assert list(sectors_of(owner.pk))[-2:] == ["montagne", "vie-associative"]
    taken = client.post("/ici/kit/politiques/modifier/montagne/", {"label": "Culture", "seed": ""})
    assert "Une autre politique porte déjà ce nom." in taken.content.decode()
    asked = client.get("/ici/kit/politiques/modifier/montagne/fondre/").content.decode()
    assert "Aucun acte ne la porte" in asked
    client.post("/ici/kit/politiques/modifier/montagne/fondre/", {"into": "tourisme"})
    client.post("/ici/kit/politiques/modifier/culture/", {"label": "Arts et culture", "seed": "culture"})
    found = client.get("/ici/kit/?secteur=culture").content.decode()
    assert "Arts et culture" in found
    assert "Arts et culture" not in client.get("/kit/?secteur=culture").content.decode()
    client.post("/ici/kit/politiques/reprendre/")
    assert labels(owner.pk) == [each.label for each in sectors().values()]
