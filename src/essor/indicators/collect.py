"""A file of values read into cells: one row a cell, faults named by line, column, value and remedy. Pure but for the
territories, which the caller resolves.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from essor.formats.problems import InputProblem, Reject, Rejection
from essor.formats.rows import Row, read_list
from essor.indicators.definition import Indicator, Observed, Parts
from essor.indicators.periods_typed import parse_span

MAX_ROWS = 20_000
MAX_DECIMALS, MAX_TOLD = 6, 20
_HEADING = re.compile(r"^p[ée]riode$")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
_NUMBER = re.compile(r"[-−]?\d{1,12}(?:[.,]\d+)?", re.ASCII)
PERIOD, TERRITORY, VALUE, DENOMINATOR = "période", "territoire", "valeur", "dénominateur"
UNITS, LARGEST, HIDDEN = "unités", "plus grande part", "masquée"
Resolve = Callable[[str], int]


def columns_of(indicator: Indicator) -> list[str]:
    """The columns of the file of an indicator, in order: what the model that people download has."""
    names = [PERIOD, TERRITORY, *(each.label.casefold() for each in indicator.dimensions), VALUE]
    if indicator.is_share:
        names.append(DENOMINATOR)
    return [*names, UNITS, LARGEST] if indicator.protected else names


def parse_number(text: str) -> Decimal:
    """The number that a person wrote: « 1 234,5 ». ValueError in French when it is not one."""
    compact = _SPACES.sub("", text)
    if not _NUMBER.fullmatch(compact):
        raise ValueError("Ce n’est pas un nombre : écrivez par exemple 1 234,5.")
    try:
        number = Decimal(compact.replace("−", "-").replace(",", "."))
    except InvalidOperation:
        raise ValueError("Ce n’est pas un nombre : écrivez par exemple 1 234,5.") from None
    if -int(number.normalize().as_tuple().exponent) > MAX_DECIMALS:
        raise ValueError("Ce nombre a plus de six décimales : arrondissez-le.")
    return number


def read_cells(path: Path, indicator: Indicator, resolve: Resolve, reject: Reject) -> list[Observed]:
    """The cells of a CSV, an .xlsx, or a JSON list of objects with the same names. A row with a fault goes to `reject`.

    Raises InputProblem.

    `resolve` gives the id of a territory; it raises LookupError with a French sentence.
    """
    return cells_of(_rows(path), path.name, indicator, resolve, reject)


def cells_of(
    rows: Iterable[Row], name: str, indicator: Indicator, resolve: Resolve, reject: Reject
) -> list[Observed]:
    """The cells of rows already read; `name` is that of the file in what is said of faults. Raises InputProblem."""
    found: dict[tuple[object, ...], Observed] = {}
    for number, row in enumerate(rows):
        if number == 0:
            _check_columns(name, indicator, row)
        if number >= MAX_ROWS:
            raise InputProblem(name, f"plus de {MAX_ROWS} lignes.", "Coupez le fichier en plusieurs.")
        cell = None if _is_hidden(row) else _cell(name, indicator, row, resolve, reject)
        if cell is None:
            continue
        key = (cell.span, cell.territory_id, cell.parts)
        if key in found and found[key] != cell:
            reject(
                Rejection(
                    name,
                    "cette période et ce territoire ont déjà une autre valeur dans le fichier.",
                    "Gardez une seule des deux lignes.",
                    line=row.line,
                    column=VALUE,
                    value=row.get(VALUE),
                )
            )
        found.setdefault(key, cell)
    return list(found.values())


def _rows(path: Path) -> Iterator[Row]:
    if path.suffix.casefold() == ".json":
        return json_rows(path.read_bytes(), path.name)
    return read_list(path, _HEADING, "« période »", "un fichier de valeurs")


def read_json(content: bytes, name: str) -> Any:
    """What a JSON file says, numbers as they are written. Raises InputProblem."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InputProblem(
            name,
            "ce n’est pas du JSON en UTF-8.",
            "Exportez de nouveau le fichier.",
            line=getattr(error, "lineno", None),
        ) from None


def json_rows(content: bytes, name: str) -> Iterator[Row]:
    """The objects of a JSON list; the line of a row is its place in the list. Raises InputProblem."""
    found = read_json(content, name)
    rows = found.get("valeurs") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputProblem(
            name,
            "ce n’est pas une liste d’objets.",
            'Écrivez [{"période": "2020", "territoire": "…", "valeur": 1}].',
        )
    for number, row in enumerate(rows, 1):
        cells = {" ".join(str(name).casefold().split()): value for name, value in row.items()}
        yield Row(
            number, {name: "" if value is None else str(value).strip() for name, value in cells.items()}
        )


