"""From a file to the register: proposals, decisions that last, tags that follow, all or nothing."""

import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.kernel import audit, jobs
from essor.kernel.models import JobState, StoredFile
from essor.registry import changes
from essor.registry.directories import actions
from essor.registry.loading.load import load_rows
from essor.registry.models import (
    Directory,
    DirectoryEntry,
    DirectoryImport,
    DirectoryRow,
    Edition,
    Identifier,
    OrganisationTag,
)
from essor.territories.models import Territory
from tests.factories import MembershipFactory, UserFactory
from tests.formats.stocks import siren, siret
from tests.processes import python
from tests.registry.directories.made import (
    FIRST,
    LAST,
    LATER,
    LINES,
    SAID,
    give,
    import_lines,
    imported,
    line,
    make_directory,
    make_register,
    tags,
)
from tests.registry.loading.rows_made import organisation, sources
from tests.registry.loading.rows_made import siren as loaded_siren

pytestmark = pytest.mark.django_db(transaction=True)

CONFIRMED, PENDING = DirectoryRow.Decision.CONFIRMED, DirectoryRow.Decision.PENDING


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"  # where another process looks for them


def decided() -> dict[str, tuple[str, int | None]]:
    return {
        row.name: (row.decision, row.organisation_id) for row in DirectoryRow.objects.filter(present=True)
    }


def confirm(name: str, organisation_id: int) -> None:
    actions.decide(None, DirectoryRow.objects.get(name=name), CONFIRMED, organisation_id)


def test_a_file_gives_proposals_and_changes_nothing_by_itself() -> None:
    ids, directory = make_register(), make_directory()
    assert imported(directory) == {"new": 4, "changed": 0, "same": 0, "left": 0, "rejected": 1}
    found = {
        row.name: (row.outcome, [each["organisation"] for each in row.candidates])
        for row in DirectoryRow.objects.all()
    }
    assert found == {
        "Ateliers des Pommiers": ("identifier", [ids["pommiers"]]),
        "Asso Recyclerie du lac": ("sure", [ids["lac"]]),
        "Les Tilleuls": ("choose", [ids["tilleuls"]]),
        "Rien de commun": ("none", []),
    }
    assert set(decided().values()) == {(PENDING, None)}
    assert (tags(), DirectoryEntry.objects.count()) == ([], 0)
    given = DirectoryImport.objects.get()
    assert given.state == "current"
    assert [(each["line"], each["column"], each["value"]) for each in given.rejected] == [
        (6, "siret", "2,43E+13")
    ]


def test_a_confirmation_brings_tag_and_site_and_undoing_takes_them_back() -> None:
    ids, directory = make_register(), make_directory()
    imported(directory)
    told: list[frozenset[int] | None] = []
    changes.organisations_changed.connect(
        lambda sender, ids, **_: told.append(ids), weak=False, dispatch_uid="essai"
    )
    try:
        assert actions.accept_identified(None, directory) == 1
        confirm("Les Tilleuls", ids["tilleuls"])
    finally:
        changes.organisations_changed.disconnect(dispatch_uid="essai")
    assert told == [frozenset({ids["pommiers"]}), frozenset({ids["tilleuls"]})]
    assert tags() == [
        (ids["pommiers"], "ea", "handeco", FIRST, None),
        (ids["tilleuls"], "esat", "handeco", FIRST, None),
    ]
    entry = DirectoryEntry.objects.get(organisation=ids["pommiers"])
    assert (entry.values, entry.day, entry.until) == (
        {"name": "Ateliers des Pommiers", "website": "https://pommiers.example", "kind": "EA"}, FIRST, None,
    )  # fmt: skip

    row = DirectoryRow.objects.get(name="Les Tilleuls")
    actions.decide(None, row, DirectoryRow.Decision.ABSENT)
    assert tags() == [(ids["pommiers"], "ea", "handeco", FIRST, None)]
    sentences = [each.sentence for each in audit.entries_for(f"registry.organisation:{ids['tilleuls']}")]
    assert len(sentences) == 2
    assert sentences[0].endswith("a retiré cette organisation de l’annuaire « Handeco »")


def test_the_same_file_again_changes_nothing() -> None:
    ids, directory = make_register(), make_directory()
    imported(directory)
    actions.accept_identified(None, directory)
    confirm("Asso Recyclerie du lac", ids["lac"])
    actions.decide(None, DirectoryRow.objects.get(name="Rien de commun"), DirectoryRow.Decision.LATER)
    before = (decided(), tags(), list(DirectoryEntry.objects.order_by("pk").values()))
    assert imported(directory) == {"new": 0, "changed": 0, "same": 4, "left": 0, "rejected": 1}
    assert (decided(), tags(), list(DirectoryEntry.objects.order_by("pk").values())) == before
    assert list(DirectoryImport.objects.order_by("pk").values_list("state", "file")) == [
        ("superseded", None), ("current", StoredFile.objects.get().pk),
    ]  # fmt: skip


