"""Putting an edition in force: what changes, what stays, what is refused, what a kill or another writer meets."""

import time
from datetime import date

import pytest
from django.utils import timezone

from essor.registry.loading.force import Counts
from essor.registry.loading.load import LoadRefused, load_rows
from essor.registry.models import (
    Edition,
    EditionChange,
    Establishment,
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from tests.processes import python
from tests.registry.loading.rows_made import organisation, siren, sources

pytestmark = pytest.mark.django_db(transaction=True)


def make_edition(code: str) -> Edition:
    return Edition.objects.create(
        code=code,
        scope="departement:31",
        day=date(2026, 11, 1),
        perimeter_version="t",
        built_at=timezone.now(),
    )


def test_a_first_edition_makes_the_register() -> None:
    edition = make_edition("a")
    rows = [
        organisation(1, name="Étoile", rna="W311000001", tags=[("aci", "siae")]),
        organisation(2, name="Zèbre"),
    ]
    assert load_rows(edition, sources(rows)) == Counts(new=2, changed=0, same=0, leaving=0, establishments=2)
    edition.refresh_from_db()
    assert edition.state == Edition.State.IN_FORCE
    assert [o.name for o in Organisation.objects.visible().order_by("sort_key")] == ["Étoile", "Zèbre"]
    first = Organisation.objects.get(name="Étoile")
    assert sorted((i.scheme, i.value) for i in first.identifiers.all()) == [
        ("rna", "W311000001"),
        ("siren", siren(1)),
    ]
    assert first.facts.conditions == [{"code": "legal_form", "state": "met"}]
    assert (first.facts.created_on, first.facts.is_employer) == (date(2001, 2, 3), True)
    place = first.establishments.get()
    assert (place.siret, place.facts.address, place.facts.qpv) == (siren(1) + "00011", "1 rue des Lilas", [])
    assert [(t.code, t.source) for t in first.tags.all()] == [("aci", "siae")]
    assert EditionChange.objects.count() == 0


def test_the_next_edition_touches_only_what_changes_and_keeps_ids() -> None:
    many = [organisation(n) for n in range(10, 30)]
    load_rows(make_edition("a"), sources([organisation(1), organisation(2), organisation(3), *many]))
    ids = dict(Identifier.objects.values_list("value", "organisation_id"))
    second = make_edition("b")
    rows = [
        organisation(1),
        organisation(2, name="Autre nom", place={"address": "2 rue neuve"}),
        organisation(4),
        *many,
    ]
    assert load_rows(second, sources(rows)) == Counts(new=1, changed=1, same=21, leaving=1, establishments=2)
    assert Identifier.objects.get(value=siren(2)).organisation_id == ids[siren(2)]
    assert Organisation.objects.get(pk=ids[siren(2)]).name == "Autre nom"
    gone = Organisation.objects.get(pk=ids[siren(3)])
    assert gone.facts.present is False
    assert gone not in Organisation.objects.visible()
    new = Identifier.objects.get(value=siren(4)).organisation_id
    assert sorted(
        EditionChange.objects.values_list("organisation_id", "subject", "field", "before", "after")
    ) == sorted(
        [
            (ids[siren(2)], "organisation", "name", "Association 2", "Autre nom"),
            (ids[siren(2)], siren(2) + "00011", "address", "1 rue des Lilas", "2 rue neuve"),
            (ids[siren(3)], "organisation", "presence", "present", ""),
            (new, "organisation", "presence", "", "present"),
        ]
    )
    assert list(Edition.objects.order_by("code").values_list("code", "state")) == [
        ("a", "superseded"),
        ("b", "in_force"),
    ]


def test_loading_the_same_edition_twice_changes_nothing() -> None:
    rows = [organisation(n, tags=[("scop", "sirene")]) for n in range(5)]
    edition = make_edition("a")
    load_rows(edition, sources(rows))
    before = list(OrganisationFacts.objects.order_by("pk").values())
    tags = list(OrganisationTag.objects.order_by("pk").values())
    assert load_rows(edition, sources(rows)) == Counts(new=0, changed=0, same=5, leaving=0, establishments=0)
    assert list(OrganisationFacts.objects.order_by("pk").values()) == before
    assert list(OrganisationTag.objects.order_by("pk").values()) == tags
    assert EditionChange.objects.count() == 0


def test_an_organisation_that_comes_back_is_the_same() -> None:
    rows = [organisation(n) for n in range(10)]
    load_rows(make_edition("a"), sources(rows))
    identity = Identifier.objects.get(value=siren(9)).organisation_id
    load_rows(make_edition("b"), sources(rows[:9]))
    load_rows(make_edition("c"), sources(rows))
    assert Identifier.objects.get(value=siren(9)).organisation_id == identity
    assert OrganisationFacts.objects.get(pk=identity).present is True
    assert Organisation.objects.count() == 10


def test_tags_that_the_edition_no_longer_brings_go() -> None:
    load_rows(
        make_edition("a"),
        sources([organisation(1, tags=[("aci", "siae"), ("esus", "esus")]), organisation(2)]),
    )
    load_rows(
        make_edition("b"),
        sources([organisation(1, tags=[("esus", "esus"), ("ei", "siae")]), organisation(2)]),
    )
    assert sorted(OrganisationTag.objects.values_list("code", "source")) == [("ei", "siae"), ("esus", "esus")]


def test_an_establishment_can_pass_to_another_organisation() -> None:
    load_rows(make_edition("a"), sources([organisation(1), organisation(2)]))
    first = Establishment.objects.get(siret=siren(1) + "00011")
    Establishment.objects.filter(pk=first.pk).update(
        organisation_id=Identifier.objects.get(value=siren(2)).organisation_id
    )
    load_rows(make_edition("b"), sources([organisation(1, place={"address": "autre"}), organisation(2)]))
    first.refresh_from_db()
    assert first.organisation_id == Identifier.objects.get(value=siren(1)).organisation_id


def test_a_load_that_would_empty_the_register_is_refused_until_confirmed() -> None:
    load_rows(make_edition("a"), sources(organisation(n) for n in range(10)))
    second = make_edition("b")
    with pytest.raises(LoadRefused, match="9 organisations sur 10 \\(90 %\\) quitteraient le registre"):
        load_rows(second, sources([organisation(0)]))
    assert OrganisationFacts.objects.filter(present=True).count() == 10
    assert Edition.objects.get(state="in_force").code == "a"
    assert load_rows(second, sources([organisation(0)]), force=True).leaving == 9


def test_two_organisations_cannot_share_an_rna_number() -> None:
    load_rows(make_edition("a"), sources([organisation(1, rna="W1"), organisation(2, rna="W1")]))
    owner = Identifier.objects.get(scheme="rna", value="W1").organisation_id
    assert owner == Identifier.objects.get(scheme="siren", value=siren(1)).organisation_id


def test_identities_without_facts_are_invisible_and_reused() -> None:
    """What a load killed before its switch leaves behind."""
    lone = Organisation.objects.create(name="Association 1")
    Identifier.objects.create(organisation=lone, scheme="siren", value=siren(1))
    assert list(Organisation.objects.visible()) == []
    load_rows(make_edition("a"), sources([organisation(1)]))
    assert list(Organisation.objects.visible()) == [lone]
    assert EstablishmentFacts.objects.count() == 1


def test_one_load_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("essor.registry.loading.load.WAIT_SECONDS", 0.0)
    code = (
        "import sys\nfrom essor.kernel.locks import exclusive\n"
        "with exclusive('registry-load'):\n    print('tenu', flush=True)\n    sys.stdin.readline()\n"
    )
    edition = make_edition("a")
    with python(code) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "tenu\n"
        with pytest.raises(LoadRefused, match="Une autre édition est en cours de chargement"):
            load_rows(edition, sources([organisation(1)]))
        holder.kill()
    # A killed holder frees the lock; PostgreSQL takes a moment to notice.
    end = time.monotonic() + 20
    while True:
        try:
            assert load_rows(edition, sources([organisation(1)])).new == 1
            return
        except LoadRefused:
            assert time.monotonic() < end
            time.sleep(0.2)
