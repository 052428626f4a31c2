"""The files that an administrator dropped in the sources folder, each with the kind that its content shows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from essor.formats.problems import InputProblem
from essor.formats.readers import Kind, open_zip, sniff
from essor.kernel.periods import PARIS

FIRST_BYTES = 65_536


@dataclass(frozen=True)
class SourceKind:
    """A kind of file that the pipeline reads: its code (the name of the build's option), and what shows it."""

    code: str
    label: str
    required: bool
    many: bool
    shown_by: Callable[[frozenset[str]], bool]


def _has(*names: str) -> Callable[[frozenset[str]], bool]:
    return lambda columns: columns.issuperset(names)


# The first kind whose columns are there wins: from the most particular to the most general. Names are in lower case.
KINDS: tuple[SourceKind, ...] = (
    SourceKind(
        "legal_units", "Sirene, unités légales", True, False, _has("siren", "categoriejuridiqueunitelegale")
    ),
    SourceKind(
        "establishments", "Sirene, établissements", True, False, _has("siret", "codecommuneetablissement")
    ),
    SourceKind(
        "geolocation", "Géolocalisation des établissements", False, False, _has("siret", "qualite_xy")
    ),
    SourceKind("rna", "Répertoire national des associations", False, False, _has("id", "objet", "titre")),
    SourceKind("siae", "Structures de l’insertion", False, True, _has("siret", "kind")),
    SourceKind("siae", "Structures de l’insertion", False, True, _has("siret_signature")),
    SourceKind(
        "qpv", "Quartiers prioritaires", False, True, lambda columns: bool(columns & {"code_qp", "code_qpv"})
    ),
    SourceKind(
        "esus", "Liste des entreprises Esus", False, False, lambda columns: any("esus" in c for c in columns)
    ),
    SourceKind(
        "ess_list",
        "Liste d’ESS France",
        False,
        False,
        lambda columns: "siren" in columns and "siret" not in columns,
    ),
    SourceKind("own_list", "Liste de la collectivité", False, False, _has("siret")),
)


@dataclass(frozen=True)
class FoundFile:
    """A file of the sources folder: what it is, or why it cannot be used."""

    name: str
    path: Path
    size: int
    day: date
    kind: str
    label: str
    problem: str = ""


def kinds() -> dict[str, SourceKind]:
    """The kinds by their code, in the order in which a person is asked for them."""
    return {kind.code: kind for kind in KINDS}


def find_sources(folder: Path) -> list[FoundFile]:
    """The files of the folder, by name; an unknown or unreadable one is given with its problem."""
    if not folder.is_dir():
        return []
    return [
        _look(path) for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")
    ]


def _look(path: Path) -> FoundFile:
    stat = path.stat()
    size, day = stat.st_size, datetime.fromtimestamp(stat.st_mtime, PARIS).date()
    try:
        columns = _columns(path)
    except InputProblem as problem:
        return FoundFile(path.name, path, size, day, "", "", str(problem))
    marks = columns | {part for part in (path.stem.lower(),) if "esus" in part}
    for kind in KINDS:
        if kind.shown_by(frozenset(marks)):
            return FoundFile(path.name, path, size, day, kind.code, kind.label)
    return FoundFile(path.name, path, size, day, "", "", "Aucune colonne d’un fichier connu.")


def _columns(path: Path) -> frozenset[str]:
    """Names that tell what the file is: columns of a table, keys of the first object of a JSON file; in lower case."""
    kind = sniff(path)
    if kind is Kind.PARQUET:
        return _parquet_columns(path)
    if kind is Kind.XLSX:
        return frozenset(cell.lower() for row in _first_rows(path) for cell in row)
    if kind is Kind.ZIP:
        return _zip_columns(path)
    with path.open("rb") as stream:
        head = stream.read(FIRST_BYTES)
    return _json_keys(head) if kind is Kind.JSON else _csv_columns(head)


def _parquet_columns(path: Path) -> frozenset[str]:
    try:
        with duckdb.connect() as database:
            rows = database.execute("SELECT name FROM parquet_schema(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise InputProblem(
            path.name, "ce fichier Parquet est illisible.", "Téléchargez-le de nouveau."
        ) from error
    return frozenset(str(name).lower() for (name,) in rows)


def _zip_columns(path: Path) -> frozenset[str]:
    with open_zip(path) as archive:
        names = [info for info in archive.infolist() if not info.is_dir()]
        if not names:
            raise InputProblem(path.name, "l’archive est vide.", "Téléchargez-la de nouveau.")
        with archive.open(names[0]) as stream:
            head = stream.read(FIRST_BYTES)
    return _csv_columns(head)


def _first_rows(path: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python(nrows=20)]
    except CalamineError as error:
        raise InputProblem(
            path.name, "ce classeur est illisible.", "Enregistrez-le de nouveau en .xlsx."
        ) from error


def _csv_columns(head: bytes) -> frozenset[str]:
    first = head.splitlines()[0] if head.strip() else b""
    text = first.decode("utf-8-sig", errors="replace")
    separator = max(",;\t|", key=text.count)
    return frozenset(cell.strip().strip('"').lower() for cell in text.split(separator))


def _json_keys(head: bytes) -> frozenset[str]:
    """The keys met at the beginning of a JSON text, whatever their depth."""
    text = head.decode("utf-8-sig", errors="replace")
    keys = set()
    position = 0
    decoder = json.JSONDecoder()
    while (start := text.find('"', position)) >= 0:
        try:
            value, position = decoder.raw_decode(text, start)
        except ValueError:
            break
        if text[position:].lstrip().startswith(":"):
            keys.add(str(value).lower())
    return frozenset(keys)
