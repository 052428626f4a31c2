"""Pages of the house itself: health, errors, jobs."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from essor.kernel import health, job_views, jobs, views
from essor.kernel.models import Job, JobState
from essor.kernel.tick import beat
from essor.kernel.worker import WORKER
from tests.kernel import job_kinds  # noqa: F401


def asks(path: str, user: Any = None, method: str = "get", **headers: str) -> HttpRequest:
    """A request at an address, as the middleware leave it."""
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.user = user or AnonymousUser()
    request.resolver_match = resolve(path)
    request.authority = None
    request.csp_nonce = ""
    return request


def person(identifier: int, *, administrator: bool = False) -> Any:
    return SimpleNamespace(
        is_authenticated=True,
        pk=identifier,
        id=identifier,
        is_installation_admin=administrator,
        get_full_name=lambda: "Camille Arnaud",
        get_username=lambda: "camille",
    )


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_up_to_date", set())


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
def test_health_says_nothing_more_to_a_visitor(client: Client) -> None:
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
def test_health_tells_an_administrator_everything() -> None:
    request = asks("/sante/", person(1, administrator=True))
    found = json.loads(views.health_page(request).content)
    assert (found["status"], found["database"], found["migrations"], found["worker"]) == (
        "ok",
        True,
        0,
        "silent",
    )
    beat(WORKER, timezone.now() - health.WORKER_SILENCE + timedelta(seconds=30))
    assert json.loads(views.health_page(request).content)["worker"] == "alive"
    assert json.loads(views.health_page(asks("/sante/", person(1))).content) == {"status": "ok"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_fresh")
def test_health_fails_when_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel' AND name = '0002_audit_triggers'")
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"status": "failing"})
    assert health.pending_migrations() == ["kernel.0002_audit_triggers"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_fresh")
def test_health_fails_without_a_database_and_without_breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", "1")
        patch.setitem(connection.settings_dict, "NAME", "/nowhere/essor.sqlite3")
        response = views.health_page(asks("/sante/"))
    connection.close()
    assert (response.status_code, json.loads(response.content)) == (503, {"status": "failing"})


@pytest.mark.django_db
def test_a_refusal_shows_the_rule_and_a_missing_page_what_was_looked_for() -> None:
    refused = views.forbidden(asks("/sante/"), PermissionDenied("Les agents de la collectivité."))
    assert (refused.status_code, "Les agents de la collectivité." in refused.content.decode()) == (403, True)
    missing = views.not_found(asks("/sante/"), Http404("Aucune organisation n’a ce numéro."))
    assert (missing.status_code, "Aucune organisation n’a ce numéro." in missing.content.decode()) == (
        404,
        True,
    )
    resolver = views.not_found(asks("/sante/"), Http404({"tried": [], "path": "x"}))
    assert "Cette adresse ne mène nulle part" in resolver.content.decode()


def test_errors_400_and_500_need_neither_person_nor_database() -> None:
    request = RequestFactory().get("/")
    for response, code, words in (
        (views.bad_request(request, SuspiciousOperation()), 400, "Demande incompréhensible"),
        (views.server_error(request), 500, "Le service a rencontré un problème"),
    ):
        assert response.status_code == code
        assert words in response.content.decode()


@pytest.mark.django_db
def test_a_job_is_seen_by_the_person_who_started_it_and_by_administrators() -> None:
    job = jobs.start("tests.count", {"to": 1}, actor_id=5)
    path = reverse("job", args=[job.pk])
    seen = [
        job_views.sees_job(asks(path, user))
        for user in (person(5), person(6), person(6, administrator=True), AnonymousUser())
    ]
    assert seen == [True, False, True, False]
    assert not job_views.sees_job(asks(reverse("job", args=[job.pk + 1]), person(5)))


@pytest.mark.django_db
def test_the_progress_of_a_job_is_told_to_people_and_to_programs() -> None:
    job = jobs.start("tests.count", {"to": 1}, actor_id=5)
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        step="Compter",
        done=250,
        total=1000,
        step_started_at=now - timedelta(seconds=60),
    )
    path = reverse("job", args=[job.pk])
    partial = job_views.job_page(
        asks(path, person(5), **{"HX-Request": "true"}), job_id=job.pk
    ).content.decode()
    assert f'hx-get="{path}"' in partial
    assert "Encore 3 minutes environ pour cette étape" in partial
    assert "<html" not in partial
    state = json.loads(
        job_views.job_state(asks(reverse("job-state", args=[job.pk]), person(5)), job_id=job.pk).content
    )
    assert (state["state"], state["step"], state["done"], state["total"]) == ("running", "Compter", 250, 1000)
    assert 175 <= state["seconds_left"] <= 185
    whole = job_views.job_page(asks(path, person(5)), job_id=job.pk).content.decode()
    assert "<title>Compter" in whole


@pytest.mark.django_db
def test_a_failed_job_says_why_stops_asking_and_can_start_again() -> None:
    job = jobs.run_now(jobs.start("tests.refuse", actor_id=5))
    path = reverse("job", args=[job.pk])
    page = job_views.job_page(asks(path, person(5), **{"HX-Request": "true"}), job_id=job.pk).content.decode()
    assert "hx-get" not in page
    assert "Colonne « siren » absente, ligne 1 : ajoutez-la." in page
    request = asks(reverse("job-retry", args=[job.pk]), person(5), method="post")
    again = Job.objects.exclude(pk=job.pk)
    response = job_views.job_retry(request, job_id=job.pk)
    assert (response.status_code, response["Location"]) == (302, reverse("job", args=[again.get().pk]))
    job_views.job_cancel(
        asks(reverse("job-cancel", args=[again.get().pk]), person(5), method="post"), job_id=again.get().pk
    )
    assert again.get().state == JobState.CANCELLED


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (20, "Encore moins d’une minute pour cette étape"),
        (80, "Encore 1 minute environ pour cette étape"),
        (600, "Encore 10 minutes environ pour cette étape"),
        (7300, "Encore 2 heures environ pour cette étape"),
    ],
)
def test_time_left(seconds: int | None, text: str) -> None:
    assert job_views.time_left(seconds) == text


def test_steps_are_those_that_the_kind_announced() -> None:
    def states(**columns: object) -> list[str]:
        return [step["state"] for step in job_views._steps(Job(kind="tests.count", **columns))]

    assert states(state="queued") == ["todo", "todo"]
    assert states(state="running", step="Compter") == ["done", "current"]
    assert states(state="running", step="Autre") == []
    assert states(state="done", step="Compter") == ["done", "done"]
