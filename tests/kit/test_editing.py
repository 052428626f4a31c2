"""Correcting texts: versions, two editors, several processes, a wrong row, the package that changes, archives."""

import io
import zipfile
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from essor.kernel import audit
from essor.kernel.models import AuditEntry
from essor.kit import library, recipe_library
from essor.kit.editing import actions
from essor.kit.editing.actions import ChangedMeanwhileError, Thing
from essor.kit.editing.exchange import export_all, import_all
from essor.kit.editing.in_force import digest, in_scope, notes_of
from essor.kit.front_matter import ContentError
from essor.kit.library import Asked
from essor.kit.models import ContentVersion
from tests.factories import MembershipFactory, UserFactory
from tests.kit_editing_factories import VersionFactory
from tests.processes import python

FICHE = Thing("fiche", "K12")
RECIPE = Thing("recipe", "cit-er-44")
TITLE = "Commande publique responsable"


def corrected(title: str = "Acheter autrement") -> str:
    return FICHE.package_text.replace(TITLE, title, 1)


@pytest.mark.django_db
def test_a_correction_is_read_everywhere(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    editor = UserFactory(editor=True)
    assert actions.correct(editor, FICHE, corrected("Zébulon achète"), "Essai", seen=0) == 1
    with in_scope():
        assert library.fiches()["K12"].title == "Zébulon achète"
        assert [each.code for each in library.found(Asked(words="zebulon"))] == ["K12"]
        assert list(library.corrected()) == ["K12"]
        recipe_library.recipes()
    with django_assert_num_queries(1), in_scope():
        library.fiches(), library.found(Asked(words="x")), recipe_library.recipes()
    assert library.fiches()["K12"].title == TITLE, "outside of a request or a work, the package alone"
    told = audit.entries_for(FICHE.subject)[0]
    assert told.sentence.endswith("a corrigé la fiche K12 (version 1)")
    assert told.reason == "Essai"


@pytest.mark.django_db
def test_going_back_and_the_package_again() -> None:
    editor = UserFactory(editor=True)
    actions.correct(editor, FICHE, corrected("Un"), "a", seen=0)
    actions.correct(editor, FICHE, corrected("Deux"), "b", seen=1)
    actions.go_back(editor, FICHE, 1, seen=2)
    assert 'title: "Un"' in FICHE.text_now()
    actions.reset(editor, FICHE, seen=3)
    assert FICHE.text_now() == FICHE.package_text
    with in_scope():
        assert library.fiches()["K12"].title == TITLE
    with pytest.raises(ValidationError, match="déjà celui d’Essor"):
        actions.reset(editor, FICHE, seen=4)
    actions.go_back(editor, FICHE, 2, seen=4)
    assert [(each.number, each.is_reset, each.is_latest) for each in FICHE.versions()] == [
        (5, False, True),
        (4, True, False),
        (3, False, False),
        (2, False, False),
        (1, False, False),
    ]
    assert sorted(AuditEntry.objects.values_list("code", flat=True)) == [
        "kit.text.corrected",
        "kit.text.corrected",
        "kit.text.reset",
        "kit.text.restored",
        "kit.text.restored",
    ]


@pytest.mark.django_db
def test_nothing_new_is_not_a_version() -> None:
    with pytest.raises(ValidationError, match="Rien n’a changé"):
        actions.correct(UserFactory(editor=True), FICHE, FICHE.package_text + "\n", "x", seen=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        (('title: "Commande', 'titre: "Commande'), "title"),
        (("code: K12", "code: K11"), "code"),
        (("see: [", "see: [K99, "), "see"),
        (("## L’enjeu", "[ici](fiche:K99)\n\n## L’enjeu"), "body"),
        (("## L’enjeu", "{{ law:rien.du.tout }}\n\n## L’enjeu"), "body"),
    ],
)
def test_what_does_not_read_is_refused_with_its_field(change: tuple[str, str], field: str) -> None:
    assert change[0] in FICHE.package_text
    with pytest.raises(ContentError) as caught:
        actions.correct(UserFactory(editor=True), FICHE, FICHE.package_text.replace(*change, 1), "x", seen=0)
    assert caught.value.field == field
    assert not ContentVersion.objects.exists()


@pytest.mark.django_db
def test_only_editors_correct() -> None:
    for person in (UserFactory(), MembershipFactory(agent=True).user):
        with pytest.raises(PermissionDenied):
            actions.correct(person, FICHE, corrected(), "x", seen=0)


