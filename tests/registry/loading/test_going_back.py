"""Going back: the register is exactly what it was, in one transaction, or nothing happens."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from essor.kernel.models import AuditEntry, Job
from essor.registry import changes, comparison, editions, going_back
from essor.registry.loading.load import LoadRefused
from essor.registry.models import (
    Edition,
    EditionChange,
    EstablishmentFacts,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
    Switch,
)
from essor.registry.rules_history import MIRROR, ChangeKind
from tests.processes import python
from tests.registry.editions_made import build_both, in_database, quiet

pytestmark = pytest.mark.django_db(transaction=True)

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_both(tmp_path_factory.mktemp("editions"))


@pytest.fixture
def both(built: Path, settings, tmp_path: Path) -> tuple[Edition, Edition]:
    """Two editions, neither in force."""
    settings.EDITIONS_DIR = settings.DATA_DIR / "editions"
    shutil.rmtree(settings.EDITIONS_DIR, ignore_errors=True)
    return in_database(built, settings.EDITIONS_DIR)


def register() -> dict[str, Rows]:
    """The register in force, every column of every row; tags by what they say (their rows are made anew)."""
    return {
        "organisations": list(Organisation.objects.visible().order_by("pk").values()),
        "facts": list(OrganisationFacts.objects.filter(present=True).order_by("pk").values()),
        "establishments": list(EstablishmentFacts.objects.filter(present=True).order_by("pk").values()),
        "tags": list(
            OrganisationTag.objects.filter(organisation__facts__present=True)
            .order_by("organisation_id", "code", "source")
            .values("organisation_id", "code", "source", "since", "until")
        ),
    }


def put(edition: Edition) -> None:
    editions.put_in_force(edition, quiet, actor_id=None, force=False)


def back(to: Edition, undoing: Edition) -> None:
    going_back.go_back(to, quiet, undoing=undoing, actor_id=None, reason="Fichier incomplet")


def test_going_back_gives_exactly_the_register_of_before(both: tuple[Edition, Edition]) -> None:
    first, second = both
    put(first)
    before = register()
    put(second)
    after = register()
    assert after != before
    told: list[object] = []
    changes.organisations_changed.connect(lambda ids, **_: told.append(ids), weak=False, dispatch_uid="essai")

    back(first, second)
    changes.organisations_changed.disconnect(dispatch_uid="essai")

    assert register() == before
    assert told == [None]
    assert dict(Edition.objects.values_list("pk", "state")) == {
        first.pk: "in_force",
        second.pk: "superseded",
    }
    put(second)
    assert register() == after


def test_going_back_is_logged_with_its_reason_and_tells_the_differences_mirrored(
    both: tuple[Edition, Edition],
) -> None:
    first, second = both
    put(first)
    put(second)
    there = EditionChange.objects.filter(switch=second.switches.get())
    forward = comparison.count_by_kind(there)

    back(first, second)

    switch = Switch.objects.first()
    assert switch is not None
    assert (switch.edition, switch.replaced, switch.going_back, switch.reason) == (
        first,
        second,
        True,
        "Fichier incomplet",
    )
    entries = AuditEntry.objects.filter(code="registry.edition.taken_back")
    assert {(entry.subject_id, entry.reason) for entry in entries} == {
        (str(first.pk), "Fichier incomplet"),
        (str(second.pk), "Fichier incomplet"),
    }
    # Who was new leaves; who had left or closed comes back: the register remembers it.
    expected: dict[str, int] = {}
    for code, number in forward.items():
        kind = ChangeKind(code)
        undone = ChangeKind.BACK if kind in (ChangeKind.LEFT, ChangeKind.CLOSED) else MIRROR[kind]
        expected[undone.value] = expected.get(undone.value, 0) + number
    assert comparison.count_by_kind(comparison.changes_of(first, comparison.View.MADE)) == expected
    assert Job.objects.filter(kind="registry.alerts").count() == 3


def test_one_goes_back_once_then_the_way_is_forward(both: tuple[Edition, Edition]) -> None:
    first, second = both
    with pytest.raises(LoadRefused, match="Aucune édition n’est en vigueur"):
        going_back.target()
    put(first)
    with pytest.raises(LoadRefused, match="Aucune édition n’a précédé"):
        going_back.target()
    with pytest.raises(LoadRefused, match="n’a jamais été en vigueur"):
        going_back.target(second.code)
    put(second)
    assert going_back.target() == first
    assert going_back.target(first.code[:14]) == first
    with pytest.raises(LoadRefused, match="déjà en vigueur"):
        going_back.target(second.code)
    back(first, second)
    with pytest.raises(LoadRefused, match="Aucune édition n’a précédé"):
        going_back.target()


@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_without_its_files_going_back_is_refused_and_says_what_to_do(
    both: tuple[Edition, Edition], damage: str
) -> None:
    first, second = both
    put(first)
    put(second)
    before = register()
    folder = editions.folder_of(first)
    if damage == "gone":
        shutil.rmtree(folder)
    else:
        (folder / "tags.parquet").write_bytes(b"x")

    with pytest.raises(LoadRefused, match=r"Remettez le dossier .* depuis une sauvegarde"):
        back(first, second)

    assert register() == before
    assert Edition.objects.get(state="in_force") == second


def test_what_is_undone_must_still_be_in_force(both: tuple[Edition, Edition]) -> None:
    first, second = both
    put(first)
    put(second)
    back(first, second)

    with pytest.raises(LoadRefused, match="Une autre édition a été mise en vigueur entre-temps"):
        back(first, second)


BACK = """
import sys
from django.conf import settings
from essor.registry import going_back
from essor.registry.loading.load import LoadRefused
from essor.registry.models import Edition
to, undoing = (Edition.objects.get(pk=int(word)) for word in sys.argv[1:3])
def show(label, done, total):
    print(label, flush=True)
try:
    going_back.go_back(to, show, undoing=undoing, actor_id=None, reason="essai")
    print("fini", flush=True)
except LoadRefused as error:
    print("refus", error, flush=True)
"""


@pytest.mark.parametrize("step", ["Lecture", "Historique", "Mise en vigueur"])
def test_a_killed_way_back_leaves_the_register_as_it_was(both: tuple[Edition, Edition], step: str) -> None:
    first, second = both
    put(first)
    before = register()
    put(second)
    after = register()
    with python(BACK, str(first.pk), str(second.pk)) as process:
        assert any(line.startswith(step) for line in iter(process.stdout or ()))
        process.kill()
    if (
        Edition.objects.get(state="in_force") == first
    ):  # the kill came after the commit: then all of it is there
        assert register() == before
        return
    assert register() == after
    assert not Switch.objects.filter(going_back=True).exists()
    end = time.monotonic() + 20
    while True:  # a killed holder frees the lock; PostgreSQL takes a moment to notice
        try:
            back(first, second)
            break
        except LoadRefused:
            assert time.monotonic() < end
    assert register() == before


def test_two_ways_back_at_once_make_one(both: tuple[Edition, Edition]) -> None:
    first, second = both
    put(first)
    before = register()
    put(second)
    arguments = (BACK, str(first.pk), str(second.pk))
    with python(*arguments) as one, python(*arguments) as other:
        ends = sorted(process.communicate()[0].splitlines()[-1] for process in (one, other))
    assert ends[0] == "fini"
    assert ends[1].startswith("refus")
    assert Switch.objects.filter(going_back=True).count() == 1
    assert register() == before
