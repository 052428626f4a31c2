"""A list of organisations that an authority follows: any CSV or .xlsx with a column SIRET."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from essor.formats.identifiers import clean_number, siret_trouble
from essor.formats.problems import Reject, Rejection, shorten
from essor.formats.rows import read_list

_SIRET = re.compile(r"\bsiret\b")


@dataclass(frozen=True)
class OwnRow:
    """One establishment of the list."""

    line: int
    siret: str


def read_own_list(path: Path, reject: Reject) -> list[OwnRow]:
    """The establishments of the list, each once.

    A SIRET that a spreadsheet destroyed (« 2,43E+13 ») or with a wrong key goes to `reject`: it is never guessed.
    Raises InputProblem.
    """
    found: dict[str, OwnRow] = {}
    for row in read_list(path, _SIRET, "SIRET", "une liste de SIRET"):
        column = next(name for name in row.cells if _SIRET.search(name))
        siret = clean_number(row.get(column))
        trouble = siret_trouble(siret)
        if trouble:
            reject(
                Rejection(path.name, *trouble, line=row.line, column=column, value=shorten(row.get(column)))
            )
        else:
            found.setdefault(siret, OwnRow(row.line, siret))
    return list(found.values())
