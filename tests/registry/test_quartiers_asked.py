"""Is it in a quartier prioritaire: one place, an establishment of the register, a whole file."""

import csv
import io
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from essor.formats.position_list import PlaceRow, read_position_list
from essor.registry.models import Organisation
from essor.registry.qpv_answers import IN, NEAR, OUT, UNKNOWN, completed, situate
from essor.registry.qpv_summary import summary
from essor.territories.actions import load_file
from essor.territories.locating import locate
from tests.factories import UserFactory
from tests.formats.stocks import siren, siret
from tests.plugins.geojson import feature, square, write_geojson
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
COUNTS = {IN: 45, NEAR: 42, OUT: 263, UNKNOWN: 647}  # the directory of 2021 in the list of 2015 of Occitanie
PAGE = "/registre/quartiers-prioritaires/"
FILE = PAGE + "fichier/"
INSIDE, BESIDE, FAR = (1.445, 43.645), (1.452, 43.645), (1.475, 43.65)
SIRET = siret(siren(1))


@pytest.fixture
def mirail(module_territories, tmp_path):
    """One QPV of 2024 in Toulouse, a square of about 800 m; the list of 2015 is not loaded."""
    load_file(
        write_geojson(
            tmp_path / "qpv.geojson",
            feature(square(1.44, 43.64, 0.01), code_qp="QN03101M", lib_qp="Mirail Sud", insee_com="31555"),
        )
    )


def told(row: PlaceRow) -> list[tuple[int, str, str, str, int | None]]:
    (answer,) = situate([row])
    return [(each.generation, each.relation, each.certainty, each.code, each.metres) for each in answer.told]


@pytest.mark.usefixtures("mirail")
@pytest.mark.parametrize(
    ("position", "error", "expected"),
    [
        (INSIDE, 0, (IN, "sure", "QN03101M", 0)),
        (INSIDE, 3000, (IN, "uncertain", "QN03101M", 0)),
        (BESIDE, 0, (NEAR, "sure", "QN03101M", 161)),
        (BESIDE, 200, (NEAR, "uncertain", "QN03101M", 161)),
        (FAR, 0, (OUT, "sure", "", None)),
        (FAR, 3000, (OUT, "uncertain", "", None)),
    ],
)
def test_a_position_in_each_situation(position, error, expected):
    row = PlaceRow(1, {}, lon=position[0], lat=position[1], error=error)
    assert told(row) == [(2024, *expected), (2015, UNKNOWN, "", "", None)]


@pytest.mark.usefixtures("mirail")
def test_where_no_list_is_loaded_nothing_is_said():
    paris = PlaceRow(1, {}, lon=2.35, lat=48.85)
    assert [each[1] for each in told(paris)] == [UNKNOWN, UNKNOWN]


@pytest.mark.usefixtures("mirail")
def test_establishments_of_the_register_by_their_siret():
    edition_in_force()
    facts = FactsFactory()
    PlaceFactory(organisation=facts.organisation, siret=SIRET, longitude=INSIDE[0], latitude=INSIDE[1])
    row = PlaceRow(1, {}, siret=SIRET)
    assert told(row)[0] == (2024, IN, "uncertain", "QN03101M", 0)  # the error of its position is not known
    assert situate([row])[0].place == "3 RUE DES LILAS 31000"

    Organisation.objects.update(is_public=False)
    (hidden,) = situate([row])
    assert hidden.told == ()
    assert hidden.row.trouble == (
        f"le registre public n’a pas l’établissement {SIRET}.",
        "Donnez sa position ou son adresse.",
    )


@pytest.mark.usefixtures("mirail")
def test_a_file_costs_the_same_queries_whatever_its_length():
    facts = FactsFactory()
    rows = []
    for number in range(1, 41):
        code = siret(siren(number))
        PlaceFactory(organisation=facts.organisation, siret=code, longitude=FAR[0], latitude=FAR[1])
        rows.append(PlaceRow(number, {}, siret=code))
    situate(rows)  # fills what is kept from one request to the next
    counts = []
    for length in (1, 40):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            situate(rows[:length])
        counts.append(len([each for each in queries.captured_queries if "establishment" in each["sql"]]))
    assert counts == [2, 2]


CONTENT = (
    "Bénéficiaire;SIRET;lon;lat\n"
    f"=HYPERLINK(1);;{INSIDE[0]};{INSIDE[1]}\n"
    f"B;;{BESIDE[0]};{BESIDE[1]}\n"
    f"C;;{FAR[0]};{FAR[1]}\n"
    "D;2,43E+13;;\n"
)


