"""What a load keeps of its changes is what the rules say, on both databases; closed is not gone."""

from pathlib import Path

import pytest

from essor.registry import comparison, editions
from essor.registry.loading.snapshots import of_folder, of_register
from essor.registry.models import ComingChange, EditionChange, Identifier, Switch
from essor.registry.rules_history import ChangeKind, differences
from tests.formats.stocks import siren
from tests.registry.editions_made import build_both, in_database, quiet

pytestmark = pytest.mark.django_db(transaction=True)

EXPECTED = {
    "new": 1, "left": 1, "closed": 1, "moved": 1, "renamed": 1, "requalified": 1, "form": 1, "grown": 1, "shrunk": 1,
    "activity": 1, "place_opened": 1, "place_closed": 1, "place_moved": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_both(tmp_path_factory.mktemp("editions"))


def kept(edition) -> set[tuple[str, ...]]:
    sirens = dict(Identifier.objects.filter(scheme="siren").values_list("organisation_id", "value"))
    rows = EditionChange.objects.filter(edition=edition)
    return {
        (sirens[row.organisation_id], row.subject, row.field, row.kind, row.before, row.after) for row in rows
    }


def test_the_load_keeps_what_the_rules_say(built: Path, settings, tmp_path: Path) -> None:
    settings.EDITIONS_DIR = tmp_path / "editions"
    first, second = in_database(built, tmp_path / "editions")
    editions.put_in_force(first, quiet, actor_id=None, force=False)
    assert not EditionChange.objects.exists()
    assert of_register().units == of_folder(editions.folder_of(first)).units

    coming = comparison.compare_with_register(second, editions.folder_of(second))
    told = {
        (row.siren, row.subject, row.field, row.kind, row.before, row.after, row.family, row.commune_id)
        for row in ComingChange.objects.filter(edition=second)
    }
    expected = {
        (each.siren, each.subject, each.field, each.kind.value, each.before, each.after)
        for each in differences(of_register(), of_folder(editions.folder_of(second)))
    }
    editions.put_in_force(second, quiet, actor_id=None, force=False)

    assert kept(second) == expected == {row[:6] for row in told}
    assert {(row.subject, row.field, row.family, row.commune_id) for row in EditionChange.objects.all()} == {
        (row[1], row[2], row[6], row[7]) for row in told
    }
    rows = comparison.changes_of(second, comparison.View.MADE)
    assert comparison.count_by_kind(rows) == coming == EXPECTED


def test_closed_and_gone_are_two_things(built: Path, settings, tmp_path: Path) -> None:
    settings.EDITIONS_DIR = tmp_path / "editions"
    first, second = in_database(built, tmp_path / "editions")
    editions.put_in_force(first, quiet, actor_id=None, force=False)
    editions.put_in_force(second, quiet, actor_id=None, force=False)

    exits = EditionChange.objects.filter(field="presence", subject="organisation", before="present")
    found = {row.organisation.identifiers.get().value: (row.kind, row.after) for row in exits}
    assert found == {
        siren(2): (ChangeKind.CLOSED.value, "closed"),
        siren(6): (ChangeKind.LEFT.value, ""),
    }
    switch = Switch.objects.latest("pk")
    assert (switch.edition, switch.replaced, switch.going_back) == (second, first, False)


def test_a_first_edition_has_nothing_to_compare(built: Path, settings, tmp_path: Path) -> None:
    settings.EDITIONS_DIR = tmp_path / "editions"
    first, _second = in_database(built, tmp_path / "editions")

    assert comparison.compare_with_register(first, editions.folder_of(first)) == {}
    assert comparison.view_of(first) is comparison.View.COMING
