"""Each export, read again, gives the rows of the list: the same, in the order of the names."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from essor.accounts.models import Authority
from essor.kernel import jobs
from essor.kernel.models import Job
from essor.registry.exports import columns, rows, workbook
from essor.registry.models import LocalLabel, Organisation
from tests.factories import AuthorityFactory, TerritoryFactory, UserFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
COLUMNS = [column.name for column in columns.COLUMNS]


@pytest.fixture
def register() -> list[str]:
    """Names in the order of the list; one looks like a formula, one is not public, one is to check."""
    edition_in_force(scope="departement:31")
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    AuthorityFactory(slug="haute-garonne", territory=departement)
    epci = TerritoryFactory(
        kind="epci", code="200000001", name="Pays du Lac", epci_type="CC", departement=departement
    )
    commune = TerritoryFactory(code="31395", name="Muret", epci=epci, departement=departement)
    full = FactsFactory(
        name="=Élan & Cie ; « tout »", acronym="+ELAN", family="cooperative", naf="88.10A", size_band="12",
        size_year=2024, commune=commune, siren="123456782", tags=["scop"], website="elan.example",
    )  # fmt: skip
    PlaceFactory(
        organisation=full.organisation, siret="12345678200017", commune=commune, longitude=-1.25, latitude=43.5,
        position_quality="number", address="3 RUE\nDES LILAS",
        qpv=[{"generation": 2024, "code": "QN03101A", "relation": "in", "certainty": "sure"}],
    )  # fmt: skip
    FactsFactory(name="Zèbre", created_on=None, commune=commune)
    FactsFactory(name="Étoile", commune=commune)
    FactsFactory(name="Cachée", organisation__is_public=False)
    FactsFactory(name="Douteuse", to_check=True)
    return ["=Élan & Cie ; « tout »", "Étoile", "Zèbre"]


def download(extension: str, query: str = "") -> Any:
    response = Client().get(reverse("registry:export", args=[extension]) + query)
    assert response.status_code == 200
    return response, b"".join(response.streaming_content)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def shown_names(query: str = "") -> list[str]:
    return [row["name"] for row in Client().get(reverse("registry:list") + query).context["rows"]]


def test_csv_gives_the_rows_of_the_list(register: list[str]) -> None:
    _response, content = download("csv")
    assert content.startswith(b"\xef\xbb\xbf")
    header, *found = read_csv(content)
    assert header == COLUMNS
    by_name = [dict(zip(header, row, strict=True)) for row in found]
    assert [row["nom"].removeprefix("'") for row in by_name] == shown_names() == register
    first = by_name[0]
    assert {name: first[name] for name in COLUMNS if name not in ("identifiant", "page")} == {
        "siren": "123456782", "rna": "", "nom": "'=Élan & Cie ; « tout »", "sigle": "'+ELAN", "nom_usuel": "",
        "famille": "Coopérative", "situation": "ESS par statut", "categorie_juridique": "9220",
        "code_naf": "88.10A", "activite": "Aide à domicile", "secteur": "Aide à domicile", "code_effectif": "12",
        "effectif": "20 à 49 salariés", "annee_effectif": "2024", "employeuse": "oui", "date_creation": "2001-03-04",
        "etiquettes": "Scop", "siret": "12345678200017", "adresse": "3 RUE\nDES LILAS", "code_postal": "31000",
        "code_commune": "31395", "commune": "Muret", "intercommunalite": "Pays du Lac",
        "departement": "Haute-Garonne", "siege_hors_territoire": "non", "etablissements": "1",
        "quartier_prioritaire": "QN03101A", "longitude": "-1.25", "latitude": "43.5",
        "precision_position": "au numéro de la rue", "site_web": "https://elan.example",
    }  # fmt: skip
    assert first["page"] == f"http://testserver/registre/{first['identifiant']}/"


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_workbooks_give_the_same_rows_with_their_sources(register: list[str], extension: str) -> None:
    found = sheets(download(extension)[1])
    assert list(found) == ["Organisations", "Sources et licence"]
    header, *body = found["Organisations"]
    plain = read_csv(download("csv")[1])
    assert header == plain[0]
    assert [[_as_csv(cell) for cell in row] for row in body] == [
        [cell.removeprefix("'") for cell in row] for row in plain[1:]
    ]
    lines = {row[0]: row[1] for row in found["Sources et licence"]}
    assert lines["Licence"].startswith("etalab-2.0")
    assert (lines["Organisations"], lines["Territoire"]) == ("3", "Haute-Garonne")
    assert lines["Page de cette liste"] == "http://testserver/registre/"
    assert [row[1] for row in found["Sources et licence"] if row[0] == "Source"] == [
        "Sirene, unités légales (Insee), 1er novembre 2026",
        "Sirene, établissements (Insee), 1er novembre 2026",
        "Liste des entreprises de l’ESS (ESS France), 28 octobre 2026",
    ]
    assert set(COLUMNS) <= set(lines)


def _as_csv(cell: Any) -> str:
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def test_geojson_gives_the_same_rows_as_points(register: list[str]) -> None:
    found = json.loads(download("geojson")[1])
    assert (found["type"], found["licence"]) == ("FeatureCollection", "etalab-2.0")
    assert [feature["properties"]["nom"] for feature in found["features"]] == register
    assert [feature["geometry"] for feature in found["features"]] == [
        {"type": "Point", "coordinates": [-1.25, 43.5]},
        None,
        None,
    ]


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ods", "geojson"])
def test_an_export_of_nothing_is_a_whole_file(register: list[str], extension: str) -> None:
    _response, content = download(extension, "?q=introuvable")
    if extension == "geojson":
        assert json.loads(content)["features"] == []
    elif extension == "csv":
        assert read_csv(content) == [COLUMNS]
    else:
        assert sheets(content)["Organisations"] == [COLUMNS]


def test_filters_choose_the_rows_and_order_stays_by_name(register: list[str]) -> None:
    assert [row[3] for row in read_csv(download("csv", "?q=zebre")[1])[1:]] == ["Zèbre"]
    assert [row[3] for row in read_csv(download("csv", "?verdict=a-verifier")[1])[1:]] == ["Douteuse"]
    assert [row[3] for row in read_csv(download("csv", "?tri=recentes")[1])[1:]] == [
        "'" + register[0],
        *register[1:],
    ]


def test_the_file_is_named_after_the_territory_and_the_day(register: list[str]) -> None:
    today = timezone.localdate().isoformat()
    named = download("csv", "?territoire=commune:31395")[0]["Content-Disposition"]
    assert named == f'attachment; filename="registre-ess-commune-31395-{today}.csv"'
    framed = Client().get("/haute-garonne/registre/exports/registre.ods")
    assert framed["Content-Disposition"] == f'attachment; filename="registre-ess-departement-31-{today}.ods"'


def test_rows_are_read_by_the_thousand(
    register: list[str], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "CHUNK", 2)
    # edition; index; set; corrected names; names in order; communes; then facts, corrections, what is hidden, numbers,
    # places, tags twice
    with django_assert_num_queries(6 + 6 * 2):
        assert len(read_csv(download("csv")[1])) == 4


def test_an_unknown_format_is_not_found(register: list[str]) -> None:
    assert Client().get("/registre/exports/registre.pdf").status_code == 404


def test_without_an_edition_there_is_nothing_to_export() -> None:
    assert Client().get("/registre/exports/registre.csv").status_code == 404


def test_the_page_of_columns_says_each(register: list[str]) -> None:
    html = Client().get(reverse("registry:export-columns")).content.decode()
    assert [name for name in COLUMNS if f"<code>{name}</code>" not in html] == []


def test_a_large_workbook_is_made_in_the_background_and_downloaded(
    register: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    now = sheets(download("xlsx")[1])
    monkeypatch.setattr(workbook, "MOST_AT_ONCE", 2)
    assert read_csv(download("csv")[1])[0] == COLUMNS  # leaves at once at any size
    sent = Client().get("/registre/exports/registre.xlsx?tri=taille")
    assert (sent.status_code, sent["Location"]) == (302, "/registre/exports/preparer.xlsx?tri=taille")
    prepare = "/registre/exports/preparer.xlsx"
    said = Client().get(prepare).content.decode()
    assert ("Sans compte" in said, "Préparer le fichier" in said) == (True, False)
    assert Client().post(prepare).status_code == 200
    assert not Job.objects.exists()

    person, other = Client(), Client()
    person.force_login(UserFactory())
    other.force_login(UserFactory())
    asked = person.post(prepare)
    job = jobs.run_now(Job.objects.get())
    assert (job.state, job.result["rows"]) == ("done", 3)
    page = person.get(asked["Location"]).content.decode()
    address = reverse("file", args=[job.result["file"]])
    assert f'href="{address}"' in page
    assert other.get(address).status_code == 403
    response: Any = person.get(address)
    assert sheets(b"".join(response.streaming_content)) == now

    assert workbook.forget_exports(timezone.now()) == "0"
    assert workbook.forget_exports(timezone.now() + timedelta(days=3)) == "1"
    assert "Télécharger le fichier" not in person.get(asked["Location"]).content.decode()


@pytest.mark.parametrize("extension", ["csv", "pdf"])
def test_only_workbooks_are_prepared(register: list[str], extension: str) -> None:
    assert Client().get(f"/registre/exports/preparer.{extension}").status_code == 404


def test_the_labels_of_authorities_go_out_by_their_name(register: list[str]) -> None:
    label = LocalLabel.objects.create(authority=Authority.objects.get(), name="Territoire solidaire")
    bearer = Organisation.objects.get(name="Étoile")
    for code in (label.code, "esus", "label:999999"):
        bearer.tags.create(code=code, source="installation")
    _response, content = download("csv", "?q=etoile")
    header, row = read_csv(content)
    assert row[header.index("etiquettes")] == "Esus, Territoire solidaire, label:999999"
