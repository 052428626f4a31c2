"""Staged rows made by hand: what `loading` reads from an edition, without its files."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from essor.kernel.text import sort_key
from essor.registry.loading.staging import Row, Source
from essor.registry.loading.tables import (
    ESTABLISHMENT_FACTS,
    ESTABLISHMENTS,
    ORGANISATION_FACTS,
    ORGANISATIONS,
    TAGS,
    StagedTable,
)

DEFAULTS: dict[str, Any] = {
    "acronym": "",
    "usual_name": "",
    "legal_category": "9220",
    "naf": "93.12Z",
    "naf25": "",
    "sector": "sport",
    "family": "association",
    "verdict": "ess_by_status",
    "size_band": "01",
    "size_year": 2024,
    "is_employer": True,
    "created_on": "2001-02-03",
    "purpose": "",
    "website": "",
    "commune_id": None,
    "head_office_outside": False,
    "conditions": json.dumps([{"code": "legal_form", "state": "met"}]),
}
PLACE: dict[str, Any] = {
    "is_head_office": True,
    "in_territory": True,
    "name": "",
    "address": "1 rue des Lilas",
    "postal_code": "31000",
    "commune_id": None,
    "naf": "93.12Z",
    "size_band": "01",
    "created_on": "2001-02-03",
    "longitude": 1.44,
    "latitude": 43.6,
    "position_source": "geolocation",
    "position_quality": "number",
    "position_error": 10,
    "qpv": "[]",
}


def siren(number: int) -> str:
    """A nine-figure number: loading does not check keys, the build does."""
    return f"{number:09d}"


def organisation(number: int, **changes: Any) -> dict[str, Any]:
    """One organisation with its head office; `tags` are (code, source) pairs, `place` changes its establishment."""
    return {"number": number, "name": f"Association {number}", "rna": "", "tags": (), "place": {}, **changes}


def sources(rows: Iterable[dict[str, Any]]) -> dict[StagedTable, Source]:
    """What fills the staged tables from such organisations."""
    kept = list(rows)
    return {
        ORGANISATIONS: lambda: [_organisation(row) for row in kept],
        ESTABLISHMENTS: lambda: [_place(row) for row in kept],
        TAGS: lambda: [
            (siren(row["number"]), code, source, None, None) for row in kept for code, source in row["tags"]
        ],
    }


def _organisation(row: dict[str, Any]) -> Row:
    values = {
        **DEFAULTS,
        "search_text": sort_key(row["name"]),
        **{k: v for k, v in row.items() if k in ORGANISATION_FACTS},
    }
    return (siren(row["number"]), row["rna"], sort_key(row["name"]), *_hashed(values, ORGANISATION_FACTS))


def _place(row: dict[str, Any]) -> Row:
    return (
        siren(row["number"]),
        siren(row["number"]) + "00011",
        *_hashed({**PLACE, **row["place"]}, ESTABLISHMENT_FACTS),
    )


def _hashed(values: dict[str, Any], columns: dict[str, str]) -> list[Any]:
    ordered = [values[name] for name in columns if name != "row_hash"]
    return [*ordered, hashlib.md5(repr(ordered).encode(), usedforsecurity=False).hexdigest()]
