"""Values added by an installation: in force for requests and works, at the cost of one small query."""

import json
import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from essor.kernel import jobs, tick
from essor.law import parameters as law
from essor.law.cli import app
from essor.law.rules import run
from essor.rulebook.actions_values import add_value, withdraw_value
from essor.rulebook.local_law import current, overtaken_by, problem_of, shipped_from
from essor.rulebook.models import LocalLegalValue
from tests.rulebook_factories import THRESHOLD, LocalValueFactory, draft

DAY = date(2026, 10, 1)


@jobs.job_kind("essai.lire-le-droit", "Lire le droit")
def read_law(context: jobs.JobContext) -> dict[str, int]:
    """What a work reads, twice: one state of the law."""
    first = int(law.value(THRESHOLD, DAY).decimal)
    LocalLegalValue.objects.all().update(value={"number": "1"}, withdrawn_at=None)
    return {"first": first, "second": int(law.value(THRESHOLD, DAY).decimal)}


@pytest.mark.django_db
def test_a_value_added_is_read_in_a_scope_and_nowhere_else() -> None:
    row = add_value(None, draft())
    assert law.value(THRESHOLD, DAY).decimal == 60000
    with law.in_local_scope():
        assert law.value(THRESHOLD, DAY).decimal == 50000
        assert law.value(THRESHOLD, date(2026, 8, 31)).decimal == 60000
    withdraw_value(None, row, "Erreur")
    with law.in_local_scope():
        assert law.value(THRESHOLD, DAY).decimal == 60000


@pytest.mark.django_db
def test_reading_costs_one_query_two_after_a_change() -> None:
    LocalValueFactory()
    with CaptureQueriesContext(connection) as first:
        current()
    with CaptureQueriesContext(connection) as again:
        current()
    assert (len(first), len(again)) == (2, 1)
    add_value(None, draft(start=date(2026, 10, 1)))
    with CaptureQueriesContext(connection) as changed:
        merged = current()
    assert len(changed) == 2
    assert [entry.start for entry in merged[THRESHOLD].entries if entry.local] == [
        date(2026, 9, 1),
        date(2026, 10, 1),
    ]


@pytest.mark.django_db
def test_a_page_that_never_reads_the_law_asks_nothing(client: Client) -> None:
    LocalValueFactory()
    with CaptureQueriesContext(connection) as queries:
        client.get("/robots.txt")
    assert [query for query in queries if "locallegalvalue" in query["sql"]] == []
    with CaptureQueriesContext(connection) as queries:
        assert "50\u202f000" in client.get(f"/droit/valeurs/{THRESHOLD}/?au=2026-10-01").content.decode()
    assert len([query for query in queries if "locallegalvalue" in query["sql"]]) <= 2


@pytest.mark.django_db
def test_a_job_reads_one_state_of_the_law_to_its_end() -> None:
    add_value(None, draft())
    done = jobs.run_now(jobs.start("essai.lire-le-droit"))
    assert done.result == {"first": 50000, "second": 50000}


@pytest.mark.django_db
def test_the_work_of_the_night_reads_local_values_too() -> None:
    add_value(None, draft())
    found: list[int] = []
    tick._run(
        tick.Periodic("essai.b", "minute", lambda now: found.append(int(law.value(THRESHOLD, DAY).decimal))),
        datetime(2026, 11, 22, tzinfo=UTC),
    )
    assert found == [50000]


@pytest.mark.django_db(transaction=True)
def test_threads_see_the_value_as_soon_as_it_is_committed() -> None:
    """Four threads read while a fifth adds and withdraws: each reading is one of the two states, never another."""
    over = threading.Event()
    seen: list[set[int]] = [set() for _ in range(4)]
    failed: list[BaseException] = []

    def read(mine: set[int]) -> None:
        try:
            while not over.is_set():
                with law.in_local_scope():
                    mine.add(int(law.value(THRESHOLD, DAY).decimal))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(mine,)) for mine in seen]
    for thread in threads:
        thread.start()
    for _ in range(3):
        withdraw_value(None, add_value(None, draft()), "Essai")
    add_value(None, draft())
    over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set().union(*seen) <= {50000, 60000}
    with law.in_local_scope():
        assert law.value(THRESHOLD, DAY).decimal == 50000


@pytest.mark.django_db
def test_a_value_that_the_law_refuses_is_left_out_and_told() -> None:
    """Essor may change the unit of a parameter: the rest of the law is still read."""
    broken = LocalValueFactory(value={"number": "2"}, parameter="grants.convention_threshold")
    LocalLegalValue.objects.filter(pk=broken.pk).update(value=["a"])
    broken.refresh_from_db()
    LocalValueFactory()
    with law.in_local_scope():
        assert law.value("grants.convention_threshold", DAY).decimal == 23000
        assert law.value(THRESHOLD, DAY).decimal == 50000
    assert "un nombre est attendu" in problem_of(broken)


@pytest.mark.django_db
def test_a_newer_value_of_essor_is_told() -> None:
    row = add_value(None, draft(start=date(2026, 1, 15)))
    assert row.seen == {"2026-04-01": "60\u202f000\u00a0€"}
    assert overtaken_by(row) == []
    row.seen = {"2026-04-01": "55\u202f000\u00a0€"}
    assert [(each.day, each.text) for each in overtaken_by(row)] == [(date(2026, 4, 1), "60\u202f000\u00a0€")]
    row.seen = {}
    assert len(overtaken_by(row)) == 1
    assert shipped_from("local.plafond", date(2020, 1, 1)) == {}


@pytest.mark.django_db
def test_rules_follow_local_values() -> None:
    add_value(None, draft())
    with law.in_local_scope():
        told = " ".join(run("spaser", {"purchases": 1, "on": "2026-10-01"})["explanation"])
    assert "valeur ajoutée ici" not in told
    add_value(None, draft(parameter="procurement.spaser.threshold", description="Seuil"))
    with law.in_local_scope():
        answer = run("spaser", {"purchases": 60000, "on": "2026-10-01"})
    assert answer["status"] == "compulsory"
    assert "valeur ajoutée ici" in " ".join(answer["explanation"])


@pytest.mark.django_db
def test_the_command_line_reads_local_values_when_asked() -> None:
    add_value(None, draft())

    def shown(*more: str) -> tuple[int, bool]:
        asked = ["show", THRESHOLD, "--on", "2026-10-01", "--json", *more]
        row = json.loads(CliRunner().invoke(app, asked).stdout)
        return row["value"], row["local"]

    assert shown() == (60000, False)
    assert shown("--local") == (50000, True)
