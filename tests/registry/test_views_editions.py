"""Installation screens of the editions: build, look, put in force, read what was set aside."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from essor.kernel import jobs
from essor.kernel.models import Job
from essor.registry.models import Edition, Organisation
from tests.factories import EditionFactory, UserFactory
from tests.formats.stocks import establishment, siren, unit, write_stocks
from tests.processes import held_elsewhere
from tests.registry.test_views_list import names_in, text_of

BUILD = "/installation/registre/editions/construire/"
EDITIONS = "/installation/registre/editions/"
transactional = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data_folder(settings, tmp_path: Path) -> Path:
    """A data folder of its own, with the sources of three associations, one of which has a wrong SIRET."""
    settings.DATA_DIR = tmp_path
    settings.EDITIONS_DIR = tmp_path / "editions"
    units = [unit(number, denominationUniteLegale=f"ASSOCIATION {number}") for number in (1, 2, 3)]
    places = [establishment(1), establishment(2), establishment(3), establishment(3, 2)]
    places[3]["siret"] = f"{siren(3)}00000"
    write_stocks(tmp_path / "sources", units, places)
    return tmp_path


@pytest.fixture
def territories(reference_subset: Path, transactional_db: None) -> None:
    """The reference territories, in a database that transactions may write."""
    from essor.territories.actions import load_reference

    load_reference(folder=reference_subset)


@pytest.fixture
def administrator(transactional_db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(installation_admin=True))
    return client


def form_of(client: Client) -> dict[str, str]:
    """What the form of building proposes, as a person would send it untouched."""
    body = client.get(BUILD).content.decode()
    chosen = {}
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.S):
        found = re.search(r'<option value="([^"]*)" selected', options)
        chosen[name] = found.group(1) if found else ""
    return {**chosen, "territory": "departement:31", "day": "2026-11-22", "on_error": "keep"}


def run(response) -> Job:
    """Run the job that the page leads to, as the worker would."""
    assert response.status_code == 302, text_of(response)
    job = Job.objects.get(pk=int(response["Location"].rstrip("/").split("/")[-1]))
    return jobs.run_now(job)


@transactional
def test_from_the_files_to_the_register(administrator: Client, data_folder: Path, territories: None) -> None:
    page = text_of(administrator.get(BUILD))
    assert "Sirene, unités légales" in page
    assert "Sirene, établissements" in page

    built = administrator.post(BUILD, form_of(administrator))
    waiting = text_of(administrator.get(built["Location"]))
    assert "Vous pouvez quitter cette page" in waiting
    assert run(built).state == "done"

    edition = Edition.objects.get()
    assert "Voir l’édition" in text_of(administrator.get(built["Location"]))
    page = text_of(administrator.get(f"{EDITIONS}{edition.pk}/"))
    for words in ("Haute-Garonne", "3 nouvelles organisations", "Lignes écartées", "Mettre en vigueur"):
        assert words in page, words
    assert not Organisation.objects.exists()

    unsure = administrator.post(f"{EDITIONS}{edition.pk}/mettre-en-vigueur/", {})
    assert unsure.status_code == 422
    assert "Cochez la case pour confirmer" in unsure.content.decode()
    assert (
        run(administrator.post(f"{EDITIONS}{edition.pk}/mettre-en-vigueur/", {"sure": "on"})).state == "done"
    )

    assert names_in(Client().get("/registre/")) == ["ASSOCIATION 1", "ASSOCIATION 2", "ASSOCIATION 3"]
    page = text_of(administrator.get(f"{EDITIONS}{edition.pk}/"))
    assert "En vigueur" in page
    assert "Ce que la mise en vigueur a changé" in page
    assert "a mis en vigueur une édition du registre (Haute-Garonne)" in page
    assert "departement:31" not in page
    again = administrator.post(f"{EDITIONS}{edition.pk}/mettre-en-vigueur/", {"sure": "on"})
    assert again.status_code == 409
    assert "Cette édition est déjà en vigueur." in again.content.decode()


@transactional
def test_losing_much_of_the_register_asks_for_a_second_confirmation(
    administrator: Client, data_folder: Path, territories: None
) -> None:
    run(administrator.post(BUILD, form_of(administrator)))
    first = Edition.objects.get()
    run(administrator.post(f"{EDITIONS}{first.pk}/mettre-en-vigueur/", {"sure": "on"}))
    write_stocks(data_folder / "sources", [unit(1)], [establishment(1)])
    run(administrator.post(BUILD, form_of(administrator)))
    second = Edition.objects.exclude(pk=first.pk).get()

    page = text_of(administrator.get(f"{EDITIONS}{second.pk}/"))
    assert "Plus d’un cinquième du registre partirait" in page
    put = f"{EDITIONS}{second.pk}/mettre-en-vigueur/"
    assert administrator.post(put, {"sure": "on"}).status_code == 422
    assert run(administrator.post(put, {"sure": "on", "force": "on"})).state == "done"
    assert len(names_in(Client().get("/registre/"))) == 1


@transactional
def test_rows_set_aside_are_listed_filtered_and_downloaded(
    administrator: Client, data_folder: Path, territories: None
) -> None:
    run(administrator.post(BUILD, form_of(administrator)))
    edition = Edition.objects.get()
    page = f"{EDITIONS}{edition.pk}/lignes-ecartees/"

    said = text_of(administrator.get(page))
    assert "La clé de ce SIRET est fausse." in said
    assert "1 ligne" in said
    assert "Aucune ligne écartée" in text_of(administrator.get(page + "?fichier=autre"))

    response = administrator.get(f"{EDITIONS}{edition.pk}/lignes-ecartees.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Fichier", "Ligne", "SIREN", "SIRET", "Colonne", "Valeur", "Motif", "Remède"]
    assert [(row[3], row[6]) for row in rows[1:]] == [(f"{siren(3)}00000", "la clé de ce SIRET est fausse.")]


@transactional
def test_refusing_bad_rows_ends_the_work_with_its_reason(
    administrator: Client, data_folder: Path, territories: None
) -> None:
    response = administrator.post(BUILD, {**form_of(administrator), "on_error": "refuse"})
    job = run(response)

    assert job.state == "failed"
    said = text_of(administrator.get(response["Location"]))
    assert "Le travail n’a pas pu être mené à bien" in said
    assert "SIRET" in said
    assert "Le registre en vigueur n’a pas changé" in said
    assert not Edition.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"territory": "departement:999"}, "departement:999"),
        ({"source_legal_units": ""}, "Il manque le fichier « Sirene, unités légales »"),
        ({"source_legal_units": "/etc/passwd"}, "Sélectionnez un choix valide"),
        ({"day": "demain"}, "date"),
        ({"perimeter_version": "inconnue"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_cannot_be_built_is_told_in_the_form(
    admin_client: Client, data_folder: Path, reference_territories: Path, change: dict[str, str], told: str
) -> None:
    response = admin_client.post(BUILD, {**form_of(admin_client), **change})

    assert told in text_of(response)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_without_files_one_is_told_where_to_put_them(admin_client: Client, settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    said = text_of(admin_client.get(BUILD))

    assert "Le dossier des sources est vide." in said
    assert str(tmp_path / "sources") in said
    assert "Essor ne va jamais chercher de fichier sans votre accord" in said


@pytest.mark.django_db
def test_a_file_that_cannot_be_used_is_shown_with_its_reason(
    admin_client: Client, settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "notes.csv").write_text("a;b\n1;2\n")

    said = text_of(admin_client.get(BUILD))

    assert "notes.csv" in said
    assert "Aucune colonne d’un fichier connu." in said


@transactional
def test_an_edition_whose_files_are_gone_says_so(administrator: Client, settings, tmp_path: Path) -> None:
    settings.EDITIONS_DIR = tmp_path
    edition = EditionFactory()

    page = administrator.get(f"{EDITIONS}{edition.pk}/")

    assert "Les changements ne peuvent pas être calculés" in text_of(page)
    for address in ("lignes-ecartees/", "lignes-ecartees.csv"):
        gone = administrator.get(f"{EDITIONS}{edition.pk}/{address}")
        assert gone.status_code == 404
        assert (
            "Remettez ce dossier depuis une sauvegarde, ou reconstruisez l’édition." in gone.content.decode()
        )
    put = administrator.post(f"{EDITIONS}{edition.pk}/mettre-en-vigueur/", {"sure": "on"})
    assert put.status_code == 409
    assert "ne sont plus lisibles sur le serveur" in put.content.decode()


@transactional
def test_while_a_load_runs_putting_in_force_says_to_wait(
    administrator: Client, data_folder: Path, territories: None
) -> None:
    run(administrator.post(BUILD, form_of(administrator)))
    edition = Edition.objects.get()
    edition.loading_report = {}
    edition.save()
    with held_elsewhere("registry-load"):
        busy = administrator.post(f"{EDITIONS}{edition.pk}/mettre-en-vigueur/", {"sure": "on"})
    assert busy.status_code == 409
    assert "Une édition est en cours de chargement" in busy.content.decode()


@pytest.mark.django_db
def test_the_list_says_what_each_edition_is(admin_client: Client) -> None:
    assert "Aucune édition pour l’instant" in text_of(admin_client.get(EDITIONS))

    EditionFactory(manifest={"counts": {"organisations": 20000}, "rejected": {"a": 2, "b": 1}})
    said = text_of(admin_client.get(EDITIONS))
    assert "departement:31 1er novembre 2026 Construite 20" in said.replace("\u202f", " ")
