"""INSEE's grid of density of the communes: 7 levels, or the older 4, or the 3 that it groups them in.

Source: insee.fr, « La grille communale de densité » (information 6439600; file « fichier_diffusion », columns CODGEO,
DENS in 3 levels, DENS7 in 7; older files: « Degré de densité »). Rural: 5, 6, 7 of seven levels; 3 and 4 of four; 3 of
three. Titles stand above the headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.sheets import Sheet, fold, is_secret, read_sheets

WHAT = "la grille communale de densité de l’Insee"
HEADER_SEARCH = 30
_COMMUNE = frozenset(
    {"codgeo", "code commune", "code insee", "com", "depcom", "insee com", "code insee commune", "commune"}
)
_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}", re.ASCII)
_SEVEN = re.compile(r"^dens ?7$|dens(?:ite)?.*7 niveaux")
_DENSITY = re.compile(r"^dens(?: ?aav)?$|degre.*dens|typologie.*dens|niveau.*dens|^densite$|grille.*dens")
_OTHER = re.compile(r"^lib|part |popul|%")
_LEVEL = re.compile(r"([1-7])\b", re.ASCII)


@dataclass
class Classes:
    """The class of each commune, by code, with its line; what the file says of its year."""

    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    levels: int = 0
    year: int | None = None
    column: str = ""


def commune_column(names: list[str]) -> int | None:
    """Where the code of the commune stands among folded headings."""
    return next((at for at, name in enumerate(names) if name in _COMMUNE), None)


def year_said(sheet: Sheet, header: int, path: Path) -> int | None:
    """The newest year that the titles, the sheet or the file name say."""
    said = " ".join(
        [path.stem, sheet.name, *(cell for _n, cells in sheet.lines[: header + 1] for cell in cells)]
    )
    found = [int(year) for year in re.findall(r"(?<!\d)(20[0-4]\d)(?!\d)", said)]
    return max(found, default=None)


def commune_code(cell: str) -> str | None:
    """The code of a commune as a cell writes it, its leading zero given back; None when it is not one."""
    code = cell.strip().upper()
    code = code.zfill(5) if code.isascii() and code.isdigit() else code
    return code if _CODE.fullmatch(code) else None


def density_column(names: list[str]) -> int | None:
    """Where the class stands among folded headings, seven levels first."""
    for pattern in (_SEVEN, _DENSITY):
        for at, name in enumerate(names):
            if pattern.search(name) and not _OTHER.search(name):
                return at
    return None


def read_density(path: Path, reject: Reject) -> Classes:
    """The grid in a CSV, an .xlsx or an .ods; a line that cannot be read goes to `reject`. Raises InputProblem."""
    for sheet in read_sheets(path, WHAT):
        for rank, (_number, cells) in enumerate(sheet.lines[:HEADER_SEARCH]):
            names = [fold(cell) for cell in cells]
            place, column = commune_column(names), density_column(names)
            if place is not None and column is not None:
                found = _read(path, sheet, rank, (place, column), reject)
                found.column = cells[column]
                found.levels = 7 if _SEVEN.search(names[column]) else _levels(found)
                return found
    raise InputProblem(
        path.name,
        f"aucune colonne CODGEO avec DENS : ce n’est pas {WHAT}.",
        "Reprenez le fichier de l’Insee.",
        column="CODGEO",
    )


def _levels(found: Classes) -> int:
    greatest = max((int(value) for value in found.values.values()), default=0)
    return 7 if greatest > 4 else 4 if greatest == 4 else 3


def _read(path: Path, sheet: Sheet, header: int, at: tuple[int, int], reject: Reject) -> Classes:
    found = Classes(year=year_said(sheet, header, path))
    for number, cells in sheet.lines[header + 1 :]:
        place, cell = (cells[rank] if rank < len(cells) else "" for rank in at)
        if not place or sum(bool(each) for each in cells) == 1:
            continue  # a note under the table
        code = commune_code(place)
        level = _LEVEL.match(cell.strip())
        if code is None or (level is None and not is_secret(cell)):
            wrong = (
                ("CODGEO", place, "ce n’est pas un code de commune.")
                if code is None
                else ("DENS", cell, "cette classe n’est pas de 1 à 7.")
            )
            reject(
                Rejection(
                    path.name,
                    wrong[2],
                    "Reprenez la ligne du fichier de l’Insee.",
                    line=number,
                    column=wrong[0],
                    value=shorten(wrong[1]),
                )
            )
            continue
        if level is None:
            continue
        found.values[code], found.lines[code] = level[1], number
    return found
