"""The list of « entreprises solidaires d'utilité sociale » (direction générale du Trésor): .xlsx or CSV.

Its columns were never fixed by a schema: a title often stands above them. One must say SIREN or SIRET; those that
say when the agreement was given or ends are used when they are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from essor.formats.identifiers import clean_number, siren_trouble, siret_trouble
from essor.formats.problems import Reject, Rejection, shorten
from essor.formats.rows import Row, read_list

WHAT = "la liste des entreprises agréées Esus"
_IDENTIFIER = re.compile(r"\bsire[nt]\b|^n° ?sire[nt]|numéro sire[nt]")
_END = re.compile(r"\bfin\b|échéance|expiration|validité|jusqu")
_START = re.compile(r"date.*(agrément|décision|début|effet|arrêté)|agréée? (le|depuis)")
_FRENCH = re.compile(r"([0-3]?[0-9])[/.-]([01]?[0-9])[/.-]([0-9]{4})", re.ASCII)


@dataclass(frozen=True)
class EsusRow:
    """One agreement: SIREN, SIRET when the list gives it, first day, and first day it no longer holds."""

    siren: str
    siret: str | None
    since: date | None
    until: date | None


def read_esus(path: Path, reject: Reject) -> list[EsusRow]:
    """The agreements of the list, one a SIREN: the one that ends last.

    Rows with a wrong number or an impossible date go to `reject`. Raises InputProblem.
    """
    found: dict[str, EsusRow] = {}
    for row in read_list(path, _IDENTIFIER, "SIREN ou SIRET", WHAT):
        agreement = _agreement(path.name, row, reject)
        if agreement is None:
            continue
        known = found.get(agreement.siren)
        if known is None or (agreement.until or date.max) >= (known.until or date.max):
            found[agreement.siren] = agreement
    return list(found.values())


def _agreement(label: str, row: Row, reject: Reject) -> EsusRow | None:
    column = next((name for name in row.cells if _IDENTIFIER.search(name) and row.get(name)), "")
    if not column:
        return None
    number = clean_number(row.get(column))
    if number.isascii() and number.isdigit() and len(number) < 9:
        number = number.zfill(9)  # a SIREN kept as a number loses its zeros; its key tells whether it is one
    if number.isascii() and number.isdigit() and len(number) == 13:
        number = number.zfill(14)
    trouble = siret_trouble(number) if len(number) > 9 else siren_trouble(number)
    if trouble:
        reject(Rejection(label, *trouble, line=row.line, column=column, value=shorten(row.get(column))))
        return None
    since, until = (_day_of(label, row, pattern, reject) for pattern in (_START, _END))
    return EsusRow(
        number[:9],
        number if len(number) == 14 else None,
        since,
        until + timedelta(days=1) if until and until < date.max else None,
    )


def _day_of(label: str, row: Row, pattern: re.Pattern[str], reject: Reject) -> date | None:
    for column, cell in row.cells.items():
        if not cell or not pattern.search(column) or (pattern is _START and _END.search(column)):
            continue
        day = read_day(cell)
        if day is None:
            reject(
                Rejection(
                    label,
                    "cette date n’est pas comprise : l’agrément est gardé sans elle.",
                    "Écrivez-la JJ/MM/AAAA.",
                    line=row.line,
                    column=column,
                    value=shorten(cell),
                )
            )
        return day
    return None


def read_day(cell: str) -> date | None:
    """A day written AAAA-MM-JJ or JJ/MM/AAAA (with a time or not), None otherwise."""
    text = cell.strip()
    french = _FRENCH.match(text)
    try:
        if french:
            day, month, year = map(int, french.groups())
            return date(year, month, day)
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
