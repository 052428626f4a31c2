"""Outlines of the quartiers prioritaires, in degrees or Lambert 93, sound or repaired."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.problems import InputProblem, Rejection
from essor.formats.projections import MAINLAND, ZONES, from_lambert93, in_france, to_lambert93
from essor.formats.qpv import generation_of, read_qpv

SQUARE = [[1.40, 43.60], [1.41, 43.60], [1.41, 43.61], [1.40, 43.61], [1.40, 43.60]]
BOW_TIE = [[1.40, 43.60], [1.41, 43.61], [1.41, 43.60], [1.40, 43.61], [1.40, 43.60]]


def geojson(path: Path, *features: tuple[str, Any], **properties: str) -> Path:
    body = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code_qp": code, **properties}, "geometry": geometry}
            for code, geometry in features
        ],
    }
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def polygon(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def test_codes_of_both_generations() -> None:
    codes = ["QP031001", "QP02A001", "QP971001", "QN03101M", "QN97101A", "QN0310", "QP03100M", "31001", ""]
    assert [generation_of(code) for code in codes] == [2015, 2015, 2015, 2024, 2024, None, None, None, None]


def test_a_square_is_read_with_its_name(tmp_path: Path) -> None:
    path = geojson(tmp_path / "q.geojson", ("qn03101m", polygon(SQUARE)), lib_qp="Le Carré")
    (quartier,) = read_qpv(path, lambda rejection: None)
    assert (quartier.code, quartier.generation, quartier.name) == ("QN03101M", 2024, "Le Carré")
    assert quartier.outline.equals(shapely.Polygon(SQUARE))


def test_lambert_93_is_told_by_the_size_of_its_numbers(tmp_path: Path) -> None:
    x, y = to_lambert93(*np.array(SQUARE).T)
    ring = np.column_stack([x, y]).tolist()
    (quartier,) = read_qpv(
        geojson(tmp_path / "q.geojson", ("QP031001", polygon(ring))), lambda rejection: None
    )
    assert shapely.hausdorff_distance(quartier.outline, shapely.Polygon(SQUARE)) < 1e-8


def test_another_projection_is_refused(tmp_path: Path) -> None:
    for ring in ([[place * 1e6 for place in point] for point in SQUARE], [point[::-1] for point in SQUARE]):
        with pytest.raises(InputProblem, match="ni des degrés"):
            read_qpv(geojson(tmp_path / "q.geojson", ("QP031001", polygon(ring))), lambda rejection: None)


def test_a_crossing_outline_is_repaired_and_an_empty_one_refused(tmp_path: Path) -> None:
    refused: list[Rejection] = []
    path = geojson(
        tmp_path / "q.geojson",
        ("QP031001", polygon(BOW_TIE)),
        ("QP031002", polygon([SQUARE[0]] * 4)),
        ("QP031003", None),
        ("QP031004", {"type": "Polygon", "coordinates": "rien"}),
        ("inconnu", polygon(SQUARE)),
    )
    (quartier,) = read_qpv(path, refused.append)
    assert (quartier.code, quartier.outline.is_valid, quartier.outline.area > 0) == ("QP031001", True, True)
    assert [(each.line, each.value, each.reason) for each in refused] == [
        *(
            (rank, f"QP03100{rank}", "le contour de ce quartier est vide ou irréparable.")
            for rank in (2, 3, 4)
        ),
        (5, "INCONNU", "ce code de quartier n’est pas connu (QPxxxyyy ou QNxxxyyZ attendu)."),
    ]


def test_a_geojson_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "q.geojson"
    for body, said in (
        ({"type": "FeatureCollection", "features": []}, "aucun quartier"),
        ({"features": [{"properties": {"nom": "x"}}]}, "code_qp"),
        ([1, 2], "aucun quartier"),
        ({"features": ["x"]}, "code_qp"),
    ):
        path.write_text(json.dumps(body), encoding="utf-8")
        with pytest.raises(InputProblem, match=said):
            read_qpv(path, lambda rejection: None)


@given(st.floats(-5.0, 9.5), st.floats(41.5, 51.0))
def test_lambert_93_goes_and_comes_back(lon: float, lat: float) -> None:
    x, y = to_lambert93(np.array([lon]), np.array([lat]))
    back_lon, back_lat = from_lambert93(x, y)
    assert abs(back_lon[0] - lon) < 1e-9
    assert abs(back_lat[0] - lat) < 1e-9


def test_lambert_93_at_known_points() -> None:
    """The origin of the projection, and a point of IGN's note NTG 71 on the same constants (to 1 m)."""
    x, y = to_lambert93(np.array([3.0, 2.3522]), np.array([46.5, 48.8566]))
    assert np.allclose([x[0], y[0]], [700_000.0, 6_600_000.0], atol=0.01)
    assert np.allclose([x[1], y[1]], [652_469.0, 6_862_035.0], atol=2.0)


@given(st.floats(-5.0, 9.5), st.floats(41.5, 51.0), st.floats(0, 6.28))
def test_three_hundred_metres_are_right_to_a_metre(lon: float, lat: float, angle: float) -> None:
    """Against the length of the degree on the ellipsoid at that latitude."""
    north = 111_132.954 - 559.822 * np.cos(2 * np.radians(lat)) + 1.175 * np.cos(4 * np.radians(lat))
    east = 111_412.84 * np.cos(np.radians(lat)) - 93.5 * np.cos(3 * np.radians(lat))
    there = (lon + 300 * np.cos(angle) / east, lat + 300 * np.sin(angle) / north)
    x, y = MAINLAND.plane(np.array([lon, there[0]]), np.array([lat, there[1]]))
    assert abs(np.hypot(x[1] - x[0], y[1] - y[0]) - 300) < 1.2


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_planes_keep_short_distances_everywhere(zone: Any) -> None:
    lon = np.array([zone.west + 0.3 * (zone.east - zone.west), zone.east])
    lat = np.array([zone.south, zone.north - 0.3 * (zone.north - zone.south)])
    assert in_france(lon, lat).all()
    for one, other in zip(lon, lat, strict=True):
        x, y = zone.plane(np.array([one, one]), np.array([other, other + 300 / 111_200]))
        assert abs(np.hypot(x[1] - x[0], y[1] - y[0]) - 300) < 3


@pytest.mark.realdata
def test_the_real_quartiers_of_occitanie(real_data: Path) -> None:
    refused: list[Rejection] = []
    quartiers = read_qpv(real_data / "geo" / "qpv2015_occitanie.geojson", refused.append)
    assert (len(quartiers), refused) == (105, [])
    assert {quartier.generation for quartier in quartiers} == {2015}
    assert all(quartier.outline.is_valid for quartier in quartiers)
