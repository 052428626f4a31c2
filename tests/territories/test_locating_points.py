"""Where a point lies: exact with outlines, probable without them, never silent about it."""

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essor.territories.actions import load_file
from essor.territories.locating import PositionError, locate
from essor.territories.models import Territory
from tests.plugins.geojson import feature, square, write_geojson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]

TOULOUSE = (1.45, 43.65)
GUESS = (
    "Approximatif : faute de contours des communes ici, la commune située la plus proche est retenue (à {} km) ; "
    "seule une commune sur quatre a une position connue."
)


@pytest.fixture
def outlines(tmp_path):
    """Toulouse is the square from 1.4 to 1.5, Balma the next one to the east."""
    load_file(
        write_geojson(
            tmp_path / "communes.geojson",
            feature(square(1.4, 43.6), code="31555", nom="Toulouse"),
            feature(square(1.5, 43.6), code="31044", nom="Balma"),
        )
    )


@pytest.fixture
def neighbourhoods(tmp_path):
    """One QPV of each generation in Toulouse: the same square of about 800 m."""
    here = square(1.44, 43.64, 0.01)
    load_file(
        write_geojson(
            tmp_path / "qpv.geojson",
            feature(here, code_qp="QP031007", nom_qp="Grand Mirail", code_commune="31555"),
            feature(here, code_qp="QN03101M", lib_qp="Mirail Sud", insee_com="31555"),
        )
    )


def names(found):
    return [t and t.name for t in (found.commune, found.epci, found.departement, found.region)]


@pytest.mark.usefixtures("outlines")
def test_inside_an_outline_the_answer_is_exact():
    found = locate(*TOULOUSE)
    assert names(found) == ["Toulouse", "Toulouse Métropole", "Haute-Garonne", "Occitanie"]
    assert (found.certainty, found.explanation) == (
        "exact",
        ("Dans le contour de la commune (source : communes.geojson).",),
    )


@pytest.mark.usefixtures("outlines")
def test_on_the_edge_both_communes_are_named():
    found = locate(1.5, 43.65)
    assert found.certainty == "approximate"
    assert found.explanation == ("Sur la limite de Balma et de Toulouse.",)


@pytest.mark.usefixtures("outlines")
def test_just_outside_the_outlines_the_nearest_is_taken_and_said_to_be():
    found = locate(1.45, 43.71)
    assert found.commune.name == "Toulouse"
    assert found.certainty == "approximate"
    assert found.explanation == (
        "Hors de tout contour chargé : la commune la plus proche, à 1112 m, est retenue.",
    )


def test_without_outlines_the_nearest_known_position_is_taken_and_said_to_be():
    found = locate(1.4442, 43.6045)
    assert names(found) == ["Toulouse", "Toulouse Métropole", "Haute-Garonne", "Occitanie"]
    assert (found.certainty, found.explanation) == ("approximate", (GUESS.format("0,1"),))


def test_an_outline_of_the_departement_keeps_the_guess_inside_it(tmp_path):
    # Far north of Haute-Garonne, yet in the outline given for it: the guess stays in the département.
    load_file(
        write_geojson(tmp_path / "d.geojson", feature(square(1.0, 43.0, 1.5), code="31", nom="Haute-Garonne"))
    )
    found = locate(1.0, 44.2)
    assert found.departement.code == "31"
    assert found.certainty == "approximate"


def test_far_from_everything_nothing_is_invented(tmp_path):
    found = locate(7.5, 44.0)
    assert names(found) == [None, None, None, None]
    assert (found.certainty, found.explanation) == (
        "unknown",
        ("Aucun contour ni aucune commune située près de ce point : chargez les contours officiels.",),
    )
    load_file(
        write_geojson(tmp_path / "d.geojson", feature(square(7, 43.5, 1), code="06", nom="Alpes-Maritimes"))
    )
    known = locate(7.5, 44.0)
    assert names(known) == [None, None, "Alpes-Maritimes", "Provence-Alpes-Côte d'Azur"]
    assert known.explanation[-1] == "Le contour de son département est chargé, pas celui de sa commune."


