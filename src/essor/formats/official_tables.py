"""Tables of employment of the ESS, long or wide, read into figures: what INSEE's and the Urssaf's readers share.

Three shapes are read, told apart by their headings:
- long with measures as columns: a line a place, year, family (and activity), a column a measure;
- long with a column of measures and a column of values (INSEE's « TIME_PERIOD, GEO, …_MEASURE, OBS_VALUE »);
- wide: a column a family, or a year, the measure and the year being said by the heading, the titles or the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from essor.formats import official_columns as columns
from essor.formats.official_columns import ALL, OUTSIDE, PAY, PUBLIC, WHOLE, Column, Role
from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.sheets import Sheet, fold, is_secret, number_of, read_sheets

HEADER_SEARCH = 30
LAST_YEAR, FIRST_YEAR = 2100, 1990
_QUARTER = re.compile(
    r"(?<!\d)(\d{4})[ -]?[tTqQ]([1-4])(?!\d)|(?<!\d)(\d{4})-(\d{2})-\d{2}|\d{2}/(\d{2})/(\d{4})", re.ASCII
)
_ALL_ACTIVITIES = re.compile(r"^(?:ensemble|total|tous|toutes|t$|_t$|ensemble des)")
_SECRET_STATUS = frozenset({"c", "s", "secret", "m", "o", "n"})
MAX_ACTIVITY = 120


@dataclass(frozen=True)
class Figure:
    """One figure as the table says it. `family` is one of INSEE's, or « ess », « hors_ess », « public », « prive »,
    « ensemble »; `activity` is "" for all of them; `quarter` is 0 for a year; `value` is None where it is secret.
    """

    line: int
    column: str
    level: str
    place: str
    year: int
    quarter: int
    family: str
    activity: str
    measure: str
    value: Decimal | None
    sheet: str = ""


@dataclass
class OfficialTable:
    """What was read: figures, how many are secret, columns that nothing was taken from, what to know."""

    figures: list[Figure] = field(default_factory=list)
    secret: int = 0
    lines: int = 0
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        """The years of the figures, in order."""
        return sorted({figure.year for figure in self.figures})


@dataclass(frozen=True)
class Reading:
    """What the reader of a format says: the expected file in French, which families a bare « Ensemble » covers."""

    what: str
    place_needed: bool = True
    family_needed: bool = True


@dataclass
class _Head:
    """The header of a sheet and what its titles say."""

    line: int
    columns: list[Column]
    title: str
    year: int | None
    measure: str
    scale: int

    def of(self, role: Role) -> list[Column]:
        return [column for column in self.columns if column.role is role]


def read_table(path: Path, reading: Reading, reject: Reject) -> OfficialTable:
    """The figures of a file; a cell that cannot be read goes to `reject`. Raises InputProblem."""
    table, problem, seen = OfficialTable(), "", False
    for sheet in read_sheets(path, reading.what):
        head, why = _head(sheet, reading)
        if head is None:
            problem = problem or why
            continue
        seen = True
        _read_sheet(path, sheet, head, table, reject)
    if not seen:
        raise InputProblem(
            path.name,
            f"{problem or 'aucun en-tête'} : ce n’est pas {reading.what}.",
            "Colonnes attendues : un territoire, une année, une famille, et une mesure au moins ; prenez le modèle.",
        )
    table.left = list(dict.fromkeys(table.left))
    table.figures = _whole_named(table.figures)
    return table


def _head(sheet: Sheet, reading: Reading) -> tuple[_Head | None, str]:
    """The line of headings, and what stands above it; the reason when there is none."""
    titles: list[str] = [sheet.name]
    why = "aucune ligne d’en-tête"
    for number, cells in sheet.lines[:HEADER_SEARCH]:
        found = [columns.column_of(rank, cell) for rank, cell in enumerate(cells)]
        if sum(column.role is not Role.IGNORED for column in found) >= 2:
            head = _with_titles(number, found, titles)
            lacking = _lacking(head, reading)
            if not lacking:
                return head, ""
            why = f"il manque {lacking}"
        titles.extend(cell for cell in cells if cell)
    return None, why


def _with_titles(number: int, found: list[Column], titles: Sequence[str]) -> _Head:
    title = " ".join(titles)
    folded = fold(title)
    return _Head(
        number, found, title, columns.year_of(title), columns.measure_of(folded), columns.scale_of(folded)
    )


def _lacking(head: _Head, reading: Reading) -> str:
    values = head.of(Role.VALUE)
    if reading.place_needed and not head.of(Role.PLACE):
        return "une colonne de territoire"
    if not values:
        return "une colonne de valeurs"
    if not (head.of(Role.MEASURE) or head.measure or any(column.measure for column in values)):
        return "la mesure (établissements, effectifs, rémunérations)"
    dated = head.of(Role.YEAR) or head.of(Role.QUARTER) or head.year
    if not (dated or any(column.year for column in values)):
        return "l’année"
    families = head.of(Role.FAMILY) or any(column.family for column in values)
    if reading.family_needed and not families and "ess" not in _family_of_title(head):
        return "la famille"
    return ""


def _family_of_title(head: _Head) -> str:
    return columns.family_of(fold(head.title))


def _read_sheet(path: Path, sheet: Sheet, head: _Head, table: OfficialTable, reject: Reject) -> None:
    table.left.extend(
        shorten(column.name) for column in head.columns if column.role is Role.IGNORED and column.name
    )
    if not head.of(Role.PLACE):
        table.notes.append("Aucune colonne de territoire : les chiffres sont lus comme ceux de la France.")
    for number, cells in sheet.lines:
        if number <= head.line:
            continue
        row = _Row(path.name, sheet.name, number, cells, head)
        if row.is_note():
            continue
        table.lines += 1
        try:
            figures = list(row.figures())
        except _Fault as fault:
            reject(fault.rejection)
            continue
        for figure in figures:
            if isinstance(figure, Rejection):
                reject(figure)
                continue
            table.secret += figure.value is None
            table.figures.append(figure)


class _Fault(Exception):
    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.reason)
        self.rejection = rejection


@dataclass
class _Row:
    """One line of a sheet, under its headings."""

    label: str
    sheet: str
    line: int
    cells: list[str]
    head: _Head

    def get(self, column: Column) -> str:
        return self.cells[column.rank] if column.rank < len(self.cells) else ""

    def first(self, role: Role) -> tuple[str, str]:
        """The heading and the cell of the first column of a role that is filled; the last one is the finest."""
        filled = [(column.name, self.get(column)) for column in self.head.of(role) if self.get(column)]
        return filled[0] if filled else ("", "")

    def is_note(self) -> bool:
        """True for notes under the table: « Source : Insee », « Lecture : … », and for repeated headings."""
        filled = [cell for cell in self.cells if cell]
        return len(filled) == 1 and len(self.head.columns) > 2

    def fault(self, column: str, value: str, reason: str, remedy: str) -> Rejection:
        return Rejection(self.label, reason, remedy, line=self.line, column=column, value=shorten(value))

    def place(self) -> tuple[str, str]:
        """Level and code or name; the finest column that is filled says it."""
        filled = [(column, self.get(column)) for column in self.head.of(Role.PLACE) if self.get(column)]
        if not self.head.of(Role.PLACE):
            return "france", "FR"
        asked, said = self.first(Role.LEVEL)
        level = columns.level_of(said) if said else ""
        if said and not level:
            raise _Fault(
                self.fault(
                    asked,
                    said,
                    "ce niveau de territoire n’est pas tenu.",
                    "Gardez communes, EPCI, départements, régions, France.",
                )
            )
        filled.sort(key=lambda pair: columns.LEVELS.index(pair[0].level) if pair[0].level else -1)
        for column, cell in filled:
            found = columns.place_of(cell, level or column.level)
            if found:
                return found
        shown = filled[0] if filled else (self.head.of(Role.PLACE)[0], "")
        raise _Fault(
            self.fault(
                shown[0].name, shown[1], "ce territoire ne se lit pas.",
                "Écrivez un code (31555, 243100518, 31, 76), une référence (departement:31) ou « France ».",
            )
        )  # fmt: skip

    def period(self) -> tuple[int | None, int]:
        """Year and quarter (0 for a year), None when a heading says the year."""
        name, cell = self.first(Role.QUARTER)
        if cell and (found := _QUARTER.search(cell)):
            first, quarter, second, month, other_month, third = found.groups()
            year = int(first or second or third)
            return self.checked(year, name, cell), int(quarter) if quarter else -(
                -int(month or other_month) // 3
            )
        if cell and (found := re.fullmatch(r"[tTqQ]?([1-4])", cell)):
            year_name, written = self.first(Role.YEAR)
            return self.checked(_whole(written), year_name, written), int(found[1])
        name, cell = self.first(Role.YEAR)
        if not cell:
            return None, 0
        if found := _QUARTER.search(cell):
            if found[2]:
                return self.checked(int(found[1]), name, cell), int(found[2])
            return self.checked(columns.year_of(cell), name, cell), 0
        return self.checked(_whole(cell) or columns.year_of(cell), name, cell), 0

    def checked(self, year: int | None, column: str, value: str) -> int:
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            raise _Fault(
                self.fault(
                    column, value, "cette année ne se lit pas.", "Écrivez l’année sur quatre chiffres : 2021."
                )
            )
        return year

    def family(self) -> str | None:
        """The family of the line, None when headings say it."""
        name, cell = self.first(Role.FAMILY)
        if not cell:
            return None
        found = columns.family_of(fold(cell))
        if not found:
            raise _Fault(
                self.fault(
                    name, cell, "cette famille n’est pas connue.",
                    "Familles : associations, coopératives, fondations, mutuelles, autres organismes privés, "
                    "ensemble ESS, hors ESS, public, ensemble.",
                )
            )  # fmt: skip
        return found

    def activity(self) -> str:
        """The activity of the line in the words of the table, "" for all of them."""
        _name, cell = self.first(Role.ACTIVITY)
        words = " ".join(cell.split())
        return "" if not words or _ALL_ACTIVITIES.match(fold(words)) else shorten(words, MAX_ACTIVITY)

    def figures(self) -> Iterator[Figure | Rejection]:
        """The figures of the line, faults of a cell among them."""
        level, place = self.place()
        year, quarter = self.period()
        family, activity = self.family(), self.activity()
        _name, measure_cell = self.first(Role.MEASURE)
        named = columns.measure_of(fold(measure_cell)) if measure_cell else ""
        if measure_cell and not named:
            return
        scale = columns.scale_of(fold(measure_cell)) if measure_cell else 1
        for column in self.head.of(Role.VALUE):
            measure = column.measure or named or self.head.measure
            when = year or column.year or self.head.year
            if not measure or when is None:
                continue
            who = column.family or family or WHOLE
            if column.family and family and column.family not in (WHOLE, family):
                who = column.family
            read = self.value(column)
            if isinstance(read, Rejection):
                yield read
                continue
            if read is not None and measure == PAY:
                read *= max(column.scale, scale, self.head.scale)
            if not self.get(column):
                continue
            yield Figure(
                self.line, column.name, level, place, when, quarter, who, activity, measure, read, self.sheet
            )

    def value(self, column: Column) -> Decimal | Rejection | None:
        """The number of a cell, None where it is secret, a fault when it cannot be read."""
        cell = self.get(column)
        _name, status = self.first(Role.STATUS)
        if is_secret(cell) or (status and status.strip().casefold() in _SECRET_STATUS):
            return None
        try:
            found = number_of(cell)
        except ValueError as error:
            return self.fault(
                column.name, cell, str(error), "Écrivez un nombre, ou « s » si la valeur est secrète."
            )
        if found < 0:
            return self.fault(
                column.name, cell, "ce nombre est négatif.", "Vérifiez la valeur dans la source."
            )
        return found


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{4}", text, re.ASCII) else None


def _whole_named(figures: list[Figure]) -> list[Figure]:
    """A bare « Ensemble » is the whole economy where the table has what is outside the ESS, else the whole ESS."""
    beside = any(figure.family in (OUTSIDE, PUBLIC) for figure in figures)
    if beside:
        return figures
    return [replace(figure, family=WHOLE) if figure.family == ALL else figure for figure in figures]
