"""Load the priority neighbourhoods (QPV) from GeoJSON; a generation already loaded is completed or corrected."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from essor.formats.problems import InputProblem
from essor.kernel.text import sort_key
from essor.territories.actions.report import LoadReport, Progress, digest, leave_trace, silent
from essor.territories.actions.rows import update_rows
from essor.territories.enums import LoadKind
from essor.territories.models import Qpv
from essor.territories.queries import code_map

if TYPE_CHECKING:
    from essor.formats.qpv import Quartier

FIELDS = ["generation", "name", "sort_key", "geometry", "source", "day", "west", "south", "east", "north"]


def load_qpv(
    path: Path,
    *,
    source: str = "",
    day: date | None = None,
    actor_id: int | None = None,
    on_progress: Progress = silent,
) -> LoadReport:
    """Load the neighbourhoods of a file; those already loaded and absent from it stay. Raises InputProblem."""
    from essor.formats.qpv import read_qpv

    report = LoadReport(LoadKind.QPV, source or path.name)
    quartiers = read_qpv(path, report.rejected.append)
    on_progress(_("quartiers lus"), len(quartiers), len(quartiers))
    if not quartiers:
        raise (
            report.rejected[0].as_problem()
            if report.rejected
            else InputProblem(
                path.name, "le fichier ne contient aucun quartier.", "Vérifiez que c’est le bon fichier."
            )
        )
    communes = _communes(path)
    with transaction.atomic():
        report.counts["written"] = _write(quartiers, report.source[:200], day)
        report.counts["attached"] = _attach(communes)
        report.changed = bool(report.counts["written"] or report.counts["attached"])
        if report.changed:
            leave_trace(report, digest([path]), actor_id)
    report.counts["rejected"] = len(report.rejected)
    for year in sorted({quartier.generation for quartier in quartiers}):
        report.counts[f"qpv_{year}"] = sum(quartier.generation == year for quartier in quartiers)
    return report


def _communes(path: Path) -> dict[str, set[str]]:
    """Current communes of each neighbourhood, by its code, as the file says."""
    from essor.formats.outlines import commune_codes

    current = code_map()
    return {
        str(properties.get("code_qp", "")).strip().upper(): {
            current[code] for code in codes if code in current
        }
        for properties, codes in commune_codes(path)
    }


def _write(quartiers: "list[Quartier]", source: str, day: date | None) -> int:
    import shapely

    known = {qpv.code: qpv for qpv in Qpv.objects.all()}
    created: list[Qpv] = []
    changed: list[Qpv] = []
    for quartier in quartiers:
        wkb = shapely.to_wkb(quartier.outline)
        qpv = known.get(quartier.code) or Qpv(code=quartier.code)
        values = {"generation": quartier.generation, "name": quartier.name, "source": source, "day": day}
        if (
            qpv.pk
            and bytes(qpv.geometry) == wkb
            and all(getattr(qpv, name) == v for name, v in values.items())
        ):
            continue
        for name, value in values.items():
            setattr(qpv, name, value)
        qpv.geometry, qpv.sort_key = wkb, sort_key(quartier.name)
        qpv.west, qpv.south, qpv.east, qpv.north = quartier.outline.bounds
        (changed if qpv.pk else created).append(qpv)
    Qpv.objects.bulk_create(created, batch_size=500)
    update_rows(changed, FIELDS)
    return len(created) + len(changed)


def _attach(communes: dict[str, set[str]]) -> int:
    """Make the communes of each neighbourhood those given; gives how many links changed."""
    from essor.territories.models import Territory

    ids = dict(Qpv.objects.values_list("code", "pk"))
    communes_ids = dict(Territory.objects.active().of_kind("commune").values_list("code", "pk"))
    link = Qpv.communes.through
    wanted = {(ids[code], communes_ids[c]) for code, found in communes.items() if code in ids for c in found}
    loaded = {ids[code] for code in communes if code in ids}
    known = {
        (qpv, commune): pk
        for pk, qpv, commune in link.objects.values_list("pk", "qpv_id", "territory_id")
        if qpv in loaded
    }
    link.objects.bulk_create(
        [link(qpv_id=qpv, territory_id=commune) for qpv, commune in sorted(wanted - known.keys())],
        batch_size=2000,
    )
    gone = [pk for key, pk in known.items() if key not in wanted]
    for start in range(0, len(gone), 500):
        link.objects.filter(pk__in=gone[start : start + 500]).delete()
    return len(wanted - known.keys()) + len(gone)
