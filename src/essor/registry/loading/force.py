"""The switch: one transaction of set-based statements that touches only rows that change."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from essor.registry import changes
from essor.registry.loading.tables import ESTABLISHMENT_FACTS, ORGANISATION_FACTS, TAG, Columns
from essor.registry.models import Edition


class Overtaken(Exception):
    """Another edition was put in force since this load began."""


@dataclass(frozen=True)
class Counts:
    """What the switch did, in numbers of organisations (and of establishments changed or new)."""

    new: int
    changed: int
    same: int
    leaving: int
    establishments: int


def put_in_force(
    prefix: str,
    edition: Edition,
    expected: int | None,
    *,
    with_history: bool,
    log: Callable[[], object] = lambda: None,
) -> Counts:
    """Put the staged edition in force; `expected` is the id of the edition in force when the comparison was made.

    `log` records the act, in the same transaction. An edition already in force (a load killed after its switch, then
    run again) keeps its report and is not logged twice. Raises `Overtaken` when another edition was put in force
    meanwhile. Readers see the former edition until the commit, then the new one.
    """
    counts = _counts(prefix)
    with transaction.atomic(), connection.cursor() as cursor:
        current = Edition.objects.select_for_update().filter(state=Edition.State.IN_FORCE).first()
        if (current.pk if current else None) != expected:
            raise Overtaken
        for statement in _statements(prefix):
            cursor.execute(statement)
        if with_history:
            cursor.execute(
                f"""INSERT INTO registry_editionchange (edition_id, organisation_id, subject, field, before, after)
                    SELECT %s, organisation_id, subject, field, before, after FROM {prefix}difference""",
                [edition.pk],
            )
        if current and current.pk != edition.pk:
            current.state = Edition.State.SUPERSEDED
            current.save(update_fields=["state"])
        edition.state = Edition.State.IN_FORCE
        if current is None or current.pk != edition.pk:
            edition.loaded_at = timezone.now()
            edition.loading_report = vars(counts).copy()
            log()
        edition.save(update_fields=["state", "loaded_at", "loading_report"])
        changes.tell(None)
    return counts


def _counts(prefix: str) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT change, COUNT(*) FROM {prefix}organisation GROUP BY change")
        by_change = dict(cursor.fetchall())
        cursor.execute(f"SELECT COUNT(*) FROM {prefix}establishment WHERE change <> 'same'")
        establishments = cursor.fetchone()[0]
        cursor.execute(f"SELECT COUNT(*) FROM {prefix}leaving WHERE organisation_id IS NOT NULL")
        leaving = cursor.fetchone()[0]
    return Counts(
        by_change.get("new", 0),
        by_change.get("changed", 0),
        by_change.get("same", 0),
        leaving,
        establishments,
    )


def _statements(prefix: str) -> list[str]:
    organisations, establishments = f"{prefix}organisation", f"{prefix}establishment"
    return [
        _update("registry_organisationfacts", "organisation_id", organisations, ORGANISATION_FACTS),
        _insert("registry_organisationfacts", "organisation_id", organisations, ORGANISATION_FACTS),
        f"""UPDATE registry_organisationfacts SET present = FALSE
            WHERE organisation_id IN (SELECT organisation_id FROM {prefix}leaving WHERE organisation_id IS NOT NULL)""",
        f"""UPDATE registry_organisation SET name = s.name, sort_key = s.sort_key FROM {organisations} s
            WHERE s.organisation_id = registry_organisation.id AND s.change <> 'same'
              AND s.name IS DISTINCT FROM registry_organisation.name""",
        f"""UPDATE registry_establishment SET organisation_id = s.organisation_id FROM {establishments} s
            WHERE s.establishment_id = registry_establishment.id AND s.change = 'changed'
              AND s.organisation_id <> registry_establishment.organisation_id""",
        _update("registry_establishmentfacts", "establishment_id", establishments, ESTABLISHMENT_FACTS),
        _insert("registry_establishmentfacts", "establishment_id", establishments, ESTABLISHMENT_FACTS),
        f"""UPDATE registry_establishmentfacts SET present = FALSE
            WHERE establishment_id IN (
              SELECT establishment_id FROM {prefix}leaving WHERE establishment_id IS NOT NULL)""",
        *_identifiers(prefix),
        *_tags(prefix),
    ]


def _update(table: str, key: str, staged: str, columns: Columns) -> str:
    pairs = ", ".join(f"{name} = s.{name}" for name in columns)
    where = f"s.{key} = {table}.{key} AND s.change = 'changed'"
    return f"UPDATE {table} SET {pairs}, present = TRUE FROM {staged} s WHERE {where}"


def _insert(table: str, key: str, staged: str, columns: Columns) -> str:
    names = ", ".join(columns)
    rows = f"SELECT {key}, {names}, TRUE FROM {staged} WHERE change = 'new'"
    return f"INSERT INTO {table} ({key}, {names}, present) {rows}"


def _identifiers(prefix: str) -> list[str]:
    """RNA numbers: one an organisation, never taken from another organisation."""
    return [
        f"""INSERT INTO registry_identifier (organisation_id, scheme, value)
            SELECT MIN(s.organisation_id), 'rna', s.rna FROM {prefix}organisation s
            WHERE s.change <> 'same' AND s.rna <> '' AND NOT EXISTS (
              SELECT 1 FROM registry_identifier i WHERE i.scheme = 'rna' AND i.value = s.rna)
            GROUP BY s.rna"""
    ]


def _tags(prefix: str) -> list[str]:
    """Tags from open data are compared as sets, so that an unchanged organisation costs no write."""
    names = ", ".join(TAG)
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM o.{name}" for name in TAG)
    live, staged = "registry_organisationtag", f"{prefix}tag"
    return [
        f"""DELETE FROM {live} AS o WHERE NOT EXISTS (
              SELECT 1 FROM {staged} t WHERE t.organisation_id = o.organisation_id AND {same})""",
        f"""INSERT INTO {live} (organisation_id, {names})
            SELECT t.organisation_id, {", ".join(f"t.{name}" for name in TAG)} FROM {staged} t
            WHERE t.organisation_id IS NOT NULL AND NOT EXISTS (
              SELECT 1 FROM {live} o WHERE o.organisation_id = t.organisation_id AND {same})""",
    ]