@pytest.mark.usefixtures("outlines", "neighbourhoods")
@pytest.mark.parametrize(
    ("lat", "relation", "metres"),
    [(43.645, "in", 0), (43.6520, "near", 222), (43.6526, "near", 289), (43.6528, "out", None)],
)
def test_in_near_or_out_of_a_neighbourhood_of_each_generation(lat, relation, metres):
    found = {r.generation: (r.relation, r.metres) for r in locate(1.445, lat).qpv}
    assert found == {2015: (relation, metres), 2024: (relation, metres)}


@pytest.mark.usefixtures("outlines", "neighbourhoods")
def test_neighbourhoods_are_said_in_sentences():
    assert [r.sentence for r in locate(1.445, 43.645).qpv] == [
        "Dans le quartier prioritaire Grand Mirail (QP031007, liste de 2015).",
        "Dans le quartier prioritaire Mirail Sud (QN03101M, liste de 2024).",
    ]
    assert locate(1.445, 43.652).qpv[0].sentence == (
        "À 222 m du quartier prioritaire Grand Mirail (QP031007, liste de 2015)."
    )
    assert (
        locate(1.49, 43.69).qpv[0].sentence == "Hors des quartiers prioritaires de 2015, et à plus de 300 m."
    )


@pytest.mark.usefixtures("neighbourhoods")
def test_where_no_neighbourhood_is_loaded_nothing_is_said():
    found = locate(-1.6742, 48.1147)
    assert found.commune.name == "Rennes"
    assert {r.relation for r in found.qpv} == {"unknown"}
    assert found.qpv[0].sentence == (
        "Quartiers prioritaires de 2015 : contours non chargés ici, on ne peut rien dire."
    )


def test_at_mayotte_every_commune_counts_as_a_neighbourhood():
    found = locate(45.228, -12.78)
    assert found.departement.name == "Mayotte"
    assert "jusqu’au 1er janvier 2030" in found.explanation[-1]


def test_overseas_collectivities_have_no_departement():
    found = locate(-56.1773, 46.7791)
    assert (found.commune.name, found.departement, found.region, found.collectivite.name) == (
        "Saint-Pierre", None, None, "Saint-Pierre-et-Miquelon",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (43.6045, 1.4442, "Position 43.6045, 1.4442 : longitude et latitude semblent inversées. Donnez la longitude "
         "d’abord, puis la latitude : par exemple 1.4442 43.6045."),
        (574357.8, 6279642.9, "Position 574357.8, 6279642.9 : ces coordonnées sont des mètres (Lambert 93), non des "
         "degrés. Convertissez-les en WGS 84 (EPSG:4326) : ici, 1.44420 43.60470."),
        (-3.7, 40.4, "Position -3.7, 40.4 : la position est hors de France. Donnez des degrés décimaux (WGS 84) : la "
         "longitude puis la latitude, par exemple 1.4442 43.6045."),
    ],
)  # fmt: skip
def test_what_is_not_a_place_in_france_is_refused_in_words(lon, lat, message):
    with pytest.raises(PositionError) as refused:
        locate(lon, lat)
    assert str(refused.value) == message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-6, 10) | st.floats(), st.floats(41, 52) | st.floats())
def test_any_point_is_located_or_refused(lon, lat):
    try:
        found = locate(lon, lat)
    except PositionError as error:
        found, message = None, str(error)
    assert (found is None and message) or found.explanation


@pytest.mark.usefixtures("outlines")
def test_a_new_outline_counts_at_once(tmp_path):
    assert locate(*TOULOUSE).commune.name == "Toulouse"
    load_file(
        write_geojson(
            tmp_path / "new.geojson", feature(square(1.4, 43.6, 0.01), code="31555", nom="Toulouse")
        )
    )
    assert locate(*TOULOUSE).certainty == "approximate"


@pytest.mark.usefixtures("outlines")
def test_few_queries_once_the_index_is_read(django_assert_max_num_queries):
    locate(*TOULOUSE)
    with django_assert_max_num_queries(6):
        locate(*TOULOUSE)


def test_positions_come_from_outlines_when_nothing_else_gives_them(tmp_path):
    unplaced = Territory.objects.filter(kind="commune", lon=None, departement__code="31").first()
    assert unplaced is not None
    load_file(
        write_geojson(
            tmp_path / "a.geojson", feature(square(1.0, 43.2), code=unplaced.code, nom=unplaced.name)
        )
    )
    unplaced.refresh_from_db()
    assert unplaced.position_source == "contour"
    assert unplaced.outline.shape.contains(shapely.Point(unplaced.lon, unplaced.lat))
