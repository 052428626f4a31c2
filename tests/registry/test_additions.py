"""Organisations that agents add: checks, qualification, look-alikes, and editions loaded after."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from essor.kernel.audit import entries_for
from essor.registry.actions_additions import NewOrganisation, add_organisation
from essor.registry.actions_merge import merge, say_distinct
from essor.registry.changes import organisations_changed
from essor.registry.filters import Filters
from essor.registry.loading.load import load_rows, preview_rows
from essor.registry.models import Edition, Identifier, Organisation, OrganisationFacts
from essor.registry.queries import search_page
from essor.registry.queries_duplicates import find_for_agents, look_alikes, proposals
from essor.registry.queries_organisation import find_organisation, history
from tests.factories import AuthorityFactory, EditionFactory, MembershipFactory, TerritoryFactory
from tests.registry.loading.rows_made import organisation, siren, sources
from tests.registry_factories import FactsFactory

pytestmark = pytest.mark.django_db


def said(**changes: Any) -> NewOrganisation:
    values = {
        "name": "Ressourcerie du Lac",
        "legal_form": "association",
        "commune": changes.pop("commune", None) or TerritoryFactory(),
        "statement": "Association déclarée le mois dernier",
        "address": "3, rue de l’Étang",
        "postal_code": "31190",
        "naf": "38.32Z",
    }
    return NewOrganisation(**{**values, **changes})


def test_an_added_association_is_of_the_register_like_the_others() -> None:
    told: list[Any] = []
    organisations_changed.connect(lambda ids, **_: told.append(ids), weak=False, dispatch_uid="essai")
    authority = AuthorityFactory(name="Département du Lac")
    commune = TerritoryFactory(departement=authority.territory)
    agent = MembershipFactory(authority=authority, agent=True).user

    made = add_organisation(agent, authority, said(commune=commune, rna="W312000123", acronym="RDL"))

    organisations_changed.disconnect(dispatch_uid="essai")
    assert told == [frozenset({made.pk})]
    found = find_organisation(made.pk)
    assert found is not None
    facts = found.facts
    assert (facts.origin, facts.present, facts.verdict, facts.family) == (
        "agent",
        True,
        "ess_by_status",
        "association",
    )
    assert (facts.legal_category, facts.naf, facts.search_text) == (
        "9220",
        "38.32Z",
        "ressourcerie du lac rdl",
    )
    assert found.identifiers == {"rna": ["W312000123"]}
    place = made.establishments.get()
    assert (place.siret, place.facts.address, place.facts.commune) == (None, "3 RUE DE L ETANG", commune)
    assert (made.addition.authority, made.addition.statement) == (
        authority,
        "Association déclarée le mois dernier",
    )
    wanted = Filters(day=date(2026, 11, 1), text="ressourcerie lac")
    assert [row.pk for row in search_page(wanted, 1, 0, 10)] == [made.pk]
    assert "a ajouté « Ressourcerie du Lac » au registre" in entries_for(made)[0].sentence


@pytest.mark.parametrize(
    ("form", "verdict"),
    [("collective", "to_check"), ("other", "to_check"), ("company", "to_check"), ("scop", "ess_by_status")],
)
def test_the_verdict_is_that_of_the_rules(form: str, verdict: str) -> None:
    made = add_organisation(None, None, said(legal_form=form))
    assert made.facts.verdict == verdict
    assert [tag.code for tag in made.tags.all()] == (["scop"] if form == "scop" else [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"siren": "123456789"}, "la clé du SIREN est fausse"),
        ({"siren": "12345"}, "doit avoir 9 chiffres"),
        ({"rna": "1234"}, "n’est pas un numéro RNA"),
        ({"naf": "xx"}, "n’est pas un code NAF"),
        ({"name": "  "}, "Donnez le nom"),
        ({"statement": " "}, "Dites pourquoi"),
        ({"legal_form": "public_body"}, "ne relève pas de l’ESS"),
        ({"legal_form": "???"}, "n’est pas un choix proposé"),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(changes: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        add_organisation(None, None, said(**changes))
    assert Organisation.objects.count() == 0


def test_a_number_of_the_register_is_refused_with_its_owner() -> None:
    FactsFactory(name="Déjà là", siren="123456782")
    with pytest.raises(ValidationError, match="Le registre a déjà « Déjà là »"):
        add_organisation(None, None, said(siren="123456782"))


def test_an_agent_adds_on_its_territory_only() -> None:
    membership = MembershipFactory(agent=True)
    with pytest.raises(PermissionDenied):
        add_organisation(membership.user, membership.authority, said())
    inside = said(commune=TerritoryFactory(departement=membership.authority.territory))
    assert add_organisation(membership.user, membership.authority, inside).pk


def test_look_alikes_come_by_number_then_by_name() -> None:
    here, there = TerritoryFactory(), TerritoryFactory()
    same = FactsFactory(name="Tout autre nom", siren="123456782")
    near = FactsFactory(name="LA RESOURCERIE DU LAC", commune=here)
    FactsFactory(name="Chorale du Lac", commune=here)
    away = FactsFactory(name="ressourcerie-du-lac", commune=there)
    found = look_alikes("Ressourcerie du Lac", here, {"siren": "123456782", "rna": ""})
    assert [(each.facts.pk, each.why, each.certain) for each in found] == [
        (same.pk, "Même Siren", True),
        (near.pk, "Nom proche, même commune", False),
        (away.pk, "Même nom, dans une autre commune", False),
    ]


def test_duplicates_are_proposed_in_the_territory_until_somebody_says_no() -> None:
    authority = AuthorityFactory()
    here = TerritoryFactory(departement=authority.territory)
    first = FactsFactory(name="Ressourcerie du Lac", commune=here).organisation
    second = FactsFactory(name="Association ressourcerie du lac", commune=here).organisation
    third = FactsFactory(name="Ressourcerie du lac (la)", commune=here).organisation
    FactsFactory(name="Ressourcerie du Lac", commune=TerritoryFactory())
    FactsFactory(name="Amicale des pêcheurs", commune=here)
    pairs = {(first.pk, second.pk), (first.pk, third.pk), (second.pk, third.pk)}
    assert {(pair.first, pair.second) for pair in proposals(authority)} == pairs
    say_distinct(None, authority, second, third)
    merge(None, authority, first, second, reason="")
    assert [(pair.first, pair.second) for pair in proposals(authority)] == [(first.pk, third.pk)]


def test_an_agent_finds_by_number_address_or_name() -> None:
    facts = FactsFactory(name="Ressourcerie du Lac", siren="123456782")
    other = FactsFactory(name="Ressourcerie du Lac et des Monts")
    for text in (
        "123 456 782",
        f"n° {facts.pk}",
        f"https://essor.exemple.fr/registre/{facts.pk}/",
        "ressourcerie du lac",
    ):
        assert [row.pk for row in find_for_agents(text)] == [facts.pk], text
    assert [row.pk for row in find_for_agents("monts lac")] == [other.pk]
    assert find_for_agents("") == []
    assert find_for_agents(str(facts.pk)) == []  # a number alone may be a year of a name


def test_what_is_hidden_is_hidden_from_agents_too() -> None:
    commune = TerritoryFactory()
    for _each in range(2):
        FactsFactory(name="Chez Camille", commune=commune, organisation__is_public=False)
    hidden = FactsFactory(name="Camille", siren="123456782", organisation__is_public=False)
    seen = FactsFactory(commune=commune).organisation
    assert look_alikes("Chez Camille", commune, {"siren": "123456782"}) == []
    assert proposals(None) == []
    assert find_for_agents("123456782") == find_for_agents("camille") == []
    with pytest.raises(ValidationError, match="déjà une organisation avec ce numéro"):
        add_organisation(None, None, said(siren="123456782"))
    with pytest.raises(ValidationError, match="pas publique"):
        merge(None, None, seen, hidden.organisation, reason="")


def make_edition(code: str) -> Edition:
    return EditionFactory(code=code, day=date(2026, 11, 1))


@pytest.mark.django_db(transaction=True)
def test_an_edition_leaves_the_added_alone_then_takes_over_the_one_that_it_brings() -> None:
    rows = [organisation(n) for n in range(1, 5)]
    load_rows(make_edition("a"), sources(rows))
    alone = add_organisation(None, None, said(name="Collectif sans numéro", legal_form="collective"))
    known = add_organisation(None, None, said(name="Ressourcerie", legal_form="scop"))
    Identifier.objects.create(organisation=known, scheme="siren", value=siren(7))
    before = list(OrganisationFacts.objects.filter(pk__in=[alone.pk, known.pk]).order_by("pk").values())

    second = sources(rows)
    seen = preview_rows(second)
    assert (seen.new, seen.changed, seen.same, seen.leaving, seen.in_force) == (0, 0, 4, 0, 4)
    counts = load_rows(make_edition("b"), second)
    assert (counts.new, counts.changed, counts.leaving) == (0, 0, 0)
    assert (
        list(OrganisationFacts.objects.filter(pk__in=[alone.pk, known.pk]).order_by("pk").values()) == before
    )
    assert [place.facts.present for place in (*alone.establishments.all(), *known.establishments.all())] == [
        True,
        True,
    ]
    assert [tag.code for tag in known.tags.all()] == ["scop"]

    third = [*rows, organisation(7, name="RESSOURCERIE DU LAC")]
    counts = load_rows(make_edition("c"), sources(third))
    assert (counts.new, counts.changed, counts.leaving) == (0, 1, 0)
    known.refresh_from_db()
    assert (known.facts.origin, known.facts.name, known.name) == ("edition",) + ("RESSOURCERIE DU LAC",) * 2
    assert known.addition.statement == "Association déclarée le mois dernier"
    assert [tag.code for tag in known.tags.all()] == ["scop"]
    assert sorted((e.siret or "", e.facts.present) for e in known.establishments.all()) == [
        ("", False), (siren(7) + "00011", True),
    ]  # fmt: skip
    assert "Ajoutée par une collectivité, elle est désormais décrite par les données publiques" in [
        detail for event in history(known) for detail in event.details
    ]
    assert alone.facts.present
    counts = load_rows(make_edition("d"), sources(third))
    assert (counts.new, counts.changed, counts.same, counts.leaving) == (0, 0, 5, 0)


def test_a_duplicate_hidden_since_the_search_is_no_longer_named() -> None:
    authority = AuthorityFactory()
    here = TerritoryFactory(departement=authority.territory)
    rows = [FactsFactory(name="Chez Camille", commune=here) for _each in range(3)]
    assert len(proposals(authority)) == 3
    Organisation.objects.filter(pk=rows[0].pk).update(is_public=False)
    pairs = [(rows[1].pk, rows[2].pk)]
    assert [(pair.first, pair.second) for pair in proposals(authority)] == pairs
    OrganisationFacts.objects.filter(pk=rows[1].pk).update(present=False)
    assert proposals(authority) == []
