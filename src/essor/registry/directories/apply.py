"""From confirmed rows to the register: entries of the directories, and the tags that follow from them.

Tags are derived: whatever is done to the entries, `refresh_tags` brings back what they say, and nothing else.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from essor.registry.models import Directory, DirectoryEntry, DirectoryRow, OrganisationTag

BATCH = 500
SHOWN_VALUES = ("website", "phone", "address", "kind", "name")


def values_of(row: DirectoryRow) -> dict[str, str]:
    """What the page of the organisation shows of a row."""
    return {name: row.values[name] for name in SHOWN_VALUES if row.values.get(name)}


def write_entries(rows: Sequence[DirectoryRow], day: date) -> set[int]:
    """Entries of confirmed rows, made, moved or brought up to date; gives the organisations that changed.

    Rows that changed nothing cost no write.
    """
    existing = _entries_of(rows)
    made, updated = [], []
    touched: set[int] = set()
    for row in rows:
        entry = existing.get(row.pk)
        values, organisation = values_of(row), row.organisation_id
        if organisation is None:  # never for a confirmed row: the database holds it
            continue
        if entry is None:
            made.append(
                DirectoryEntry(
                    row=row, directory_id=row.directory_id, organisation_id=organisation, values=values,
                    tags=row.tags, day=day, since=day,
                )
            )  # fmt: skip
            touched.add(organisation)
            continue
        wanted = (organisation, values, row.tags, None)
        if (entry.organisation_id, entry.values, entry.tags, entry.until) != wanted:
            touched |= {entry.organisation_id, organisation}
            entry.organisation_id = organisation
            entry.values, entry.tags, entry.until = values, row.tags, None
        elif entry.day == day:
            continue
        entry.day = day
        updated.append(entry)
    DirectoryEntry.objects.bulk_create(made, batch_size=BATCH)
    columns = ["organisation", "values", "tags", "day", "until"]
    DirectoryEntry.objects.bulk_update(updated, columns, batch_size=BATCH)
    return touched


def _entries_of(rows: Sequence[DirectoryRow]) -> dict[int, DirectoryEntry]:
    found = {}
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), BATCH):
        for entry in DirectoryEntry.objects.filter(row__in=ids[start : start + BATCH]):
            found[entry.row_id] = entry
    return found


def refresh_tags(directory: Directory, organisation_ids: Iterable[int]) -> None:
    """The tags that the directory's entries give these organisations: running while one entry bears them,
    ended the day the last one left, absent when none ever did.
    """
    ids = sorted(set(organisation_ids))
    for start in range(0, len(ids), BATCH):
        _refresh(directory, ids[start : start + BATCH])


def _refresh(directory: Directory, ids: Sequence[int]) -> None:
    wanted: dict[tuple[int, str], tuple[date, date | None]] = {}
    for entry in DirectoryEntry.objects.filter(directory=directory, organisation__in=ids):
        for code in entry.tags:
            key = (entry.organisation_id, code)
            known = wanted.get(key)
            wanted[key] = (
                (min(known[0], entry.since), _latest(known[1], entry.until))
                if known
                else (entry.since, entry.until)
            )
    made, updated, gone = [], [], []
    for tag in OrganisationTag.objects.filter(source=directory.code, organisation__in=ids):
        period = wanted.pop((tag.organisation_id, tag.code), None)
        if period is None:
            gone.append(tag.pk)
        elif (tag.since, tag.until) != period:
            tag.since, tag.until = period
            updated.append(tag)
    for (organisation, code), (since, until) in wanted.items():
        made.append(
            OrganisationTag(
                organisation_id=organisation, code=code, source=directory.code, since=since, until=until
            )
        )
    OrganisationTag.objects.filter(pk__in=gone).delete()
    OrganisationTag.objects.bulk_update(updated, ["since", "until"], batch_size=BATCH)
    OrganisationTag.objects.bulk_create(made, batch_size=BATCH)


def _latest(one: date | None, other: date | None) -> date | None:
    """The later end; none ends when one of the two still runs."""
    return None if one is None or other is None else max(one, other)
