"""A file of addresses: by the service when the person says so, by the register otherwise; the result and its life."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from essor.formats.address_columns import WrittenAddress
from essor.formats.position_list import PlaceRow
from essor.kernel import jobs
from essor.kernel.models import Job, StoredFile
from essor.registry import actions_privacy, address_service, qpv_job
from essor.registry.cli import app
from essor.registry.qpv_answers import IN, OUT, situate
from essor.territories.actions import load_file
from essor.territories.models import Territory
from tests.factories import UserFactory
from tests.formats.stocks import siren, siret
from tests.people_factories import HidingFactory
from tests.plugins.geojson import feature, square, write_geojson
from tests.registry.address_site import Site, found, serving
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
PAGE = "/registre/quartiers-prioritaires/"
FILE = PAGE + "fichier/"
INSIDE, FAR = (1.445, 43.645), (1.475, 43.65)
CONTENT = (
    "Nom;Adresse;Code postal;Ville;Téléphone\n"
    "Dupont;3 rue des Lilas;31000;Toulouse;0561\n"
    "Durand;9 rue Loin;31000;Toulouse;0562\n"
    "Petit;Toulouse centre;31000;Toulouse;0563\n"
    "Rien;;;;\n"
    "Perdu;1 rue Inconnue;31000;Toulouse;0564\n"
)
TOULOUSE = {"result_city": "Toulouse", "result_citycode": "31555", "result_postcode": "31000"}


@pytest.fixture
def mirail(module_territories: Any, tmp_path: Path) -> None:
    """One QPV of 2024 in Toulouse, a square of about 800 m; the list of 2015 is not loaded."""
    shape = feature(square(1.44, 43.64, 0.01), code_qp="QN03101M", lib_qp="Mirail Sud", insee_com="31555")
    load_file(write_geojson(tmp_path / "qpv.geojson", shape))


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(address_service, "PAUSES", (0.0, 0.0))
    with serving() as served:
        settings.WEB_PRIVATE_ALLOWED = (served.host,)
        settings.ADDRESS_URL = served.url
        served.known = {
            "3 rue des lilas": found(*INSIDE, result_label="3 Rue des Lilas 31000 Toulouse", **TOULOUSE),
            "9 rue loin": found(*FAR, result_type="street", **TOULOUSE),
            "toulouse centre": found(1.6, 43.8, result_type="municipality", **TOULOUSE),
        }
        yield served


def upload(client: Client, **more: str) -> Any:
    return client.post(FILE, {"file": SimpleUploadedFile("a.csv", CONTENT.encode()), **more})


def content_of(client: Client, pk: str) -> list[dict[str, str]]:
    answer = client.get(f"/fichiers/{pk}/")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body), delimiter=";"))


@pytest.mark.usefixtures("mirail")
def test_a_file_whose_addresses_are_looked_for(client: Client, site: Site):
    client.force_login(UserFactory())
    answer = upload(client, addresses="on")
    job = Job.objects.get(kind="registry.qpv")
    assert answer.url == f"{PAGE}resultats/{job.pk}/"
    assert "Dupont" not in str(job.params)
    assert text_of(client.get(answer.url)).count("Voir le résultat") == 0

    jobs.execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert site.asked[0]["data"].splitlines()[1] == "0,3 rue des Lilas,Toulouse,31000,"
    sent = "".join(str(form) for form in site.asked)
    assert [word for word in ("Dupont", "Durand", "0561", "Nom") if word in sent] == []
    assert list(StoredFile.objects.values_list("purpose", flat=True).distinct()) == [qpv_job.MADE]

    said = text_of(client.get(answer.url))
    assert "5 lignes lues" in said
    assert "2024 1 0 2 0 2" in said
    rows = content_of(client, job.result["file"])
    assert [(row["qpv_2024_situation"], row["qpv_2024_certitude"], row["qpv_precision"]) for row in rows] == [
        ("dans", "sûr", "au numéro"),
        ("hors", "sûr", "à la rue"),
        ("hors", "incertain", "au centre de la commune"),
        ("", "", ""),
        ("", "", ""),
    ]
    assert rows[0]["nom"] == "Dupont"
    assert rows[0]["qpv_adresse_trouvee"] == "3 Rue des Lilas 31000 Toulouse"
    assert rows[2]["qpv_remarque"] == "Seule la commune est trouvée : la position est celle de son centre."
    assert rows[3]["qpv_remarque"] == "ni SIRET, ni position, ni adresse. Complétez la ligne."
    assert rows[4]["qpv_remarque"].startswith("l’adresse n’a pas été trouvée.")


@pytest.mark.usefixtures("mirail")
def test_the_result_is_its_author_s_and_does_not_last(client: Client, site: Site):
    author = UserFactory()
    client.force_login(author)
    page = upload(client, addresses="on").url
    job = Job.objects.get(kind="registry.qpv")
    jobs.execute(job.pk)
    job.refresh_from_db()
    made = [job.result[name] for name in ("file", "workbook", "figures")]

    other = Client()
    other.force_login(UserFactory())
    assert [other.get(f"/fichiers/{pk}/").status_code for pk in made] == [403] * 3
    assert other.get(page).status_code == 403
    assert other.post(f"{page}effacer/").status_code == 403

    now = timezone.now()
    assert qpv_job.forget(now + timedelta(days=6)) == "0"
    assert qpv_job.forget(now + timedelta(days=8)) == "3"
    assert "Ce résultat a été effacé" in text_of(client.get(page))


@pytest.mark.usefixtures("mirail")
def test_a_result_is_erased_at_once_when_its_author_says_so(client: Client, site: Site):
    client.force_login(UserFactory())
    page = upload(client, addresses="on").url
    jobs.execute(Job.objects.get(kind="registry.qpv").pk)
    client.post(f"{page}effacer/")
    assert StoredFile.objects.count() == 0
    assert "Ce résultat a été effacé" in text_of(client.get(page))


@pytest.mark.usefixtures("mirail")
def test_what_the_service_left_is_told_line_by_line(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(address_service, "BATCH", 2)
    site.plan = [503, 503, 503]
    client.force_login(UserFactory())
    page = upload(client, addresses="on").url
    job = Job.objects.get(kind="registry.qpv")
    jobs.execute(job.pk)
    job.refresh_from_db()
    assert job.result["silent"] == [[2, 3]]
    assert "Lignes 2 à 3." in text_of(client.get(page))


@pytest.mark.usefixtures("mirail")
def test_without_the_tick_nothing_leaves_and_the_register_answers(client: Client, site: Site):
    edition_in_force()
    place_at("3 R DES LILAS", quality="number", error=20)
    client.force_login(UserFactory())
    answer = upload(client, telecharger="csv")
    rows = list(
        csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";")
    )
    assert site.asked == []
    assert [row["qpv_2024_situation"] for row in rows] == ["dans", "", "", "", ""]
    assert rows[0]["qpv_remarque"] == "Position d’un établissement du registre à la même adresse."
    assert rows[1]["qpv_remarque"] == (
        "non située : le registre n’a pas d’établissement à cette adresse. "
        "Cochez la recherche des adresses, ou donnez sa longitude et sa latitude."
    )


def place_at(address: str, *, quality: str = "number", error: int | None = 20, rank: int = 1) -> Any:
    facts = FactsFactory()
    return PlaceFactory(
        organisation=facts.organisation, siret=siret(siren(rank)), address=address, postal_code="31000",
        longitude=INSIDE[0], latitude=INSIDE[1], position_quality=quality, position_error=error,
        position_source="sirene", commune=Territory.objects.get(kind="commune", code="31555"),
    )  # fmt: skip


def relation_of(street: str, postcode: str = "31000") -> str:
    (answer,) = situate([PlaceRow(1, {}, address=WrittenAddress(street, postcode))])
    return answer.told[0].relation if answer.told else ""


@pytest.mark.usefixtures("mirail")
@pytest.mark.parametrize(
    ("street", "postcode", "expected"),
    [
        ("3 rue des Lilas", "31000", IN),
        ("Bât. B, 3 RUE DES LILAS", "31000", IN),
        ("3 rue des lilas 31000 Toulouse", "31000", IN),
        ("3 bis rue des Lilas", "31000", ""),
        ("3 rue des Lilas", "31200", ""),
        ("rue des Lilas", "31000", ""),
        ("3 rue des Lilas", "", ""),
    ],
)
def test_the_register_knows_the_very_same_address_alone(street, postcode, expected):
    edition_in_force()
    place_at("3 R DES LILAS")
    assert relation_of(street, postcode) == expected


@pytest.mark.usefixtures("mirail")
def test_a_hidden_address_of_the_register_tells_nothing():
    edition_in_force()
    place = place_at("3 R DES LILAS")
    hiding = HidingFactory(organisation=place.establishment.organisation)
    actions_privacy.accept_hiding(None, None, hiding, "Domicile")
    assert relation_of("3 rue des Lilas") == ""


@pytest.mark.usefixtures("mirail")
def test_the_tick_is_not_offered_without_a_service(client: Client, settings: Any):
    client.force_login(UserFactory())
    assert "Chercher les adresses auprès de data.geopf.fr" in text_of(client.get(PAGE))
    settings.ADDRESS_URL = ""
    assert "Chercher les adresses" not in text_of(client.get(PAGE))
    assert "Donnez sa longitude et sa latitude." in text_of(upload(client, addresses="on"))


@pytest.mark.usefixtures("mirail")
def test_the_completed_file_as_a_workbook(client: Client):
    client.force_login(UserFactory())
    answer = upload(client, telecharger="xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheet_names == ["Lignes", "Synthèse"]
    lines = book.get_sheet_by_name("Lignes").to_python()
    assert (len(lines), lines[0][:2], lines[1][:2]) == (6, ["nom", "adresse"], ["Dupont", "3 rue des Lilas"])
    assert book.get_sheet_by_name("Synthèse").to_python()[1] == [2015.0, "", "sans réponse", "", 1.0]


@pytest.mark.usefixtures("mirail")
def test_a_long_file_is_situated_in_the_background(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(qpv_job, "MANY_ROWS", 2)
    client.force_login(UserFactory())
    answer = upload(client)
    assert answer.status_code == 302
    jobs.execute(Job.objects.get().pk)
    assert "5 lignes lues" in text_of(client.get(answer.url))


@pytest.mark.usefixtures("mirail")
def test_the_command_line_does_the_same(site: Site, tmp_path: Path):
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text(CONTENT, encoding="utf-8")
    done = CliRunner().invoke(app, ["qpv", str(source), "--addresses", "--output", str(target)])
    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";"))
    assert [row["qpv_2024_situation"] for row in rows] == ["dans", "hors", "hors", "", ""]


@pytest.mark.usefixtures("mirail")
def test_a_commune_alone_is_sure_where_it_has_no_quartier(site: Site):
    site.known["muret"] = found(1.8, 43.2, result_type="municipality", result_citycode="31395")
    muret = PlaceRow(1, {}, address=WrittenAddress("Muret", "", "Muret", "31395"))
    (answer,) = situate([muret], ask=True)
    assert (answer.told[0].relation, answer.told[0].certainty) == (OUT, "sure")