@pytest.mark.usefixtures("mirail")
def test_a_whole_file_on_the_screen_and_completed(client: Client, tmp_path):
    client.force_login(UserFactory())
    said = text_of(client.post(FILE, {"file": SimpleUploadedFile("a.csv", CONTENT.encode())}))
    assert "4 lignes lues" in said
    assert "2024 1 1 1 0 1" in said
    assert "2015 0 0 0 3 1" in said
    assert "le SIRET a été détruit par un tableur" in said

    answer = client.post(FILE, {"file": SimpleUploadedFile("a.csv", CONTENT.encode()), "telecharger": "oui"})
    rows = list(
        csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";")
    )
    assert [row["qpv_2024_situation"] for row in rows] == ["dans", "à moins de 300 m", "hors", ""]
    assert [row["qpv_2024_distance_m"] for row in rows] == ["0", "161", "", ""]
    assert [row["lon"] for row in rows] == ["1.445", "1.452", "1.475", ""]
    assert rows[0]["bénéficiaire"] == "'=HYPERLINK(1)"
    assert rows[3]["qpv_remarque"].startswith("colonne « siret », valeur « 2,43E+13 »")


def test_a_file_that_is_not_one_is_refused_with_its_name(client: Client):
    client.force_login(UserFactory())
    answer = client.post(FILE, {"file": SimpleUploadedFile("../../b.csv", b"nom;ville\nA;B\n")})
    assert answer.status_code == 422
    (said,) = answer.context["file_form"].errors["file"]
    assert said == (
        "Fichier « b.csv » : aucune colonne SIRET, longitude et latitude, ou adresse : ce n’est pas une liste "
        "de lieux. Mettez ce nom de colonne dans l’une des 30 premières lignes."
    )


def test_visitors_ask_for_one_place_and_not_for_a_file(client: Client, mirail):
    said = text_of(client.get(PAGE, {"position": "1,445 ; 43,645"}))
    assert "Liste de 2024 Dans le quartier Mirail Sud (QN03101M)" in said
    assert "Connectez-vous pour situer d’un coup les lignes d’un fichier" in said
    assert client.post(FILE).status_code == 302


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"siret": "123"}, "le SIRET doit avoir 14 chiffres."),
        ({"position": "43,645 1,445"}, "longitude et latitude semblent inversées."),
        ({"position": "ici"}, "Écrivez deux nombres, la longitude puis la latitude"),
        ({"siret": SIRET}, f"Le registre public n’a pas l’établissement {SIRET}."),
    ],
)
def test_mistakes_are_told_in_french(client: Client, query, said):
    assert said in text_of(client.get(PAGE, query))


@pytest.mark.realdata
def test_the_real_structures_of_haute_garonne_in_the_real_quartiers(all_territories, real_data, tmp_path):
    load_file(real_data / "geo" / "departements-1000m.geojson")
    load_file(real_data / "geo" / "qpv2015_occitanie.geojson")
    rows = [
        row
        for row in read_position_list(real_data / "registry" / "siae_directory_2021.csv")
        if row.cells["lon"] and row.cells["department"] == "31"
    ]
    exact = [PlaceRow(row.line, row.cells, lon=row.lon, lat=row.lat, error=0) for row in rows]
    answers = situate(exact)
    # The same answers as `territories.locate` gives point by point (tests/territories/test_real_outlines.py).
    assert summary(answers)[1] == {"generation": 2015, IN: 6, NEAR: 5, OUT: 51, UNKNOWN: 0, "unanswered": 0}
    head, lines = completed(answers)
    assert Counter(line[head.index("qpv_2015_situation")] for line in lines) == {
        "dans": 6, "à moins de 300 m": 5, "hors": 51,
    }  # fmt: skip


@pytest.mark.realdata
def test_the_whole_directory_and_ten_thousand_rows_in_the_real_quartiers(all_territories, real_data):
    load_file(real_data / "geo" / "departements-1000m.geojson")
    load_file(real_data / "geo" / "qpv2015_occitanie.geojson")
    rows = read_position_list(real_data / "registry" / "siae_directory_2021.csv")
    assert len(rows) == 1004
    answers = situate(rows)
    assert summary(answers)[1] == {"generation": 2015, **COUNTS, "unanswered": 7}
    for answer in answers[::25]:  # the same relations as point by point, by other geometry
        if answer.told:
            alone = locate(answer.row.lon, answer.row.lat)
            assert [(t.generation, t.relation) for t in answer.told] == [
                (each.generation, each.relation) for each in reversed(alone.qpv)
            ]
    placed = [row for row in rows if row.lon is not None]
    tenfold = summary(situate(placed * 10))[1]
    assert tenfold == {
        "generation": 2015,
        **{name: 10 * count for name, count in COUNTS.items()},
        "unanswered": 0,
    }
