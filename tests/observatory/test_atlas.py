"""The atlas: its pages, its figures, its preparation, its command."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from typer.testing import CliRunner

from essor.indicators import queries
from essor.indicators.models import Observation
from essor.kernel import jobs as kernel_jobs
from essor.kernel.models import Job, JobState, StoredFile
from essor.observatory.atlas import document, figures
from essor.observatory.atlas import jobs as atlas_jobs
from essor.observatory.cli import app
from essor.territories.models import Territory
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
ATLAS = "/observatoire/atlas/departement/D1/"


def pages_of(made: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def test_one_page_a_territory_between_the_cover_and_the_sources(department: Territory) -> None:
    pages = pages_of(document.make(department, DAY))
    rows = document.pages_of(department)
    assert [row.name for row in rows] == ["CC Deux", "CC Une"]
    assert len(pages) == len(rows) + document.FIXED_PAGES
    assert "Atlas de l’ESS : Essai" in pages[0]
    for row, page in zip(rows, pages[1:], strict=False):
        assert page.split(" sociale et solidaire ")[1].startswith(row.name)
    assert "Sources, méthode et avertissements" in pages[-1]


def test_the_figures_of_a_page_are_those_that_were_observed(department: Territory) -> None:
    page = pages_of(document.make(department, DAY))[1]
    group = Territory.objects.get(name="CC Deux")
    sites = Observation.objects.get(code=figures.SITES, territory=group, parts="").numerator
    assert f"Établissements de l’ESS {sites}" in page
    assert "5,38 organisations de l’ESS pour 1 000 habitants" in page.replace("\xa0", " ")
    assert "28 sur 5 200" in page.replace("\xa0", " ").replace("\u202f", " ")
    assert "sur 2 intercommunalités" in page
    assert "Association 33 100 %" in page.replace("\xa0", " ")


def test_the_document_is_tagged_and_named(department: Territory) -> None:
    reader = PdfReader(io.BytesIO(document.make(department, DAY)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Atlas de l’ESS : Essai"


def test_the_figures_are_read_together(department: Territory, django_assert_max_num_queries: Any) -> None:
    rows = document.pages_of(department)
    with django_assert_max_num_queries(6):
        figures.read(rows, DAY)


def test_places_are_said_in_french() -> None:
    from essor.indicators.rules import Rank

    assert figures.say_place(Rank(1, 16), "epci") == "1re sur 16 intercommunalités"
    assert figures.say_place(Rank(1, 13), "departement") == "1er sur 13 départements"
    assert figures.say_place(Rank(4, 40), "commune") == "4e sur 40 communes"


def test_a_territory_without_any_value_has_its_page_and_a_word(department: Territory) -> None:
    Observation.objects.all().delete()
    pages = pages_of(document.make(department, DAY))
    assert len(pages) == 4
    assert "Aucune valeur n’est connue" in pages[1]


def test_a_commune_has_no_atlas(client: Client, department: Territory) -> None:
    assert client.get("/observatoire/atlas/commune/D1000/").status_code == 404
    assert client.get("/observatoire/atlas/departement/99/").status_code == 404


def test_a_short_atlas_is_given_at_once(client: Client, department: Territory) -> None:
    answer = Client().get(f"{ATLAS}atlas.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert len(pages_of(answer.content)) == 4
    assert "Ouvrir l’atlas" in Client().get(ATLAS).content.decode()


def test_a_long_one_is_prepared_and_kept_for_everyone(
    client: Client, department: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas_jobs, "DIRECT_PAGES", 1)
    assert client.get(f"{ATLAS}atlas.pdf").status_code == 302
    assert "connectez-vous" in Client().get(ATLAS).content.decode()
    assert Client().post(ATLAS).status_code == 200
    assert client.post(ATLAS).status_code == 302
    steps: list[str] = []
    job = kernel_jobs.run_now(Job.objects.get(), lambda step, _done, _total: steps.append(step))
    assert job.state == JobState.DONE, job.error
    assert "Pages des territoires" in steps
    stored = StoredFile.objects.get(pk=job.result["file"])
    assert stored.name == "atlas-ess-departement-D1.pdf"
    assert str(stored.pk) in Client().get(ATLAS).content.decode()


def test_the_command_writes_the_file(department: Territory, tmp_path: Path) -> None:
    target = tmp_path / "atlas.pdf"
    done = CliRunner().invoke(app, ["atlas", "departement:D1", "--output", str(target), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["pages"] == 2
    assert len(pages_of(target.read_bytes())) == 4
    wrong = CliRunner().invoke(app, ["atlas", "commune:D1000", "--output", str(target)])
    assert wrong.exit_code == 1


def test_a_commune_of_an_intercommunality_has_its_page(department: Territory) -> None:
    group = Territory.objects.get(name="CC Une")
    assert [row.name for row in document.pages_of(group)] == ["Albe", "Bray", "Cerf"]
    assert len(pages_of(document.make(group, DAY))) == 5


def test_values_come_from_the_common_reading(department: Territory) -> None:
    got = figures.read([department], DAY)
    cells = queries.load(got.known[figures.DENSITY], queries.Wanted([department.pk]), got.known)
    assert got.value(figures.DENSITY, department.pk) == next(iter(cells.values())).value


def test_a_long_name_keeps_its_page(department: Territory) -> None:
    Territory.objects.filter(name="CC Une").update(name="CC " + "des Très Longues Vallées et Coteaux " * 3)
    TerritoryFactory(name="Seule", code="D1008", departement=department)
    assert len(pages_of(document.make(department, DAY))) == 4
