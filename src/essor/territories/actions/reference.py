"""Load the division shipped with Essor: only what changed is written, what disappeared becomes inactive."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from essor.kernel.text import sort_key
from essor.territories.actions.codes import re_point_codes, sync_codes, sync_postal_codes
from essor.territories.actions.report import LoadReport, Progress, digest, leave_trace, silent
from essor.territories.actions.rows import insert_rows, update_rows
from essor.territories.enums import CodeKind, Kind, LoadKind, PositionSource
from essor.territories.models import Load, Territory

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = ("reference", "territories", "commune_codes", "postal_codes")
# Parents first: a level points only to levels before it.
LEVELS = (Kind.FRANCE, Kind.REGION, Kind.DEPARTEMENT, Kind.COLLECTIVITE, Kind.EPCI, Kind.EPT, Kind.COMMUNE)
PARENTS = ("region", "departement", "collectivite", "epci", "ept")
PLAIN = ("name", "liaison", "siren", "population", "zone", "epci_type", "lon", "lat", "position_source")
FIELDS = (*PLAIN, *(f"{parent}_id" for parent in PARENTS), "is_active")
COLUMNS = ("kind", "code", "vintage", "sort_key", *PLAIN, *PARENTS, "is_active")

Row = dict[str, Any]
Ids = dict[tuple[str, str], int]


class NoReferenceError(Exception):
    """The Parquet files of the reference are not there; `str()` says in French what to do."""


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[str], list[Row]]]:
    """A function that gives the rows of a file that `scripts/geography.py` makes, by its name."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:

        def rows_of(name: str) -> list[Row]:
            path = folder / f"{name}.parquet"
            if not path.is_file():
                raise NoReferenceError(
                    _("Le découpage de référence manque (%(file)s) : lancez « make assets ».")
                    % {"file": path.name}
                )
            found = connection.execute("FROM read_parquet(?)", [str(path)])
            columns = [column[0] for column in found.description]
            return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]

        yield rows_of


def load_reference(
    *, folder: Path = DATA, actor_id: int | None = None, on_progress: Progress = silent, force: bool = False
) -> LoadReport:
    """Load or update the division from `folder`; nothing is written when it is already in force.

    A vintage older than the one in force is not loaded (the report says so). Raises NoReferenceError.
    """
    with opened(folder) as rows_of:
        reference = rows_of("reference")[0]
        vintage, source = int(reference["vintage"]), str(reference["source"])
        sha256 = digest(folder / f"{name}.parquet" for name in FILES)
        report = LoadReport(LoadKind.REFERENCE, source, vintage)
        if (
            not force
            and Load.objects.filter(kind=LoadKind.REFERENCE, sha256=sha256, vintage=vintage).exists()
        ):
            report.changed = False
            return report
        newest = Territory.objects.active().order_by("-vintage").values_list("vintage", flat=True).first()
        if newest and newest > vintage:
            report.changed = False
            report.notes.append(
                _("Le millésime %(new)s n’a pas été chargé : celui de %(old)s est en vigueur.")
                % {"new": vintage, "old": newest}
            )
            return report
        rows, codes, postal = (rows_of(name) for name in ("territories", "commune_codes", "postal_codes"))
    with transaction.atomic():
        ids = sync_territories(rows, vintage, report, on_progress)
        _sync_codes(codes, postal, ids, report)
        leave_trace(report, sha256, actor_id)
    return report


def _sync_codes(codes: list[Row], postal: list[Row], ids: Ids, report: LoadReport) -> None:
    wanted = {(r["code"], r["kind"], ids[Kind.COMMUNE, r["commune"]]): r["name"] or "" for r in codes}
    # Former codes brought by the movements of the COG stay: the reference knows fewer of them.
    replaced = [kind for kind in CodeKind if kind != CodeKind.FORMER]
    report.counts["codes"] = sync_codes(wanted, replaced)
    re_point_codes()
    places = {(r["code"], ids[Kind.COMMUNE, r["commune"]]) for r in postal}
    report.counts["postal_codes"] = sync_postal_codes(places)


def sync_territories(rows: list[Row], vintage: int, report: LoadReport, on_progress: Progress) -> Ids:
    """Make the tables say what `rows` say; gives the id of each (kind, code)."""
    known = {(t.kind, t.code): t for t in Territory.objects.all()}
    ids: Ids = {key: t.pk for key, t in known.items()}
    created = updated = done = 0
    for level in LEVELS:
        of_level = [row for row in rows if row["kind"] == level]
        new, changed = [], []
        for row in of_level:
            values = _values(row, ids)
            territory = known.get((level, row["code"]))
            if territory is None:
                new.append((level.value, row["code"], vintage, sort_key(row["name"]), *values.values()))
            elif _differs(territory, values):
                changed.append(territory)
        insert_rows(Territory, COLUMNS, new)
        ids |= {(level, code): pk for pk, code in Territory.objects.of_kind(level).values_list("pk", "code")}
        update_rows(changed, [*PLAIN, *PARENTS, "is_active", "sort_key"])
        created, updated, done = created + len(new), updated + len(changed), done + len(of_level)
        on_progress(_("territoires"), done, len(rows))
    gone = ids.keys() - {(row["kind"], row["code"]) for row in rows}
    report.counts["created"], report.counts["updated"] = created, updated
    report.counts["withdrawn"] = withdraw(ids[key] for key in gone)
    Territory.objects.active().exclude(vintage=vintage).update(vintage=vintage)
    return ids


def withdraw(pks: Iterable[int]) -> int:
    """Make territories inactive; gives how many were active. Their vintage stays the last one that had them."""
    found = list(pks)
    return sum(
        Territory.objects.active().filter(pk__in=found[start : start + 500]).update(is_active=False)
        for start in range(0, len(found), 500)
    )


def _values(row: Row, ids: Ids) -> Row:
    """Values of the row, in the order of FIELDS."""
    kind = row["kind"]
    placed = row["lon"] is not None
    source = PositionSource.GEONAMES if kind == Kind.COMMUNE else PositionSource.MEAN
    return {
        "name": row["name"],
        "liaison": row["liaison"],
        "siren": row["siren"] or "",
        "population": row["population"],
        "zone": row["zone"],
        "epci_type": row["epci_type"] or "",
        "lon": row["lon"],
        "lat": row["lat"],
        "position_source": (source if placed else PositionSource.NONE).value,
        **{f"{parent}_id": ids[parent, row[parent]] if row[parent] else None for parent in PARENTS},
        "is_active": True,
    }


def _differs(territory: Territory, values: Row) -> bool:
    """Write the values on the territory; True when one was different. A point of an outline beats no point at all."""
    if values["lon"] is None and territory.position_source == PositionSource.OUTLINE:
        values = {
            **values,
            "lon": territory.lon,
            "lat": territory.lat,
            "position_source": PositionSource.OUTLINE,
        }
    if all(getattr(territory, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(territory, name, value)
    territory.sort_key = sort_key(territory.name)
    return True
