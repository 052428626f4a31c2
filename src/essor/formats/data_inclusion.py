"""Files of data·inclusion (the shared description of the offer of insertion): `structures` and `services`.

Both versions of the schema are read (v0: `presentation_resume`, `profils`, `types`, `zone_diffusion_code`; v1:
`description`, `publics`, `type`, `zone_eligibilite`), as CSV or JSON (a list, or an answer of the API with `items`).
Schema: https://github.com/gip-inclusion/data-inclusion-schema.

What speaks of persons is not read: `contact_nom_prenom`, `contact_public`; an e-mail address is given only when it is
an office's (« contact@… »), a telephone only when it is not a mobile one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.readers import Kind, sniff
from essor.formats.rows import read_csv_rows

MAX_BYTES = 60 << 20
REMEDY = "Corrigez-la chez le producteur, ou demandez un nouvel export."
_OFFICE = re.compile(
    r"(contact|accueil|info|infos|secretariat|bonjour|hello|coordination|direction|association|administration|mairie|ccas|"
    r"agence|siege|communication|orientation|insertion|emploi|service|services)(?![a-z])",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:\+33|0033|0)\s*[67]")


@dataclass(frozen=True)
class Structure:
    """A structure. `day` is when its producer last changed it; `commune` its INSEE code."""

    line: int
    key: str
    source: str
    name: str
    description: str
    commune: str
    website: str
    email: str
    phone: str
    day: date | None


@dataclass(frozen=True)
class Service:
    """A service of a structure. `zones`: INSEE codes where it is open, none when it is not told."""

    line: int
    structure: str
    name: str
    description: str
    themes: tuple[str, ...]
    types: tuple[str, ...]
    publics: tuple[str, ...]
    zones: tuple[str, ...]
    costs: str
    conditions: str


def read_structures(path: Path, reject: Reject) -> list[Structure]:
    """The structures of a file; rows without identifier or name go to `reject`. InputProblem for another file."""
    found = []
    for line, row in _rows(path, "structures", ("id", "nom")):
        try:
            found.append(_structure(line, row))
        except _Trouble as trouble:
            reject(trouble.told(path, line))
    return found


def read_services(path: Path, reject: Reject) -> list[Service]:
    """The services of a file; rows without structure or name go to `reject`. InputProblem for another file."""
    found = []
    for line, row in _rows(path, "services", ("structure_id", "nom")):
        try:
            found.append(_service(line, row))
        except _Trouble as trouble:
            reject(trouble.told(path, line))
    return found


class _Trouble(Exception):
    def __init__(self, reason: str, column: str, value: Any) -> None:
        super().__init__(reason)
        self.reason, self.column, self.value = reason, column, value

    def told(self, path: Path, line: int) -> Rejection:
        """The same, said of a row of a file."""
        return Rejection(
            path.name, self.reason, REMEDY, line=line, column=self.column, value=shorten(self.value or "")
        )


def _rows(path: Path, what: str, wanted: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if path.stat().st_size > MAX_BYTES:
        raise InputProblem(
            path.name, "le fichier dépasse 60 Mo.", "Demandez un export limité à votre département."
        )
    kind = sniff(path)
    if kind is Kind.JSON:
        rows: Iterator[tuple[int, Mapping[str, Any]]] = _json_rows(path)
    elif kind is Kind.TEXT:
        rows = ((row.line, row.cells) for row in read_csv_rows(path))
    else:
        raise InputProblem(
            path.name,
            f"ce n’est pas un fichier de data·inclusion : {kind.value} trouvé.",
            "Formats lus : CSV et JSON.",
        )
    first = True
    for line, row in rows:
        if first and not set(wanted) <= row.keys():
            missing = ", ".join(name for name in wanted if name not in row)
            raise InputProblem(
                path.name,
                f"ce n’est pas le fichier des {what} de data·inclusion : il n’a pas « {missing} ».",
                "Donnez le fichier tel que data·inclusion le publie, sans changer ses titres.",
                line=line,
            )
        first = False
        yield line, row
    if first:
        raise InputProblem(path.name, "le fichier est vide.", "Vérifiez que c’est le bon fichier.")


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputProblem(
            path.name, "le JSON est abîmé ou incomplet.", "Téléchargez-le de nouveau."
        ) from error
    if isinstance(content, dict):
        content = content.get("items")
    if not isinstance(content, list):
        raise InputProblem(
            path.name,
            "ce JSON n’est pas une liste.",
            "Donnez la liste entière, ou la réponse de l’API (« items »).",
        )
    for rank, row in enumerate(content, 1):
        yield rank, row if isinstance(row, dict) else {"": row}


def _text(row: Mapping[str, Any], *names: str, limit: int = 2000) -> str:
    for name in names:
        value = row.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            text = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in str(value)).strip()
            return text[:limit]
    return ""


def _several(row: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """A list, however the file writes it: JSON, « {a,b} » of PostgreSQL, « a, b »."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list):
            return tuple(dict.fromkeys(str(each).strip() for each in value if str(each).strip()))[:60]
        if isinstance(value, str) and value.strip():
            parts = value.strip().strip("[]{}").split(",")
            cleaned = (part.strip().strip("\"'").strip() for part in parts)
            return tuple(dict.fromkeys(part for part in cleaned if part))[:60]
    return ()


def _structure(line: int, row: Mapping[str, Any]) -> Structure:
    key, name = _text(row, "id", limit=190), _text(row, "nom", limit=200)
    if not key:
        raise _Trouble("l’identifiant manque.", "id", row.get("id"))
    if not name:
        raise _Trouble("le nom de la structure manque.", "nom", row.get("nom"))
    commune = _text(row, "code_insee", limit=10).upper()
    if commune and not re.fullmatch(r"\d[\dAB]\d{3}", commune):
        raise _Trouble("ce n’est pas un code INSEE de commune.", "code_insee", commune)
    website, email, phone = (_text(row, name, limit=300) for name in ("site_web", "courriel", "telephone"))
    return Structure(
        line,
        key,
        _text(row, "source", limit=100),
        name,
        _text(row, "description", "presentation_resume", "presentation_detail"),
        commune,
        website if re.match(r"https?://[^\s]+\.[^\s]+$", website, re.IGNORECASE) else "",
        email if _OFFICE.match(email) and "@" in email else "",
        "" if _MOBILE.match(phone) else phone[:30],
        _day(row),
    )


def _day(row: Mapping[str, Any]) -> date | None:
    text = _text(row, "date_maj", limit=10)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _Trouble("cette date est illisible : AAAA-MM-JJ.", "date_maj", text) from error


def _service(line: int, row: Mapping[str, Any]) -> Service:
    structure, name = _text(row, "structure_id", limit=190), _text(row, "nom", limit=200)
    if not structure:
        raise _Trouble(
            "le service ne dit pas de quelle structure il est.", "structure_id", row.get("structure_id")
        )
    if not name:
        raise _Trouble("le nom du service manque.", "nom", row.get("nom"))
    conditions = (
        _text(row, "conditions_acces"),
        *_several(row, "pre_requis"),
        *_several(row, "justificatifs"),
    )
    return Service(
        line,
        structure,
        name,
        _text(row, "description", "presentation_resume", "presentation_detail"),
        _several(row, "thematiques"),
        _several(row, "type", "types"),
        _several(row, "publics", "profils"),
        _several(row, "zone_eligibilite", "zone_diffusion_code"),
        ", ".join(_several(row, "frais")),
        " ; ".join(part for part in conditions if part),
    )
