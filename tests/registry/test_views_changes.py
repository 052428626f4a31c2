"""What an edition changes, before and after it is in force; going back, on the screen and in the command line."""

import csv
import io
import json
import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from typer.testing import CliRunner

from essor.kernel import jobs
from essor.kernel.models import Job
from essor.registry import comparison, editions
from essor.registry.cli import app
from essor.registry.models import ComingChange, Edition, EditionChange, Organisation
from tests.formats.stocks import siren
from tests.registry.editions_made import build_both, in_database, quiet
from tests.registry.test_views_list import names_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
EDITIONS = "/installation/registre/editions"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_both(tmp_path_factory.mktemp("editions"))


@pytest.fixture
def both(built: Path, settings, tmp_path: Path) -> tuple[Edition, Edition]:
    """The first edition in force, the second built."""
    settings.EDITIONS_DIR = tmp_path / "editions"
    first, second = in_database(built, settings.EDITIONS_DIR)
    editions.put_in_force(first, quiet, actor_id=None, force=False)
    return first, second


def run(response) -> Job:
    """Run the job that the page leads to, as the worker would."""
    assert response.status_code == 302, text_of(response)
    return jobs.run_now(Job.objects.get(pk=int(response["Location"].rstrip("/").split("/")[-1])))


def filters(**chosen: str) -> str:
    return f"?{urlencode(chosen)}"


def test_before_putting_in_force_the_changes_are_compared_browsed_and_downloaded(
    admin_client: Client, both: tuple[Edition, Edition]
) -> None:
    _first, second = both
    page, listed = f"{EDITIONS}/{second.pk}/", f"{EDITIONS}/{second.pk}/changements/"
    assert "n’ont pas encore été comparés" in text_of(admin_client.get(page))
    assert "n’ont pas encore été comparés" in text_of(admin_client.get(listed))

    assert run(admin_client.post(f"{EDITIONS}/{second.pk}/comparer/")).state == "done"

    said = text_of(admin_client.get(page))
    for words in (
        "Ce que cette édition change",
        "1 Fermées selon Sirene",
        "1 Effectif en hausse",
        "1 Nouvelles",
    ):
        assert words in said, words
    said = text_of(admin_client.get(listed))
    for words in ("13 différences", "AMICALE NOUVELLE", "Nom : de « ASSOCIATION 1 » à « AMICALE NOUVELLE »"):
        assert words in said, words
    assert "1 différence " in text_of(admin_client.get(listed + filters(nature="closed")))
    assert "4 différences" in text_of(admin_client.get(listed + filters(commune="31395")))
    assert "4 différences" in text_of(admin_client.get(listed + filters(intercommunalite="200068641")))
    assert "2 différences" in text_of(admin_client.get(listed + filters(famille="cooperative")))
    assert "Rien ne répond" in text_of(admin_client.get(listed + filters(nature="closed", commune="31555")))
    assert admin_client.get(listed + "?nature=%00&page=x").status_code == 200

    response = admin_client.get(f"{EDITIONS}/{second.pk}/changements.csv?nature=closed")
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Nature", "SIREN", "SIRET", "Nom", "Famille", "Code commune", "Commune", "Champ", "Avant", "Après"],
        [
            "Fermées selon Sirene", siren(2), "", "ASSOCIATION 2", "Association", "31395", "Muret", "présence",
            "dans le registre", "fermée selon Sirene",
        ],
    ]  # fmt: skip


def test_put_in_force_then_go_back(admin_client: Client, both: tuple[Edition, Edition]) -> None:
    first, second = both
    before = names_in(Client().get("/registre/"))
    run(admin_client.post(f"{EDITIONS}/{second.pk}/mettre-en-vigueur/", {"sure": "on"}))
    for job in Job.objects.filter(state="queued").order_by("pk"):
        jobs.run_now(job)
    said = text_of(admin_client.get(f"{EDITIONS}/{second.pk}/"))
    assert "Ce que cette édition a changé" in said
    assert "13 différences" in text_of(admin_client.get(f"{EDITIONS}/{second.pk}/changements/"))
    back = f"{EDITIONS}/{second.pk}/revenir/"
    said = text_of(admin_client.get(back))
    assert "L’édition du 1er novembre 2026 sera remplacée par celle du 1er octobre 2026" in said
    assert "1 Fermées selon Sirene" in said

    unsure = admin_client.post(back, {"reason": ""})
    assert unsure.status_code == 422
    assert "Dites pourquoi vous revenez en arrière." in unsure.content.decode()
    done = admin_client.post(back, {"reason": "Stock incomplet", "sure": "on"})
    assert run(done).state == "done"

    assert "L’édition précédente est de nouveau en vigueur" in text_of(admin_client.get(done["Location"]))
    assert names_in(Client().get("/registre/")) == before
    said = text_of(admin_client.get(f"{EDITIONS}/{first.pk}/"))
    assert "est revenu de l’édition du 1er novembre 2026 à celle du 1er octobre 2026" in said
    assert "Stock incomplet" in said
    page = text_of(Client().get(f"/registre/{Organisation.objects.get(name='ASSOCIATION 1').pk}/"))
    assert "Retour à l’édition du 1er octobre 2026 Nom : de « AMICALE NOUVELLE » à « ASSOCIATION 1 »" in page
    assert "Édition du 1er novembre 2026 Nom : de « ASSOCIATION 1 » à « AMICALE NOUVELLE »" in page


