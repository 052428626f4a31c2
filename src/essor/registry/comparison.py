"""What an edition changes, before and after it is in force: computed, kept, counted, listed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from essor.kernel.locks import Busy, exclusive
from essor.registry.loading.load import LoadRefused
from essor.registry.loading.snapshots import of_folder, of_register
from essor.registry.models import ComingChange, Edition, EditionChange, Identifier, Switch
from essor.registry.pipeline.edition import MANIFEST, read_manifest, verify
from essor.registry.rules_history import ORGANISATION, Change, ChangeKind, Snapshot, differences
from essor.territories.models import Territory

BATCH = 2000


@dataclass(frozen=True)
class Filter:
    """What the list of differences keeps; an empty choice keeps everything."""

    kind: str = ""
    family: str = ""
    epci: str = ""
    commune: str = ""

    def without(self, name: str) -> "Filter":
        """The same filter without one of its choices."""
        return replace(self, **{name: ""})


def compare_with_register(edition: Edition, folder: Path) -> dict[str, int]:
    """Keep what putting the edition in force would change, in place of the former comparison; counts by kind.

    Written by small transactions: nobody waits. Raises `LoadRefused` while another comparison of the edition runs.
    """
    try:
        with exclusive(f"registry-compare-{edition.pk}"):
            against = _in_force()
            if not against:  # a first edition changes nothing: it makes the register
                return _keep(edition, against, [])
            before, after = of_register(), of_folder(folder)
            return _keep(edition, against, list(_rows(edition, before, after)))
    except Busy as error:
        raise LoadRefused(_("La comparaison de cette édition est déjà en cours.")) from error


def _rows(edition: Edition, before: Snapshot, after: Snapshot) -> Iterator[ComingChange]:
    ids = dict(
        Identifier.objects.filter(scheme=Identifier.Scheme.SIREN).values_list("value", "organisation_id")
    )
    for change in differences(before, after):
        values = (after.units.get(change.siren) or before.units[change.siren]).values
        yield ComingChange(
            edition=edition,
            organisation_id=ids.get(change.siren),
            siren=change.siren,
            name=values["name"],
            subject=change.subject,
            field=change.field,
            kind=str(change.kind.value),
            before=change.before,
            after=change.after,
            family=values["family"],
            commune_id=_commune_of(change, before, after),
        )


def _commune_of(change: Change, before: Snapshot, after: Snapshot) -> int | None:
    """The commune of the organisation, or of the establishment, after the change; before it for who leaves."""
    for snapshot in (after, before):
        unit = snapshot.units.get(change.siren)
        if unit is None:
            continue
        values = unit.values if change.subject == ORGANISATION else unit.places.get(change.subject)
        if values is not None:
            return int(values["commune_id"]) if values["commune_id"] else None
    return None


def _keep(edition: Edition, against: str, rows: Sequence[ComingChange]) -> dict[str, int]:
    edition.coming_changes.all().delete()
    for start in range(0, len(rows), BATCH):
        ComingChange.objects.bulk_create(rows[start : start + BATCH])
    counts = Counter(row.kind for row in rows)
    with transaction.atomic():
        row = Edition.objects.select_for_update().get(pk=edition.pk)
        row.loading_report = {**row.loading_report, "coming": {"against": against, "counts": dict(counts)}}
        row.save(update_fields=["loading_report"])
    edition.loading_report = row.loading_report
    return dict(counts)


def _in_force() -> str:
    """What the register holds: the switch that made it; empty before the first one."""
    last = Switch.objects.values_list("pk", flat=True).first()
    return str(last) if last else ""


def is_compared(edition: Edition) -> bool:
    """True when the kept comparison is with the register as it stands."""
    kept = edition.loading_report.get("coming")
    return bool(kept) and kept["against"] == _in_force()


class View(StrEnum):
    """Which differences of an edition are shown: those it made, those it would make, none."""

    MADE = "made"
    COMING = "coming"
    NONE = "none"


def view_of(edition: Edition) -> View:
    """What can be shown: for an edition not in force, a fresh comparison comes before what it changed once."""
    if edition.state != Edition.State.IN_FORCE and is_compared(edition):
        return View.COMING
    return View.MADE if edition.switches.exists() else View.NONE


def changes_of(edition: Edition, view: View) -> "QuerySet[Any]":
    """The differences that the edition made the last time it came into force, or those that it would make."""
    if view is View.MADE:
        rows: QuerySet[Any] = EditionChange.objects.filter(switch=edition.switches.first())
    else:
        rows = edition.coming_changes.all() if view is View.COMING else ComingChange.objects.none()
    return rows.select_related("organisation", "commune")


def filtered(rows: "QuerySet[Any]", chosen: Filter) -> "QuerySet[Any]":
    """The differences that the filter keeps, in the order they were found."""
    conditions = {
        "kind": chosen.kind,
        "family": chosen.family,
        "commune__epci__code": chosen.epci,
        "commune__code": chosen.commune,
    }
    return rows.filter(**{name: value for name, value in conditions.items() if value}).order_by("pk")


def count_by(rows: "QuerySet[Any]", name: str) -> dict[Any, int]:
    """How many differences for each value of a column, most frequent first."""
    counted = rows.order_by().values_list(name).annotate(number=Count("pk")).order_by("-number", name)
    return dict(counted)


def count_by_kind(rows: "QuerySet[Any]") -> dict[str, int]:
    """How many differences of each kind, in the order of the trade; kinds without any are absent."""
    counts = count_by(rows, "kind")
    return {code: counts[code] for code, _label in ChangeKind.choices() if code in counts}


# Between two editions on disk: the command line.


def find_folder(reference: str) -> Path:
    """The folder of an edition named by its path, its code or the beginning of it; its files are checked.

    Raises `LoadRefused` for a name that no edition, or several, bear; `InputProblem` for missing or altered files.
    """
    path = Path(reference)
    if not (path / MANIFEST).is_file():
        home = Path(settings.EDITIONS_DIR)
        found = sorted(
            each
            for each in (home.glob(f"{_escaped(reference)}*") if reference else [])
            if (each / MANIFEST).is_file()
        )
        if len(found) != 1:
            reason = (
                _("Plusieurs éditions commencent ainsi") if found else _("Aucune édition ne porte ce code")
            )
            raise LoadRefused(
                f"{reason} : « {reference} ». La commande « essor registry editions » les liste."
            )
        path = found[0]
    verify(path)
    return path


def _escaped(text: str) -> str:
    """The text as a name to look for: a folder's separator or a joker names nothing."""
    return "".join(sign if sign.isalnum() or sign == "-" else "[]]" for sign in text)


def between(before: Path | None, after: Path) -> dict[str, Any]:
    """What differs from one edition on disk (None: from the register in force) to another, as JSON-able data."""
    found = list(differences(of_folder(before) if before else of_register(), of_folder(after)))
    codes = dict(Territory.objects.filter(kind="commune").values_list("pk", "code"))
    counts = Counter(str(change.kind.value) for change in found)
    return {
        "from": read_manifest(before).id if before else "",
        "to": read_manifest(after).id,
        "counts": {code: counts[code] for code, _label in ChangeKind.choices() if counts[code]},
        "changes": [_as_json(change, codes) for change in found],
    }


def _as_json(change: Change, codes: Mapping[int, str]) -> dict[str, str]:
    before, after = (
        codes.get(int(value), "") if change.field == "commune_id" and value else value
        for value in (change.before, change.after)
    )
    return {
        "siren": change.siren,
        "subject": change.subject,
        "kind": str(change.kind.value),
        "field": change.field.removesuffix("_id"),
        "before": before,
        "after": after,
    }


def said_counts(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """The counts with the words of each kind."""
    labels = dict(ChangeKind.choices())
    return [(labels[code], number) for code, number in counts.items()]