def test_a_newer_file_shows_only_what_is_new_or_changed() -> None:
    ids, directory = make_register(), make_directory()
    imported(directory)
    actions.accept_identified(None, directory)
    confirm("Asso Recyclerie du lac", ids["lac"])
    confirm("Les Tilleuls", ids["tilleuls"])
    newer = (
        # the number still says who it is: another name and site ask nothing
        line("Les Ateliers Pommiers", siret(siren(1)), site="neuf.example", kind="ESAT"),
        # same key, other kind: decided once for all
        line("Asso Recyclerie du lac", kind="Autre"),
        line("Rien de commun"),
        line("Comité des fêtes d’Auterive", cp="31190", ville="Auterive"),
    )
    assert imported(directory, newer, LATER) == {"new": 1, "changed": 2, "same": 1, "left": 1, "rejected": 0}
    assert decided() == {
        "Les Ateliers Pommiers": (CONFIRMED, ids["pommiers"]),
        "Asso Recyclerie du lac": (CONFIRMED, ids["lac"]),
        "Rien de commun": (PENDING, None),
        "Comité des fêtes d’Auterive": (PENDING, None),
    }
    assert tags() == [
        (ids["pommiers"], "esat", "handeco", FIRST, None),
        (ids["tilleuls"], "esat", "handeco", FIRST, LATER),
    ]
    assert (
        DirectoryEntry.objects.get(organisation=ids["pommiers"]).values["website"] == "https://neuf.example"
    )

    # it comes back: its tag runs again, nobody is asked
    assert imported(directory, LINES[:4], LAST)["left"] == 1
    assert decided()["Les Tilleuls"] == (CONFIRMED, ids["tilleuls"])
    assert (ids["tilleuls"], "esat", "handeco", FIRST, None) in tags()


def test_a_row_that_names_another_is_decided_again() -> None:
    ids, directory = make_register(), make_directory()
    directory.mapping = SAID.to_dict()
    imported(directory, (line("Recyclerie du Lac", siret(siren(1))),))
    confirm("Recyclerie du Lac", ids["lac"])  # a person knows better than the number
    imported(directory, (line("Ateliers des Pommiers", siret(siren(1))),), LATER)
    row = DirectoryRow.objects.get()
    assert (row.decision, row.changed, row.organisation_id) == (PENDING, True, ids["lac"])
    assert DirectoryEntry.objects.get().organisation_id == ids["lac"]  # until a person says otherwise
    confirm("Ateliers des Pommiers", ids["pommiers"])
    assert [tag[0] for tag in tags()] == [ids["pommiers"]]


def test_a_cut_file_is_refused_until_a_person_says_it_is_whole() -> None:
    ids, directory = make_register(), make_directory()
    many = tuple(line(f"Ateliers {n}", "") for n in range(12))
    imported(directory, many)
    for row in DirectoryRow.objects.all():
        actions.decide(None, row, CONFIRMED, ids["pommiers"])
    before = (decided(), tags())
    job = import_lines(directory, many[:4], LATER)
    assert job.state == JobState.FAILED
    assert job.error.startswith("8 des 12 organisations confirmées ne sont plus dans ce fichier")
    assert (decided(), tags()) == before
    assert imported(directory, many[:4], LATER, accept_leaving=True)["left"] == 8


KILLED = """
import os, sys
from essor.kernel import jobs
from essor.kernel.models import Job
from essor.registry.directories import importing
step = sys.argv[2]
def dies(*arguments, **options):
    print("mort", flush=True)
    os.kill(os.getpid(), 9)
setattr(importing, step, dies)
jobs.execute(int(sys.argv[1]))
"""


@pytest.mark.parametrize("step", ["propose", "refresh_tags"])
def test_a_reading_killed_half_way_leaves_what_was_there(step: str) -> None:
    make_register()
    directory = make_directory()
    imported(directory)
    actions.accept_identified(None, directory)
    before = (decided(), tags(), list(DirectoryEntry.objects.values()))
    job = actions.start_import(
        None, give(directory, (LINES[1], line("Nouvelle")), LATER), SAID, accept_leaving=True
    )
    with python(KILLED, str(job.pk), step) as process:
        assert process.wait(timeout=60) == -9, process.stderr.read()
        assert process.stdout.read() == "mort\n"
    assert (decided(), tags(), list(DirectoryEntry.objects.values())) == before
    assert list(DirectoryImport.objects.order_by("pk").values_list("state", flat=True)) == [
        "current",
        "given",
    ]

    from django.utils import timezone

    time.sleep(0.05)
    assert jobs.reap(timezone.now()) == [job.pk]
    assert jobs.run_now(job).state == JobState.DONE
    assert sorted(decided()) == ["Asso Recyclerie du lac", "Nouvelle"]
    assert [tag[4] for tag in tags()] == [LATER]


