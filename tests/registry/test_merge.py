"""Merging duplicates: what passes, what comes back, what an edition does after, two persons at once."""

import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError

from essor.accounts.models import Authority
from essor.kernel.audit import entries_for
from essor.registry import merge_rows
from essor.registry.actions_merge import merge, say_distinct, undo_merge
from essor.registry.changes import organisations_changed
from essor.registry.loading.load import load_rows
from essor.registry.models import (
    DistinctPair,
    Edition,
    Establishment,
    Identifier,
    Merge,
    MergedRow,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from tests.factories import (
    AuthorityFactory,
    EditionFactory,
    MembershipFactory,
    OrganisationFactory,
    OrganisationMembershipFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.processes import python
from tests.registry.loading.rows_made import organisation, siren, sources
from tests.registry_factories import ChangeFactory, FactsFactory, PlaceFactory

pytestmark = pytest.mark.django_db
# What tells of the merge itself, and what follows each change.
BESIDE = {
    "registry.merge", "registry.mergedrow", "kernel.auditentry", "registry.searchpending", "registry.shownversion",
}  # fmt: skip


def snapshot() -> dict[str, list[Any]]:
    """Every row of the rooms' tables, but what tells of the merge itself."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if label.partition(".")[0] in {"registry", "accounts", "kernel"} and label not in BESIDE:
            found[label] = json.loads(serializers.serialize("json", model._base_manager.order_by("pk")))
    return found


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory(territory=TerritoryFactory(departement_kind=True))


@pytest.fixture
def pair(authority: Authority) -> tuple[Organisation, Organisation]:
    """Two rows of one association, the second with everything that a row may have, and clashes."""
    commune = TerritoryFactory(departement=authority.territory)
    kept = FactsFactory(name="Ressourcerie du Lac", siren="123456782", tags=["aci"], commune=commune)
    twin = FactsFactory(name="La Ressourcerie du lac", tags=["aci", "ei"], commune=commune, origin="agent")
    Identifier.objects.create(organisation=twin.organisation, scheme="rna", value="W312000123")
    PlaceFactory(organisation=twin.organisation, siret=None, commune=commune)
    PlaceFactory(organisation=kept.organisation, commune=commune)
    ChangeFactory(organisation=twin.organisation)
    both = UserFactory()
    for each in (kept, twin):
        OrganisationMembershipFactory(organisation=each.organisation, user=both)
    OrganisationFactory(merged_into=twin.organisation)
    return kept.organisation, twin.organisation


def agent_of(authority: Authority) -> Any:
    return MembershipFactory(authority=authority, agent=True).user


def test_undoing_a_merge_restores_exactly_what_was(
    authority: Authority, pair: tuple[Organisation, Organisation]
) -> None:
    kept, twin = pair
    agent = agent_of(authority)
    before = snapshot()
    told: list[frozenset[int]] = []
    organisations_changed.connect(lambda ids, **_: told.append(ids), weak=False, dispatch_uid="essai")

    done = merge(agent, authority, kept, twin, reason="Saisie deux fois")

    twin.refresh_from_db()
    assert twin.merged_into == kept
    assert twin.facts.present is False
    assert {i.value for i in kept.identifiers.all()} == {"123456782", "W312000123"}
    assert sorted(kept.tags.values_list("code", flat=True)) == ["aci", "ei"]
    assert [tag.code for tag in twin.tags.all()] == ["aci"]  # the kept one has the same, of the same source
    assert kept.establishments.count() == 2
    assert (kept.changes.count(), twin.changes.count()) == (1, 0)
    assert [each.pk for each in Organisation.objects.filter(merged_into=kept).exclude(pk=twin.pk)]
    assert OrganisationFacts.objects.filter(pk=twin.pk).exists()
    assert told == [frozenset({kept.pk, twin.pk})]

    undo_merge(agent, authority, done, reason="Ce sont bien deux associations")
    organisations_changed.disconnect(dispatch_uid="essai")
    assert snapshot() == before
    lines = [line.sentence for line in entries_for(kept)]
    assert [("annulé la fusion" in line, "a fusionné" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]


def test_what_was_added_to_the_kept_one_since_stays_there(
    authority: Authority, pair: tuple[Organisation, Organisation]
) -> None:
    kept, twin = pair
    before = snapshot()
    done = merge(None, authority, kept, twin, reason="")
    new = OrganisationTag.objects.create(organisation=kept, code="esus", source="esus")
    OrganisationTag.objects.filter(organisation=kept, code="ei").delete()
    undo_merge(None, authority, done, reason="Erreur")
    new.delete()
    after = snapshot()
    gone = before["registry.organisationtag"].pop(-1)
    assert gone["fields"]["code"] == "ei"
    assert after == before


def test_every_table_that_points_to_an_organisation_is_walked() -> None:
    found = {(model._meta.label, field.name) for model, field in merge_rows.pointing()}
    assert {
        ("registry.Identifier", "organisation"),
        ("registry.Establishment", "organisation"),
        ("registry.EditionChange", "organisation"),
        ("registry.OrganisationMembership", "organisation"),
        ("registry.OrganisationTag", "organisation"),
        ("registry.OrganisationAddition", "organisation"),
        ("registry.OrganisationLink", "source"),
        ("registry.OrganisationLink", "target"),
        ("registry.Organisation", "merged_into"),
    } <= found
    assert not {model for model, _field in merge_rows.pointing()} & {Merge, MergedRow, OrganisationFacts}


def test_what_cannot_be_merged(authority: Authority, pair: tuple[Organisation, Organisation]) -> None:
    kept, twin = pair
    with pytest.raises(ValidationError, match="deux fiches différentes"):
        merge(None, authority, kept, kept, reason="")
    with pytest.raises(ValidationError, match="Gardez « Ressourcerie du Lac »"):
        merge(None, authority, twin, kept, reason="")
    with pytest.raises(ValidationError, match="n’est pas au registre"):
        merge(None, authority, kept, OrganisationFactory(), reason="")
    other = FactsFactory(siren="552100554").organisation
    with pytest.raises(ValidationError, match="SIREN différents"):
        merge(None, authority, kept, other, reason="")
    first = merge(None, authority, kept, twin, reason="")
    with pytest.raises(ValidationError, match="déjà été fusionnée"):
        merge(None, authority, kept, twin, reason="")
    second = merge(None, authority, other, kept, reason="", numbers_confirmed=True)
    with pytest.raises(ValidationError, match="annulez d’abord"):
        undo_merge(None, authority, first, reason="x")
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        undo_merge(None, authority, second, reason=" ")
    undo_merge(None, authority, second, reason="x")
    undo_merge(None, authority, first, reason="x")
    with pytest.raises(ValidationError, match="déjà été annulée"):
        undo_merge(None, authority, first, reason="x")


def test_only_agents_of_the_territory_and_the_administration_merge(
    authority: Authority, pair: tuple[Organisation, Organisation]
) -> None:
    kept, twin = pair
    other = AuthorityFactory()
    for actor, frame in (
        (MembershipFactory(agent=True, authority=other).user, other),
        (MembershipFactory(agent=True, authority=other).user, authority),
        (MembershipFactory(elected=True, authority=authority).user, authority),
        (agent_of(authority), None),
    ):
        with pytest.raises(PermissionDenied):
            merge(actor, frame, kept, twin, reason="")
    merge(UserFactory(installation_admin=True), None, kept, twin, reason="")


def test_two_said_distinct_stay_two(authority: Authority, pair: tuple[Organisation, Organisation]) -> None:
    kept, twin = pair
    for _again in range(2):
        say_distinct(None, authority, twin, kept)
    assert [(each.first, each.second) for each in DistinctPair.objects.all()] == [(kept, twin)]


def make_edition(code: str) -> Edition:
    return EditionFactory(code=code, day=date(2026, 11, 1))


@pytest.mark.django_db(transaction=True)
def test_an_edition_loaded_after_does_not_recreate_the_absorbed_one() -> None:
    """Two numbers of INSEE for one association: the kept one's own number tells its facts."""
    rows = [organisation(n, name=f"Nom {n}", rna=f"W{n}", tags=[("aci", "siae")]) for n in range(1, 10)]
    load_rows(make_edition("a"), sources(rows))
    first, second = (Organisation.objects.get(identifiers__value=siren(n)) for n in (1, 2))
    done = merge(None, None, second, first, reason="", numbers_confirmed=True)
    count = Organisation.objects.count()

    counts = load_rows(make_edition("b"), sources(rows))
    assert (counts.new, counts.changed, counts.same, counts.leaving) == (0, 0, 8, 0)
    changed = [dict(row, name=row["name"] + " bis", tags=[("ei", "siae")]) for row in rows]
    counts = load_rows(make_edition("c"), sources(changed))

    assert (counts.new, counts.changed, counts.leaving) == (0, 8, 0)
    assert Organisation.objects.count() == count
    assert list(Organisation.objects.visible().filter(name__startswith="Nom 1 ")) == []
    second.refresh_from_db()
    assert (second.name, second.facts.name, second.facts.present) == ("Nom 2 bis", "Nom 2 bis", True)
    assert [tag.code for tag in second.tags.all()] == ["ei"]
    assert sorted(second.establishments.values_list("siret", flat=True)) == [
        siren(n) + "00011" for n in (1, 2)
    ]
    assert Establishment.objects.filter(organisation=first).count() == 0

    undo_merge(None, None, done, reason="Deux associations")
    counts = load_rows(make_edition("d"), sources(changed))
    assert (counts.new, counts.leaving) == (0, 0)
    first.refresh_from_db()
    assert (first.facts.name, first.facts.present, first.merged_into) == ("Nom 1 bis", True, None)
    assert [tag.code for tag in first.tags.all()] == ["ei"]
    assert first.establishments.get().siret == siren(1) + "00011"


MERGER = """
import sys
from django.core.exceptions import ValidationError
from essor.registry.actions_merge import merge
from essor.registry.models import Organisation
kept, absorbed = (Organisation.objects.get(pk=int(word)) for word in sys.argv[1:3])
print("prêt", flush=True)
sys.stdin.readline()
try:
    merge(None, None, kept, absorbed, reason="")
    print("fait", flush=True)
except ValidationError:
    print("refusé", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_persons_who_merge_at_once_in_both_directions() -> None:
    first, second = FactsFactory(tags=["aci"]).organisation, FactsFactory(tags=["ei"]).organisation
    with (
        python(MERGER, str(first.pk), str(second.pk)) as one,
        python(MERGER, str(second.pk), str(first.pk)) as two,
    ):
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "prêt\n", process.communicate()[1]
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = sorted(process.communicate()[0].strip() for process in (one, two))
    assert said == ["fait", "refusé"]
    assert Merge.objects.count() == 1
    done = Merge.objects.get()
    assert sorted(done.kept.tags.values_list("code", flat=True)) == ["aci", "ei"]
    assert done.absorbed.tags.count() == 0
