"""Outlines in GeoJSON: what is recognised, what is refused and with which words."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from essor.formats.outlines import (
    commune_codes,
    is_qpv,
    polygons_of,
    position_trouble,
    read_geometry,
    read_outlines,
    read_properties,
)
from essor.formats.problems import InputProblem
from tests.plugins.geojson import feature, square, write_geojson

HERE = square(1.4, 43.6)


def refusal(read, path):
    """The refusal of a file, None when it is read."""
    try:
        read(path)
    except InputProblem as problem:
        return problem
    return None


def outlines(path):
    rejected = []
    return list(read_outlines(path, rejected)), [str(rejection.as_problem()) for rejection in rejected]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"code": "31555", "nom": "Toulouse", "epci": "243100518"}, ("commune", "31555", "Toulouse")),
        (
            {"INSEE_COM": "2A004", "NOM": "Ajaccio", "INSEE_DEP": "2A", "INSEE_REG": "94", "SIREN_EPCI": "242010056"},
            ("commune", "2A004", "Ajaccio"),
        ),
        ({"NOM": "Haute-Garonne", "INSEE_DEP": "31", "INSEE_REG": "76"}, ("departement", "31", "Haute-Garonne")),
        ({"NOM": "Occitanie", "INSEE_REG": "76"}, ("region", "76", "Occitanie")),
        ({"CODE_SIREN": "243100518", "NOM": "Toulouse Métropole"}, ("epci", "243100518", "Toulouse Métropole")),
        ({"code": "200057867", "nom": "Plaine Commune"}, ("epci", "200057867", "Plaine Commune")),
        ({"code": "31", "nom": "Haute-Garonne", "region": "76"}, ("area", "31", "Haute-Garonne")),
        ({"code": " 2a ", "nom": "Corse-du-Sud"}, ("area", "2A", "Corse-du-Sud")),
        ({"code": "971", "nom": "Guadeloupe"}, ("area", "971", "Guadeloupe")),
        ({"code_insee": "31555", "nom_officiel": "Toulouse", "code_insee_du_departement": "31"},
         ("commune", "31555", "Toulouse")),
    ],
)  # fmt: skip
def test_the_properties_say_what_a_feature_is(tmp_path, properties, expected):
    found, rejected = outlines(write_geojson(tmp_path / "a.geojson", feature(HERE, **properties)))
    assert [(f.kind, f.code, f.name) for f in found] == [expected]
    assert rejected == []


def test_a_feature_without_a_known_code_is_set_aside_and_the_others_are_read(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson",
        feature(HERE, code="315"),
        feature(HERE, code="3155X"),
        feature(HERE, code="31555"),
    )
    found, rejected = outlines(path)
    assert [f.code for f in found] == ["315", "31555"]
    assert rejected == [
        "Fichier « a.geojson », colonne « code », valeur « 3155X » : entité n° 2 : son code n’est celui d’aucun "
        "niveau connu. Attendu : code Insee d’une commune (31555), d’un département (31), d’une région (76), ou "
        "SIREN d’un EPCI."
    ]


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "sa géométrie n’est pas un polygone (absente)."),
        ({"type": "Point", "coordinates": [1, 43]}, "sa géométrie n’est pas un polygone (Point)."),
        ({"type": "Polygon"}, "sa géométrie est illisible : coordonnées manquantes ou mal formées."),
        (
            {"type": "Polygon", "coordinates": [[[1, "x"]]]},
            "sa géométrie est illisible : coordonnées manquantes ou mal formées.",
        ),
        ({"type": "Polygon", "coordinates": []}, "sa géométrie est vide ou contient une coordonnée infinie."),
        (square(43.6, 1.4), "longitude et latitude semblent inversées."),
        (square(574000, 6280000, 10), "ces coordonnées sont des mètres (Lambert 93), non des degrés."),
        (square(-30, 45), "la position est hors de France."),
    ],
)  # fmt: skip
def test_a_bad_geometry_is_set_aside_with_its_reason(tmp_path, geometry, reason):
    found, rejected = outlines(write_geojson(tmp_path / "a.geojson", feature(geometry, code="31555")))
    assert found == []
    assert len(rejected) == 1
    assert f"colonne « geometry », valeur « 31555 » : entité n° 1 : {reason}" in rejected[0]


def test_an_outline_that_crosses_itself_is_repaired(tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[1, 43], [1.2, 43.2], [1.2, 43], [1, 43.2], [1, 43]]]}
    found, rejected = outlines(write_geojson(tmp_path / "a.geojson", feature(bow, code="31555")))
    assert [(f.repaired, f.geometry.is_valid) for f in found] == [(True, True)]
    assert rejected == []


def test_a_declared_projection_is_refused_and_degrees_are_not(tmp_path):
    lambert = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    with pytest.raises(InputProblem) as refused:
        outlines(write_geojson(tmp_path / "a.geojson", feature(HERE, code="31555"), crs=lambert))
    assert str(refused.value) == (
        "Fichier « a.geojson », colonne « crs », valeur « urn:ogc:def:crs:EPSG::2154 » : le fichier est dans une "
        "projection, non en degrés. Exportez-le en WGS 84 (EPSG:4326), par exemple avec QGIS ou "
        "ogr2ogr -t_srs EPSG:4326."
    )
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        crs = {"type": "name", "properties": {"name": name}}
        assert (
            len(outlines(write_geojson(tmp_path / "b.geojson", feature(HERE, code="31555"), crs=crs))[0]) == 1
        )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "le fichier est vide."),
        (b"code,nom\n31555,Toulouse\n", "ce n’est pas du GeoJSON."),
        (b'{"type": "FeatureCollection"}', "ce n’est pas une collection GeoJSON : « features » manque."),
        (b"[1, 2]", "ce n’est pas une collection GeoJSON : « features » manque."),
        (b'{"features": [1]}', "l’entité n° 1 n’est pas un objet GeoJSON."),
        (b'{"features": [{"a": "\xe9"}]}', "le GeoJSON n’est pas en UTF-8."),
        (b'{"features": [' + b"[" * 100_000, "le GeoJSON est tronqué ou mal formé après l’entité n° 0."),
    ],
)
def test_another_file_is_refused(tmp_path, content, reason):
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    with pytest.raises(InputProblem) as refused:
        outlines(path)
    assert refused.value.reason == reason


def test_a_truncated_file_is_refused_wherever_it_is_cut(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", *[feature(HERE, code=f"310{n:02}") for n in range(3)])
    whole = path.read_bytes()
    for end in range(whole.index(b"[") + 1, len(whole) - 2, 7):
        path.write_bytes(whole[:end])
        with pytest.raises(InputProblem) as refused:
            outlines(path)
        assert "tronqué" in refused.value.reason


def test_a_file_of_many_blocks_is_read_whole(tmp_path):
    wide = {"type": "Polygon", "coordinates": [[[1 + math.cos(t / 500) / 10, 43 + math.sin(t / 500) / 10]
                                                for t in range(3142)] + [[1.1, 43.0]]]}  # fmt: skip
    features = [feature(wide, code=f"31{n:03}") for n in range(40)]
    path = write_geojson(tmp_path / "a.geojson", *features)
    assert path.stat().st_size > 3 << 20
    found, rejected = outlines(path)
    assert [f.number for f in found] == list(range(1, 41))
    assert rejected == []


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        (1.4442, 43.6045, None),
        (55.45, -20.88, None),
        (166.45, -22.27, None),
        (43.6045, 1.4442, "longitude et latitude semblent inversées."),
        (-20.88, 55.45, "longitude et latitude semblent inversées."),
        (574357.8, 6279642.9, "ces coordonnées sont des mètres (Lambert 93), non des degrés."),
        (160_000, 5_400_000, "ces coordonnées ne sont pas des degrés (des mètres d’une projection ?)."),
        (0.0, 0.0, "la position est hors de France."),
        (-3.7, 40.4, "la position est hors de France."),
        (math.nan, 43.6, "la position n’est pas un nombre."),
        (1.4, math.inf, "la position n’est pas un nombre."),
    ],
)
def test_what_is_wrong_with_a_position(lon, lat, reason):
    trouble = position_trouble(lon, lat)
    assert (trouble and trouble[0]) == reason


def test_metres_are_given_back_in_degrees():
    assert (
        position_trouble(574357.8, 6279642.9)[1]
        == "Convertissez-les en WGS 84 (EPSG:4326) : ici, 1.44420 43.60470."
    )


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_any_pair_of_numbers_gets_an_answer(lon, lat):
    trouble = position_trouble(lon, lat)
    assert trouble is None or all(trouble)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=5) | st.dictionaries(st.text(max_size=8), children, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_geometry_is_a_polygon_or_a_reason(raw):
    for geometry in (
        raw,
        {"type": "Polygon", "coordinates": raw},
        {"type": "MultiPolygon", "coordinates": raw},
    ):
        found = read_geometry(geometry)
        assert isinstance(found, str) or found.geom_type in ("Polygon", "MultiPolygon")


@given(
    st.lists(json_values, max_size=4),
    st.dictionaries(st.sampled_from(["code", "insee_com", "nom", "dep"]), json_values),
)
def test_any_collection_is_read_or_refused_in_words(tmp_path_factory, features, properties):
    path = tmp_path_factory.mktemp("any") / "a.geojson"
    content = {
        "features": [*features, {"properties": properties, "geometry": HERE}, {"properties": properties}]
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    refused = refusal(outlines, path)
    if refused is None:
        found, rejected = outlines(path)
        assert len(found) + len(rejected) == len(features) + 2
    else:
        assert refused.reason
        assert refused.remedy


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_words(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "a.geojson"
    path.write_bytes(b'{"features": [' + content)
    refused = refusal(outlines, path)
    assert refused is None or refused.file == "a.geojson"


def test_neighbourhoods_are_told_apart_by_their_properties(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson", feature(HERE, CODE_QP="QP031007", code_commune="31555, 31149")
    )
    assert is_qpv(read_properties(path))
    assert not is_qpv(read_properties(write_geojson(tmp_path / "b.geojson", feature(HERE, code="31555"))))
    assert not is_qpv(read_properties(write_geojson(tmp_path / "c.geojson")))
    assert [codes for _properties, codes in commune_codes(path)] == [["31555", "31149"]]


def test_only_surfaces_are_kept_of_a_repair():
    assert polygons_of(Polygon()) is None
    assert polygons_of(Polygon([(0, 0), (1, 0), (1, 1)]).boundary) is None
