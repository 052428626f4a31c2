"""A value added here changes what the rules answer, everywhere that an answer is read, and says so there."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from essor.law import parameters as law
from essor.rulebook.actions_values import add_value
from essor.rulebook.middleware import LocalLawMiddleware
from essor.rulebook.models import Note
from tests.factories import AuthorityFactory, MembershipFactory
from tests.rulebook_factories import THRESHOLD, draft

pytestmark = pytest.mark.django_db

QUERY = "?nature=services&amount=55000&on=2026-10-01"
SHIPPED = "Sans publicité ni mise en concurrence préalables"
LOCAL = "Procédure adaptée"
MARK = "valeur ajoutée ici"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def client() -> Client:
    agent = MembershipFactory(authority=AuthorityFactory(slug="gard"), agent=True)
    client = Client()
    client.force_login(agent.user)
    return client


def printed(client: Client, address: str, folder: Path) -> str:
    path = folder / "note.pdf"
    path.write_bytes(client.get(address).content)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(read.stdout.split())


@pytest.mark.parametrize("frame", ["", "/gard"])
def test_the_page_and_the_data_follow_a_local_value(frame: str, client: Client) -> None:
    address = f"{frame}/droit/regles/procurement_threshold"
    before = client.get(f"{address}/{QUERY}")
    assert (before.context["shown"]["verdict"]["label"], MARK in before.content.decode()) == (SHIPPED, False)
    add_value(None, draft())
    after = client.get(f"{address}/{QUERY}")
    assert (after.context["shown"]["verdict"]["label"], MARK in after.content.decode()) == (LOCAL, True)
    data = client.get(f"{address}.json{QUERY}").json()
    assert [row["value"] for row in data["references"] if row["local"]] == ["50\u202f000\u00a0€"]
    assert data["procedure"] == "adapted"


def test_the_printed_answer_follows_a_local_value(client: Client, tmp_path: Path) -> None:
    add_value(None, draft())
    text = printed(client, f"/droit/regles/procurement_threshold.pdf{QUERY}", tmp_path)
    assert LOCAL in text
    assert MARK in text
    assert "droit au 1er octobre 2026, valeurs ajoutées ici comprises" in text


def test_a_note_kept_before_stays_and_says_what_today_would_be(client: Client, tmp_path: Path) -> None:
    case = '{"nature": "services", "amount": 55000, "on": "2026-10-01"}'
    client.post("/gard/droit/notes/garder/procurement_threshold/", {"entree": case, "title": "Étude"})
    page = f"/gard/droit/notes/{Note.objects.get().pk}/"
    assert client.get(page).context["today"]["changes"] == []
    add_value(None, draft())
    context = client.get(page).context
    assert context["shown"]["verdict"]["label"] == SHIPPED
    assert context["today"]["verdict"]["label"] == LOCAL
    assert context["today"]["local"] is True
    assert MARK not in printed(client, f"{page[:-1]}.pdf", tmp_path)


def test_a_download_written_after_its_request_reads_the_same_law(rf: RequestFactory) -> None:
    add_value(None, draft())

    def lines() -> Iterator[str]:
        for _ in range(2):
            yield law.value(THRESHOLD, draft().start).text

    def view(request: object) -> HttpResponse:
        return StreamingHttpResponse(lines())  # type: ignore[return-value]

    response = LocalLawMiddleware(view)(rf.get("/"))
    assert [part.decode() for part in response] == ["50\u202f000\u00a0€"] * 2
    assert law.value(THRESHOLD, draft().start).text == "60\u202f000\u00a0€"
