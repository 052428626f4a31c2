"""Tags put by people: proof, rights, editions loaded after, reminders, renewals, labels of authorities."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from essor.accounts.models import Authority
from essor.kernel.audit import entries_for
from essor.kernel.models import OutboxMessage, StoredFile
from essor.kernel.periods import today
from essor.registry.actions_tags import Proof, name_label, put_tag, renew_tag, retire_label, withdraw_tag
from essor.registry.filters import Filters
from essor.registry.loading.load import load_rows
from essor.registry.models import Organisation, OrganisationTag
from essor.registry.queries import facets
from essor.registry.queries_plain import search
from essor.registry.queries_tags import renewals, tag_groups
from essor.registry.reminders import DELAYS, delay_of, remind_on
from essor.registry.tag_words import labels_among, labels_of
from tests.factories import AuthorityFactory, EditionFactory, MembershipFactory, TerritoryFactory, UserFactory
from tests.registry.loading.rows_made import organisation, sources
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def authority() -> Authority:
    return AuthorityFactory(slug="lac", name="Département du Lac")


@pytest.fixture
def held(authority: Authority) -> Organisation:
    facts = FactsFactory(name="Ateliers du Lac", commune=TerritoryFactory(departement=authority.territory))
    return facts.organisation


def proof(**changes: Any) -> Proof:
    return Proof(**{"origin": "Convention avec l’État", "number": "ACI031260001", **changes})


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("convention.pdf", PDF, "application/pdf")


def status_of(client: Client, address: str) -> int:
    response: Any = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
        if response.file_to_stream:
            response.file_to_stream.close()
    return response.status_code


def test_a_tag_is_put_with_its_proof_and_its_file(
    authority: Authority, held: Organisation, client: Client
) -> None:
    agent = MembershipFactory(authority=authority, agent=True).user
    tag = put_tag(
        agent, authority, held, "aci", proof(since=date(2026, 1, 1), until=date(2027, 1, 1), upload=upload())
    )
    assert (tag.code, tag.proof.origin, tag.proof.number) == ("aci", "Convention avec l’État", "ACI031260001")
    assert "a mis l’étiquette « Atelier et chantier d’insertion » (jusqu’au 1er janvier 2027)" in (
        entries_for(held)[0].sentence
    )
    stored = StoredFile.objects.get()
    address = reverse("file", args=[stored.pk])
    client.force_login(UserFactory())
    assert status_of(client, address) == 403
    client.force_login(agent)
    assert status_of(client, address) == 200
    renew_tag(agent, authority, tag, proof(until=date(2028, 1, 1), document_is_public=True))
    tag.refresh_from_db()
    assert (tag.until, tag.proof.document_id) == (date(2028, 1, 1), stored.pk)
    client.logout()
    assert status_of(client, address) == 200


@pytest.mark.parametrize(
    ("code", "given_proof", "words"),
    [
        ("nexistepas", proof(), "Choisissez une étiquette"),
        ("label:99", proof(), "Choisissez une étiquette"),
        ("label:x", proof(), "Choisissez une étiquette"),
        ("ei", proof(origin=" "), "d’où vient"),
        ("ei", proof(since=date(2026, 2, 1), until=date(2026, 2, 1)), "après le début"),
    ],
)
def test_what_is_wrong_is_refused(
    authority: Authority, held: Organisation, code: str, given_proof: Proof, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        put_tag(None, authority, held, code, given_proof)
    put_tag(None, authority, held, "esat", proof())
    with pytest.raises(ValidationError, match="déjà mis"):
        put_tag(None, authority, held, "esat", proof())
    assert OrganisationTag.objects.count() == 1


def test_one_touches_the_tags_of_ones_own_authority_only(authority: Authority, held: Organisation) -> None:
    tag = put_tag(None, authority, held, "ei", proof())
    above = AuthorityFactory(territory=authority.territory)
    neighbour = MembershipFactory(authority=above, agent=True).user
    with pytest.raises(PermissionDenied, match="Seule la collectivité"):
        withdraw_tag(neighbour, above, tag, reason="Non")
    given_by_edition = OrganisationTag.objects.create(organisation=held, code="aci", source="siae")
    with pytest.raises(PermissionDenied, match="données publiques"):
        renew_tag(None, authority, given_by_edition, proof())
    with pytest.raises(PermissionDenied):
        put_tag(neighbour, authority, held, "ea", proof())
    assert put_tag(neighbour, above, held, "ei", proof()).source != tag.source
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        withdraw_tag(None, authority, tag, reason="")


def test_an_ended_tag_is_shown_as_ended_and_leaves_the_filters(
    authority: Authority, held: Organisation, client: Client
) -> None:
    edition_in_force()
    tag = put_tag(None, authority, held, "ptce", proof())
    wanted = Filters(day=today(), tags=("ptce",))
    assert [row.pk for row in search(wanted)] == [held.pk]
    withdraw_tag(None, authority, tag, reason="Le pôle s’est arrêté")
    assert list(search(wanted)) == []
    assert [value.count for value in facets(wanted).tags if value.value == "ptce"] == [0]
    said = text_of(client.get(f"/registre/{held.pk}/"))
    assert "Pôle territorial de coopération économique terminée le" in said
    assert "Convention avec l’État" in said


@pytest.mark.django_db(transaction=True)
def test_an_edition_changes_its_own_tags_and_leaves_those_of_people() -> None:
    rows = [organisation(n, tags=[("aci", "siae")]) for n in range(1, 6)]
    load_rows(EditionFactory(code="a"), sources(rows))
    first = Organisation.objects.get(name="Association 1")
    mine = put_tag(None, None, first, "aci", proof(until=date(2027, 1, 1)))
    load_rows(
        EditionFactory(code="b"),
        sources([dict(row, tags=[("ei", "siae")], verdict="to_check") for row in rows]),
    )
    assert sorted(first.tags.values_list("code", "source")) == [("aci", "installation"), ("ei", "siae")]
    mine.refresh_from_db()
    assert mine.proof.number == "ACI031260001"
    load_rows(EditionFactory(code="c"), sources([dict(row, tags=[("aci", "siae")]) for row in rows]))
    assert sorted(first.tags.values_list("code", "source")) == [("aci", "installation"), ("aci", "siae")]


# ── Reminders ──


@given(left=st.integers(-400, 400))
def test_a_reminder_is_for_the_nearest_delay_that_is_reached(left: int) -> None:
    found = delay_of(date(2026, 6, 1) + timedelta(days=left), date(2026, 6, 1))
    reached = [delay for delay in DELAYS if 0 < left <= delay]
    assert found == (min(reached) if reached else None)


def test_agents_are_reminded_once_60_then_15_days_before(authority: Authority, held: Organisation) -> None:
    agent = MembershipFactory(authority=authority, agent=True).user
    MembershipFactory(authority=authority, agent=True, ended=True)
    MembershipFactory(authority=authority, elected=True)
    end = date(2027, 3, 31)
    tag = put_tag(None, authority, held, "ei", proof(until=end))
    put_tag(None, authority, held, "ea", proof())
    told = [(left, remind_on(end - timedelta(days=left))) for left in (61, 60, 60, 40, 16, 15, 14, 1, 0, -5)]
    assert [left for left, count in told if count] == [60, 15]
    assert list(OutboxMessage.objects.values_list("to", flat=True)) == [agent.email, agent.email]
    message = OutboxMessage.objects.first()
    assert message is not None
    assert "Ateliers du Lac : « Entreprise d’insertion », jusqu’au 31 mars 2027." in message.text
    assert "/lac/registre/etiquettes/" in message.text
    renew_tag(None, authority, tag, proof(until=end + timedelta(days=365)))
    assert remind_on(end + timedelta(days=365 - 30)) == 1


def test_the_screen_of_renewals_and_its_sheet(
    authority: Authority, held: Organisation, client: Client, django_assert_max_num_queries: Any
) -> None:
    held.name = "=HYPERLINK(1)"
    held.save()
    client.force_login(MembershipFactory(authority=authority, agent=True).user)
    for code, days in (("ei", 30), ("aci", -30), ("ea", 300), ("esat", -500), ("ptce", 1), ("scop", 179)):
        put_tag(None, authority, held, code, proof(until=today() + timedelta(days=days)))
    put_tag(None, AuthorityFactory(), held, "cuma", proof(until=today() + timedelta(days=3)))
    assert [(each.days_left, each.over) for each in renewals(authority, today())] == [
        (-30, True), (1, False), (30, False), (179, False),
    ]  # fmt: skip
    with django_assert_max_num_queries(9):
        said = text_of(client.get("/lac/registre/etiquettes/"))
    assert "Dans 30 jours" in said
    assert "Terminée" in said
    sheet = client.get("/lac/registre/etiquettes.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet), delimiter=";"))
    assert [(row["organisation"], row["jours_restants"]) for row in rows][:2] == [
        ("'=HYPERLINK(1)", "-30"), ("'=HYPERLINK(1)", "1"),
    ]  # fmt: skip


# ── Labels of authorities ──


def test_an_authority_names_its_labels_and_puts_them(
    authority: Authority, held: Organisation, client: Client
) -> None:
    edition_in_force()
    agent = MembershipFactory(authority=authority, agent=True).user
    client.force_login(agent)
    answer = client.post("/lac/registre/labels/", {"name": "  Territoire   solidaire ", "description": "Ici"})
    assert answer.status_code == 302
    label = name_label(agent, authority, "Fabriqué ici", "")
    with pytest.raises(ValidationError, match="déjà ce nom"):
        name_label(agent, authority, "fabriqué ici", "")
    with pytest.raises(PermissionDenied):
        name_label(agent, AuthorityFactory(), "Ailleurs", "")
    assert [title for title, _tags in tag_groups(authority)][-1] == "Département du Lac"
    put_tag(agent, authority, held, label.code, proof())
    with pytest.raises(ValidationError):
        put_tag(None, AuthorityFactory(territory=authority.territory), held, label.code, proof())
    assert labels_of([label.code, "ei"]) == {label.code: "Fabriqué ici", "ei": "Entreprise d’insertion"}
    assert labels_among(["ei", "label:x", label.code]) == [(label.code, "Fabriqué ici")]
    assert "Fabriqué ici" in text_of(client.get(f"/registre/{held.pk}/"))
    assert "Fabriqué ici" in text_of(client.get("/registre/"))
    said = text_of(client.get(f"/registre/?etiquette={label.code}"))
    assert "1 organisation" in said
    assert "Étiquette : Fabriqué ici" in said
    client.post(f"/lac/registre/labels/{label.pk}/retirer/")
    retire_label(agent, label)
    assert [name for _code, name in tag_groups(authority)[-1][1]] == ["Territoire solidaire"]
    assert held.tags.count() == 1
