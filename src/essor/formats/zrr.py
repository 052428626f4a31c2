"""Zones of rural revitalisation: ZRR (until 30 June 2024) and France ruralités revitalisation (FRR), by commune.

Sources: ANCT, « Zones de revitalisation rurale » (columns CODGEO, ZRR_SIMP: « C - Classée en ZRR », « NC - Commune non
classée », « P - Commune partiellement classée »); the JSON form of a public service (`model`, `fields.insee_code`,
`fields.status` C, NC, PC); ANCT, « France ruralités revitalisation » (FRR, FRR+, communes keeping the effects of the
ZRR). Values given: C, P, NC for the ZRR; FRR, FRR+, B (keeps the effects), P, NC for the FRR.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from essor.formats.density_grid import HEADER_SEARCH, Classes, commune_code, commune_column, year_said
from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.sheets import Sheet, fold, is_secret, read_sheets

ZRR, FRR = "zrr", "frr"
WHAT = "une liste des communes en ZRR ou en FRR"
MAX_JSON = 50 << 20
_ZRR = re.compile(r"zrr")
_FRR = re.compile(r"\bfrr\b|ruralites revitalisation")
_NOT = re.compile(r"^lib|date|arrete|^code")


def status_of(text: str, kind: str) -> str:
    """The class that a cell says, "" when it says none that is known."""
    words = fold(text)
    if re.match(r"(?:nc|non|0|n|faux|false)\b", words) or "non class" in words or "non benef" in words:
        return "NC"
    if re.match(r"(?:pc|p)\b", words) or "partiel" in words:
        return "P"
    if kind == FRR:
        if re.search(r"frr ?\+|frr plus", text.casefold()):
            return "FRR+"
        if re.search(r"benef|maintien|zrr", words):
            return "B"
        return "FRR" if re.match(r"(?:frr|socle|oui|1|c|vrai|true)\b", words) else ""
    return "C" if re.match(r"(?:c|oui|1|zrr|vrai|true)\b", words) or "classee" in words else ""


def read_zrr(path: Path, reject: Reject) -> tuple[str, Classes]:
    """Which zoning (« zrr » or « frr ») and the class of each commune. A bad line goes to `reject`.

    Raises InputProblem.
    """
    if path.suffix.casefold() == ".json":
        return ZRR, _read_json(path, reject)
    for sheet in read_sheets(path, WHAT):
        for rank, (_number, cells) in enumerate(sheet.lines[:HEADER_SEARCH]):
            names = [fold(cell) for cell in cells]
            place = commune_column(names)
            for kind, pattern in ((FRR, _FRR), (ZRR, _ZRR)):
                column = next(
                    (at for at, name in enumerate(names) if pattern.search(name) and not _NOT.search(name)),
                    None,
                )
                if place is not None and column is not None:
                    found = _read(path, sheet, rank, (place, column), kind, reject)
                    found.column = cells[column]
                    return kind, found
    raise InputProblem(
        path.name,
        f"aucune colonne CODGEO avec ZRR ou FRR : ce n’est pas {WHAT}.",
        "Reprenez le fichier de l’ANCT.",
        column="CODGEO",
    )


def _read(path: Path, sheet: Sheet, header: int, at: tuple[int, int], kind: str, reject: Reject) -> Classes:
    found = Classes(year=year_said(sheet, header, path))
    for number, cells in sheet.lines[header + 1 :]:
        place, cell = (cells[rank] if rank < len(cells) else "" for rank in at)
        if place and sum(bool(each) for each in cells) > 1 and not is_secret(cell):
            _take(path, found, (number, place, cell), kind, reject)
    return found


def _take(path: Path, found: Classes, row: tuple[int, str, str], kind: str, reject: Reject) -> None:
    number, place, cell = row
    code, status = commune_code(place), status_of(cell, kind)
    if code is None or not status:
        column, value = ("commune", place) if code is None else (kind.upper(), cell)
        reason = "ce n’est pas un code de commune." if code is None else "ce classement n’est pas connu."
        reject(
            Rejection(
                path.name,
                reason,
                "Reprenez la ligne du fichier de l’ANCT.",
                line=number,
                column=column,
                value=shorten(value),
            )
        )
        return
    found.values[code], found.lines[code] = status, number


def is_zrr_json(rows: Any) -> bool:
    """True for the JSON form: a list of objects whose `model` is a ZRR."""
    return (
        isinstance(rows, list)
        and bool(rows)
        and isinstance(rows[0], dict)
        and "zrr" in str(rows[0].get("model", "")).casefold()
    )


def _read_json(path: Path, reject: Reject) -> Classes:
    if path.stat().st_size > MAX_JSON:
        raise InputProblem(path.name, "ce fichier JSON dépasse 50 Mo.", "Reprenez le fichier d’origine.")
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputProblem(
            path.name,
            "ce n’est pas du JSON en UTF-8.",
            "Téléchargez-le de nouveau.",
            line=getattr(error, "lineno", None),
        ) from None
    if not is_zrr_json(rows):
        raise InputProblem(path.name, f"ce JSON n’est pas {WHAT}.", "Reprenez le fichier de l’ANCT.")
    years = [int(year) for year in re.findall(r"(20[0-4]\d)", path.stem)]
    found = Classes(year=max(years, default=None), column="status")
    for number, row in enumerate(rows, 1):
        fields = row.get("fields") if isinstance(row, dict) else None
        if not isinstance(fields, dict):
            reject(
                Rejection(
                    path.name,
                    "cet objet n’a pas de « fields ».",
                    "Reprenez le fichier d’origine.",
                    line=number,
                )
            )
            continue
        _take(
            path,
            found,
            (number, str(fields.get("insee_code", "")), str(fields.get("status", ""))),
            ZRR,
            reject,
        )
    return found
