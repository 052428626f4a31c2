"""Insertion and adapted-work structures: the directory (CSV) and the conventions of the ASP (JSON of the API).

Sources: directory of the Marché de l'inclusion (columns siret, kind…); export of the conventions, a list of
`{"fields": {"siret_signature", "kind", "is_active", "created_at", "deactivated_at"}}`; the later API form
`{"results": [{"siret", "kind"…}]}` is read too. Kinds: code du travail, L5132-4 (EI, ETTI, AI, ACI, EITI), L5213-13
(EA), casf L344-2 (ESAT).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from essor.formats.identifiers import clean_number, siret_trouble
from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.readers import Kind, examine_text, sniff
from essor.formats.rows import read_csv_rows

MAX_JSON = 200 << 20
# Kind in the file → mark; EATT is a temporary-work « entreprise adaptée ».
KINDS: Mapping[str, str] = {
    "EI": "ei",
    "ETTI": "etti",
    "AI": "ai",
    "ACI": "aci",
    "EITI": "eiti",
    "GEIQ": "geiq",
    "EA": "ea",
    "EATT": "ea",
    "ESAT": "esat",
}
WHAT = "un annuaire de structures d’insertion"


@dataclass(frozen=True)
class InsertionStructure:
    """One structure: its SIRET, its mark (a value of `KINDS`), and the days it holds (half-open, None unknown)."""

    siret: str
    kind: str
    since: date | None = None
    until: date | None = None


def read_insertion(path: Path, reject: Reject) -> list[InsertionStructure]:
    """The structures of a directory, in the order of the file, without doublets (the last one wins).

    Rows with a wrong SIRET or an unknown kind go to `reject`. Raises InputProblem.
    """
    found: dict[tuple[str, str], InsertionStructure] = {}
    rows = _json_rows(path) if sniff(path) is Kind.JSON else _csv_rows(path)
    for line, siret, kind, since, until in rows:
        structure = _structure(path.name, line, siret, kind, (since, until), reject)
        if structure is not None:
            found[structure.siret, structure.kind] = structure
    return list(found.values())


_Raw = tuple[int, str, str, str, str]


def _structure(
    label: str, line: int, raw_siret: str, raw_kind: str, days: tuple[str, str], reject: Reject
) -> InsertionStructure | None:
    siret = clean_number(raw_siret)
    trouble = siret_trouble(siret)
    if trouble:
        reject(Rejection(label, *trouble, line=line, column="siret", value=shorten(raw_siret)))
        return None
    kind = KINDS.get(raw_kind.strip().upper())
    if kind is None:
        reason = "ce type de structure n’est pas connu."
        remedy = f"Types connus : {', '.join(KINDS)}."
        reject(
            Rejection(label, reason, remedy, line=line, siret=siret, column="kind", value=shorten(raw_kind))
        )
        return None
    return InsertionStructure(siret, kind, _day(days[0]), _day(days[1]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _csv_rows(path: Path) -> Iterator[_Raw]:
    for row in read_csv_rows(path):
        for column in ("siret", "kind"):
            if column not in row.cells:
                raise InputProblem(
                    path.name,
                    f"cette colonne manque : ce n’est pas {WHAT}.",
                    "Reprenez le fichier officiel sans changer ses noms de colonnes.",
                    column=column,
                )
        yield row.line, row.get("siret"), row.get("kind"), row.get("since"), row.get("until")


def _json_rows(path: Path) -> Iterator[_Raw]:
    for rank, item in enumerate(_json_items(path), 1):
        fields = item.get("fields", item) if isinstance(item, Mapping) else None
        if not isinstance(fields, Mapping):
            raise InputProblem(
                path.name,
                f"l’élément {rank} n’est pas une structure : ce n’est pas {WHAT}.",
                "Reprenez l’export.",
            )
        if fields.get("is_active") is False:
            continue
        siret = fields.get("siret_signature", fields.get("siret", ""))
        since, until = _text(fields.get("created_at")), _text(fields.get("end_at"))
        yield rank, _text(siret), _text(fields.get("kind")), since, until


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _json_items(path: Path) -> list[Any]:
    data = load_json(path)
    if isinstance(data, Mapping):
        data = data.get("results", data.get("value"))
    if not isinstance(data, list):
        raise InputProblem(path.name, f"liste attendue : ce n’est pas {WHAT}.", "Reprenez l’export de l’API.")
    return data


def load_json(path: Path, limit: int = MAX_JSON) -> Any:
    """The JSON of a file of bounded size. Raises InputProblem."""
    if path.stat().st_size > limit:
        raise InputProblem(path.name, "le fichier JSON est démesuré.", "Vérifiez que c’est le bon fichier.")
    examine_text(path, path.name, max_line=limit)
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputProblem(
            path.name,
            "le JSON est mal formé ou incomplet.",
            "Téléchargez-le de nouveau.",
            line=getattr(error, "lineno", None),
        ) from error