def _check_columns(name: str, indicator: Indicator, row: Row) -> None:
    lacking = [name for name in _required(indicator) if not any(same in row.cells for same in _names(name))]
    if lacking:
        raise InputProblem(
            name,
            f"il manque {'la colonne' if len(lacking) == 1 else 'les colonnes'} « {' », « '.join(lacking)} ».",
            f"Colonnes attendues : {', '.join(columns_of(indicator))}.",
        )


def _is_hidden(row: Row) -> bool:
    """True for a row of our own export whose value secrecy hides: it says nothing, and changes nothing."""
    return row.get(HIDDEN).casefold() in ("oui", "true") and not _get(row, VALUE)


def _required(indicator: Indicator) -> list[str]:
    names = [PERIOD, TERRITORY, VALUE]
    if indicator.is_share:
        names.append(DENOMINATOR)
    return [*names, UNITS] if indicator.protected else names


def _names(name: str) -> Iterable[str]:
    """The column with and without its accents."""
    return name, name.translate(str.maketrans("éèêà", "eeea"))


def _get(row: Row, name: str) -> str:
    return next((row.get(same) for same in _names(name) if row.get(same)), "")


class _Fault(Exception):
    """A cell that cannot be read: its column, why, what to do."""

    def __init__(self, column: str, value: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason, self.remedy = column, value, reason, remedy


def _cell(name: str, indicator: Indicator, row: Row, resolve: Resolve, reject: Reject) -> Observed | None:
    try:
        return _read(indicator, row, resolve)
    except _Fault as fault:
        reject(
            Rejection(name, fault.reason, fault.remedy, line=row.line, column=fault.column, value=fault.value)
        )
        return None


def _read(indicator: Indicator, row: Row, resolve: Resolve) -> Observed:
    written = _get(row, PERIOD)
    try:
        span = parse_span(written, indicator.periodicity)
    except ValueError as error:
        raise _two(PERIOD, written, str(error)) from None
    place = _get(row, TERRITORY)
    try:
        territory = resolve(place)
    except LookupError as error:
        raise _Fault(
            TERRITORY, place, str(error), "Écrivez « commune:45234 », « epci:… », ou un nom exact."
        ) from None
    units = _number(row, UNITS, needed=True) if indicator.protected else None
    largest = _number(row, LARGEST, needed=False) if indicator.protected else None
    if units is not None and (units < 0 or units != units.to_integral_value()):
        raise _Fault(
            UNITS,
            _get(row, UNITS),
            "ce n’est pas un nombre entier.",
            "Écrivez combien d’unités font la valeur.",
        )
    if largest is not None and not 0 <= largest <= 1:
        raise _Fault(
            LARGEST, _get(row, LARGEST), "ce n’est pas une part entre 0 et 1.", "Écrivez 0,4 pour 40 %."
        )
    return Observed(
        span,
        territory,
        _parts(indicator, row),
        _must(_number(row, VALUE, needed=True)),
        _number(row, DENOMINATOR, needed=True) if indicator.is_share else None,
        None if units is None else int(units),
        largest,
    )


def _parts(indicator: Indicator, row: Row) -> Parts:
    found = []
    for dimension in indicator.dimensions:
        name = dimension.label.casefold()
        written = _get(row, name) or row.get(dimension.code)
        if not written:
            continue
        code = next(
            (
                code
                for code, label in dimension.values
                if written.casefold() in (code.casefold(), label.casefold())
            ),
            "",
        )
        if not code:
            labels = [label for _code, label in dimension.values]
            known = ", ".join(labels[:MAX_TOLD]) + ("…" if len(labels) > MAX_TOLD else "")
            raise _Fault(
                name,
                written,
                "cette valeur n’est pas connue.",
                f"Valeurs possibles : {known} ; vide pour l’ensemble.",
            )
        found.append((dimension.code, code))
    return tuple(sorted(found))


def _number(row: Row, name: str, *, needed: bool) -> Decimal | None:
    written = _get(row, name)
    if not written:
        if needed:
            raise _Fault(name, "", "il n’y a rien.", "Écrivez un nombre, ou retirez la ligne.")
        return None
    try:
        return parse_number(written)
    except ValueError as error:
        raise _two(name, written, str(error)) from None


def _must(number: Decimal | None) -> Decimal:
    assert number is not None  # noqa: S101  # `needed` refused its absence
    return number


def _two(column: str, value: str, sentence: str) -> _Fault:
    """A fault whose sentence is « what : what to do »."""
    reason, _colon, remedy = sentence.partition(" : ")
    return _Fault(column, value, f"{reason[0].lower()}{reason[1:]}.", f"{remedy[:1].upper()}{remedy[1:]}")
