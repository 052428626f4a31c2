"""An official file read into cells: which table it is, its figures on our territories, what is set aside."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from essor.formats.flores import read_flores
from essor.formats.problems import InputProblem, Rejection
from essor.formats.qpv_indicators import read_quarter_table
from essor.formats.sheets import fold, read_sheets
from essor.formats.urssaf import read_urssaf
from essor.indicators.definition import Span, year
from essor.kernel.text import sort_key
from essor.observatory import rules_official
from essor.observatory.models import TableKind
from essor.observatory.quarter_figures import LABELS
from essor.observatory.rules_official import Cell, Key, Made, Place
from essor.territories.models import Territory
from essor.territories.queries import ambiguous_codes, code_map
from essor.territories.rules import alias

HEAD = 30
QuarterKey = tuple[str, Span, str]


@dataclass
class Read:
    """What a file holds: cells of territories or of quarters, faults, notes, counts."""

    kind: TableKind
    cells: dict[Key, Cell] = field(default_factory=dict)
    quarters: dict[QuarterKey, Cell] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    vintage: int | None = None
    lines: int = 0
    secret: int = 0
    places: int = 0

    @property
    def codes(self) -> list[str]:
        """The indicators that the table feeds."""
        return sorted({key[0] for key in self.cells} | {key[0] for key in self.quarters})


def recognise(path: Path) -> TableKind:
    """Which official table a file is, by its headings and titles. Raises InputProblem when it cannot be opened."""
    sheets = read_sheets(path, "un tableau officiel")
    cells = [cell for sheet in sheets for _number, line in sheet.lines[:HEAD] for cell in line]
    words = " ".join(fold(cell) for cell in [path.stem, *(sheet.name for sheet in sheets), *cells])
    if "code qp" in words:
        return TableKind.QUARTERS
    told = ("urssaf", "masse salariale", "salaries moyens", "familles ess", "hors ess")
    return TableKind.URSSAF if any(each in words for each in told) else TableKind.FLORES


def read(path: Path, kind: TableKind | None = None, vintage: int | None = None) -> Read:
    """Read a file. `kind` None: the content says which. Raises InputProblem when nothing can be taken from it."""
    found = kind or recognise(path)
    result = _quarters(path, vintage) if found is TableKind.QUARTERS else _territories(path, found)
    if not result.cells and not result.quarters:
        first = result.rejected[0].as_problem() if result.rejected else None
        raise first or InputProblem(
            path.name,
            "aucun chiffre n’a été reconnu.",
            "Vérifiez que c’est le bon fichier, ou prenez le modèle.",
        )
    return result


def _territories(path: Path, kind: TableKind) -> Read:
    result = Read(kind)
    reader = read_flores if kind is TableKind.FLORES else read_urssaf
    table = reader(path, result.rejected.append)
    made: Made = rules_official.make(
        kind.value, table.figures, places({figure.level for figure in table.figures})
    )
    result.cells = made.cells
    result.rejected += [
        Rejection(
            path.name, fault.reason, fault.remedy, line=fault.line, column=fault.column, value=fault.value
        )
        for fault in made.faults
    ]
    result.notes = [*table.notes, *made.notes]
    if table.left:
        result.notes.append(_("Colonnes laissées : %(names)s.") % {"names": ", ".join(table.left[:30])})
    result.vintage = max(table.years, default=None)
    result.lines, result.secret, result.places = table.lines, table.secret, len(made.territories)
    return result


def _quarters(path: Path, vintage: int | None) -> Read:
    """The figures of neighbourhoods; their table says no year: that of the vintage is theirs."""
    result = Read(TableKind.QUARTERS)
    table = read_quarter_table(path, result.rejected.append)
    span = year(vintage or 2000)  # put right by the caller, who knows the vintage
    result.quarters = {(value.code, span, value.quarter): Cell(value.value) for value in table.values}
    unknown = [code for code in table.codes if code not in LABELS]
    if unknown:
        result.notes.append(
            _("Colonnes gardées sous leur code, libellé à vérifier : %(names)s.")
            % {"names": ", ".join(unknown[:40])}
        )
    if table.left:
        result.notes.append(
            _("Colonnes de texte laissées : %(names)s.") % {"names": ", ".join(table.left[:30])}
        )
    result.vintage = vintage
    result.lines, result.secret, result.places = len(table.quarters), table.secret, len(table.quarters)
    return result


def places(levels: set[str]) -> Place:
    """The territory of a level and a code or a name, all the levels of a table read in one query."""
    rows = Territory.objects.active().filter(kind__in=levels | {"region", "collectivite", "departement"})
    by_code: dict[tuple[str, str], int] = {}
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, code, pk, name in rows.values_list("kind", "code", "pk", "name"):
        by_code[kind, code] = pk
        by_name[kind, sort_key(name)].append(pk)
    communes = code_map() if "commune" in levels else {}
    split: Mapping[str, object] = ambiguous_codes() if "commune" in levels else {}

    def place(level: str, said: str) -> tuple[int, str]:
        code = communes.get(said, said) if level == "commune" else said
        kind, _colon, code = alias(level, code).partition(":")
        if (kind, code) in by_code:
            return by_code[kind, code], code
        named = by_name.get((level, sort_key(said)), [])
        if len(named) == 1:
            return named[0], said
        if said in split:
            raise LookupError(_("ce code a été partagé entre plusieurs communes."))
        if named:
            raise LookupError(_("plusieurs territoires portent ce nom : écrivez le code."))
        raise LookupError(_("aucun territoire en vigueur n’a ce code ni ce nom."))

    return place
