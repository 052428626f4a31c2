"""Rows of the staged tables, read from an edition's Parquet files."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from essor.kernel.text import fold, sort_key
from essor.registry.enums import SizeBand
from essor.registry.loading.staging import Row, Source
from essor.registry.loading.tables import (
    ESTABLISHMENT_FACTS,
    ESTABLISHMENTS,
    ORGANISATION_FACTS,
    ORGANISATIONS,
    TAGS,
    StagedTable,
)
from essor.registry.models import Identifier
from essor.registry.nomenclatures import sector_of
from essor.registry.pipeline.edition import CLOSED_FILE
from essor.territories.models import Territory

FETCH = 5000
# Texts are NOT NULL in the live tables: an absent text is an empty one.
_EMPTY = ""


def edition_rows(folder: Path) -> dict[StagedTable, Source]:
    """What fills each staged table, from the edition of `folder`; each source can be read again."""
    communes = dict(Territory.objects.filter(kind="commune").values_list("code", "pk"))
    return {
        ORGANISATIONS: lambda: _organisations(folder, communes),
        ESTABLISHMENTS: lambda: _establishments(folder, communes),
        TAGS: lambda: _tags(folder),
    }


def closed_sirens(folder: Path) -> Iterator[str]:
    """SIREN of the units that Sirene said closed; none for an edition built before they were kept."""
    if (folder / CLOSED_FILE).is_file():
        yield from (row["siren"] for row in _read(folder, f"SELECT siren FROM '{{folder}}/{CLOSED_FILE}'"))


def known_and_closed(folder: Path) -> list[Row]:
    """Among the organisations that the register knows, those that Sirene said closed.

    Read before the staging: a row's source asks nothing of the database that is being filled.
    """
    known = set(Identifier.objects.filter(scheme=Identifier.Scheme.SIREN).values_list("value", flat=True))
    return [(siren,) for siren in closed_sirens(folder) if siren in known]


def _read(folder: Path, query: str) -> Iterator[dict[str, Any]]:
    """Rows of a query over the edition's files, as dictionaries."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        cursor = database.execute(query.replace("{folder}", str(folder).replace("'", "''")))
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(FETCH):
            for row in rows:
                yield dict(zip(names, map(_clean, row), strict=True))


def _clean(value: Any) -> Any:
    """PostgreSQL holds no NUL in a text."""
    return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value


def _organisations(folder: Path, communes: Mapping[str, int]) -> Iterator[Row]:
    for row in _read(folder, "SELECT * FROM '{folder}/organisations.parquet' ORDER BY siren"):
        name = row["name"] or f"Organisation {row['siren']}"
        values = {
            "name": name[:300],
            "acronym": (row["acronym"] or _EMPTY)[:60],
            "usual_name": (row["usual_name"] or _EMPTY)[:300],
            "search_text": _search_text(row),
            "legal_category": (row["legal_category"] or _EMPTY)[:4],
            "naf": (row["naf"] or _EMPTY)[:6],
            "naf25": (row["naf25"] or _EMPTY)[:6],
            "sector": _sector(row["naf"] or _EMPTY),
            "family": row["family"] or _EMPTY,
            "verdict": row["verdict"],
            "size_band": _band(row["size_band"]),
            "size_year": row["size_year"] if (row["size_year"] or 0) > 0 else None,
            "is_employer": bool(row["is_employer"]),
            "created_on": _day(row["created_on"]),
            "purpose": row["purpose"] or _EMPTY,
            "website": (row["website"] or _EMPTY)[:300],
            "commune_id": communes.get(row["commune"] or _EMPTY),
            "head_office_outside": bool(row["head_office_outside"]),
            "conditions": row["conditions"] or "[]",
        }
        rna = (row["rna"] or _EMPTY)[:40]
        # The RNA number is an identifier, not a fact: it counts in the hash so that a new one is seen.
        yield (row["siren"], rna, sort_key(name)[:300], *_with_hash(values, ORGANISATION_FACTS, rna))


@lru_cache(maxsize=2048)
def _sector(naf: str) -> str:
    """Code of the sector of an activity, empty when the activity is unknown."""
    sector = sector_of(naf)
    return sector.code if sector else _EMPTY


def _search_text(row: Mapping[str, Any]) -> str:
    names: Iterable[str | None] = (row["name"], row["acronym"], row["usual_name"])
    return " ".join(dict.fromkeys(fold(name) for name in names if name))


def _establishments(folder: Path, communes: Mapping[str, int]) -> Iterator[Row]:
    for row in _read(folder, "SELECT * FROM '{folder}/establishments.parquet' ORDER BY siret"):
        lines = (row["address_complement"], row["address_street"], row["address_distribution"])
        values = {
            "is_head_office": bool(row["is_head_office"]),
            "in_territory": bool(row["in_territory"]),
            "name": (row["name"] or _EMPTY)[:300],
            "address": ", ".join(line for line in lines if line)[:300],
            "postal_code": (row["postal_code"] or _EMPTY)[:5],
            "commune_id": communes.get(row["commune"] or _EMPTY),
            "naf": (row["naf"] or _EMPTY)[:6],
            "size_band": _band(row["size_band"]),
            "created_on": _day(row["created_on"]),
            "longitude": row["longitude"],
            "latitude": row["latitude"],
            "position_source": row["position_source"] or _EMPTY,
            "position_quality": row["position_quality"] or _EMPTY,
            "position_error": row["position_error"],
            "qpv": row["qpv"] or "[]",
        }
        yield (row["siren"], row["siret"], *_with_hash(values, ESTABLISHMENT_FACTS))


def _tags(folder: Path) -> Iterator[Row]:
    """One row a tag and source: a tag brought by several establishments holds as long as the last of them."""
    query = """SELECT siren, code, source, MIN(since) AS since,
                      CASE WHEN COUNT(until) = COUNT(*) THEN MAX(until) END AS until
               FROM '{folder}/tags.parquet' GROUP BY ALL ORDER BY siren, code, source"""
    for row in _read(folder, query):
        yield (row["siren"], row["code"], row["source"], _day(row["since"]), _day(row["until"]))


@lru_cache(maxsize=64)
def _band(code: str | None) -> str:
    """The band of employees; unknown when the code is not an official one."""
    band = SizeBand.of(code)
    return str((band or SizeBand.NN).value)


def _day(value: date | str | None) -> str | None:
    """The day in ISO 8601; DuckDB gives a text for a date before our era: none is true."""
    return value.isoformat() if isinstance(value, date) else None


def _with_hash(values: dict[str, Any], columns: Mapping[str, str], *beside: str) -> list[Any]:
    """The values in the order of the columns, their hash last."""
    ordered = [values[name] for name in columns if name != "row_hash"]
    text = "\x1f".join("" if value is None else str(value) for value in (*ordered, *beside))
    return [*ordered, hashlib.blake2b(text.encode(), digest_size=16).hexdigest()]
