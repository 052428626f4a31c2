"""Code officiel géographique of INSEE in CSV: the communes of a year, and the movements since 1943.

`v_commune_AAAA.csv`: TYPECOM, COM, REG, DEP, TNCC, LIBELLE, COMPARENT…; TYPECOM is COM (commune), ARM (arrondissement
municipal), COMD (déléguée) or COMA (associée), and COMPARENT the commune of the last three.
`v_mvt_commune_AAAA.csv`: MOD, DATE_EFF, then type, code and name before (…_AV) and after (…_AP).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from essor.formats.problems import InputProblem
from essor.formats.rows import Row, read_csv_rows

TYPES = ("COM", "ARM", "COMD", "COMA")
COMMUNE_COLUMNS = ("TYPECOM", "COM", "REG", "DEP", "TNCC", "LIBELLE", "COMPARENT")
MOVEMENT_COLUMNS = (
    "MOD",
    "DATE_EFF",
    "TYPECOM_AV",
    "COM_AV",
    "LIBELLE_AV",
    "TYPECOM_AP",
    "COM_AP",
    "LIBELLE_AP",
)
SOURCE = "https://www.insee.fr/fr/information/2560452"

_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_VINTAGE = re.compile(r"commune_?(\d{4})", re.ASCII)


@dataclass(frozen=True)
class CogCommune:
    """One row of the communes: `parent` is the commune of an arrondissement, a déléguée or an associée."""

    line: int
    type: str
    code: str
    name: str
    liaison: int
    region: str
    departement: str
    parent: str


@dataclass(frozen=True)
class Movement:
    """One event: on `day`, what was `before` became `after` (types and codes; `name` is the one before)."""

    line: int
    mod: int
    day: date
    type_before: str
    before: str
    name: str
    type_after: str
    after: str


def cog_kind(header: Iterable[str]) -> str:
    """« communes », « mouvements », or empty, from the names of the columns."""
    names = {name.strip().upper() for name in header}
    if {"COM_AV", "COM_AP", "DATE_EFF"} <= names:
        return "mouvements"
    return "communes" if {"TYPECOM", "COM", "LIBELLE"} <= names else ""


def kind_of(path: Path) -> str:
    """« communes », « mouvements », or empty when the CSV is neither. Raises InputProblem."""
    with closing(read_csv_rows(path)) as rows:  # type: ignore[type-var]
        first = next(rows, None)
    return cog_kind(first.cells) if first else ""


def vintage_of(path: Path) -> int:
    """The year that the official name bears; the content does not say it. Raises InputProblem."""
    found = _VINTAGE.search(path.name.lower())
    if not found or not 2000 <= int(found[1]) <= 2100:
        raise InputProblem(
            path.name,
            "le millésime manque : seul le nom officiel du fichier le donne.",
            "Rendez au fichier son nom d’origine, par exemple v_commune_2026.csv.",
        )
    return int(found[1])


def read_communes(path: Path) -> list[CogCommune]:
    """The rows of `v_commune_AAAA.csv`, checked: codes, types, parents, no commune twice. Raises InputProblem."""
    rows: list[CogCommune] = []
    seen: dict[tuple[str, str], int] = {}
    for row in _rows(path, COMMUNE_COLUMNS):
        commune = _commune(path.name, row)
        key = (commune.type, commune.code)
        if key in seen:
            raise InputProblem(
                path.name, f"cette commune est déjà à la ligne {seen[key]}.", "Gardez une seule des deux lignes.",
                line=row.line, column="COM", value=commune.code,
            )  # fmt: skip
        seen[key] = row.line
        rows.append(commune)
    for commune in rows:
        if commune.type != "COM" and ("COM", commune.parent) not in seen:
            raise InputProblem(
                path.name, "la commune de rattachement n’est pas dans le fichier.",
                f"Le fichier est sans doute incomplet : téléchargez-le de nouveau ({SOURCE}).",
                line=commune.line, column="COMPARENT", value=commune.parent,
            )  # fmt: skip
    if not rows:
        raise InputProblem(
            path.name, "le fichier ne contient aucune commune.", f"Téléchargez-le de nouveau ({SOURCE})."
        )
    return rows


def read_movements(path: Path) -> list[Movement]:
    """The events of `v_mvt_commune_AAAA.csv`, in the order of the file. Raises InputProblem."""
    return [_movement(path.name, row) for row in _rows(path, MOVEMENT_COLUMNS)]


def successors(movements: Iterable[Movement], current: Iterable[str]) -> dict[str, frozenset[str]]:
    """Each former commune code → the current commune(s) where its territory went; several when it was split.

    Follows communes only (not their déléguées): the last event in which the code disappears, then what became of
    the codes that took its place. A code in force today is not a former code.
    """
    now = frozenset(current)
    events: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for m in movements:
        if m.type_before == m.type_after == "COM":
            events[m.before][m.day].add(m.after)
    found = {code: _follow(code, date.min, events, now, frozenset()) for code in events if code not in now}
    return {code: places for code, places in found.items() if places}


def _follow(
    code: str,
    since: date,
    events: Mapping[str, Mapping[date, set[str]]],
    now: frozenset[str],
    seen: frozenset[str],
) -> frozenset[str]:
    if code in now:
        return frozenset({code})
    # The last event that takes the code away; a restored commune (MOD 21) may have disappeared more than once.
    days = [day for day, places in events.get(code, {}).items() if day >= since and places != {code}]
    if not days or code in seen:
        return frozenset()
    last = max(days)
    places = events[code][last] - {code}
    return frozenset().union(*(_follow(place, last, events, now, seen | {code}) for place in places))


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    with closing(read_csv_rows(path)) as found:  # type: ignore[type-var]
        rows = [Row(row.line, {name.upper(): value for name, value in row.cells.items()}) for row in found]
    missing = [column for column in columns if rows and column not in rows[0].cells]
    if missing:
        raise InputProblem(
            path.name, "cette colonne du code officiel géographique manque.",
            f"Donnez le fichier de l’Insee sans le modifier ({SOURCE}).", line=1, column=missing[0],
        )  # fmt: skip
    return rows


def _code(label: str, row: Row, column: str) -> str:
    value = row.get(column).upper()
    if not _CODE.fullmatch(value):
        raise InputProblem(
            label, "ce n’est pas un code de commune (5 caractères).",
            "Un tableur a peut-être retiré un zéro : reprenez le fichier d’origine.",
            line=row.line, column=column, value=row.get(column),
        )  # fmt: skip
    return value


def _type(label: str, row: Row, column: str) -> str:
    value = row.get(column).upper()
    if value not in TYPES:
        raise InputProblem(
            label, "ce type de commune est inconnu.", f"Attendu : {', '.join(TYPES)}.",
            line=row.line, column=column, value=row.get(column),
        )  # fmt: skip
    return value


def _commune(label: str, row: Row) -> CogCommune:
    kind, code, liaison = _type(label, row, "TYPECOM"), _code(label, row, "COM"), row.get("TNCC")
    if not (liaison.isascii() and liaison.isdigit() and len(liaison) == 1):
        raise InputProblem(
            label, "le type de liaison (TNCC) doit être un chiffre.", "Reprenez le fichier d’origine.",
            line=row.line, column="TNCC", value=liaison,
        )  # fmt: skip
    if not row.get("LIBELLE") or len(row.get("LIBELLE")) > 120:
        raise InputProblem(
            label, "le nom de la commune est vide ou démesuré.", "Reprenez le fichier d’origine.",
            line=row.line, column="LIBELLE", value=row.get("LIBELLE"),
        )  # fmt: skip
    parent = "" if kind == "COM" else _code(label, row, "COMPARENT")
    return CogCommune(
        row.line, kind, code, row.get("LIBELLE"), int(liaison), row.get("REG"), row.get("DEP"), parent
    )


def _movement(label: str, row: Row) -> Movement:
    try:
        day, mod = date.fromisoformat(row.get("DATE_EFF")), int(row.get("MOD"))
    except ValueError as error:
        raise InputProblem(
            label, "la date (AAAA-MM-JJ) ou le type d’événement (MOD) est illisible.",
            "Reprenez le fichier d’origine.", line=row.line, column="DATE_EFF", value=row.get("DATE_EFF"),
        ) from error  # fmt: skip
    before, after = _code(label, row, "COM_AV"), _code(label, row, "COM_AP")
    types = _type(label, row, "TYPECOM_AV"), _type(label, row, "TYPECOM_AP")
    return Movement(row.line, mod, day, types[0], before, row.get("LIBELLE_AV"), types[1], after)
