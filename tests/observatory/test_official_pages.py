"""Screens of the official tables: given, looked at, loaded, withdrawn."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner

from essor.config.cli import app
from essor.indicators.models import Observation
from essor.kernel.models import Job
from essor.observatory import actions_official as actions
from essor.observatory import jobs_official, views_official
from essor.observatory.models import LoadState, OfficialLoad
from tests.factories import UserFactory
from tests.observatory.tables import FLORES, HEAD, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]
SOURCES = "/observatoire/sources/"


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(installation_admin=True))
    return client


def posted(client, text, name="flores.csv", **more):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(f"{SOURCES}charger/", {"file": file, "day": "2023-05-01", **more})


def test_a_table_is_given_looked_at_loaded_and_withdrawn(admin):
    answer = posted(admin, FLORES)
    row = OfficialLoad.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{SOURCES}{row.pk}/")
    page = admin.get(answer["Location"]).content.decode()
    assert "Rien n’est encore écrit" in page
    assert "Charger ce tableau" in page
    assert Client().get(answer["Location"]).status_code == 404
    admin.post(f"{SOURCES}{row.pk}/decider/", {"geste": "charger"})
    assert Observation.objects.count() == 10
    page = Client().get(answer["Location"]).content.decode()
    assert "flores.csv" not in page
    assert "Retirer ce tableau" not in page
    listed = Client().get(SOURCES).content.decode()
    assert "Économie sociale (Insee, Flores)" in listed
    admin.post(f"{SOURCES}{row.pk}/decider/", {"geste": "retirer"})
    assert Observation.objects.count() == 0
    assert "Économie sociale (Insee, Flores)" not in Client().get(SOURCES).content.decode()
    assert "Retiré" in admin.get(SOURCES).content.decode()


def test_valid_lines_or_nothing(admin):
    text = f"{HEAD}\ndepartement:31;2020;Ensemble ESS;;1;2\ndepartement:999;2020;Ensemble ESS;;1;2\n"
    page = admin.get(posted(admin, text)["Location"]).content.decode()
    assert "Charger les lignes valides" in page
    assert "Tout refuser et laisser ce fichier" in page
    assert "valeur « 999 »" in page.replace("\u00a0", " ")
    row = OfficialLoad.objects.get()
    admin.post(f"{SOURCES}{row.pk}/decider/", {"geste": "laisser"})
    assert OfficialLoad.objects.count() == 0


def test_the_same_table_again_changes_nothing(admin, tmp_path):
    actions.load(None, actions.give(None, written(tmp_path, FLORES), day=date(2023, 5, 1)).pk)
    page = admin.get(posted(admin, FLORES)["Location"]).content.decode()
    assert "Rien à changer" in page
    assert "Charger ce tableau" not in page


def test_a_file_that_is_none_is_said_on_the_form(admin):
    page = posted(admin, "a;b\n1;2\n").content.decode()
    assert "ce n’est pas un tableau « L’économie sociale » de l’Insee (Flores)" in page.replace("\u00a0", " ")
    page = posted(admin, FLORES, day="2999-01-01").content.decode()
    assert "dans l’avenir" in page


def test_a_large_table_is_loaded_in_the_background(admin, monkeypatch):
    monkeypatch.setattr(views_official, "LARGE", 3)
    location = posted(admin, FLORES)["Location"]
    row = OfficialLoad.objects.get()
    answer = admin.post(f"{SOURCES}{row.pk}/decider/", {"geste": "charger"})
    job = Job.objects.get(kind=jobs_official.JOB)
    assert answer["Location"] == f"/travaux/{job.pk}/" or str(job.pk) in answer["Location"]
    from essor.kernel import jobs

    assert jobs.run_now(job).result == {
        "new": 10, "changed": 0, "hidden": 0, "same": 1, "older": 0, "page": f"{SOURCES}{row.pk}/",
    }  # fmt: skip
    assert admin.get(location).status_code == 200
    assert OfficialLoad.objects.get().state == LoadState.IN_FORCE


def test_pages_ask_few_queries(admin, tmp_path, django_assert_max_num_queries):
    for number in (2019, 2020, 2021):
        text = FLORES.replace("2020", str(number))
        actions.load(None, actions.give(None, written(tmp_path, text), day=date(2023, 5, 1)).pk)
    with django_assert_max_num_queries(12):
        admin.get(SOURCES)


def test_the_model_and_an_unknown_one(admin):
    assert b"territoire" in b"".join(admin.get(f"{SOURCES}modele/flores/").streaming_content)
    assert admin.get(f"{SOURCES}modele/qpv/").status_code == 404


def test_an_official_indicator_says_where_it_comes_from_and_takes_no_typed_value(admin, tmp_path):
    actions.load(None, actions.give(None, written(tmp_path, FLORES), day=date(2023, 5, 1)).pk)
    page = admin.get("/indicateurs/flores.effectifs/?territoire=departement:31").content.decode()
    assert "Tableau officiel chargé" in admin.get("/indicateurs/").content.decode()
    assert "repris tel quel" in page
    assert "Voir les tableaux officiels" in page
    assert "Collecter" not in page
    assert "il manque" in page  # associations and coopératives do not make the whole: it is said
    assert admin.get("/indicateurs/flores.effectifs/collecter/").status_code == 404


def test_the_command_loads_and_says_when_nothing_changes(tmp_path):
    path = written(tmp_path, FLORES)
    first = CliRunner().invoke(app, ["observatory", "load", str(path), "--date", "2023-05-01", "--json"])
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["counts"]["new"] == 10
    again = CliRunner().invoke(app, ["observatory", "load", str(path), "--date", "2023-05-01", "--json"])
    assert json.loads(again.stdout)["changed"] is False
    assert OfficialLoad.objects.count() == 1
    assert CliRunner().invoke(app, ["observatory", "load", str(tmp_path / "rien.csv")]).exit_code == 1
