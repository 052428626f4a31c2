"""A load killed at any moment leaves the register as it was; another writer does not wait long."""

import time
from datetime import date

import pytest
from django.utils import timezone

from essor.registry.loading.load import load_rows
from essor.registry.models import Edition, Organisation, OrganisationFacts
from tests.processes import python
from tests.registry.loading.rows_made import organisation, sources

pytestmark = pytest.mark.django_db(transaction=True)

# With a fourth word, the name of a step, it stands still there: the kill then finds it at that very moment.
LOADER = """
import os, signal, sys
from essor.registry.loading.load import load_rows
from essor.registry.models import Edition
from tests.registry.loading.rows_made import organisation, sources
first, last, changed = (int(word) for word in sys.argv[1:4])
rows = [organisation(n, **({"name": f"Renommée {n}"} if n < changed else {})) for n in range(first, last)]
def show(label, done, total):
    print(label, flush=True)
    if sys.argv[4:] and label.startswith(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGSTOP)
load_rows(Edition.objects.get(code="b"), sources(rows), show)
print("fini", flush=True)
"""

# Writes a small row as fast as it can and tells its longest wait, in seconds.
WRITER = """
import time
from django.db import transaction
from essor.registry.models import Organisation
worst, end = 0.0, time.monotonic() + float(__import__("sys").argv[1])
print("prêt", flush=True)
while time.monotonic() < end:
    start = time.monotonic()
    with transaction.atomic():
        Organisation.objects.create(name="Écrite pendant le chargement")
    worst = max(worst, time.monotonic() - start)
    time.sleep(0.02)
print(worst, flush=True)
"""


def make_edition(code: str) -> Edition:
    return Edition.objects.create(
        code=code,
        scope="departement:31",
        day=date(2026, 11, 1),
        perimeter_version="t",
        built_at=timezone.now(),
    )


def register() -> list[tuple[str, bool]]:
    return list(OrganisationFacts.objects.order_by("name").values_list("name", "present"))


@pytest.mark.parametrize(
    ("step", "delay"),
    [
        ("Lecture", 0.0),
        ("Nouvelles", 0.0),
        ("Historique", 0.0),
        ("Mise en vigueur", 0.0),
        ("Mise en vigueur", 0.03),
    ],
)
def test_a_killed_load_leaves_the_edition_in_force_intact(step: str, delay: float) -> None:
    load_rows(make_edition("a"), sources(organisation(n) for n in range(800)))
    before = register()
    make_edition("b")
    still = [] if delay else [step]
    with python(LOADER, "40", "1600", "400", *still) as process:
        lines = iter(process.stdout or ())
        assert any(line.startswith(step) for line in lines)
        time.sleep(delay)
        process.kill()
    finished = Edition.objects.get(code="b").state == Edition.State.IN_FORCE
    if finished:  # the kill came after the commit: then all of it is there
        assert delay > 0
        assert OrganisationFacts.objects.filter(present=True).count() == 1560
        return
    assert register() == before
    assert Organisation.objects.visible().count() == 800
    with python(LOADER, "40", "1600", "400") as again:
        out, err = again.communicate()
        assert out.endswith("fini\n"), err
    assert Organisation.objects.visible().count() == 1560
    assert OrganisationFacts.objects.filter(name__startswith="Renommée", present=True).count() == 360


@pytest.mark.slow
@pytest.mark.alone
def test_another_writer_waits_at_most_a_second_for_20_000_organisations() -> None:
    load_rows(make_edition("a"), sources(organisation(n) for n in range(20_000)))
    second = make_edition("b")
    with python(WRITER, "6") as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "prêt\n"
        rows = [organisation(n, name=f"Renommée {n}") for n in range(1_000, 21_000)]
        load_rows(second, sources(rows))
        worst = float(writer.communicate()[0])
    assert worst <= 1.0
    assert Organisation.objects.visible().count() == 20_000
