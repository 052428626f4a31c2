"""Addresses and positions of the establishments: invented streets in real communes, with the right postal code."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from essor.demo.draws import Draws, Floats, Objects, either, objects
from essor.demo.economy import Establishments, Table
from essor.demo.places import Atlas
from essor.demo.profiles import words

VILLAGE = 700  # inhabitants under which half of the addresses are a hamlet's name
METRES_PER_DEGREE = 111_320.0
# Share of each quality of position, with INSEE's code and the error in metres.
QUALITIES = {
    "11": (0.72, 10.0),
    "21": (0.08, 60.0),
    "12": (0.12, 250.0),
    "22": (0.04, 500.0),
    "33": (0.04, 3000.0),
}
NOT_LOCATED = 0.03


@dataclass
class Locations(Table):
    """One row an establishment. `lon` and `lat` are NaN where the position is not known."""

    complement: Objects
    number: Objects
    repetition: Objects
    street_type: Objects
    street: Objects
    post_box: Objects
    postal_code: Objects
    lon: Floats
    lat: Floats
    quality: Objects


def locate(places: Establishments, atlas: Atlas, draws: Draws) -> Locations:
    """Address and position of each establishment."""
    n = len(places)
    streets = words()["streets"]
    types = draws.choice(streets["types"], n)
    names = objects(streets["names"])[draws.below(len(streets["names"]), n)]
    number = (1 + draws.unit(n) ** 2 * 180).astype(np.int64).astype(str).astype(object)
    repetition = either(draws.chance(0.05, n), "B", None)
    hamlet = draws.chance(0.5, n) & (atlas.populations[places.commune] < VILLAGE)
    hamlets = objects(streets["hamlets"])[draws.below(len(streets["hamlets"]), n)]
    types = either(hamlet, "LIEU DIT", types)
    names = either(hamlet, hamlets, names)
    number = either(hamlet, None, number)
    repetition = either(hamlet, None, repetition)
    complements = objects(streets["complements"])[draws.below(len(streets["complements"]), n)]
    complement = either(draws.chance(0.07, n), complements, None)
    box = np.array([f"BP {value}" for value in (draws.below(900, n) + 10).tolist()], dtype=object)
    lon, lat, quality = _positions(places, atlas, draws)
    return Locations(
        complement=complement, number=number, repetition=repetition, street_type=types, street=names,
        post_box=either(draws.chance(0.01, n), box, None), postal_code=_postal(places, atlas, draws),
        lon=lon, lat=lat, quality=quality,
    )  # fmt: skip


def _postal(places: Establishments, atlas: Atlas, draws: Draws) -> Objects:
    """One of the commune's postal codes."""
    count = np.array([len(codes) for codes in atlas.postal])
    rank = (draws.unit(len(places)) * count[places.commune]).astype(np.int64)
    table = np.full((len(atlas.postal), int(count.max())), None, dtype=object)
    for row, codes in enumerate(atlas.postal):
        table[row, : len(codes)] = codes
    found: Objects = table[places.commune, rank]
    return found


def _positions(places: Establishments, atlas: Atlas, draws: Draws) -> tuple[Floats, Floats, Objects]:
    """Positions scattered around the commune's; at its very point where only the commune is known (quality 33)."""
    n = len(places)
    people = atlas.populations[places.commune]
    spread = (0.25 + 0.0042 * np.sqrt(people)) * 1000
    east, north = draws.gaussian(n)
    # Bounded, so that nobody lands two communes away.
    east, north = (np.clip(value, -1.8, 1.8) * spread for value in (east, north))
    quality = draws.choice({code: share for code, (share, _error) in QUALITIES.items()}, n)
    at_centre = quality == "33"
    lat0, lon0 = atlas.lat[places.commune], atlas.lon[places.commune]
    lat = lat0 + np.where(at_centre, 0.0, north) / METRES_PER_DEGREE
    lon = lon0 + np.where(at_centre, 0.0, east) / (METRES_PER_DEGREE * np.cos(np.radians(lat0)))
    lost = draws.chance(NOT_LOCATED, n)
    return np.where(lost, np.nan, lon).round(6), np.where(lost, np.nan, lat).round(6), quality


def located(locations: Locations) -> NDArray[np.bool_]:
    """Which establishments have a position."""
    return ~np.isnan(locations.lon)
