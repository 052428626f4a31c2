"""Real outlines and real positions: insertion structures fall where they say, Toulouse's neighbourhoods are found."""

import csv
from collections import Counter

import pytest

from essor.formats.outlines import position_trouble, read_outlines
from essor.kernel.text import fold
from essor.territories.actions import load_file
from essor.territories.geo import Surfaces
from essor.territories.locating import locate
from essor.territories.models import Outline, Qpv, Territory

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

# Declared département → where the position lies: rows of the directory whose position is another town's (five have
# the postal code of one town and the name of another; the position follows the name, or neither).
CONTRADICTORY = {
    ("30", "33"): 1, ("62", "68"): 1, ("12", "85"): 1, ("81", "33"): 1, ("29", "31"): 1, ("59", "63"): 1,
    ("59", "31"): 1, ("62", "70"): 1,
}  # fmt: skip
# Positions that the outlines, generalised to a kilometre, leave just outside: two on the coast of Brittany (56, 22),
# one at the limit of the Oise and the Aisne (60).
AT_THE_EDGE = {"56": 16, "22": 279, "60": 321}


@pytest.fixture(scope="module")
def structures(real_data):
    """(declared département, declared town, longitude, latitude) of the structures that have a position."""
    with (real_data / "registry" / "siae_directory_2021.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 1004
    return [(r["department"], r["city"], float(r["lon"]), float(r["lat"])) for r in rows if r["lon"]]


@pytest.fixture(scope="module")
def outlines(all_territories, real_data, django_db_blocker):
    """The outlines of all départements, of the communes of 31 and 35, and the QPV of Occitanie, loaded."""
    folder = real_data / "geo"
    with django_db_blocker.unblock():
        for name in (
            "departements-1000m",
            "communes-1000m/communes-1000m-31",
            "communes-1000m/communes-1000m-35",
        ):
            load_file(folder / f"{name}.geojson", source="Etalab, contours généralisés à 1 km")
        load_file(folder / "qpv2015_occitanie.geojson", source="ANCT, QPV 2015")


def surfaces_of(path):
    rejected = []
    found = list(read_outlines(path, rejected))
    assert rejected == []
    return Surfaces([f.code for f in found], [f.geometry for f in found])


def test_each_structure_falls_in_the_departement_it_declares(structures, real_data):
    departements = surfaces_of(real_data / "geo" / "departements-1000m.geojson")
    assert len(structures) == 997
    assert [lon for _d, _town, lon, lat in structures if position_trouble(lon, lat)] == []
    edge, contradictory = {}, Counter()
    for declared, _town, lon, lat in structures:
        holding = departements.holding(lon, lat)
        if declared in holding:
            continue
        near = {found.key: round(found.metres) for found in departements.within(lon, lat, 1_000)}
        if declared in near:
            edge[declared] = near[declared]
        else:
            contradictory[declared, holding[0]] += 1
    assert edge == AT_THE_EDGE
    assert contradictory == CONTRADICTORY


def test_each_structure_of_31_and_35_falls_in_the_commune_it_declares(structures, outlines):
    here = [row for row in structures if row[0] in ("31", "35")]
    assert len(here) == 118
    found = [(locate(lon, lat), declared, town) for declared, town, lon, lat in here]
    assert {place.certainty for place, _declared, _town in found} == {"exact"}
    assert [place.departement.code for place, _d, _town in found] == [
        declared for _p, declared, _town in found
    ]
    assert [place.commune.name for place, _d, town in found if fold(place.commune.name) != fold(town)] == []


def test_outlines_cover_haute_garonne(outlines):
    assert Outline.objects.filter(territory__kind="departement").count() == 101
    assert Outline.objects.filter(territory__kind="collectivite", territory__zone="com").count() == 8
    communes = Territory.objects.filter(kind="commune", departement__code="31")
    assert communes.count() == communes.filter(outline__isnull=False).count() == 586
    assert not communes.filter(lon=None).exists()


@pytest.mark.parametrize(
    ("departement", "placed", "inside", "farthest"), [("31", 144, 137, 690), ("35", 176, 171, 321)]
)
def test_positions_of_geonames_lie_in_their_commune(outlines, departement, placed, inside, farthest):
    # None is that of another place of the same name: the few outside are at the edge of a generalised outline.
    rows = Territory.objects.filter(kind="commune", departement__code=departement, position_source="geonames")
    metres = [
        Surfaces([t.pk], [t.outline.shape]).within(t.lon, t.lat, 50_000)[0].metres
        for t in rows.select_related("outline")
    ]
    assert (len(metres), metres.count(0), round(max(metres))) == (placed, inside, farthest)


def test_the_neighbourhoods_of_toulouse(structures, outlines):
    toulouse = Qpv.objects.filter(communes__code="31555")
    assert (Qpv.objects.count(), toulouse.count()) == (105, 12)
    for qpv in toulouse:
        point = qpv.shape.representative_point()
        found = locate(point.x, point.y)
        assert (found.commune.name, found.qpv[0].relation, found.qpv[0].code) == ("Toulouse", "in", qpv.code)
        assert found.qpv[1].relation == "unknown"  # no list of 2024 is loaded
    relations = Counter(
        locate(lon, lat).qpv[0].relation for declared, _town, lon, lat in structures if declared == "31"
    )
    assert relations == {"in": 6, "near": 5, "out": 51}
