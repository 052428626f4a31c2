"""Answers that an authority keeps: unchanged, its own, withdrawn by those who may, erased in time."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from essor.accounts.models import Membership
from essor.kernel import audit, retention
from essor.rulebook.models import Note
from essor.rulebook.retention_notes import erase_old_notes
from tests.factories import AuthorityFactory, MembershipFactory
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db

CASE = '{"surplus": 10000, "on": "2026-05-01"}'
THRESHOLD = '{"nature": "services", "amount": 50000, "on": "2026-03-01"}'


@pytest.fixture
def agent() -> Membership:
    return MembershipFactory(authority=AuthorityFactory(slug="gard"), agent=True)


def signed(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def keep(client: Client, rule: str = "scic_reserves", case: str = CASE, **said: str) -> Any:
    return client.post(
        f"/gard/droit/notes/garder/{rule}/", {"entree": case, "title": "Réserves de la Scic", **said}
    )


def test_an_answer_is_kept_with_its_case_its_words_and_its_author(agent: Membership) -> None:
    edition_in_force()
    facts = FactsFactory(name="Scic du Pré", siren="123456782")
    response = keep(signed(agent), reference="D-12", siren="123 456 782")
    note = Note.objects.get()
    assert response["Location"] == f"/gard/droit/notes/{note.pk}/"
    assert (note.rule, note.reference, note.organisation, note.author) == (
        "scic_reserves", "D-12", facts.organisation, agent.user,
    )  # fmt: skip
    assert (note.given, note.law_day) == (
        {"surplus": 10000, "on": "2026-05-01", "losses": 0},
        date(2026, 5, 1),
    )
    assert note.answer["minimum_impartible"] == 5750
    assert note.shown["verdict"]["label"] == "5\u202f750\u00a0€ au moins en réserve"
    assert audit.entries_for(note)[0].sentence == (
        f"{agent.user.full_name} a gardé une réponse du droit : « Que doit mettre en réserve cette Scic\u00a0? »"
    )


def test_the_page_shows_the_answer_as_given_and_what_changed_since(agent: Membership) -> None:
    client = signed(agent)
    keep(client, "procurement_threshold", THRESHOLD)
    page = client.get(f"/gard/droit/notes/{Note.objects.get().pk}/")
    assert page.context["shown"]["verdict"]["label"] == "Procédure adaptée"
    assert page.context["today"]["verdict"]["label"] == "Sans publicité ni mise en concurrence préalables"
    assert "Aujourd’hui, la réponse serait" in page.content.decode()


def test_what_was_given_stays_though_the_words_of_the_rule_change(agent: Membership) -> None:
    client = signed(agent)
    keep(client)
    note = Note.objects.get()
    note.shown["explanation"] = ["Ce que la règle disait alors."]
    note.save()
    assert "Ce que la règle disait alors." in client.get(f"/gard/droit/notes/{note.pk}/").content.decode()


def test_a_note_outlives_its_rule(agent: Membership) -> None:
    client = signed(agent)
    keep(client)
    Note.objects.update(rule="rule_of_old")
    pk = Note.objects.get().pk
    page = client.get(f"/gard/droit/notes/{pk}/").content.decode()
    assert "au moins en réserve" in page
    assert "cette question n’est plus posée" in page
    assert client.get("/gard/droit/notes/").status_code == 200
    assert client.get(f"/gard/droit/notes/{pk}.pdf").status_code == 200
    assert b"rule_of_old" in b"".join(client.get("/gard/droit/notes/notes.csv"))
    assert client.post(f"/gard/droit/notes/{pk}/effacer/").status_code == 302


def test_the_same_answer_today_is_told_as_such(agent: Membership) -> None:
    client = signed(agent)
    keep(client)
    page = client.get(f"/gard/droit/notes/{Note.objects.get().pk}/").content.decode()
    assert "La réponse serait la même aujourd’hui." in page


@pytest.mark.parametrize(
    ("said", "field"),
    [({"title": ""}, "title"), ({"siren": "12"}, "siren"), ({"siren": "999999999"}, "siren")],
)
def test_what_is_wrong_is_told_and_the_case_stays(
    said: dict[str, str], field: str, agent: Membership
) -> None:
    response = keep(signed(agent), **said)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert "surplus" in response.content.decode()
    assert not Note.objects.exists()


def test_a_case_without_answer_is_not_kept(agent: Membership) -> None:
    response = keep(signed(agent), "procurement_threshold", THRESHOLD.replace("2026", "2035"))
    assert (response.status_code, Note.objects.count()) == (302, 0)


@pytest.mark.parametrize("address", ["", "{pk}/", "{pk}.pdf", "notes.csv"])
def test_another_authority_reads_nothing(address: str, agent: Membership) -> None:
    keep(signed(agent))
    pk = Note.objects.get().pk
    other = MembershipFactory(authority=AuthorityFactory(slug="lot"), agent=True)
    assert signed(other).get(f"/gard/droit/notes/{address.format(pk=pk)}").status_code == 403
    mine = signed(other).get(f"/lot/droit/notes/{address.format(pk=pk)}")
    assert mine.status_code == (404 if "{pk}" in address else 200)
    if mine.status_code == 200:
        assert "Réserves de la Scic" not in b"".join(mine).decode()


@pytest.mark.parametrize(
    ("role", "status"), [({"manager": True}, 302), ({"elected": True}, 403), ({"expert": True}, 403)]
)
def test_who_may_withdraw_and_erase(role: dict[str, bool], status: int, agent: Membership) -> None:
    keep(signed(agent))
    note = Note.objects.get()
    other = signed(MembershipFactory(authority=agent.authority, **role))
    assert other.get(f"/gard/droit/notes/{note.pk}/").status_code == 200
    withdrawn = other.post(f"/gard/droit/notes/{note.pk}/retirer/", {"reason": "Mauvaise date"})
    assert withdrawn.status_code == status
    note.refresh_from_db()
    assert (note.withdrawn_at is not None, note.withdrawn_because) == (
        (True, "Mauvaise date") if status == 302 else (False, "")
    )
    assert other.post(f"/gard/droit/notes/{note.pk}/effacer/").status_code == status
    assert Note.objects.exists() is (status == 403)


def test_a_withdrawn_answer_stays_readable_with_its_reason(agent: Membership) -> None:
    client = signed(agent)
    keep(client)
    pk = Note.objects.get().pk
    assert client.post(f"/gard/droit/notes/{pk}/retirer/", {"reason": " "}).status_code == 422
    client.post(f"/gard/droit/notes/{pk}/retirer/", {"reason": "Le capital a changé"})
    assert "Le capital a changé" in client.get(f"/gard/droit/notes/{pk}/").content.decode()
    assert client.get("/gard/droit/notes/").context["count"] == 0
    assert client.get("/gard/droit/notes/?retirees=oui").context["count"] == 1
    client.post(f"/gard/droit/notes/{pk}/retirer/", {"reason": "Encore"})
    assert Note.objects.get().withdrawn_because == "Le capital a changé"


@pytest.mark.parametrize(
    ("query", "count"),
    [("q=scic+reserves", 1), ("q=d-12", 1), ("q=marché", 0), ("regle=brs", 0), ("regle=scic_reserves", 1)],
)
def test_notes_are_found_by_their_words(query: str, count: int, agent: Membership) -> None:
    client = signed(agent)
    keep(client, reference="D-12")
    assert client.get(f"/gard/droit/notes/?{query}").context["count"] == count


def test_the_list_asks_as_much_for_one_note_as_for_twenty(
    agent: Membership, django_assert_max_num_queries: Any
) -> None:
    client = signed(agent)
    for _number in range(20):
        keep(client)
    with django_assert_max_num_queries(9):
        assert client.get("/gard/droit/notes/").context["count"] == 20


def test_the_table_of_notes(agent: Membership) -> None:
    client = signed(agent)
    keep(client, title="=1+1")
    lines = b"".join(client.get("/gard/droit/notes/notes.csv")).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Titre;Question;Réponse;Droit du;")
    assert lines[1].startswith("'=1+1;")
    assert "2026-05-01" in lines[1]


def test_the_printed_note_says_who_kept_it(agent: Membership, tmp_path: Path) -> None:
    client = signed(agent)
    keep(client, reference="D-12")
    path = tmp_path / "note.pdf"
    path.write_bytes(client.get(f"/gard/droit/notes/{Note.objects.get().pk}.pdf").content)
    read = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    text = " ".join(read.split())
    for words in (
        "Réserves de la Scic",
        "5 750 € au moins en réserve",
        "D-12",
        agent.user.full_name,
        "imprimé le",
    ):
        assert words in text


def test_the_printed_note_says_that_it_was_withdrawn(agent: Membership, tmp_path: Path) -> None:
    client = signed(agent)
    keep(client)
    page = f"/gard/droit/notes/{Note.objects.get().pk}"
    client.post(f"{page}/retirer/", {"reason": "Comptes corrigés"})
    path = tmp_path / "note.pdf"
    path.write_bytes(client.get(f"{page}.pdf").content)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    text = " ".join(read.stdout.split())
    assert "Que doit mettre en réserve cette Scic ? · réponse retirée" in text
    assert ": Comptes corrigés" in text


def test_notes_are_erased_after_ten_years(agent: Membership) -> None:
    client = signed(agent)
    keep(client)
    keep(client)
    old = Note.objects.order_by("pk")[0]
    Note.objects.filter(pk=old.pk).update(created_at=datetime(2016, 11, 20, tzinfo=UTC))
    assert erase_old_notes(date(2026, 11, 21)) == 1
    assert not Note.objects.filter(pk=old.pk).exists()
    assert len(retention.export_for(agent.user.pk)["rulebook.note"]) == 1
