"""A list of places that somebody wants situated: any CSV or .xlsx with a SIRET, a longitude and a latitude, or an
address.

Positions may be what the national geocoder gives back (adresse.data.gouv.fr: columns latitude, longitude,
result_score, result_type), whose own words say how exact each position is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from essor.formats.address_columns import HEADING as ADDRESS_HEADING
from essor.formats.address_columns import WrittenAddress, read_address
from essor.formats.identifiers import clean_number, siret_trouble
from essor.formats.outlines import position_trouble
from essor.formats.problems import InputProblem, shorten
from essor.formats.rows import Row, read_list

MAX_ROWS = 50_000
WHAT = "une liste de lieux"
NAMED = "SIRET, longitude et latitude, ou adresse"

_SIRET = re.compile(r"\bsiret\b")
_LONGITUDE = re.compile(r"(?:x_)?(?:longitude|long|lon|lng)")
_LATITUDE = re.compile(r"(?:y_)?(?:latitude|lat)")
_HEADING = re.compile(rf"{_SIRET.pattern}|^{_LONGITUDE.pattern}$|{ADDRESS_HEADING.pattern}")
# What the geocoder found → bound of the error in metres, of the same order as INSEE's geolocation file.
ERROR_OF = {"housenumber": 50, "street": 500, "locality": 1_500, "municipality": 3_000}
UNSAID_ERROR = 100
POOR_SCORE = 0.5  # below, the geocoder itself doubts that it is the right place
POOR_ERROR = 3_000


@dataclass(frozen=True)
class PlaceRow:
    """One row: its line, the cells of the file, and a SIRET or a position (degrees; `error` in metres), or an address
    that has to be looked for, or a reason and a remedy in French why it has none.
    """

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    siret: str = ""
    lon: float | None = None
    lat: float | None = None
    error: int = UNSAID_ERROR
    trouble: tuple[str, str] | None = None
    address: WrittenAddress | None = None


def read_position_list(path: Path) -> list[PlaceRow]:
    """The rows of the list, all of them, in order. Raises InputProblem when the file as a whole cannot be used."""
    found: list[PlaceRow] = []
    for row in read_list(path, _HEADING, NAMED, WHAT):
        if len(found) >= MAX_ROWS:
            raise InputProblem(
                path.name,
                f"le fichier a plus de {MAX_ROWS} lignes.",
                "Coupez-le en plusieurs fichiers.",
                line=row.line,
            )
        found.append(_place(row))
    if not found:
        raise InputProblem(path.name, "aucune ligne sous l’en-tête.", "Vérifiez que c’est le bon fichier.")
    return found


def place_row(line: int, cells: dict[str, str]) -> PlaceRow:
    """The place that a row of these cells (by name of column in small letters) writes."""
    return _place(Row(line, cells))


def _place(row: Row) -> PlaceRow:
    found, address = _numbered(row), read_address(row.cells)
    if address is None:
        return found
    # A SIRET or a position that cannot be one matters no more where an address tells the place.
    told = bool(address.street) or not found.trouble
    return replace(found, address=address, trouble=None if told else found.trouble)


def _numbered(row: Row) -> PlaceRow:
    """The row by its position or its SIRET."""
    position = _position(row)
    if isinstance(position, PlaceRow):
        return position
    column = next((name for name in row.cells if _SIRET.search(name)), "")
    siret = clean_number(row.get(column))
    if not siret:
        reason = position or ("ni SIRET, ni position, ni adresse.", "Complétez la ligne.")
        return PlaceRow(row.line, row.cells, trouble=reason)
    trouble = siret_trouble(siret)
    if trouble:
        said = f"colonne « {column} », valeur « {shorten(row.get(column))} » : {trouble[0]}"
        return PlaceRow(row.line, row.cells, trouble=(said, trouble[1]))
    return PlaceRow(row.line, row.cells, siret=siret)


def _position(row: Row) -> PlaceRow | tuple[str, str] | None:
    """The position of a row that bears one; a reason and a remedy when it cannot be one; None without any."""
    texts = [
        next((text for name, text in row.cells.items() if pattern.fullmatch(name) and text), "")
        for pattern in (_LONGITUDE, _LATITUDE)
    ]
    if not any(texts):
        return None
    numbers = [_degrees(text) for text in texts]
    if numbers[0] is None or numbers[1] is None:
        return (
            f"« {shorten(texts[0], 20)} ; {shorten(texts[1], 20)} » n’est pas une position en degrés.",
            "Donnez la longitude et la latitude, par exemple 1,4442 et 43,6045.",
        )
    trouble = position_trouble(numbers[0], numbers[1])
    if trouble:
        return trouble
    return PlaceRow(row.line, row.cells, lon=numbers[0], lat=numbers[1], error=_error(row))


def _degrees(text: str) -> float | None:
    try:
        found = float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _error(row: Row) -> int:
    score = _degrees(row.get("result_score"))
    if score is not None and score < POOR_SCORE:
        return POOR_ERROR
    return ERROR_OF.get(row.get("result_type"), UNSAID_ERROR)
