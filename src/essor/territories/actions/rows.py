"""Write many plain rows at once. `bulk_create` compiles every value of every row (five times slower), and
`bulk_update` writes one CASE a column: minutes for the populations of a new vintage.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

MANY = 500


def _columns(model: type[models.Model], names: Sequence[str]) -> list[str]:
    return [connection.ops.quote_name(_field(model, name).column or name) for name in names]


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field: models.Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    return field


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of plain values (text, numbers, booleans, ids) for the fields `names`; defaults do not apply.

    Constraints are checked by the database; call it inside a transaction.
    """
    if not rows:
        return
    table, marks = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(_columns(model, names))}) VALUES ({marks})",  # noqa: S608
            rows,
        )
        # Until its own daemon passes, PostgreSQL takes the table for empty and joins it by nested loops: minutes.
        if connection.vendor == "postgresql" and len(rows) >= MANY:
            cursor.execute(f"ANALYZE {table}")


def update_rows(objects: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the fields `names` of saved objects of one model, as they are: plain values only."""
    if not objects:
        return
    model = type(objects[0])
    table = connection.ops.quote_name(model._meta.db_table)
    changes = ", ".join(f"{column} = %s" for column in _columns(model, names))
    attributes = [_field(model, name).attname for name in names]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {changes} WHERE id = %s",  # noqa: S608
            [(*(getattr(row, attribute) for attribute in attributes), row.pk) for row in objects],
        )