@pytest.mark.django_db
def test_the_second_editor_is_told() -> None:
    one, other = UserFactory(editor=True), UserFactory(editor=True)
    actions.correct(one, FICHE, corrected("Un"), "a", seen=0)
    with pytest.raises(ChangedMeanwhileError) as caught:
        actions.correct(other, FICHE, corrected("Deux"), "b", seen=0)
    assert caught.value.latest.author_id == one.pk


@pytest.mark.django_db
def test_a_first_version_that_another_has_just_made_is_not_written_over(monkeypatch) -> None:
    """No row to lock before the first one: the other may write between the look and the writing."""
    one, other = UserFactory(editor=True), UserFactory(editor=True)
    locked = actions._locked

    def overtaken(thing: Thing, seen: int) -> ContentVersion | None:
        latest = locked(thing, seen)
        monkeypatch.setattr(actions, "_locked", locked)
        actions.correct(one, FICHE, corrected("Un"), "a", seen=0)
        return latest

    monkeypatch.setattr(actions, "_locked", overtaken)
    with pytest.raises(ChangedMeanwhileError) as caught, transaction.atomic():
        actions.correct(other, FICHE, corrected("Deux"), "b", seen=0)
    assert caught.value.latest.author_id == one.pk


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_leave_one_version() -> None:
    editor = UserFactory(editor=True)
    outcomes: list[str] = []

    def write(title: str) -> None:
        try:
            actions.correct(editor, FICHE, corrected(title), "x", seen=0)
            outcomes.append("written")
        except ChangedMeanwhileError:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [Thread(target=write, args=(title,)) for title in ("Un", "Deux")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told", "written"]
    assert ContentVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_another_process_reads_the_correction() -> None:
    code = (
        "import sys\n"
        "from essor.kit.library import fiches\n"
        "from essor.kit.editing.in_force import in_scope\n"
        "for line in sys.stdin:\n"
        "    with in_scope():\n"
        "        print(fiches()['K12'].title, flush=True)\n"
    )
    with python(code) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def asked() -> str:
            reader.stdin.write("?\n")  # type: ignore[union-attr]
            reader.stdin.flush()  # type: ignore[union-attr]
            return reader.stdout.readline().strip()  # type: ignore[union-attr]

        assert asked() == TITLE
        actions.correct(UserFactory(editor=True), FICHE, corrected("Vu d’ailleurs"), "x", seen=0)
        assert asked() == "Vu d’ailleurs"
        actions.reset(None, FICHE, seen=1)
        assert asked() == TITLE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["rien", "---\ncode: K12\n---\ntexte", "---\nlevels: [[a]]\ncode: [K12]\n---\nx"]
)
def test_a_wrong_row_gives_way_to_the_package(text: str, caplog: pytest.LogCaptureFixture) -> None:
    actions.correct(
        None, Thing("fiche", "K11"), Thing("fiche", "K11").package_text + "\n- Un point.\n", "x", seen=0
    )
    VersionFactory(text=text)
    VersionFactory(kind="recipe", code="cit-er-44", text="[", base="", base_text="")
    with in_scope():
        assert library.fiches()["K12"].title == TITLE
        assert list(library.corrected()) == ["K11"]
        assert recipe_library.corrected() == {}
    assert "correction left out" in caplog.text


@pytest.mark.django_db
def test_the_package_changes_after_a_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = UserFactory(editor=True)
    before, ours = FICHE.package_text, corrected("Chez nous")
    actions.correct(editor, FICHE, ours, "x", seen=0)
    now = before.replace("## L’enjeu", "## Pourquoi", 1)
    monkeypatch.setattr(library, "package_texts", lambda: {"K12": now})
    assert FICHE.latest().base == digest(before) != digest(now)  # type: ignore[union-attr]
    actions.keep_ours(editor, FICHE, seen=1)
    kept = FICHE.latest()
    assert kept is not None
    assert (kept.base, kept.text) == (digest(now), ours)
    with pytest.raises(ValidationError, match="n’a pas changé"):
        actions.keep_ours(editor, FICHE, seen=2)


