"""Load the class of each commune in an official zoning: the grid of density, ZRR, FRR. Told apart by content."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from essor.formats.density_grid import Classes, read_density
from essor.formats.problems import InputProblem, Rejection
from essor.formats.zrr import read_zrr
from essor.kernel.periods import today
from essor.territories.actions.report import LoadReport, Progress, digest, leave_trace, silent
from essor.territories.actions.rows import insert_rows
from essor.territories.enums import Kind, LoadKind, Zoning
from essor.territories.models import CommuneClass, Territory
from essor.territories.queries import ambiguous_codes, code_map

COLUMNS = ("zoning", "commune", "value", "vintage", "source")


def load_zoning(
    path: Path,
    *,
    source: str = "",
    day: date | None = None,
    actor_id: int | None = None,
    on_progress: Progress = silent,
) -> LoadReport:
    """Load the classes of a file; those of communes that it does not name stay. Raises InputProblem.

    A former code leads to its current commune; where several meet with different classes, the commune gets none and
    the line is told: a class is not averaged.
    """
    report = LoadReport(LoadKind.ZONING, (source or path.name)[:200])
    zoning, classes = _read(path, report)
    report.vintage = (day.year if day else None) or classes.year or today().year
    on_progress(_("communes lues"), len(classes.values), len(classes.values))
    wanted = _placed(path, classes, report)
    if not wanted:
        raise InputProblem(
            path.name, "aucune commune n’a été reconnue.", "Vérifiez que c’est le bon fichier."
        )
    with transaction.atomic():
        changed = _write(zoning, wanted, report.vintage, report.source)
        report.changed = bool(changed)
        if changed:
            leave_trace(report, digest([path]), actor_id)
    report.counts |= {"communes": len(wanted), "written": changed, "rejected": len(report.rejected)}
    if zoning is Zoning.DENSITY:
        report.notes.append(_("Grille lue en %(levels)s niveaux.") % {"levels": classes.levels})
    return report


def _read(path: Path, report: LoadReport) -> tuple[Zoning, Classes]:
    try:
        return Zoning.DENSITY, read_density(path, report.rejected.append)
    except InputProblem:
        report.rejected.clear()
        kind, classes = read_zrr(path, report.rejected.append)
        return Zoning(kind), classes


def is_zoning(path: Path) -> bool:
    """True when the headings of a table are those of a zoning."""
    report = LoadReport(LoadKind.ZONING, path.name)
    try:
        return bool(_read(path, report)[1].values)
    except InputProblem:
        return False


def _placed(path: Path, classes: Classes, report: LoadReport) -> dict[int, str]:
    """The class of each current commune, by id."""
    current, split = code_map(), ambiguous_codes()
    ids = dict(Territory.objects.active().of_kind(Kind.COMMUNE).values_list("code", "pk"))
    found: dict[int, str] = {}
    doubtful: set[int] = set()
    for code, value in classes.values.items():
        to = current.get(code)
        if to is None or to not in ids:
            reason = (
                "ce code a été partagé entre plusieurs communes."
                if code in split
                else "ce code ne mène à aucune commune en vigueur."
            )
            _refuse(path, classes, report, code, reason)
            continue
        pk = ids[to]
        if pk in found and found[pk] != value and to != code:
            doubtful.add(pk)
            _refuse(
                path, classes, report, code, "des communes réunies depuis avaient des classes différentes."
            )
        elif pk not in found or to == code:
            doubtful.discard(pk)
            found[pk] = value
    return {pk: value for pk, value in found.items() if pk not in doubtful}


def _refuse(path: Path, classes: Classes, report: LoadReport, code: str, reason: str) -> None:
    remedy = "Prenez un fichier du millésime en vigueur."
    report.rejected.append(
        Rejection(path.name, reason, remedy, line=classes.lines.get(code), column="commune", value=code)
    )


def _write(zoning: Zoning, wanted: Mapping[int, str], vintage: int, source: str) -> int:
    """Give communes the classes wanted; gives how many rows changed."""
    known = {
        commune: (pk, (value, year, said))
        for pk, commune, value, year, said in CommuneClass.objects.filter(zoning=zoning).values_list(
            "pk", "commune_id", "value", "vintage", "source"
        )
    }
    rows = [
        (str(zoning), commune, value, vintage, source)
        for commune, value in wanted.items()
        if commune not in known or known[commune][1] != (value, vintage, source)
    ]
    replaced = {row[1] for row in rows}
    gone = [pk for commune, (pk, _row) in known.items() if commune in replaced]
    for start in range(0, len(gone), 500):
        CommuneClass.objects.filter(pk__in=gone[start : start + 500]).delete()
    insert_rows(CommuneClass, COLUMNS, rows)
    return len(rows)
