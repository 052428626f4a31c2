"""Successions, groups, same address, closing: what is refused, what pages show."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from essor.accounts.models import Authority
from essor.kernel.periods import today
from essor.registry.actions_links import NewLink, declare_state, link, undo_link
from essor.registry.actions_merge import merge, undo_merge
from essor.registry.addresses import street_key
from essor.registry.link_rules import closes_cycle
from essor.registry.loading.load import load_rows
from essor.registry.look_alikes import bare, likeness, pairs
from essor.registry.models import Organisation, OrganisationFacts, OrganisationLink
from essor.registry.queries_links import neighbours
from tests.factories import AuthorityFactory, EditionFactory, MembershipFactory, TerritoryFactory
from tests.registry.loading.rows_made import organisation, sources
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
Kind = OrganisationLink.Kind


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_ties_added_one_by_one_never_make_a_loop(wanted: list[tuple[int, int]]) -> None:
    kept: list[tuple[int, int]] = []
    for source, target in wanted:
        if source != target and not closes_cycle(kept, source, target):
            kept.append((source, target))
    order = {node: depth(node, kept) for node in range(7)}
    assert all(order[source] > order[target] for source, target in kept)


def depth(node: int, ties: list[tuple[int, int]], limit: int = 8) -> int:
    assert limit
    return 1 + max((depth(target, ties, limit - 1) for source, target in ties if source == node), default=0)


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory(slug="lac")


@pytest.fixture
def three(authority: Authority) -> list[Organisation]:
    commune = TerritoryFactory(departement=authority.territory)
    return [
        FactsFactory(name=name, commune=commune).organisation for name in ("Foyer", "Maison", "Fédération")
    ]


def succession(source: Organisation, target: Organisation, **changes: Any) -> NewLink:
    return NewLink(
        **{"kind": Kind.MERGER, "source": source, "target": target, "day": date(2026, 1, 1), **changes}
    )


def test_a_succession_is_told_on_both_pages_until_it_is_undone(
    authority: Authority, three: list[Organisation], client: Client
) -> None:
    edition_in_force()
    old, new, _head = three
    agent = MembershipFactory(authority=authority, agent=True).user
    tie = link(agent, authority, succession(old, new, note="Traité signé"))
    assert "A pour successeur Maison Fusion, le 1er janvier 2026, Traité signé" in text_of(
        client.get(f"/registre/{old.pk}/")
    )
    assert "A succédé à Foyer Fusion, le 1er janvier 2026" in text_of(client.get(f"/registre/{new.pk}/"))
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        undo_link(agent, authority, tie, reason=" ")
    undo_link(agent, authority, tie, reason="Le projet est abandonné")
    with pytest.raises(ValidationError, match="déjà été retiré"):
        undo_link(agent, authority, tie, reason="Encore")
    assert "successeur" not in text_of(client.get(f"/registre/{old.pk}/"))
    link(agent, authority, succession(old, new))


def test_what_is_refused(authority: Authority, three: list[Organisation]) -> None:
    first, second, third = three
    link(None, authority, succession(first, second))
    link(None, authority, succession(second, third, kind=Kind.TAKEOVER))
    for new, words in (
        (succession(first, first), "liée à elle-même"),
        (succession(first, second), "existe déjà"),
        (succession(third, first, kind=Kind.SPLIT), "ferait une boucle"),
        (succession(third, first, day=None), "date d’effet"),
    ):
        with pytest.raises(ValidationError, match=words):
            link(None, authority, new)
    link(None, authority, succession(third, first, kind=Kind.MEMBER, day=None))
    stranger = MembershipFactory(agent=True)
    with pytest.raises(PermissionDenied):
        link(stranger.user, stranger.authority, succession(first, third))


def test_a_group_shows_its_head_its_members_and_their_siblings(
    authority: Authority, three: list[Organisation], client: Client
) -> None:
    edition_in_force()
    first, second, head = three
    for member in (first, second):
        link(None, authority, succession(member, head, kind=Kind.MEMBER, day=None))
    said = text_of(client.get(f"/registre/{first.pk}/"))
    assert "Appartient à Fédération" in said
    assert "Dans le même groupe Maison" in said
    said = text_of(client.get(f"/registre/{head.pk}/"))
    assert "A pour membre ou entité Foyer" in said
    done = merge(None, authority, head, second, reason="")
    assert "Maison" not in text_of(client.get(f"/registre/{first.pk}/"))
    undo_merge(None, authority, done, reason="Erreur")
    assert "Dans le même groupe Maison" in text_of(client.get(f"/registre/{first.pk}/"))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("3 RUE DES LILAS", "3, rue des Lilas", True),
        ("Bât. B, 3 av. de l’Étang", "3 AVENUE DE L ETANG", True),
        ("03 PL JEAN JAURES", "3 place Jean-Jaurès", True),
        ("3 BIS RUE DES LILAS", "3 RUE DES LILAS", False),
        ("13 RUE DES LILAS", "3 RUE DES LILAS", False),
        ("LE BOURG", "LE BOURG", False),
    ],
)
def test_two_addresses_are_the_same_street_and_number(first: str, second: str, same: bool) -> None:
    assert (street_key(first) == street_key(second) != "") is same


def test_neighbours_are_public_and_at_the_same_address(django_assert_max_num_queries: Any) -> None:
    here, there = TerritoryFactory(), TerritoryFactory()
    home = PlaceFactory(organisation=FactsFactory().organisation, commune=here, address="3 RUE DES LILAS")
    near = FactsFactory(name="Voisine").organisation
    PlaceFactory(organisation=near, commune=here, address="BAT B, 3 RUE DES LILAS")
    PlaceFactory(organisation=FactsFactory().organisation, commune=here, address="13 RUE DES LILAS")
    PlaceFactory(organisation=FactsFactory().organisation, commune=there, address="3 RUE DES LILAS")
    PlaceFactory(
        organisation=FactsFactory().organisation, commune=here, address="3 RUE DES LILAS", present=False
    )
    PlaceFactory(
        organisation=FactsFactory(organisation__is_public=False).organisation,
        commune=here,
        address="3 RUE DES LILAS",
    )
    with django_assert_max_num_queries(3):
        found = neighbours(home.establishment.organisation, [home])
    assert [(each.pk, each.name) for each in found] == [(near.pk, "Voisine")]
    home.address = "LE BOURG"
    assert neighbours(home.establishment.organisation, [home]) == []


def test_names_that_look_alike() -> None:
    names = [
        "Association Les Amis du Lac",
        "LES AMIS DU LAC",
        "Amis du lac (les)",
        "Les amis du parc",
        "Chorale du lac",
    ]
    found = pairs((number, 1, bare(name)) for number, name in enumerate(names))
    assert {(pair.first, pair.second) for pair in found} == {(0, 1), (0, 2), (1, 2)}
    assert pairs([(1, 1, "amis lac"), (2, 2, "amis lac")]) == []
    assert likeness(bare("Ressourcerie du Lac"), bare("La resourcerie du lac")) > 90


# ── Closing ──


def test_closing_is_told_with_its_source_and_can_be_undone(
    authority: Authority, three: list[Organisation], client: Client
) -> None:
    edition_in_force()
    row = three[0]
    client.force_login(MembershipFactory(authority=authority, agent=True).user)
    words = {"day": "2026-05-04", "reason": "Dissolution", "source": "Annonce légale"}
    assert client.post(f"/lac/registre/{row.pk}/etat/", words).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("closed", date(2026, 5, 4))
    said = text_of(client.get(f"/lac/registre/{row.pk}/"))
    assert "Fermée le 4 mai 2026 Dissolution Annonce légale" in said
    assert "Les sources ne s’accordent pas : l’édition du 1er novembre 2026" in said
    assert row.pk not in [
        facts.pk for facts in OrganisationFacts.objects.filter(organisation__state="active")
    ]
    assert client.post(f"/lac/registre/{row.pk}/etat/", words).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.closed_on, row.state_declarations.count()) == ("active", None, 2)
    tomorrow = {**words, "day": (today() + timedelta(days=1)).isoformat()}
    assert client.post(f"/lac/registre/{row.pk}/etat/", tomorrow).status_code == 422
    with pytest.raises(ValidationError, match="déjà l’état"):
        declare_state(None, authority, row, state="active", day=today(), reason="x", source="y")


@pytest.mark.django_db(transaction=True)
def test_an_edition_does_not_reopen_what_an_agent_closed(client: Client) -> None:
    load_rows(EditionFactory(code="a", day=date(2026, 6, 1)), sources([organisation(n) for n in range(1, 6)]))
    row = Organisation.objects.get(name="Association 1")
    declare_state(None, None, row, state="closed", day=date(2026, 5, 4), reason="Dissoute", source="Annonce")
    changed = [organisation(n, name=f"Association {n} bis") for n in range(1, 6)]
    load_rows(EditionFactory(code="b", day=date(2026, 7, 1)), sources(changed))
    row.refresh_from_db()
    assert (row.name, row.state, row.closed_on) == ("Association 1 bis", "closed", date(2026, 5, 4))
    assert "l’édition du 1er juillet 2026 la décrit encore" in text_of(client.get(f"/registre/{row.pk}/"))
    assert "Association 1 bis" not in text_of(client.get("/registre/"))