@pytest.mark.django_db
def test_an_edit_keeps_the_text_that_it_began_from(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = UserFactory(editor=True)
    actions.correct(editor, FICHE, corrected("Un"), "x", seen=0)
    before = FICHE.package_text
    monkeypatch.setattr(library, "package_texts", lambda: {"K12": before + "\nFin.\n"})
    actions.correct(editor, FICHE, corrected("Deux"), "x", seen=1)
    assert FICHE.latest().base == digest(before)  # type: ignore[union-attr]
    actions.correct(editor, FICHE, corrected("Deux"), "x", seen=2, rebased=True)
    assert FICHE.latest().base == digest(before + "\nFin.\n")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_corrections_leave_and_come_back() -> None:
    actions.correct(None, FICHE, corrected("Parti"), "x", seen=0)
    text = RECIPE.package_text.replace("needs:\n", "needs:\n- Un accord\n", 1)
    actions.correct(None, RECIPE, text, "x", seen=0)
    archive = export_all()
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == [
        "fiches/k12.md",
        "base/fiches/k12.md",
        "recettes/cit-er-44.yaml",
        "base/recettes/cit-er-44.yaml",
    ]
    assert import_all(None, "a.zip", archive).same == ("K12", "cit-er-44")
    for thing in (FICHE, RECIPE):
        actions.reset(None, thing, seen=1)
    assert import_all(None, "a.zip", archive).corrected == ("K12", "cit-er-44")
    assert FICHE.text_now() == corrected("Parti")
    assert RECIPE.text_now() == text
    assert import_all(None, "K12.md", corrected("Seul").encode()).corrected == ("K12",)


def _zip(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return buffer.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.zip", b"PK\x03\x04nothing", "ni un ZIP lisible"),
        ("a.zip", _zip(autre_txt="x"), "aucune correction"),
        ("k12.md", b"\xff\xfe", "UTF-8"),
        ("k99.md", b"---\ncode: K99\n---\nx", "Essor n’a pas ce texte"),
        ("a.zip", _zip(fiches__k12_md="---\ncode: &a K12\ntitle: *a\n---\nx"), "renvois YAML"),
        ("a.zip", _zip(fiches__k12_md="---\ntitle: " + "[" * 500 + "\n---\nx"), "k12.md"),
        ("a.zip", _zip(fiches__k12_md="x" * 300_000), "trop gros"),
    ],
)
def test_hostile_files_are_told_in_french(name: str, content: bytes, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        import_all(None, name, content)
    assert told in " ".join(caught.value.messages).replace("\u00a0", " ")


@pytest.mark.django_db
def test_one_fault_and_nothing_is_imported() -> None:
    with pytest.raises(ValidationError):
        import_all(
            None, "a.zip", _zip(fiches__k12_md=corrected("Bon"), fiches__k11_md="---\ncode: K11\n---\nx")
        )
    assert not ContentVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_the_data_whole() -> None:
    actions.correct(None, FICHE, corrected("Avant"), "x", seen=0)
    archive = _zip(
        fiches__k11_md=Thing("fiche", "K11").package_text + "\n- Un.\n", fiches__k12_md=corrected("Après")
    )
    code = (
        "import sys, time\n"
        "from essor.kit.editing import actions, exchange\n"
        "done = actions.correct\n"
        "def slow(*a, **k):\n"
        "    done(*a, **k); print('one', flush=True); time.sleep(30)\n"
        "actions.correct = slow\n"
        "exchange.import_all(None, 'a.zip', bytes.fromhex(sys.argv[1]))\n"
    )
    with python(code, archive.hex()) as importer:
        assert importer.stdout is not None
        assert importer.stdout.readline().strip() == "one"
        importer.kill()
    assert ContentVersion.objects.count() == 1
    with in_scope():
        assert library.fiches()["K12"].title == "Avant"
    assert len(import_all(None, "a.zip", archive).corrected) == 2


@pytest.mark.django_db
def test_a_note_is_read_in_its_frame_only() -> None:
    member, other = MembershipFactory(agent=True), MembershipFactory(agent=True)
    note = Thing("note", "K12", member.authority)
    assert actions.write_note(member.user, note, "Appelez **Léa**.", seen=0) == 1
    with in_scope():
        assert notes_of(member.authority.pk)["K12"].text == "Appelez **Léa**.\n"
        assert notes_of(other.authority.pk) == {}
    with pytest.raises(PermissionDenied):
        actions.write_note(other.user, note, "x", seen=1)
    with pytest.raises(ValidationError, match="javascript"):
        actions.write_note(member.user, note, "[x](javascript:1)", seen=1)
    with pytest.raises(ChangedMeanwhileError):
        actions.write_note(member.user, note, "autre", seen=0)
    actions.write_note(member.user, note, "", seen=1)
    with in_scope():
        assert notes_of(member.authority.pk) == {}
    assert [each.code for each in audit.entries_for(note.subject)] == ["kit.note.removed", "kit.note.written"]
