"""Big official tables for DuckDB: Parquet, CSV or zip of CSV, told apart by content, all read as Parquet.

A CSV is rewritten once, its needed columns only, as Parquet in the work folder: every later scan is cheap. When DuckDB
stumbles on a line, the file is read again line by line and the broken ones are set aside (`broken_csv`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from essor.formats.broken_csv import set_broken_lines_aside
from essor.formats.problems import InputProblem, OutOfSpace, Reject
from essor.formats.readers import MAX_LINE, Kind, as_utf8, read_header, sniff, unzip

# A column chunk beyond both limits holds a cell that no official file has.
MAX_CHUNK = 256 << 20
MAX_MEAN_CELL = 200


@dataclass(frozen=True)
class Table:
    """A table ready to be scanned: `sql` goes after FROM; `columns` are the file's own names and DuckDB types.

    `files`: the Parquet files that `sql` reads.
    """

    label: str
    kind: Kind
    sql: str
    columns: Mapping[str, str]
    rows: int
    files: tuple[Path, ...] = ()
    _folded: Mapping[str, str] = field(default_factory=dict)

    def has(self, column: str) -> bool:
        """Whether the file has this column (case does not count)."""
        return column.casefold() in self._folded

    def name_of(self, column: str) -> str:
        """The column quoted for SQL, as the file writes it."""
        return quoted(self._folded[column.casefold()])

    def type_of(self, column: str) -> str:
        """Its DuckDB type."""
        return self.columns[self._folded[column.casefold()]]

    def text(self, column: str) -> str:
        """SQL: the column as text, as it stands (NULL when the file has no such column)."""
        if not self.has(column):
            return "NULL::VARCHAR"
        name = self.name_of(column)
        return name if self.type_of(column) == "VARCHAR" else f"CAST({name} AS VARCHAR)"

    def digits(self, column: str, length: int) -> str:
        """SQL: a code as text; where the file made a number of it, its leading zeros are given back."""
        if not self.has(column) or self.type_of(column) == "VARCHAR":
            return self.text(column)
        return f"lpad(CAST(TRY_CAST({self.name_of(column)} AS BIGINT) AS VARCHAR), {length}, '0')"

    def integer(self, column: str) -> str:
        """SQL: a small whole number, NULL when it is not one."""
        return f"TRY_CAST({self.text(column)} AS SMALLINT)"

    def number(self, column: str) -> str:
        """SQL: a number, NULL when it is not one (masked, empty)."""
        return f"TRY_CAST({self.text(column)} AS DOUBLE)"

    def boolean(self, column: str) -> str:
        """SQL: a boolean; « true », « 1 », « O » are true."""
        if self.has(column) and self.type_of(column) == "BOOLEAN":
            return f"coalesce({self.name_of(column)}, false)"
        return f"coalesce(lower({self.text(column)}) IN ('true', 't', '1', 'o', 'oui'), false)"

    def day(self, column: str) -> str:
        """SQL: a date, NULL when it is not one."""
        if self.has(column) and self.type_of(column) == "DATE":
            return self.name_of(column)
        return f"TRY_CAST(left({self.text(column)}, 10) AS DATE)"

    def moment(self, column: str) -> str:
        """SQL: a moment without zone, NULL when it is not one."""
        if self.has(column) and self.type_of(column) == "TIMESTAMP":
            return self.name_of(column)
        return f"TRY_CAST({self.text(column)} AS TIMESTAMP)"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def open_table(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    workdir: Path,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    what: str,
    reject: Reject,
) -> Table:
    """The table in `path`, checked: it has the `required` official columns.

    `what` names the expected file in French (« le stock des unités légales »); broken CSV lines go to `reject`.
    Raises InputProblem.
    """
    kind = sniff(path)
    try:
        if kind is Kind.ZIP:
            parts = unzip(path, workdir)
            kind = sniff(parts[0])
        else:
            parts = [path]
        if kind is Kind.PARQUET:
            table = _open_parquet(connection, parts, path.name, workdir, kind)
            _require(table, required, what)
            return table
        if kind is not Kind.TEXT:
            raise InputProblem(
                path.name,
                f"ce n’est pas {what} : {kind.value} trouvé.",
                "Formats lus : Parquet, CSV, zip de CSV.",
            )
        return _open_csv(connection, parts, path.name, workdir, (required, optional), what, reject)
    except duckdb.Error as error:
        raise explain(error, path.name, workdir) from error


def explain(error: duckdb.Error, label: str, workdir: Path) -> InputProblem:
    """What a trouble of DuckDB means to people: a full disk, or a damaged file."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return _enormous_cell(label)
    return explain_text(str(error), label, workdir)