def test_where_there_is_no_way_back_the_page_says_why(
    admin_client: Client, both: tuple[Edition, Edition]
) -> None:
    first, second = both
    assert "Aucune édition n’a précédé" in text_of(admin_client.get(f"{EDITIONS}/{first.pk}/revenir/"))
    assert "n’est pas en vigueur" in text_of(admin_client.get(f"{EDITIONS}/{second.pk}/revenir/"))
    editions.put_in_force(second, quiet, actor_id=None, force=False)
    shutil.rmtree(editions.folder_of(first))
    posted = admin_client.post(f"{EDITIONS}/{second.pk}/revenir/", {"reason": "x", "sure": "on"})
    assert "Remettez le dossier" in text_of(posted)
    assert not Job.objects.filter(kind="registry.rollback").exists()


def test_a_comparison_grows_old_with_the_register(both: tuple[Edition, Edition]) -> None:
    first, second = both
    comparison.compare_with_register(second, editions.folder_of(second))
    assert comparison.view_of(second) is comparison.View.COMING
    editions.put_in_force(second, quiet, actor_id=None, force=False)
    first.refresh_from_db()
    assert comparison.view_of(first) is comparison.View.MADE
    assert comparison.compare_with_register(first, editions.folder_of(first))["back"] == 2
    assert ComingChange.objects.filter(edition=first).exists()


def test_the_list_costs_the_same_whatever_it_shows(
    admin_client: Client, both: tuple[Edition, Edition], django_assert_max_num_queries
) -> None:
    _first, second = both
    editions.put_in_force(second, quiet, actor_id=None, force=False)
    admin_client.get(f"{EDITIONS}/{second.pk}/changements/")
    assert EditionChange.objects.count() == 13
    with django_assert_max_num_queries(20):
        admin_client.get(f"{EDITIONS}/{second.pk}/changements/")


# The command line.


def essor(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout


def test_diff_between_folders_codes_and_the_register(both: tuple[Edition, Edition]) -> None:
    first, second = both
    code, out = essor("diff", str(editions.folder_of(first)), second.code, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["from"], found["to"], sum(found["counts"].values())) == (first.code, second.code, 13)
    assert {"siren": siren(3), "subject": "organisation", "kind": "moved", "field": "commune", "before": "31555",
            "after": "31395"} in found["changes"]  # fmt: skip
    code, out = essor("diff", second.code[:12], "--json")
    assert (code, json.loads(out)["counts"]) == (0, found["counts"])
    code, out = essor("diff", second.code, first.code, "--json")
    mirrored = {(each["siren"], each["subject"], each["field"], each["after"], each["before"])
                for each in json.loads(out)["changes"] if each["field"] != "presence"}  # fmt: skip
    assert mirrored == {
        (each["siren"], each["subject"], each["field"], each["before"], each["after"])
        for each in found["changes"]
        if each["field"] != "presence"
    }
    assert essor("diff", second.code) == (0, "")


@pytest.mark.parametrize("name", ["inconnue", "*", "../editions", "2026", ""])
def test_diff_of_what_is_not_an_edition_fails(both: tuple[Edition, Edition], name: str) -> None:
    assert essor("diff", name, "--json") == (1, "")


def test_rollback(both: tuple[Edition, Edition]) -> None:
    first, second = both
    assert essor("rollback", "--json") == (1, "")
    editions.put_in_force(second, quiet, actor_id=None, force=False)
    code, out = essor("rollback", "--to", first.code, "--reason", "essai", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["edition"], found["undone"], found["new"]) == (first.code, second.code, 0)
    assert Edition.objects.get(state="in_force") == first
