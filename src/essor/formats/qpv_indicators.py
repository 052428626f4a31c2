"""INSEE's indicators of the priority neighbourhoods: one line a quarter, a column an indicator.

Source: insee.fr, « Données sur les quartiers de la politique de la ville » (statistiques 5359592, 5359605), whose
columns have the names below in capitals or not. Which of them are known with their label is not told here: every
column of numbers is kept, columns of text are said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.sheets import fold, is_secret, number_of, read_sheets

WHAT = "un tableau d’indicateurs des quartiers prioritaires (Insee)"
CODE = re.compile(r"Q[PN][0-9]{2,3}[0-9A-Z]{3,4}", re.ASCII)
TEXTS = frozenset(
    {"nom_qp", "lib_qp", "nom_commune", "commune_qp", "lib_com", "nom_dep", "libgeo", "commune"}
)
HEADER_SEARCH = 30
MAX_QUARTERS = 5_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True)
class QuarterValue:
    """One figure of a neighbourhood; None where INSEE keeps it secret or has none (an empty cell is such)."""

    line: int
    quarter: str
    code: str
    value: Decimal | None


@dataclass
class QuarterTable:
    """What was read: figures, columns of figures in order, columns of text left, how many values are secret."""

    values: list[QuarterValue] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    secret: int = 0

    @property
    def quarters(self) -> list[str]:
        """The neighbourhoods, in order."""
        return sorted({value.quarter for value in self.values})


def heading_of(name: str) -> str:
    """A column's name as INSEE's dictionaries write it, in lower case."""
    return fold(name.replace("_", " ")).replace(" ", "_")


def read_quarter_table(path: Path, reject: Reject) -> QuarterTable:
    """The figures of a table (CSV, .xlsx, .ods); a line or a cell that cannot be read goes to `reject`.

    Raises InputProblem.
    """
    for sheet in read_sheets(path, WHAT):
        for rank, (_number, cells) in enumerate(sheet.lines[:HEADER_SEARCH]):
            names = [heading_of(cell) for cell in cells]
            place = next(
                (at for at, name in enumerate(names) if name in ("code_qp", "codgeo", "code_qpv")), None
            )
            if place is not None and (place == names.index(names[place])):
                return _read(path, names, place, sheet.lines[rank + 1 :], reject)
    raise InputProblem(
        path.name,
        f"aucune colonne « code_qp » : ce n’est pas {WHAT}.",
        "Reprenez le fichier de l’Insee.",
        column="code_qp",
    )


def _read(
    path: Path, names: list[str], place: int, lines: list[tuple[int, list[str]]], reject: Reject
) -> QuarterTable:
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise InputProblem(
            path.name,
            "cette colonne apparaît deux fois.",
            "Gardez une seule colonne de ce nom.",
            column=doubled[0],
        )
    table = QuarterTable()
    texts = {
        at for at, name in enumerate(names) if at != place and (name in TEXTS or not _NAME.fullmatch(name))
    }
    texts |= _of_text(names, place, texts, lines)
    table.left = [names[at] for at in sorted(texts) if names[at]]
    table.codes = [name for at, name in enumerate(names) if at != place and at not in texts]
    seen: dict[str, int] = {}
    for number, cells in lines:
        code = (cells[place] if place < len(cells) else "").strip().upper()
        if not code:
            continue
        trouble = _trouble(code, seen)
        if trouble or len(seen) >= MAX_QUARTERS:
            reason = trouble or f"plus de {MAX_QUARTERS} quartiers."
            reject(
                Rejection(
                    path.name,
                    reason,
                    "Vérifiez le code dans le fichier de l’Insee.",
                    line=number,
                    column="code_qp",
                    value=shorten(code),
                )
            )
            continue
        seen[code] = number
        for at, name in enumerate(names):
            if at == place or at in texts:
                continue
            _take(path, table, number, code, name, cells[at] if at < len(cells) else "", reject)
    return table


def _of_text(names: list[str], place: int, texts: set[int], lines: list[tuple[int, list[str]]]) -> set[int]:
    """The columns that hold no number at all but words: labels that INSEE adds."""
    found = set()
    for at in range(len(names)):
        if at == place or at in texts:
            continue
        cells = [row[at] for _number, row in lines if at < len(row) and not is_secret(row[at])]
        if cells and not any(_is_number(cell) for cell in cells):
            found.add(at)
    return found


def _is_number(cell: str) -> bool:
    try:
        number_of(cell)
    except ValueError:
        return False
    return True


def _trouble(code: str, seen: dict[str, int]) -> str:
    if not CODE.fullmatch(code):
        return "ce code de quartier ne se lit pas (QP009001 ou QN03191Z attendu)."
    return f"ce quartier est déjà à la ligne {seen[code]}." if code in seen else ""


def _take(
    path: Path, table: QuarterTable, line: int, code: str, name: str, cell: str, reject: Reject
) -> None:
    if is_secret(cell):
        table.secret += 1
        table.values.append(QuarterValue(line, code, name, None))
        return
    try:
        value = number_of(cell)
    except ValueError as error:
        reject(
            Rejection(
                path.name,
                str(error),
                "Écrivez un nombre, ou laissez la cellule vide.",
                line=line,
                column=name,
                value=shorten(cell),
            )
        )
        return
    table.values.append(QuarterValue(line, code, name, value))