def explain_text(text: str, label: str, workdir: Path) -> InputProblem:
    """The same from the engine's words alone."""
    if "No space left" in text or "File too large" in text or "disk quota" in text.lower():
        return OutOfSpace(str(workdir))
    if "maximum line size" in text.lower():
        return _enormous_cell(label)
    return InputProblem(
        label, "le fichier est abîmé : sa lecture échoue.", "Téléchargez-le de nouveau et vérifiez sa taille."
    )


def _enormous_cell(label: str) -> InputProblem:
    return InputProblem(
        label,
        "une cellule ou une ligne dépasse un million de caractères.",
        "Le fichier est abîmé (guillemet non fermé, retours à la ligne perdus) : reprenez l’original.",
    )


def _safe_link(path: Path, workdir: Path) -> Path:
    """A link without the characters (`*`, `?`, `[`) that DuckDB would take for a pattern."""
    link = workdir / f"source-{sum(1 for _ in workdir.iterdir())}.data"
    link.symlink_to(path.resolve())
    return link


def _list_sql(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(literal(os.fspath(path)) for path in paths) + "]"


def _open_parquet(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], label: str, workdir: Path, kind: Kind
) -> Table:
    links = [_safe_link(part, workdir) for part in parts]
    files = _list_sql(links)
    ((enormous, rows),) = connection.execute(
        f"""
        SELECT count(*) FILTER (total_uncompressed_size > {MAX_CHUNK}
                                AND total_uncompressed_size > {MAX_MEAN_CELL} * greatest(num_values, 1)),
               (SELECT sum(num_rows) FROM parquet_file_metadata({files}))
        FROM parquet_metadata({files})
        """
    ).fetchall()
    if enormous:
        raise InputProblem(
            label,
            "une cellule ou un bloc du fichier Parquet est démesuré.",
            "Ce n’est pas un fichier officiel : reprenez-le sur data.gouv.fr.",
        )
    sql = f"read_parquet({files}, union_by_name = true)"
    described = connection.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
    columns = {row[0]: row[1] for row in described}
    return Table(
        label, kind, sql, columns, int(rows or 0), tuple(links), {name.casefold(): name for name in columns}
    )


def _require(table: Table, required: Sequence[str], what: str) -> None:
    missing = [column for column in required if not table.has(column)]
    if missing:
        raise _missing(table.label, missing, what)


def _missing(label: str, missing: Sequence[str], what: str) -> InputProblem:
    more = f" (et {len(missing) - 1} autres)" if len(missing) > 1 else ""
    return InputProblem(
        label,
        f"cette colonne officielle manque{more} : ce n’est pas {what}, ou ses titres ont été modifiés.",
        "Reprenez le fichier officiel sans changer ses noms de colonnes.",
        column=missing[0],
    )


def _open_csv(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Path],
    label: str,
    workdir: Path,
    columns: tuple[Sequence[str], Sequence[str]],
    what: str,
    reject: Reject,
) -> Table:
    required, optional = columns
    converted = []
    for part in parts:
        text = as_utf8(part, label, workdir)
        header = read_header(text, label)
        folded = {name.casefold() for name in header.header}
        missing = [column for column in required if column.casefold() not in folded]
        if missing:
            raise _missing(label, missing, what)
        wanted = {column.casefold() for column in (*required, *optional)}
        names = [name or f"_colonne_{rank}" for rank, name in enumerate(header.header)]
        kept = [name for name in names if name.casefold() in wanted]
        target = workdir / f"table-{sum(1 for _ in workdir.iterdir())}.parquet"
        try:
            _convert(connection, text, header.delimiter, names, kept, target)
        except duckdb.Error:
            clean = set_broken_lines_aside(text, header, label, workdir, reject)
            _convert(connection, clean, ",", names, kept, target)
        converted.append(target)
    return _open_parquet(connection, converted, label, workdir, Kind.TEXT)


def _convert(
    connection: duckdb.DuckDBPyConnection,
    text: Path,
    delimiter: str,
    names: Sequence[str],
    kept: Sequence[str],
    target: Path,
) -> None:
    typed = "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names) + "}"
    link = _safe_link(text, target.parent)
    connection.execute(
        f"COPY (SELECT {', '.join(map(quoted, kept))} FROM read_csv({literal(os.fspath(link))}, "
        f"auto_detect = false, header = true, delim = {literal(delimiter)}, quote = '\"', escape = '\"', "
        f"columns = {typed}, max_line_size = {MAX_LINE})) TO {literal(os.fspath(target))} (FORMAT parquet)"
    )
