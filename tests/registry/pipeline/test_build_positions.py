"""Where an edition puts the establishments: the geolocation file, else the coordinates of the stock."""

import json
from collections.abc import Callable

from tests.formats.stocks import establishment, position, unit, write_geolocation
from tests.registry.pipeline.conftest import FRANCE, Built

Make = Callable[..., Built]


def test_positions_come_from_the_geolocation_file(make: Make, tmp_path) -> None:
    geolocation = write_geolocation(
        tmp_path / "geo.csv",
        [
            position(1, lon=1.44, lat=43.6, plg_qp24="QN03101M"),
            position(2, lon=1.45, lat=43.61, qualite_xy="33", distance_precision=""),
        ],
    )
    built = make([unit(1), unit(2), unit(3)], [establishment(n) for n in (1, 2, 3)], geolocation=geolocation)
    told = [
        (row["longitude"], row["position_source"], row["position_quality"], row["position_error"])
        for row in built.rows("establishments")
    ]
    assert told == [
        (1.44, "geolocation", "number", 10),
        (1.45, "geolocation", "commune", 5000),
        (None, None, None, None),
    ]
    assert json.loads(built.column("establishments", "qpv")[0]) == [
        {"generation": 2024, "code": "QN03101M", "relation": "in", "certainty": "sure", "distance": None}
    ]


def test_without_geolocation_the_lambert_coordinates_of_the_stock_serve(make: Make) -> None:
    toulouse = {
        "coordonneeLambertAbscisseEtablissement": "574357.82",
        "coordonneeLambertOrdonneeEtablissement": "6279642.97",
    }
    overseas = {"codeCommuneEtablissement": "97411", **toulouse}
    built = make(
        [unit(1), unit(2)], [establishment(1, **toulouse), establishment(2, **overseas)], scope=FRANCE
    )
    first, second = built.rows("establishments")
    assert (round(first["longitude"], 3), round(first["latitude"], 3)) == (1.444, 43.605)
    assert (first["position_source"], first["position_quality"], first["position_error"]) == (
        "sirene",
        "unknown",
        500,
    )
    assert second["longitude"] is None
