"""Where organisations are: the real communes of the département, and a few seats elsewhere in France."""

from dataclasses import dataclass

import numpy as np

from essor.demo.draws import Draws, Floats, Ints, Objects, objects
from essor.demo.profiles import PLACES
from essor.territories.actions.reference import DATA, Row, opened
from essor.territories.naming import of_name

DEPARTEMENT = "31"
# Communes where organisations of several départements have their seat or other establishments: real codes of
# SIRENE (which uses the arrondissements of Paris and Lyon), postal code of each.
ELSEWHERE = {
    "81065": "81100", "81004": "81000", "82121": "82000", "32013": "32000", "09122": "09000", "65440": "65000",
    "11069": "11000", "12202": "12000", "46042": "46000", "33063": "33000", "34172": "34000", "64445": "64000",
    "75110": "75010", "69383": "69003", "44109": "44000", "59350": "59000",
}  # fmt: skip


@dataclass(frozen=True)
class Atlas:
    """Communes in arrays: those of the département first, `inside` of them, then those elsewhere."""

    codes: Objects
    names: Objects
    of_names: Objects
    populations: Ints
    postal: list[tuple[str, ...]]
    epci: Objects
    lon: Floats
    lat: Floats
    inside: int

    def weights(self, place: str) -> Floats:
        """How organisations of a kind spread over the communes of the département."""
        people = self.populations[: self.inside].astype(np.float64)
        if place == "rural":
            return np.minimum(people, 2500) ** 0.6 + 8
        if place == "city":
            return np.where(people > 200_000, people * 1.35, people) ** 1.03 + 10
        return people**0.97 + 40

    def draw(self, draws: Draws, places: Objects) -> Ints:
        """A commune of the département for each kind of place."""
        found = np.zeros(len(places), dtype=np.int64)
        for place in PLACES:
            mask = places == place
            found[mask] = draws.rank(self.weights(place), int(mask.sum()))
        return found

    def draw_elsewhere(self, draws: Draws, size: int) -> Ints:
        """Communes outside the département."""
        return self.inside + draws.below(len(self.codes) - self.inside, size)

    def position(self, code: str) -> tuple[float, float]:
        """Longitude and latitude of a commune of the atlas whose position is known."""
        rank = self.codes.tolist().index(code)
        return float(self.lon[rank]), float(self.lat[rank])


def read_atlas(departement: str = DEPARTEMENT) -> Atlas:
    """The communes of a département and those of `ELSEWHERE`, from the reference of the territories.

    Raises `NoReferenceError` (French) when the reference is not there.
    """
    with opened(DATA) as rows_of:
        territories, codes, postal_codes = (
            rows_of(n) for n in ("territories", "commune_codes", "postal_codes")
        )
    communes = {row["code"]: row for row in territories if row["kind"] == "commune"}
    inside = [row for _code, row in sorted(communes.items()) if row["departement"] == departement]
    districts = {row["code"]: row for row in codes if row["kind"] == "arrondissement"}
    outside = [_elsewhere(code, communes, districts) for code in sorted(ELSEWHERE)]
    postal: dict[str, list[str]] = {row["code"]: [] for row in inside}
    for row in postal_codes:
        if row["commune"] in postal:
            postal[row["commune"]].append(row["code"])
    rows = inside + outside
    missing = float("nan")
    return Atlas(
        codes=objects([row["code"] for row in rows]),
        names=objects([row["name"].replace("'", "’") for row in rows]),
        of_names=objects([of_name(row["name"].replace("'", "’"), row["liaison"], "commune") for row in rows]),
        populations=np.array([row["population"] or 0 for row in rows], dtype=np.int64),
        postal=[tuple(sorted(postal.get(row["code"], ()))) or (ELSEWHERE[row["code"]],) for row in rows],
        epci=objects([row["epci"] for row in rows]),
        lon=np.array([missing if row["lon"] is None else row["lon"] for row in rows]),
        lat=np.array([missing if row["lat"] is None else row["lat"] for row in rows]),
        inside=len(inside),
    )


def _elsewhere(code: str, communes: dict[str, Row], districts: dict[str, Row]) -> Row:
    """A commune of `ELSEWHERE`; an arrondissement has the name and the position of its commune."""
    district = districts.get(code)
    if district is None:
        return communes[code]
    return {**communes[district["commune"]], "code": code}
