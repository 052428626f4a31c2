"""What an edition does to what people wrote: nothing is lost, nothing is overwritten in silence."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from essor.kernel.models import AuditEntry
from essor.registry import actions_corrections, actions_privacy, actions_profile, profiles
from essor.registry.loading.load import load_rows
from essor.registry.models import (
    Correction,
    Edition,
    HidingRequest,
    Identifier,
    Organisation,
    OrganisationFacts,
    ProfileEntry,
)
from tests.factories import OrganisationMembershipFactory
from tests.registry.loading.rows_made import organisation, siren, sources
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db(transaction=True)


def load(*rows: dict[str, object]) -> None:
    edition = Edition.objects.create(
        code=f"e{Edition.objects.count()}", scope="departement:31", day=date(2026, 11, 1), perimeter_version="2026-11",
        built_at=timezone.now(),
    )  # fmt: skip
    load_rows(edition, sources(rows), force=True)


@pytest.fixture
def lake() -> Organisation:
    load(
        organisation(1, name="Foyer", website="foyer.example", place={"address": "1 rue Vieille"}),
        organisation(2),
    )
    return Organisation.objects.get(name="Foyer")


@pytest.fixture
def member(lake: Organisation):
    return OrganisationMembershipFactory(organisation=lake).user


def test_the_profile_is_intact_after_a_new_edition(lake: Organisation, member) -> None:
    actions_profile.write_profile(
        member, lake, {"description": "Nous logeons.", "website": "nouveau.example"}
    )
    before = list(ProfileEntry.objects.values())
    load(organisation(1, name="Foyer renommé", website="public.example", purpose="x"), organisation(2))
    load(organisation(2))  # it leaves the register…
    load(organisation(1, name="Foyer", website="public.example"), organisation(2))  # …and comes back
    assert list(ProfileEntry.objects.values()) == before
    facts = OrganisationFacts.objects.get(pk=lake.pk)
    assert facts.website == "public.example"
    (conflict,) = profiles.conflicts(profiles.entries_of(lake.pk), facts)
    assert (conflict["mine"], conflict["fact"]) == ("https://nouveau.example", "public.example")


def test_a_correction_holds_until_the_open_data_say_the_same(
    client: Client, lake: Organisation, member
) -> None:
    row = actions_corrections.propose(member, lake, "address", "2 rue Neuve, 31000", "bail")
    actions_corrections.accept_correction(None, None, row)
    load(organisation(1, name="Foyer", size_band="12", place={"address": "1 rue Vieille"}), organisation(2))
    row.refresh_from_db()
    assert row.state == "accepted"
    assert "2 rue Neuve, 31000" in text_of(client.get(f"/registre/{lake.pk}/"))

    load(organisation(1, name="Foyer", place={"address": "2 RUE NEUVE"}), organisation(2))
    row.refresh_from_db()
    assert (row.state, row.closed_at is not None) == ("absorbed", True)
    assert AuditEntry.objects.filter(code="registry.correction.absorbed", actor_id=None).count() == 1
    assert "Corrigé le" not in text_of(client.get(f"/registre/{lake.pk}/"))


def test_a_third_value_is_a_conflict_that_an_agent_settles(
    client: Client, lake: Organisation, member
) -> None:
    kept = actions_corrections.propose(member, lake, "name", "Grand Foyer", "JO")
    actions_corrections.accept_correction(None, None, kept)
    load(organisation(1, name="Foyer municipal"), organisation(2))
    kept.refresh_from_db()
    assert (kept.state, kept.contradiction) == ("disputed", "Foyer municipal")
    said = text_of(client.get(f"/registre/{lake.pk}/"))
    assert "Nom : Grand Foyer" in said  # what was accepted still shows
    assert "La dernière édition dit « Foyer municipal »" in said

    actions_corrections.settle_dispute(None, None, kept, "vérifié", keep=True)
    load(organisation(1, name="Foyer municipal", size_band="11"), organisation(2))
    kept.refresh_from_db()
    assert (kept.state, kept.before, kept.contradiction) == ("accepted", "Foyer municipal", "")

    load(organisation(1, name="Foyer encore"), organisation(2))
    kept.refresh_from_db()
    actions_corrections.settle_dispute(None, None, kept, "l’édition a raison", keep=False)
    assert "Nom : Grand Foyer" not in text_of(client.get(f"/registre/{lake.pk}/"))


def test_a_correction_not_yet_seen_that_the_edition_brings_is_closed(lake: Organisation, member) -> None:
    row = actions_corrections.propose(member, lake, "closed", "", "dissolution")
    load(organisation(2))
    row.refresh_from_db()
    assert row.state == "absorbed"


def test_a_hidden_organisation_stays_hidden_over_two_editions(client: Client, lake: Organisation) -> None:
    row = actions_privacy.ask_hiding(lake, "whole", "Le siège est mon domicile.")
    actions_privacy.accept_hiding(None, None, row, "domicile")
    for name in ("Foyer", "Foyer renommé"):
        load(organisation(1, name=name, size_band="12"), organisation(2))
        assert client.get(f"/registre/{lake.pk}/").status_code == 404
        assert "Foyer" not in text_of(client.get("/registre/"))
    load(organisation(2))
    load(organisation(1, name="Foyer"), organisation(2))
    assert not Organisation.objects.get(pk=lake.pk).is_public


def test_a_number_hidden_before_it_comes_is_hidden_when_it_comes(client: Client, lake: Organisation) -> None:
    actions_privacy.hide_number(None, None, siren(9), "courrier du 3 mars")
    assert HidingRequest.objects.get().organisation is None
    assert siren(9) not in str(
        HidingRequest.objects.values().get()
    )  # only a keyed hash of the number is kept
    load(organisation(1, name="Foyer"), organisation(2), organisation(9, name="Cachée"))
    hidden = Identifier.objects.get(value=siren(9)).organisation
    assert not hidden.is_public
    assert client.get(f"/registre/{hidden.pk}/").status_code == 404
    assert AuditEntry.objects.filter(code="registry.hiding.reapplied").count() == 1
    Organisation.objects.filter(pk=hidden.pk).update(is_public=True)  # whatever brings it back…
    load(organisation(1, name="Foyer"), organisation(2), organisation(9, name="Cachée encore"))
    assert not Organisation.objects.get(pk=hidden.pk).is_public


def test_an_address_hidden_is_hidden_in_the_history_too(client: Client, lake: Organisation) -> None:
    row = actions_privacy.ask_hiding(lake, "address", "Le siège est mon domicile.")
    actions_privacy.accept_hiding(None, None, row, "domicile")
    load(organisation(1, name="Foyer", size_band="12", place={"address": "9 rue Cachée"}), organisation(2))
    said = text_of(client.get(f"/registre/{lake.pk}/"))
    assert ("1 rue Vieille" in said, "9 rue Cachée" in said) == (False, False)
    assert "L’adresse n’est pas montrée" in said


def test_an_edition_that_fails_changes_nothing_of_what_people_wrote(
    lake: Organisation, member, monkeypatch
) -> None:
    row = actions_corrections.propose(member, lake, "name", "Grand Foyer", "JO")

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions_corrections, "reconcile", broken)
    with pytest.raises(RuntimeError):
        load(organisation(1, name="Grand Foyer"), organisation(2))
    assert OrganisationFacts.objects.get(pk=lake.pk).name == "Foyer"
    assert Correction.objects.get(pk=row.pk).state == "waiting"
