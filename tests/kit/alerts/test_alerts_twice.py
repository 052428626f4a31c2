"""Two workers at once write one message, on both databases; an import that is killed leaves what was there."""

import json
import signal
import time

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from essor.kernel.jobs import reap, run_now
from essor.kernel.models import Job, OutboxMessage
from essor.kernel.periods import today
from essor.kit.actions_aids import give_list
from essor.kit.alerts import actions
from essor.kit.alerts.actions import Wanted
from essor.kit.models import Aid, AidAlert
from tests import processes
from tests.factories import UserFactory
from tests.kit_factories import AidFactory

pytestmark = pytest.mark.django_db(transaction=True)

TELL = """
import sys
from django.utils import timezone
from essor.kit.alerts import telling
sys.stdin.readline()
print(telling.tell_all("daily", timezone.now()))
"""
# The import is slowed down inside its transaction, once half of it is written.
HALF_WAY = """
import sys, time
from essor.kit import aids_import
from essor.kit.models import Aid
from essor.kernel.jobs import execute
real = aids_import.audit.record
def slow(*arguments, **named):
    print(Aid.objects.count(), flush=True)
    time.sleep(60)
aids_import.audit.record = slow
execute(int(sys.argv[1]))
"""


def feed(*names: str) -> ContentFile[bytes]:
    rows = [{"id": n, "name": name, "url": f"/a/{n}/"} for n, name in enumerate(names)]
    return ContentFile(json.dumps({"results": rows}).encode(), name="aides.json")


@pytest.fixture
def alerts() -> int:
    for _number in range(12):
        actions.save_alert(UserFactory(), Wanted("Mes aides", "daily"), "", None)
    AidFactory(is_news=True, name="Neuve")
    return AidAlert.objects.count()


def test_two_workers_at_once_never_write_twice(alerts: int) -> None:
    workers = [processes.python(TELL) for _rank in range(2)]
    for worker in workers:
        worker.stdin.write("\n")  # type: ignore[union-attr]
        worker.stdin.flush()  # type: ignore[union-attr]
    outputs = [worker.communicate(timeout=60) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], outputs
    assert sum(int(out) for out, _err in outputs) == alerts
    assert OutboxMessage.objects.count() == alerts == OutboxMessage.objects.values("to").distinct().count()


def test_an_import_killed_half_way_leaves_what_was_there_and_completes_after() -> None:
    run_now(give_list(None, "Essai", feed("Ancienne"), today()))
    job = give_list(None, "Essai", feed("Changée", "Neuve", "Autre"), today())
    worker = processes.python(HALF_WAY, str(job.pk))
    assert worker.stdout is not None
    assert worker.stderr is not None
    written = worker.stdout.readline()
    assert written == "3\n", worker.stderr.read()
    worker.send_signal(signal.SIGKILL)
    worker.wait(timeout=10)
    worker.communicate()
    connection.close()
    assert list(Aid.objects.values_list("name", flat=True)) == ["Ancienne"]
    end = time.monotonic() + 20
    while time.monotonic() < end and Job.objects.get(pk=job.pk).state == "running":
        reap(timezone.now())
        time.sleep(0.2)
    again = run_now(Job.objects.get(pk=job.pk))
    assert (again.state, sorted(Aid.objects.values_list("name", flat=True))) == (
        "done",
        ["Autre", "Changée", "Neuve"],
    )
