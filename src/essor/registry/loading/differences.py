"""Before the switch: what it will change for each organisation, staged; the rules are `rules_history`'s, in SQL."""

from django.db import connection

from essor.registry.rules_history import (
    FOLLOWED,
    FOLLOWED_ESTABLISHMENT,
    KIND_OF_FIELD,
    KIND_OF_PLACE_FIELD,
    ChangeKind,
)


def differences(prefix: str) -> None:
    """Stage one row a followed field that changed, an establishment that opened, moved or closed, an entry, an exit."""
    parts = [
        *(_field(prefix, name) for name in FOLLOWED),
        _entries(prefix),
        _taken_over(prefix),
        _exits(prefix),
        *(_place_field(prefix, name) for name in FOLLOWED_ESTABLISHMENT),
        _places_opened(prefix),
        _places_closed(prefix),
    ]
    selected = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {prefix}difference
                  (n, organisation_id, subject, field, kind, before, after, family, commune_id)
                SELECT ROW_NUMBER() OVER (ORDER BY 1), d.* FROM ({selected}) d"""
        )


def _text(column: str) -> str:
    """A value as the history keeps it: the same words on both databases."""
    if column.endswith(".is_head_office"):
        return f"CASE WHEN {column} THEN 'true' ELSE 'false' END"
    return f"COALESCE(CAST({column} AS text), '')"


def _kind(name: str) -> str:
    if name != "size_band":
        return f"'{KIND_OF_FIELD[name].value}'"
    # « NN » (none or unknown) comes before « 00 », « 01 »… as in `rules_history.size_order`.
    grown = "REPLACE(s.size_band, 'NN', '') > REPLACE(f.size_band, 'NN', '')"
    return f"CASE WHEN {grown} THEN '{ChangeKind.GROWN.value}' ELSE '{ChangeKind.SHRUNK.value}' END"


def _field(prefix: str, name: str) -> str:
    return f"""SELECT s.organisation_id, 'organisation', '{name}', {_kind(name)},
                      {_text(f"f.{name}")}, {_text(f"s.{name}")}, s.family, s.commune_id
        FROM {prefix}organisation s JOIN registry_organisationfacts f ON f.organisation_id = s.organisation_id
        WHERE s.change = 'changed' AND f.present AND s.{name} IS DISTINCT FROM f.{name}"""


def _entries(prefix: str) -> str:
    return f"""SELECT s.organisation_id, 'organisation', 'presence',
                      CASE WHEN f.organisation_id IS NULL THEN '{ChangeKind.NEW.value}'
                           ELSE '{ChangeKind.BACK.value}' END,
                      CASE WHEN f.organisation_id IS NULL THEN '' ELSE 'left' END, 'present', s.family, s.commune_id
        FROM {prefix}organisation s LEFT JOIN registry_organisationfacts f ON f.organisation_id = s.organisation_id
        WHERE (f.organisation_id IS NULL OR NOT f.present) AND s.change <> 'merged'"""


def _taken_over(prefix: str) -> str:
    """What an agent had added and the edition now describes."""
    return f"""SELECT s.organisation_id, 'organisation', 'origin', '{KIND_OF_FIELD["origin"].value}',
                      'agent', 'edition', s.family, s.commune_id
        FROM {prefix}organisation s JOIN registry_organisationfacts f ON f.organisation_id = s.organisation_id
        WHERE f.origin = 'agent' AND s.change = 'changed'"""


def _exits(prefix: str) -> str:
    closed = f"""EXISTS (SELECT 1 FROM registry_identifier i JOIN {prefix}closed c ON c.siren = i.value
                         WHERE i.scheme = 'siren' AND i.organisation_id = l.organisation_id)"""
    return f"""SELECT l.organisation_id, 'organisation', 'presence',
                      CASE WHEN {closed} THEN '{ChangeKind.CLOSED.value}' ELSE '{ChangeKind.LEFT.value}' END,
                      'present', CASE WHEN {closed} THEN 'closed' ELSE '' END, f.family, f.commune_id
        FROM {prefix}leaving l JOIN registry_organisationfacts f ON f.organisation_id = l.organisation_id"""


def _place_field(prefix: str, name: str) -> str:
    return f"""SELECT s.organisation_id, s.siret, '{name}', '{KIND_OF_PLACE_FIELD[name].value}',
                      {_text(f"f.{name}")}, {_text(f"s.{name}")}, o.family, s.commune_id
        FROM {prefix}establishment s JOIN registry_establishmentfacts f ON f.establishment_id = s.establishment_id
        JOIN registry_organisationfacts o ON o.organisation_id = s.organisation_id
        WHERE s.change = 'changed' AND f.present AND o.present AND s.{name} IS DISTINCT FROM f.{name}"""


def _places_opened(prefix: str) -> str:
    """Establishments of organisations that were there: those of a new organisation come with it."""
    return f"""SELECT s.organisation_id, s.siret, 'presence', '{ChangeKind.PLACE_OPENED.value}', '', 'present',
                      o.family, s.commune_id
        FROM {prefix}establishment s JOIN registry_organisationfacts o ON o.organisation_id = s.organisation_id
        LEFT JOIN registry_establishmentfacts f ON f.establishment_id = s.establishment_id
        WHERE o.present AND s.change <> 'same' AND (f.establishment_id IS NULL OR NOT f.present)"""


def _places_closed(prefix: str) -> str:
    return f"""SELECT e.organisation_id, e.siret, 'presence', '{ChangeKind.PLACE_CLOSED.value}', 'present', '',
                      s.family, f.commune_id
        FROM {prefix}leaving l JOIN registry_establishment e ON e.id = l.establishment_id
        JOIN registry_establishmentfacts f ON f.establishment_id = e.id
        JOIN {prefix}organisation s ON s.organisation_id = e.organisation_id
        JOIN registry_organisationfacts o ON o.organisation_id = e.organisation_id
        WHERE o.present AND e.siret IS NOT NULL"""
