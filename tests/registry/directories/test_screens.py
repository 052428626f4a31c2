"""Screens of the directories: from the file to the page of the organisation, without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from essor.kernel import jobs
from essor.kernel.models import Job
from essor.registry.models import Directory, DirectoryEntry, DirectoryRow
from tests.factories import MembershipFactory, UserFactory
from tests.formats.stocks import siren, siret
from tests.registry.directories.made import (
    HEADER,
    LATER,
    LINES,
    imported,
    line,
    make_directory,
    make_register,
)
from tests.registry.test_views_list import text_of

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/haute-garonne/registre/annuaires/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def ids() -> dict[str, int]:
    return make_register()


@pytest.fixture
def agent(ids: dict[str, int]) -> Client:
    from essor.accounts.models import Authority

    client = Client()
    client.force_login(
        MembershipFactory(authority=Authority.objects.get(slug="haute-garonne"), agent=True).user
    )
    return client


def upload(text: str = "\n".join((HEADER, *LINES)), name: str = "liste.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def proposed(client: Client, url: str) -> dict[str, str]:
    """What the form of columns proposes, as a person would send it untouched."""
    body = client.get(url).content.decode()
    chosen = dict(re.findall(r'<input type="hidden"\s+name="(asked_kind)"\s+value="([^"]*)"', body))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.S):
        found = re.search(r'<option value="([^"]*)" selected', options)
        chosen[name] = found.group(1) if found else ""
    return chosen


def test_from_the_file_to_the_page_of_the_organisation(agent: Client, ids: dict[str, int]) -> None:
    assert "Aucun annuaire pour l’instant" in text_of(agent.get(HOME))
    given = agent.post(
        f"{HOME}ajouter/", {"preset": "handeco", "name": "", "day": "2026-10-01", "file": upload()}
    )
    columns = given["Location"]
    assert columns == f"{HOME}{Directory.objects.get().pk}/colonnes/"
    shown = proposed(agent, columns)
    assert {name: value for name, value in shown.items() if value} == {
        "asked_kind": "type", "column_name": "nom", "column_number": "siret", "column_postal_code": "cp",
        "column_commune": "ville", "column_website": "site", "column_kind": "type", "kind_0": "ea", "kind_1": "esat",
    }  # fmt: skip
    started = agent.post(columns, shown)
    assert "Vous pouvez quitter cette page" in text_of(agent.get(started["Location"]))
    jobs.run_now(Job.objects.get())
    done = text_of(agent.get(started["Location"]))
    assert "4 nouvelles lignes, 0 changées, 0 inchangées, 0 parties, 1 non lues." in done

    directory = Directory.objects.get()
    review = f"{HOME}{directory.pk}/confirmer/"
    assert "Confirmer la ligne reconnue par son identifiant" in text_of(agent.get(review))
    assert agent.post(f"{review}identifiants/").status_code == 302
    sure = DirectoryRow.objects.get(name="Asso Recyclerie du lac")
    page = text_of(agent.get(f"{review}?voir=sures"))
    assert "Recyclerie du Lac Muret même nom, même commune C’est elle" in page
    back = agent.post(f"{HOME}{directory.pk}/lignes/{sure.pk}/", {"choix": str(ids["lac"]), "voir": "sures"})
    assert back["Location"] == f"{review}?voir=sures"
    assert DirectoryEntry.objects.count() == 2

    public = text_of(Client().get(f"/registre/{ids['pommiers']}/"))
    assert "Présente dans Handeco EA pommiers.example liste du 1er octobre 2026" in public
    assert "Entreprise adaptée depuis le 1er octobre 2026 · Handeco, 1er octobre 2026" in public
    overview = text_of(agent.get(f"{HOME}{directory.pk}/"))
    assert "1 ligne n’a pas pu être lue" in overview
    assert "6 siret 2,43E+13 le SIRET a été détruit par un tableur" in overview
    assert "Handeco 1 octobre 2026 4 2 2 lignes à confirmer" in text_of(agent.get(HOME)).replace("1er", "1")


def test_a_card_alone_for_htmx_with_what_is_wrong(agent: Client, ids: dict[str, int]) -> None:
    from essor.accounts.models import Authority

    directory = make_directory(authority=Authority.objects.get(slug="haute-garonne"))
    imported(directory)
    row = DirectoryRow.objects.get(name="Rien de commun")
    url = f"{HOME}{directory.pk}/lignes/{row.pk}/"

    def answer(**said: str) -> str:
        return text_of(agent.post(url, said, headers={"HX-Request": "true"}))

    assert "« 123 » : le SIREN doit avoir 9 chiffres." in answer(choix="siren", siren="123")
    assert "n’est pas dans le registre du territoire" in answer(choix="siren", siren=siren(5))
    assert "n’est pas dans le registre du territoire" in answer(choix=str(ids["foix"]))
    assert "Cette décision n’existe pas" in answer(choix="autre")
    assert "Confirmée Recyclerie du Lac" in answer(choix="siren", siren=siren(2))
    assert "Revenir sur cette décision" in answer(choix="absent")
    assert "C’est une autre organisation" in answer(choix="pending")
    assert DirectoryEntry.objects.count() == 0


def test_the_directories_of_others_are_not_there(agent: Client) -> None:
    common = make_directory()
    for page in ("", "colonnes/", "confirmer/"):
        assert agent.get(f"{HOME}{common.pk}/{page}").status_code == 404
    assert agent.get(f"/registre/annuaires/{common.pk}/").status_code == 403
    administrator = Client()
    administrator.force_login(UserFactory(installation_admin=True))
    assert administrator.get(f"/registre/annuaires/{common.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("upload_of", "said"),
    [
        (lambda: upload("\x00\x01"), "Le contenu de « liste.csv » ne correspond pas à son extension .csv"),
        (lambda: upload(name="liste.pdf"), "« liste.pdf » n’est pas d’un type accepté ici"),
    ],
)
def test_a_refused_file_leaves_nothing(agent: Client, upload_of, said: str) -> None:
    response = agent.post(
        f"{HOME}ajouter/", {"preset": "autre", "name": "Essai", "day": "2026-10-01", "file": upload_of()}
    )
    assert said in text_of(response)
    assert not Directory.objects.exists()


def test_a_file_without_rows_says_so_on_the_page_of_columns(agent: Client) -> None:
    given = agent.post(
        f"{HOME}ajouter/",
        {"preset": "autre", "name": "Essai", "day": "2026-10-01", "file": upload("nom;ville\n")},
    )
    response = agent.get(given["Location"])
    assert response.status_code == 422
    assert "n’a aucune ligne sous les noms de colonnes" in response.content.decode()


def test_another_column_of_kinds_is_asked_before_reading(agent: Client) -> None:
    given = agent.post(f"{HOME}ajouter/", {"preset": "handeco", "day": "2026-10-01", "file": upload()})[
        "Location"
    ]
    said = {**proposed(agent, given), "column_kind": "ville"}
    page = agent.post(given, said)
    assert "« Muret » (facultatif)" in text_of(page)
    assert not Job.objects.exists()
    without_name = agent.post(given, {**proposed(agent, given), "column_name": ""})
    assert without_name.status_code == 200
    twice = agent.post(given, {**proposed(agent, given), "column_other_name": "nom"})
    assert "La colonne « nom » est choisie deux fois." in text_of(twice)


def test_the_review_asks_as_many_queries_for_one_row_as_for_ten(agent: Client) -> None:
    from essor.accounts.models import Authority

    directory = make_directory(authority=Authority.objects.get(slug="haute-garonne"))

    def queries_for(number: int, day) -> int:
        imported(directory, tuple(line(f"Recyclerie du Lac {n}") for n in range(number)), day)
        tab = f"{HOME}{directory.pk}/confirmer/?voir=sures"
        agent.get(tab)
        with CaptureQueriesContext(connection) as caught:
            assert text_of(agent.get(tab)).count("C’est elle") == number
        return len(caught)

    assert queries_for(2, LATER) == queries_for(10, LATER)


def test_the_command(ids: dict[str, int], tmp_path) -> None:
    from essor.config.cli import app

    path = tmp_path / "liste.csv"
    path.write_text("\n".join((HEADER, *LINES)))
    runner = CliRunner()
    done = runner.invoke(
        app, ["registry", "directory", "import", str(path), "--directory", "handeco", "--json"]
    )
    assert done.exit_code == 0, done.output
    made = Directory.objects.get()
    assert (made.code, made.name, made.preset, made.authority) == ("handeco", "Handeco", "handeco", None)
    assert '"new": 4' in done.stdout
    assert made.mapping["kind_tags"] == {"ea": "ea", "esat": "esat"}
    assert DirectoryEntry.objects.count() == 0
    listed = runner.invoke(app, ["registry", "directory", "list", "--json"])
    assert '"pending": 4' in listed.stdout
    path.write_text("nom;ville\n")
    refused = runner.invoke(app, ["registry", "directory", "import", str(path), "--directory", "handeco"])
    assert refused.exit_code == 1
    assert siret(siren(1)) not in refused.output
