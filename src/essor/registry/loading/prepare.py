"""Before the switch, outside its transaction: what is new, what changed, and identities for what is new.

Identities (organisation, identifiers, establishment) are created in short transactions. Without facts they are unseen:
a load killed here leaves the register as it was, and the next one finds and reuses them.
"""

from collections.abc import Callable

from django.db import connection, transaction

BATCH = 2000
Progress = Callable[[int, int], None]


def compare(prefix: str) -> None:
    """Fill `organisation_id`, `establishment_id` and `change` (new, changed, same, merged) of the staged rows."""
    statements = [
        f"""UPDATE {prefix}organisation SET organisation_id = (
              SELECT i.organisation_id FROM registry_identifier i
              WHERE i.scheme = 'siren' AND i.value = {prefix}organisation.siren)""",
        f"""UPDATE {prefix}organisation SET change = COALESCE((
              SELECT CASE WHEN f.row_hash = {prefix}organisation.row_hash AND f.present
                     THEN 'same' ELSE 'changed' END
              FROM registry_organisationfacts f
              WHERE f.organisation_id = {prefix}organisation.organisation_id), 'new')""",
        _several_numbers(prefix),
        f"""UPDATE {prefix}establishment SET establishment_id = (
              SELECT e.id FROM registry_establishment e WHERE e.siret = {prefix}establishment.siret)""",
        f"""UPDATE {prefix}establishment SET change = COALESCE((
              SELECT CASE WHEN f.row_hash = {prefix}establishment.row_hash AND f.present
                     THEN 'same' ELSE 'changed' END
              FROM registry_establishmentfacts f
              WHERE f.establishment_id = {prefix}establishment.establishment_id), 'new')""",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _several_numbers(prefix: str) -> str:
    """Rows that a merge left beside: their organisation bears another SIREN of the edition, which tells its facts.

    Its own number goes before those that it received from a duplicate. Their establishments and tags are its own.
    """
    return f"""UPDATE {prefix}organisation SET change = 'merged' WHERE n IN (
          SELECT n FROM (
            SELECT s.n, ROW_NUMBER() OVER (PARTITION BY s.organisation_id ORDER BY (
              SELECT COUNT(*) FROM registry_mergedrow r JOIN registry_merge m ON m.id = r.merge_id
              WHERE r.model = 'registry.identifier' AND r."row" = CAST(i.id AS varchar(64))
                AND r.moved AND m.undone_at IS NULL), i.id) AS place
            FROM {prefix}organisation s
            JOIN registry_identifier i ON i.scheme = 'siren' AND i.value = s.siren
            WHERE s.organisation_id IN (SELECT kept_id FROM registry_merge WHERE undone_at IS NULL)) ranked
          WHERE place > 1)"""


def _tags_brought_twice(prefix: str) -> str:
    """Tags that two numbers of a merged organisation bring: one is enough."""
    return f"""UPDATE {prefix}tag SET organisation_id = NULL
        WHERE organisation_id IN (SELECT organisation_id FROM {prefix}organisation WHERE change = 'merged')
          AND EXISTS (SELECT 1 FROM {prefix}tag o WHERE o.organisation_id = {prefix}tag.organisation_id
            AND o.code = {prefix}tag.code AND o.source = {prefix}tag.source AND o.n < {prefix}tag.n)"""


def give_identities(prefix: str, progress: Progress) -> None:
    """Create the organisations and establishments that the register does not know yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(n), 0) FROM {prefix}organisation")
        organisations = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT COALESCE(MAX(n), 0) FROM {prefix}establishment")
        establishments = int(cursor.fetchone()[0])
    total = organisations + establishments
    for start in range(0, organisations, BATCH):
        with transaction.atomic():
            _new_organisations(prefix, start, start + BATCH)
        progress(min(start + BATCH, organisations), total)
    with connection.cursor() as cursor:
        for table in ("establishment", "tag"):
            cursor.execute(
                f"""UPDATE {prefix}{table} SET organisation_id = (
                      SELECT o.organisation_id FROM {prefix}organisation o WHERE o.siren = {prefix}{table}.siren)"""
            )
        cursor.execute(_tags_brought_twice(prefix))
    for start in range(0, establishments, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            window = f"establishment_id IS NULL AND n > {start} AND n <= {start + BATCH}"
            cursor.execute(
                f"""INSERT INTO registry_establishment (organisation_id, siret)
                    SELECT organisation_id, siret FROM {prefix}establishment WHERE {window}"""
            )
        progress(organisations + min(start + BATCH, establishments), total)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {prefix}establishment SET establishment_id = (
                  SELECT e.id FROM registry_establishment e WHERE e.siret = {prefix}establishment.siret)
                WHERE establishment_id IS NULL"""
        )


