"""The register as columns: read once for all its indicators, then counted by arithmetic (`register_counting`).

The register's list says that an organisation is on a territory when it is seated there or has an establishment there:
the same is counted here, so that a figure and the list to which it leads agree.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from essor.indicators.register_cuts import FAMILIES, INSEE, SECTORS, SIZES, age_codes
from essor.indicators.register_ground import UNKNOWN, Countryside, Flags, Ground, Ints, countryside, ground_of
from essor.indicators.rules_jobs import JOBS
from essor.registry.closures import closures
from essor.registry.enums import SizeBand, Tag, Verdict
from essor.registry.filters import SIZE_GROUP_OF
from essor.registry.models import (
    Edition,
    EstablishmentFacts,
    OrganisationTag,
)
from essor.registry.overlay_rows import said_not_ess
from essor.registry.queries import edition_in_force, public_facts
from essor.registry.rules_insee import insee_family

SOURCE = "Registre de l’ESS d’Essor, d’après les données ouvertes de l’État"
ESS = (Verdict.ESS_BY_STATUS.value, Verdict.ESS_DECLARED.value)
# What is read of an organisation and of an establishment, in this order.
OF_ORGANISATION = (
    "pk",
    "commune_id",
    "family",
    "sector",
    "is_employer",
    "created_on",
    "legal_category",
    "naf",
)
OF_SITE = ("establishment__organisation_id", "commune_id", "size_band", "created_on", "qpv", "longitude")
Row = Sequence[Any]


@dataclass(frozen=True)
class Presence:
    """Where things are: one row a thing and a territory that holds it, as ranks, each pair once."""

    row: Ints
    at: Ints


@dataclass(frozen=True)
class Organisations:
    """One value an organisation; codes are ranks in the lists of `register_cuts`."""

    ids: Ints
    family: Ints
    sector: Ints
    insee: Ints
    age: Ints
    year: Ints
    employer: Flags
    esus: Flags


@dataclass(frozen=True)
class Sites:
    """One value an establishment; `owner` is the rank of its organisation. Employees are in tenths."""

    owner: Ints
    size: Ints
    age: Ints
    low: Ints
    high: Ints
    best: Ints
    in_quarter: Flags
    located: Flags
    rural: Flags
    rural_known: Flags
    by_grid: Flags


@dataclass(frozen=True)
class Closures:
    """One value a closure: its year."""

    year: Ints


@dataclass(frozen=True)
class Columns:
    """What is counted, and where it is. `closures` is None where nothing can say which ones were there."""

    edition: Edition
    ids: Ints
    population: Ints
    country: Countryside
    organisations: Organisations
    present: Presence
    sites: Sites
    sited: Presence
    closures: Closures | None = None
    closed: Presence | None = None


def read(day: date) -> Columns | None:
    """The register in force; None before the first edition. Ten queries, eleven with a grid of density."""
    edition = edition_in_force()
    if edition is None:
        return None
    ground = ground_of(edition.scope)
    rows = list(
        public_facts()
        .filter(verdict__in=ESS)
        .exclude(organisation__in=said_not_ess())
        .order_by("pk")
        .values_list(*OF_ORGANISATION)
    )
    organisations = columns_of(rows, edition.day, day)
    found = EstablishmentFacts.objects.filter(present=True, commune__isnull=False).order_by("pk")
    country = countryside(ground.communes, ground.population[: len(ground.communes)])
    sites, places = sites_of(list(found.values_list(*OF_SITE)), organisations.ids, country, edition.day)
    seats, seated = _ranks(ground.communes, np.array([row[1] or 0 for row in rows], dtype=np.int64))
    pairs = np.column_stack(
        [
            np.concatenate([np.flatnonzero(seated), sites.owner]),
            np.concatenate([seats[seated], places]),
        ]
    )
    closed_year, closed_place = _closures(edition, ground)
    return Columns(
        edition,
        ground.ids,
        ground.population,
        country,
        organisations,
        _present(ground, pairs[:, 0], pairs[:, 1], len(rows)),
        sites,
        _present(ground, np.arange(len(places), dtype=np.int64), places, len(places)),
        Closures(closed_year),
        _present(ground, np.arange(len(closed_place), dtype=np.int64), closed_place, len(closed_place)),
    )


def _present(ground: Ground, rows: Ints, places: Ints, size: int) -> Presence:
    """The territories of things in communes: the commune and all that contains it, each pair once."""
    found = [places, *(level[places] for level in ground.above)]
    at = np.concatenate(found)
    every = np.tile(rows, len(found))
    kept = at != UNKNOWN
    keys = np.unique(at[kept] * max(size, 1) + every[kept])
    return Presence(keys % max(size, 1), keys // max(size, 1))


def columns_of(rows: Sequence[Row], edition_day: date, day: date) -> Organisations:
    """The columns of organisations read in the order of their ids (`OF_ORGANISATION`). One query: who is Esus."""
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    created = _dates(row[5] for row in rows)
    return Organisations(
        ids,
        _codes(FAMILIES, (row[2] for row in rows)),
        _codes(SECTORS, (row[3] for row in rows)),
        _codes(INSEE, (_insee(row[6], row[7]) for row in rows)),
        age_codes(created, edition_day),
        created // 10_000,
        np.array([row[4] for row in rows], dtype=np.bool_),
        _tagged(ids, day),
    )


def sites_of(rows: Sequence[Row], ids: Ints, country: Countryside, edition_day: date) -> tuple[Sites, Ints]:
    """The columns of the establishments (`OF_SITE`) of these organisations in these communes, and where each one is
    (rank of the commune).
    """
    owners, known = _ranks(ids, np.array([row[0] for row in rows], dtype=np.int64))
    places, placed = _ranks(country.communes, np.array([row[1] or 0 for row in rows], dtype=np.int64))
    kept = known & placed
    mine = [row for row, here in zip(rows, kept.tolist(), strict=True) if here]
    owners, places = owners[kept], places[kept]
    bands = _codes(BANDS, (row[2] if row[2] in BANDS else SizeBand.NN.value for row in mine))
    return Sites(
        owners,
        SIZE_OF_BAND[bands],
        age_codes(_dates(row[3] for row in mine), edition_day),
        LOW[bands],
        HIGH[bands],
        BEST[bands],
        np.array([bool(row[4]) and _is_inside(row[4]) for row in mine], dtype=np.bool_),
        np.array([row[5] is not None for row in mine], dtype=np.bool_),
        country.rural[places],
        country.known[places],
        country.by_grid[places],
    ), places


def _rank_of(values: Iterable[str]) -> dict[str, int]:
    return {value: rank for rank, value in enumerate(values)}


BANDS = _rank_of(JOBS)
_sizes = _rank_of(SIZES)
SIZE_OF_BAND = np.array([_sizes[str(SIZE_GROUP_OF[band].value)] for band in JOBS], dtype=np.int64)
LOW, HIGH, BEST = (
    np.array([int(getattr(jobs, name) * 10) for jobs in JOBS.values()], dtype=np.int64)
    for name in ("low", "high", "best")
)


def _codes(known: Mapping[str, int], values: Iterable[str]) -> Ints:
    """Ranks of the values; what is not listed has the rank after the last."""
    other = len(known)
    return np.fromiter((known.get(value, other) for value in values), dtype=np.int64)


def _dates(days: Iterable[date | None]) -> Ints:
    """Days as numbers (20261101), 0 where unknown."""
    return np.fromiter(
        (day.year * 10_000 + day.month * 100 + day.day if day else 0 for day in days), dtype=np.int64
    )


def _insee(category: str, naf: str) -> str:
    family = insee_family(category, naf).family
    return str(family.value) if family else ""


def _ranks(names: Ints, wanted: Ints) -> tuple[Ints, Flags]:
    """Ranks in sorted names, and which of the wanted ones are there."""
    if not len(names):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    ranks = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return ranks.astype(np.int64), names[ranks] == wanted


def _is_inside(said: object) -> bool:
    rows: Any = json.loads(said) if isinstance(said, str) else said or []
    return any(row["generation"] == 2024 and row["relation"] == "in" for row in rows)


def _tagged(ids: Ints, day: date) -> npt.NDArray[np.bool_]:
    """The organisations with a running Esus agreement."""
    running = Q(until__isnull=True) | Q(until__gt=day)
    borne = OrganisationTag.objects.filter(running, code=Tag.ESUS.value).values_list(
        "organisation_id", flat=True
    )
    found = np.zeros(len(ids), dtype=np.bool_)
    ranks, known = _ranks(ids, np.array(list(borne), dtype=np.int64))
    found[ranks[known]] = True
    return found


def _closures(edition: Edition, ground: Ground) -> tuple[Ints, Ints]:
    """Year and rank of the commune of each closure that an agent noted, or that an edition which still holds saw."""
    found = [(each.day.year, each.commune_id or 0) for each in closures(edition)]
    rows = np.array(found, dtype=np.int64).reshape(-1, 2)
    ranks, placed = _ranks(ground.communes, rows[:, 1])
    return rows[placed, 0], ranks[placed]
