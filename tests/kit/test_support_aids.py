"""Lists of aids in the kit: read once or twice, whole or not at all, closed ones and dead links flagged."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from typer.testing import CliRunner

from essor.config.cli import app
from essor.kernel import audit
from essor.kernel.jobs import run_now
from essor.kernel.models import Job, JobState, StoredFile
from essor.kit.actions_aids import give_list
from essor.kit.models import Aid, AidImport
from tests.factories import AuthorityFactory, UserFactory
from tests.kit_factories import AidFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


def feed(*rows: dict[str, Any]) -> ContentFile[bytes]:
    return ContentFile(json.dumps({"results": list(rows)}).encode(), name="aides.json")


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Aide {number}",
        "url": f"/aides/{number}/",
        "targeted_audiences": ["Associations"],
    } | more


def load(*rows: dict[str, Any], day: date = DAY, **how: bool) -> Job:
    return run_now(give_list(None, "Essai", feed(*rows), day, **how))


def test_a_list_read_twice_changes_nothing() -> None:
    first = load(row(1), row(2, submission_deadline="2026-12-31"))
    before = list(Aid.objects.order_by("pk").values())
    second = load(row(1), row(2, submission_deadline="2026-12-31"), day=date(2026, 4, 1))
    assert first.result == {"new": 2, "changed": 0, "same": 0, "gone": 0, "rejected": 0, "rows": 2}
    assert second.result == {"new": 0, "changed": 0, "same": 2, "gone": 0, "rejected": 0, "rows": 2}
    assert list(Aid.objects.order_by("pk").values()) == before


def test_what_changed_is_written_and_what_left_is_closed_only_when_the_list_is_complete() -> None:
    load(row(1), row(2))
    partial = load(row(1, name="Aide refaite"))
    assert (partial.result or {})["changed"] == 1
    assert Aid.objects.open_on(DAY).count() == 2
    whole = load(row(1, name="Aide refaite"), is_complete=True)
    assert (whole.result or {})["gone"] == 1
    assert [aid.name for aid in Aid.objects.open_on(DAY)] == ["Aide refaite"]
    back = load(row(2))
    assert (back.result or {})["changed"] == 1
    assert Aid.objects.open_on(DAY).count() == 2


def test_valid_rows_are_kept_or_all_refused_as_chosen() -> None:
    bad = row(2, submission_deadline="bientôt")
    refused = load(row(1), bad, all_or_nothing=True)
    assert (refused.state, Aid.objects.count()) == (JobState.FAILED, 0)
    assert refused.error == (
        "1 aides sur 2 sont refusées : rien n’a changé. La première : Fichier « aides.json », colonne "
        "« submission_deadline », valeur « bientôt » : aide n° 2 : cette date est illisible. Écrivez-la JJ/MM/AAAA ou "
        "AAAA-MM-JJ."
    )
    kept = load(row(1), bad)
    assert (kept.state, [aid.name for aid in Aid.objects.all()]) == (JobState.DONE, ["Aide 1"])
    assert len(AidImport.objects.get(read_at__isnull=False).rejected) == 1


def test_a_work_killed_half_way_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    load(row(1))

    def killed(*_arguments: Any, **_named: Any) -> None:
        raise SystemExit

    job = give_list(None, "Essai", feed(row(1, name="Autre"), row(2)), DAY)
    with monkeypatch.context() as patch:
        patch.setattr("essor.kit.aids_import.audit.record", killed)
        with pytest.raises(SystemExit):
            run_now(job)
    assert [aid.name for aid in Aid.objects.all()] == ["Aide 1"]
    job.refresh_from_db()
    again = run_now(job)
    assert (again.state, [aid.name for aid in Aid.objects.all()]) == (JobState.DONE, ["Aide 2", "Autre"])


def test_a_file_is_not_kept_once_read_nor_when_another_takes_its_place() -> None:
    waiting = give_list(None, "Essai", feed(row(1)), DAY)
    load(row(2))
    assert StoredFile.objects.count() == 0
    assert AidImport.objects.count() == 1
    assert run_now(waiting).state == JobState.FAILED


def test_a_day_to_come_and_a_name_without_letter_are_refused() -> None:
    with pytest.raises(ValidationError, match="dans l’avenir"):
        give_list(None, "Essai", feed(row(1)), date(2100, 1, 1))
    with pytest.raises(ValidationError, match="Donnez un nom"):
        give_list(None, " - ", feed(row(1)), DAY)


def test_closed_aids_and_dead_links_are_flagged(client: Client) -> None:
    AidFactory(name="Ouverte", deadline=date(2099, 1, 1))
    closed = AidFactory(name="Close", deadline=date(2020, 1, 1))
    dead = AidFactory(name="Sans page", link_state="unreadable")
    assert [one["aid"].name for one in client.get("/kit/aides/").context["rows"]] == ["Ouverte", "Sans page"]
    assert [one["aid"].name for one in client.get("/kit/aides/?closes=oui").context["rows"]] == ["Close"]
    quoted = AidFactory(name="Zinc", financers=["Agence de l'eau"])
    assert "Agence de l&#x27;eau" in client.get("/kit/aides/?q=zinc").content.decode()
    quoted.delete()
    assert "Cette aide est close" in client.get(f"/kit/aides/{closed.pk}/").content.decode()
    assert "Sa page ne s’ouvre plus" in client.get(f"/kit/aides/{dead.pk}/").content.decode()


def test_aids_are_found_by_audience_words_and_list(client: Client) -> None:
    load(row(1), row(2, targeted_audiences=["Communes"], categories=["Forêt"]))
    assert [one["aid"].name for one in client.get("/kit/aides/?pour=commune").context["rows"]] == ["Aide 2"]
    assert [one["aid"].name for one in client.get("/kit/aides/?q=foret").context["rows"]] == ["Aide 2"]
    page = client.get("/kit/aides/?liste=Essai&pour=association")
    assert [one["aid"].name for one in page.context["rows"]] == ["Aide 1"]
    counts = {one["value"]: one["count"] for one in page.context["facets"][0]["options"]}
    assert counts == {"association": 1, "commune": 1}


def test_an_editor_gives_a_list_on_the_screen(client: Client) -> None:
    editor = UserFactory(editor=True)
    client.force_login(editor)
    said = {"source": "Drôme", "day": "2026-03-01", "file": feed(row(1))}
    job = Job.objects.get(pk=int(client.post("/kit/aides/listes/", said)["Location"].split("/")[-2]))
    assert run_now(job).state == JobState.DONE
    given = AidImport.objects.get()
    assert "1 nouvelles" in client.get(f"/kit/aides/listes/{given.pk}/").content.decode()
    assert [entry.code for entry in audit.entries_for(given)] == ["kit.aids.read", "kit.aids.given"]
    wrong = client.post(
        "/kit/aides/listes/", {"source": "X", "day": "2026-03-01", "file": ContentFile(b"%PDF", "a.pdf")}
    )
    assert wrong.context["form"].errors["file"]


def test_the_command_line_reads_a_list(tmp_path: Path) -> None:
    path = tmp_path / "drome.json"
    path.write_bytes(feed(row(1), row(2, name="")).read())
    done = CliRunner().invoke(app, ["kit", "aids", "import", str(path), "--on", "2026-03-01", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["rejected"]) == (0, 1)
    assert "aide n° 2 : le nom de l’aide manque." in done.stderr
    assert Aid.objects.get().source == "drome"
    strict = CliRunner().invoke(app, ["kit", "aids", "import", str(path), "--strict"])
    assert strict.exit_code == 1
    assert "rien n’a changé" in strict.stderr


def test_the_list_of_aids_asks_few_questions(client: Client, django_assert_max_num_queries: Any) -> None:
    authority = AuthorityFactory(slug="gard")
    AidFactory.create_batch(30)
    for path in ("/kit/aides/", f"/{authority.slug}/kit/aides/?pour=association"):
        with django_assert_max_num_queries(14):
            assert client.get(path).status_code == 200


@pytest.mark.realdata
def test_the_274_real_aids_are_written_with_audience_and_deadline(real_data: Path) -> None:
    path = real_data / "aids/aides-territoires_periurbain_2023.csv"
    job = run_now(give_list(None, "Aides-territoires", ContentFile(path.read_bytes(), name=path.name), DAY))
    assert job.result == {"new": 274, "changed": 0, "same": 0, "gone": 0, "rejected": 0, "rows": 274}
    assert Aid.objects.exclude(audience_codes="").count() == 274
    assert Aid.objects.filter(deadline__isnull=False).count() == 22
    assert Aid.objects.closed_on(DAY).count() == 21
