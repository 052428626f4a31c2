"""Forty deliberately bad rows, so that the report of rejected rows has something to show; each is announced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from essor.demo.companions import seat_rows
from essor.demo.draws import Ints
from essor.demo.economy import of_profiles
from essor.demo.evolution import Economy
from essor.demo.identifiers import nics, padded, sirens
from essor.demo.sheets import Sheet
from essor.formats.projections import to_lambert93

UNKNOWN_COMMUNE = "31999"
DESTROYED_SIRET = "4,6E+13"  # what a spreadsheet leaves of a SIRET
# How many of each, by file.
WRONG_SIRET, NO_SUCH_COMMUNE, DUPLICATES, CONTRADICTIONS, WRONG_SIREN, IN_METRES = 6, 5, 5, 3, 3, 6
_FIRST_UNUSED = 950_000  # serial numbers that no unit has
_LATE_RANK = 900  # rank of the establishments added here, that no real growth reaches


@dataclass(frozen=True)
class Fault:
    """One bad row: the file (its name), what is wrong (in French), and the value that shows it."""

    file: str
    reason: str
    value: str


class Faults:
    """Puts the bad rows in the files of an economy and remembers them. Rows are taken among active ESS units."""

    def __init__(self, now: Economy) -> None:
        self.announced: list[Fault] = []
        units = now.units
        usable = (of_profiles(units, "is_ess") == 1) & np.isnat(units.closed) & ~units.hidden
        seats = seat_rows(now)
        placed = usable & ~np.isnan(now.locations.lon[seats])
        self._units = np.flatnonzero(placed)[:: max(1, int(placed.sum()) // 40)]
        self._seats = seats
        self._now = now
        self._next = 0
        self._misread = self._units[:0]

    def _take(self, size: int) -> Ints:
        """Ranks of units that no other fault uses."""
        chosen = self._units[self._next : self._next + size]
        self._next += size
        return chosen

    def _announce(self, file: str, reason: str, values: Iterable[Any]) -> None:
        self.announced += [Fault(file, reason, str(value)) for value in values]

    def spoil_legal_units(self, sheet: Sheet, file: str) -> None:
        """Wrong keys and rows written twice."""
        rank = {siren: row for row, siren in enumerate(sheet.values["siren"].tolist())}
        now = self._now.units
        self._misread = self._take(WRONG_SIREN)
        wrong = sheet.take(np.array([rank[f"{now.siren[i]:09d}"] for i in self._misread]))
        wrong.values["siren"] = np.array([_wrong_key(value) for value in wrong.values["siren"]], dtype=object)
        twice = sheet.take(np.array([rank[f"{now.siren[i]:09d}"] for i in self._take(DUPLICATES)]))
        self._announce(file, "clé du SIREN fausse", wrong.values["siren"])
        self._announce(file, "ligne en double", twice.values["siren"])
        sheet.append(wrong)
        sheet.append(twice)

    def spoil_establishments(self, sheet: Sheet, file: str) -> None:
        """Wrong keys, a commune that does not exist, rows written twice, numbers that contradict each other.

        Called after the legal units: those with a wrong key have their seat here, under the same wrong number.
        """
        misread = sheet.take(self._seats[self._misread])
        siren = np.array([int(_wrong_key(value)) for value in misread.values["siren"]], dtype=np.int64)
        _renumber(misread, siren)
        wrong = sheet.take(self._seats[self._take(WRONG_SIRET)])
        siret = np.array([_wrong_key(value) for value in wrong.values["siret"]], dtype=object)
        wrong.values |= {"siret": siret, "nic": np.array([value[9:] for value in siret], dtype=object)}
        lost = sheet.take(self._seats[self._take(NO_SUCH_COMMUNE)])
        _renumber(lost, lost.values["siren"].astype(np.int64))
        n = len(lost)
        lost.values |= {
            "codeCommuneEtablissement": np.full(n, UNKNOWN_COMMUNE, dtype=object),
            "libelleCommuneEtablissement": np.full(n, "COMMUNE INCONNUE", dtype=object),
            "etablissementSiege": np.zeros(n, dtype=bool),
        }
        twice = sheet.take(self._seats[self._take(DUPLICATES)])
        other = sheet.take(self._seats[self._take(CONTRADICTIONS)])
        siren = other.values["siren"]
        _renumber(other, sirens(np.arange(_FIRST_UNUSED, _FIRST_UNUSED + CONTRADICTIONS)))
        other.values["siren"] = siren
        self._announce(file, "clé du SIRET fausse", siret)
        self._announce(file, "commune inconnue", lost.values["siret"])
        self._announce(file, "ligne en double", twice.values["siret"])
        self._announce(file, "SIRET d’un autre SIREN", other.values["siret"])
        for bad in (misread, wrong, lost, twice, other):
            sheet.append(bad)

    def spoil_geolocation(self, sheet: Sheet, stock: Sheet, file: str) -> None:
        """Metres where degrees are announced."""
        sirets = stock.values["siret"][self._seats[self._take(IN_METRES)]]
        rows = np.flatnonzero(np.isin(sheet.values["siret"], sirets))
        lon, lat = sheet.values["x_longitude"], sheet.values["y_latitude"]
        lon[rows], lat[rows] = to_lambert93(lon[rows], lat[rows])
        self._announce(file, "coordonnées en mètres", sheet.values["siret"][rows])

    def spoil_ess_list(self, rows: Iterable[tuple[Any, ...]], file: str) -> Iterator[tuple[Any, ...]]:
        """Two SIREN with a wrong key, at the end."""
        yield from rows
        for i in self._take(2):
            siren = _wrong_key(f"{self._now.units.siren[i]:09d}")
            self._announce(file, "clé du SIREN fausse", [siren])
            yield siren, self._now.units.name[i], ""

    def spoil_insertion(self, rows: Iterable[tuple[Any, ...]], file: str) -> Iterator[tuple[Any, ...]]:
        """The first structure again, with a wrong key, then with a kind that does not exist."""
        first: tuple[Any, ...] | None = None
        for row in rows:
            first = first or row
            yield row
        if first:
            wrong = _wrong_key(first[0])
            self._announce(file, "clé du SIRET fausse", [wrong])
            yield wrong, *first[1:]
            self._announce(file, "type de structure inconnu", [first[0]])
            yield *first[:2], "XYZ", *first[3:]

    def spoil_esus(self, rows: Iterable[tuple[Any, ...]], file: str) -> Iterator[tuple[Any, ...]]:
        """One SIREN with a wrong key."""
        yield from rows
        i = self._take(1)[0]
        siren = _wrong_key(f"{self._now.units.siren[i]:09d}")
        self._announce(file, "clé du SIREN fausse", [siren])
        yield self._now.units.name[i], siren, "31", "02/01/2025", "01/01/2030"

    def spoil_own_list(self, rows: Iterable[tuple[Any, ...]], file: str) -> Iterator[tuple[Any, ...]]:
        """Two SIRET destroyed by a spreadsheet."""
        yield from rows
        for i in self._take(2):
            self._announce(file, "SIRET détruit par un tableur", [DESTROYED_SIRET])
            yield DESTROYED_SIRET, self._now.units.name[i], "Culture"


def _wrong_key(number: str) -> str:
    """The number with another last digit."""
    return number[:-1] + str((int(number[-1]) + 3) % 10)


def _renumber(sheet: Sheet, siren: Ints) -> None:
    """Give the rows a new, valid SIRET."""
    nic = nics(siren, np.full(len(siren), _LATE_RANK, dtype=np.int64))
    sheet.values |= {
        "siren": padded(siren, 9),
        "nic": padded(nic, 5),
        "siret": padded(siren * 100_000 + nic, 14),
    }
