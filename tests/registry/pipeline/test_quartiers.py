"""In or near a quartier, and how sure: against a slow exact oracle and on real outlines."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.projections import to_lambert93
from essor.formats.qpv import Quartier, read_qpv
from essor.registry.pipeline.quartiers import NEAR, Places, relations
from tests.formats.stocks import establishment, position, unit, write_geolocation
from tests.registry.pipeline.conftest import FRANCE, Built

# About 800 m by 1 100 m in Toulouse; one degree of longitude is 80.6 km there, of latitude 111.1 km.
SQUARE = shapely.box(1.40, 43.60, 1.41, 43.61)
QUARTIER = Quartier("QN03101M", 2024, "Le Carré", SQUARE)
FORMER = Quartier("QP031001", 2015, "L’Ancien", SQUARE)


def at(lon: float, lat: float, error: float) -> Places:
    return Places(np.array([lon]), np.array([lat]), np.array([error]))


def told(lon: float, lat: float, error: float = 10.0) -> list[tuple[str, str, int]]:
    return [
        (each.relation, each.certainty, each.distance) for each in relations(at(lon, lat, error), [QUARTIER])
    ]


def test_inside_near_and_out() -> None:
    assert told(1.405, 43.605) == [("in", "sure", 0)]
    assert told(1.4125, 43.605) == [("near", "sure", 202)]
    assert told(1.415, 43.605) == []


def test_certainty_follows_the_error_of_the_position() -> None:
    assert told(1.4098, 43.605, 10) == [("in", "sure", 0)]
    assert told(1.4098, 43.605, 50) == [("in", "probable", 0)]
    assert told(1.4098, 43.605, 500) == [("in", "uncertain", 0)]
    assert told(1.4125, 43.605, 500) == [("near", "uncertain", 202)]
    assert told(1.415, 43.605, 2000) == [("out", "uncertain", 404)]
    assert told(1.415, 43.605, float("nan")) == [("out", "uncertain", 404)]
    assert told(1.46, 43.605, 50_000) == []  # beyond 3 km a position says nothing of a quartier


def test_both_generations_are_told() -> None:
    found = relations(at(1.405, 43.605, 10), [QUARTIER, FORMER])
    assert [(each.generation, each.code) for each in found] == [(2015, "QP031001"), (2024, "QN03101M")]


def test_overseas_quartiers_are_measured_in_their_own_plane() -> None:
    quartier = Quartier("QN97401A", 2024, "Saint-Denis", shapely.box(55.45, -20.89, 55.46, -20.88))
    found = relations(
        Places(np.array([55.4615, 55.455, 1.4]), np.array([-20.885, -20.885, 43.6]), np.full(3, 5.0)),
        [quartier],
    )
    assert [(each.rank, each.relation, each.distance) for each in found] == [(0, "near", 156), (1, "in", 0)]


@given(st.lists(st.tuples(st.floats(1.38, 1.43), st.floats(43.58, 43.63)), min_size=1, max_size=20))
def test_distances_are_those_of_shapely_one_by_one(points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    x, y = to_lambert93(lon, lat)
    plane = shapely.transform(SQUARE, lambda each: np.column_stack(to_lambert93(each[:, 0], each[:, 1])))
    expected = {}
    for rank, point in enumerate(shapely.points(x, y)):
        distance = point.distance(plane)
        if distance <= NEAR:
            expected[rank] = ("in" if distance == 0 else "near", round(distance))
    found = relations(Places(lon, lat, np.zeros(len(points))), [QUARTIER])
    assert {each.rank: (each.relation, each.distance) for each in found} == expected


def test_an_edition_keeps_them(make: Callable[..., Built], tmp_path: Path) -> None:
    outline = {"type": "Polygon", "coordinates": [[list(point) for point in SQUARE.exterior.coords]]}
    path = tmp_path / "qpv.geojson"
    path.write_text(
        json.dumps({"features": [{"properties": {"code_qp": "QN03101M"}, "geometry": outline}]}),
        encoding="utf-8",
    )
    geolocation = write_geolocation(
        tmp_path / "geo.csv",
        [
            position(1, lon=1.405, lat=43.605, plg_qp15="QP031007", plg_qp24="QN03199Z"),
            position(2, lon=1.4125, lat=43.605),
            position(3, lon=1.6, lat=43.7),
        ],
    )
    numbers = (1, 2, 3)
    built = make(
        [unit(n) for n in numbers],
        [establishment(n) for n in numbers],
        scope=FRANCE,
        geolocation=geolocation,
        qpv=(path,),
    )
    found = [json.loads(text) if text else None for text in built.column("establishments", "qpv")]
    assert found == [
        [
            {"generation": 2024, "code": "QN03101M", "relation": "in", "certainty": "sure", "distance": 0},
            {"generation": 2015, "code": "QP031007", "relation": "in", "certainty": "sure", "distance": None},
        ],
        [{"generation": 2024, "code": "QN03101M", "relation": "near", "certainty": "sure", "distance": 202}],
        None,
    ]
    assert built.manifest.counts["establishments_in_quartier"] == 1


@pytest.mark.realdata
def test_real_structures_in_the_real_quartiers(real_data: Path) -> None:
    """Each answer checked one by one against shapely, point by point and outline by outline."""
    quartiers = read_qpv(real_data / "geo" / "qpv2015_occitanie.geojson", lambda rejection: None)
    with (real_data / "registry" / "siae_directory_2021.csv").open(encoding="utf-8", newline="") as stream:
        rows = [
            (float(row["lon"]), float(row["lat"]))
            for row in csv.DictReader(stream)
            if row["lon"] and row["lat"]
        ]
    lon, lat = np.array(rows).T
    found = {
        (each.rank, each.code): each.relation
        for each in relations(Places(lon, lat, np.zeros(len(lon))), quartiers)
    }
    expected = {}
    for rank, point in enumerate(shapely.points(lon, lat)):
        for quartier in quartiers:
            if quartier.outline.distance(point) < 0.02:
                x, y = to_lambert93(np.array([point.x]), np.array([point.y]))
                plane = shapely.transform(
                    quartier.outline, lambda each: np.column_stack(to_lambert93(each[:, 0], each[:, 1]))
                )
                distance = shapely.Point(x[0], y[0]).distance(plane)
                if distance <= NEAR:
                    expected[rank, quartier.code] = "in" if distance == 0 else "near"
    assert found == expected
    counts = [list(found.values()).count(relation) for relation in ("in", "near")]
    assert min(counts) > 20