def _new_organisations(prefix: str, start: int, end: int) -> None:
    """Organisations of the rows numbered (start, end] without an id yet; ids are drawn as the database does."""
    window = f"n > {start} AND n <= {end}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n FROM {prefix}organisation WHERE organisation_id IS NULL AND {window} ORDER BY n"
        )
        numbers = [row[0] for row in cursor.fetchall()]
        if not numbers:
            return
        ids = _draw_ids(len(numbers))
        cursor.executemany(
            f"UPDATE {prefix}organisation SET organisation_id = %s WHERE n = %s",
            list(zip(ids, numbers, strict=True)),
        )
        fresh = f"{window} AND organisation_id BETWEEN {ids[0]} AND {ids[-1]}"
        cursor.execute(
            f"""INSERT INTO registry_organisation (id, name, sort_key, state, is_public, created_at)
                SELECT organisation_id, name, sort_key, 'active', %s, CURRENT_TIMESTAMP
                FROM {prefix}organisation WHERE {fresh}""",
            [True],
        )
        cursor.execute(
            f"""INSERT INTO registry_identifier (organisation_id, scheme, value)
                SELECT organisation_id, 'siren', siren FROM {prefix}organisation WHERE {fresh}"""
        )


def _draw_ids(number: int) -> list[int]:
    """`number` ids for new organisations, increasing; inside a transaction that holds the write lock on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('registry_organisation', 'id')) FROM generate_series(1, %s)",
                [number],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute(
            """SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'registry_organisation'), 0)"""
        )
        last = int(cursor.fetchone()[0])
        return list(range(last + 1, last + 1 + number))


def mark_moves_and_leavings(prefix: str) -> None:
    """Mark establishments that pass to another organisation, and stage what the edition no longer has.

    Done here because it reads whole tables, which the switch must not. What an agent added stays; its place without
    SIRET goes when the edition brings the organisation with its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {prefix}establishment SET change = 'changed' WHERE change = 'same' AND NOT EXISTS (
                  SELECT 1 FROM registry_establishment e WHERE e.id = {prefix}establishment.establishment_id
                    AND e.organisation_id = {prefix}establishment.organisation_id)"""
        )
        cursor.execute(
            f"""INSERT INTO {prefix}leaving (n, organisation_id, establishment_id)
                SELECT ROW_NUMBER() OVER (ORDER BY organisation_id, establishment_id), gone.* FROM (
                  SELECT f.organisation_id, CAST(NULL AS bigint) AS establishment_id FROM registry_organisationfacts f
                  WHERE f.present AND f.origin = 'edition' AND NOT EXISTS (
                    SELECT 1 FROM {prefix}organisation s WHERE s.organisation_id = f.organisation_id)
                  UNION ALL
                  SELECT NULL, f.establishment_id FROM registry_establishmentfacts f
                  JOIN registry_establishment e ON e.id = f.establishment_id
                  WHERE f.present AND NOT EXISTS (
                    SELECT 1 FROM {prefix}establishment s WHERE s.establishment_id = f.establishment_id)
                  AND (e.siret IS NOT NULL OR EXISTS (
                    SELECT 1 FROM {prefix}organisation s JOIN registry_organisationfacts o
                    ON o.organisation_id = s.organisation_id
                    WHERE s.organisation_id = e.organisation_id AND o.origin = 'agent'))) gone"""
        )