def test_an_edition_leaves_the_tags_of_directories() -> None:
    edition = Edition.objects.create(
        code="a", scope="departement:31", day=FIRST, perimeter_version="t", built_at="2026-10-01T00:00:00Z"
    )
    load_rows(edition, sources([organisation(1, name="Pommiers", tags=[("aci", "siae")])]))
    directory = make_directory()
    imported(directory, (line("Pommiers"),))
    only = Identifier.objects.get(value=loaded_siren(1)).organisation_id
    confirm("Pommiers", only)
    both = [(only, "aci", "siae", None, None), (only, "ea", "handeco", FIRST, None)]
    assert tags() == both
    following = Edition.objects.create(
        code="b", scope="departement:31", day=LATER, perimeter_version="t", built_at="2026-11-01T00:00:00Z"
    )
    load_rows(following, sources([organisation(1, name="Pommiers renommés", tags=[])]))
    assert tags() == both[1:]
    assert OrganisationTag.objects.get().source == "handeco"


def test_a_directory_of_an_authority_speaks_of_its_territory_only() -> None:
    ids = make_register()
    authority = MembershipFactory(authority__slug="31", authority__territory=_garonne(), agent=True).authority
    directory = make_directory(authority=authority)
    imported(directory, (line("Recyclerie de Foix", siren(5), "09000", "Foix"),))
    assert DirectoryRow.objects.get().outcome == "none"
    with pytest.raises(ValidationError, match="n’est pas dans le registre du territoire"):
        confirm("Recyclerie de Foix", ids["foix"])
    with pytest.raises(ValidationError, match="n’est pas dans le registre du territoire"):
        actions.organisation_of_siren(directory, siren(5))
    assert actions.organisation_of_siren(directory, f"{siren(1)[:3]} {siren(1)[3:]}") == ids["pommiers"]


def _garonne() -> Territory:
    return Territory.objects.get(kind="departement", code="31")


def test_who_may_not_is_refused() -> None:
    make_register()
    directory = make_directory()
    stranger = UserFactory()
    agent_elsewhere = MembershipFactory(agent=True).user
    imported(directory)
    row = DirectoryRow.objects.first()
    for person in (stranger, agent_elsewhere):
        with pytest.raises(PermissionDenied):
            actions.decide(person, row, DirectoryRow.Decision.REFUSED)
        with pytest.raises(PermissionDenied):
            actions.accept_identified(person, directory)
        with pytest.raises(PermissionDenied):
            actions.create_directory(person, None, "Autre", day=FIRST)
    job = jobs.start(
        actions.JOB, {"import": give(directory).pk, "mapping": SAID.to_dict()}, actor_id=stranger.pk
    )
    assert jobs.run_now(job).error.startswith("La personne qui a demandé cet import n’en a plus le droit")


def test_codes_are_never_those_of_a_source_of_open_data() -> None:
    made = actions.create_directory(None, None, "SIAE", day=FIRST)
    again = actions.create_directory(None, None, "Esus", code="esus", day=FIRST)
    assert (made.code, again.code) == ("siae-2", "esus-2")
    with pytest.raises(ValidationError, match="Un annuaire porte déjà ce nom"):
        actions.create_directory(None, None, "siae", day=FIRST)


def test_dates_of_lists_go_forward() -> None:
    make_register()
    directory = make_directory()
    imported(directory, day=LATER)
    with pytest.raises(ValidationError, match="plus récente"):
        give(directory, day=FIRST)


def test_the_number_of_queries_does_not_follow_the_rows() -> None:
    make_register()

    def queries_for(number: int) -> int:
        directory = Directory.objects.create(code=f"d{number}", name=f"D{number}")
        lines = tuple(line(f"Ligne {n}", siret(siren(1)) if n % 2 else "") for n in range(number))
        job = actions.start_import(None, give(directory, lines), SAID)
        with CaptureQueriesContext(connection) as caught:
            jobs.run_now(job)
            actions.accept_identified(None, directory)
        assert DirectoryRow.objects.filter(directory=directory).count() == number
        return len(caught)

    queries_for(3)  # fills what is kept from one import to the next
    assert queries_for(4) == queries_for(60)
