"""Links looked at on demand: states, days, who sees them, what is asked again, nothing without being asked."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from essor.config.cli import app
from essor.kernel.jobs import run_now
from essor.kernel.models import Job
from essor.kernel.periods import today
from essor.kit.enums_aids import LinkState
from essor.kit.models import Aid, Supporter, WebLink
from essor.kit.weblinks import checking, jobs
from essor.kit.weblinks.actions import check_links
from essor.kit.weblinks.rules import of_failure, of_status
from tests.factories import AuthorityFactory, MembershipFactory, UserFactory
from tests.kit_factories import AidFactory, SupporterFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


class _Site(BaseHTTPRequestHandler):
    asked: list[str] = []
    answers = {"/parti": 404, "/panne": 503}

    def _answer(self) -> None:
        self.asked.append(self.path)
        moved = self.path == "/demenage"
        self.send_response(301 if moved else self.answers.get(self.path, 200))
        if moved:
            self.send_header("Location", "/nouveau")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 - names of http.server

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEB_PRIVATE_ALLOWED = (f"127.0.0.1:{server.server_port}",)
    monkeypatch.setattr(checking, "HOST_DELAY", 0)
    monkeypatch.setattr("essor.kit.weblinks.places.fiches", dict)
    _Site.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_answers_become_states() -> None:
    def state(status: int, moved: str = "") -> str:
        return of_status(status, "http://a.fr/x", moved, LinkState.ALIVE, None, DAY).state

    assert [state(n) for n in (200, 404, 410, 403, 429)] == ["alive", "dead", "dead", "alive", "alive"]
    assert state(200, "https://www.a.fr/x/") == "alive"
    assert state(200, "https://b.fr/x") == "moved"


def test_a_server_in_trouble_is_dead_the_second_day_only() -> None:
    first = of_status(503, "http://a.fr", "", LinkState.ALIVE, None, DAY)
    assert (first.state, first.failing_since) == ("alive", DAY)
    assert of_failure("panne", LinkState.ALIVE, DAY, DAY).state == "alive"
    assert of_failure("panne", LinkState.ALIVE, DAY, DAY + timedelta(days=1)).state == "dead"


def test_links_are_looked_at_and_told_to_readers(site: str, client: Client) -> None:
    alive = SupporterFactory(website=f"{site}/ici")
    dead = SupporterFactory(website=f"{site}/parti")
    moved = AidFactory(link=f"{site}/demenage")
    trouble = AidFactory(link=f"{site}/panne")
    inside = AidFactory(link="http://169.254.169.254/")
    job = run_now(check_links(None, None))
    result = job.result or {}
    assert (job.state, result["asked"], result["dead"], result["moved"], result["unreadable"]) == (
        "done",
        5,
        1,
        1,
        1,
    )
    states = [
        Supporter.objects.get(pk=alive.pk).link_state,
        Supporter.objects.get(pk=dead.pk).link_state,
        *(Aid.objects.get(pk=each.pk).link_state for each in (moved, trouble, inside)),
    ]
    assert states == ["alive", "dead", "moved", "unchecked", "unreadable"]
    assert WebLink.objects.get(url=moved.link).moved_to == f"{site}/nouveau"
    page = client.get(f"/kit/accompagnement/{dead.pk}/").content.decode()
    assert ("Lien mort, vérifié le" in page, f'href="{site}/parti"' in page) == (True, False)


def test_what_was_looked_at_this_week_is_not_asked_again_unless_wanted(site: str) -> None:
    SupporterFactory(website=f"{site}/ici")
    for again, asked in ((False, 1), (False, 0), (True, 1)):
        assert (run_now(check_links(None, None, again=again)).result or {})["asked"] == asked
    assert _Site.asked == ["/ici", "/ici"]


def test_an_address_that_answers_twice_badly_is_dead(site: str) -> None:
    SupporterFactory(website=f"{site}/panne")
    run_now(check_links(None, None))
    WebLink.objects.update(failing_since=today() - timedelta(days=2), checked_on=today() - timedelta(days=2))
    run_now(check_links(None, None))
    assert Supporter.objects.get().link_state == LinkState.DEAD


def test_nothing_goes_out_unless_asked_or_switched_on(settings: Any) -> None:
    settings.CHECK_LINKS = False
    assert not jobs.weekly(timezone.now())
    assert Job.objects.count() == 0
    settings.CHECK_LINKS = True
    assert jobs.weekly(timezone.now())
    assert not jobs.weekly(timezone.now())  # one at a time
    assert Job.objects.count() == 1


def test_agents_mend_their_own_and_editors_what_is_common(client: Client) -> None:
    authority = AuthorityFactory(slug="ici")
    mine = SupporterFactory(authority=authority, website="https://mort.example/")
    common = AidFactory(name="Aide morte", link="https://mort.example/")
    WebLink.objects.create(url=mine.website, state="dead", told="HTTP 404", checked_on=DAY)
    client.force_login(MembershipFactory(authority=authority, agent=True).user)
    assert [row["place"].name for row in client.get("/ici/kit/liens/").context["rows"]] == [mine.name]
    client.force_login(UserFactory(editor=True))
    assert [row["place"].name for row in client.get("/kit/liens/").context["rows"]] == [common.name]
    table = b"".join(client.get("/kit/liens/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Aide;Aide morte;https://mort.example/;Ne répond plus;HTTP 404;;2026-03-02" in table
    client.post("/kit/liens/")
    assert Job.objects.get().params == {"authority": None, "again": False}


def test_a_corrected_site_is_no_longer_dead(client: Client) -> None:
    supporter = SupporterFactory(website="https://mort.example/", link_state="dead", link_checked_on=DAY)
    client.force_login(UserFactory(editor=True))
    said = {
        "name": "Neuf",
        "offer": "X",
        "source": "Y",
        "website": "https://neuf.example/",
        "role": ["finance"],
        "stage": ["launch"],
        "goal": ["8"],
    }
    answer = client.post(f"/kit/accompagnement/{supporter.pk}/corriger/", said)
    assert answer.status_code == 302, answer.context["form"].errors
    supporter.refresh_from_db()
    assert (supporter.website, supporter.link_state, supporter.marks_of("goal")) == (
        "https://neuf.example/",
        "unchecked",
        ["8"],
    )


def test_the_command_line_looks_and_answers_in_json(site: str) -> None:
    SupporterFactory(website=f"{site}/parti")
    result = CliRunner().invoke(app, ["kit", "links", "check", "--json"])
    assert (result.exit_code, '"dead": 1' in result.stdout) == (0, True)
