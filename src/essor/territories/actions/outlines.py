"""Load official outlines from GeoJSON: one outline a territory, replaced when it differs."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from essor.formats.problems import InputProblem, Rejection
from essor.kernel.text import fold
from essor.territories.actions.report import LoadReport, Progress, digest, leave_trace, silent
from essor.territories.actions.rows import update_rows
from essor.territories.enums import CodeKind, Kind, LoadKind, PositionSource
from essor.territories.models import CommuneCode, Outline, Territory

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from essor.formats.outlines import OutlineFeature

AREAS = (Kind.DEPARTEMENT, Kind.REGION)


def load_outlines(
    path: Path,
    *,
    source: str = "",
    day: date | None = None,
    actor_id: int | None = None,
    on_progress: Progress = silent,
) -> LoadReport:
    """Load the outlines of communes, EPCI, EPT, départements or régions; others already loaded stay.

    Features of an arrondissement or of a former commune are joined to the current commune's. Raises InputProblem when
    no feature can be used; otherwise those that cannot are listed in the report.
    """
    import shapely

    from essor.formats.outlines import read_outlines

    report = LoadReport(LoadKind.OUTLINES, source or path.name)
    features = []
    for feature in read_outlines(path, report.rejected):
        features.append(feature)
        if feature.number % 500 == 0:
            on_progress(_("contours lus"), feature.number, None)
    read = len(features) + len(report.rejected)
    pieces = _by_territory(path.name, features, report.rejected)
    if not pieces:
        raise _nothing(path.name, report.rejected)
    shapes = {
        pk: shapely.union_all([f.geometry for f in found]) if len(found) > 1 else found[0].geometry
        for pk, found in pieces.items()
    }
    with transaction.atomic():
        written = _write(shapes, report, day)
        report.changed = bool(written)
        if written:
            report.counts["placed"] = _place(written)
            leave_trace(report, digest([path]), actor_id)
    report.counts |= {
        "features": read,
        "outlines": len(shapes),
        "written": len(written),
        "repaired": sum(feature.repaired for feature in features),
        "rejected": len(report.rejected),
    }
    return report


def _nothing(label: str, rejected: list[Rejection]) -> InputProblem:
    if rejected:
        return rejected[0].as_problem()
    return InputProblem(label, "le fichier ne contient aucun contour.", "Vérifiez que c’est le bon fichier.")


def _by_territory(
    label: str, features: "list[OutlineFeature]", rejected: list[Rejection]
) -> "dict[int, list[OutlineFeature]]":
    """The features of each territory, by its id."""
    areas = _area_kind(label, [feature for feature in features if feature.kind == "area"])
    active = Territory.objects.active()
    ids = {
        (kind, code): pk
        for pk, kind, code in active.exclude(kind=Kind.FRANCE).values_list("pk", "kind", "code")
    }
    districts: dict[str, int] = {}
    formers: dict[str, set[int]] = defaultdict(set)
    for code, kind, pk in CommuneCode.objects.values_list("code", "kind", "commune_id"):
        formers[code].add(pk)
        if kind == CodeKind.MUNICIPAL_DISTRICT:
            districts[code] = pk
    found: dict[int, list[OutlineFeature]] = defaultdict(list)
    late: list[OutlineFeature] = []
    for feature in features:
        own = _direct(feature, areas, ids) or districts.get(feature.code)
        if own:
            found[own].append(feature)
        else:
            late.append(feature)
    for feature in late:
        # A former commune is only a part of the current one: alone it would pass for the whole.
        heirs = formers.get(feature.code, set()) if feature.kind == "commune" else set()
        if len(heirs) == 1 and (pk := next(iter(heirs))) in found:
            found[pk].append(feature)
        else:
            rejected.append(_unknown(label, feature, len(heirs)))
    return found


def _direct(feature: "OutlineFeature", areas: str, ids: dict[tuple[str, str], int]) -> int | None:
    kinds = {
        "commune": (Kind.COMMUNE,),
        "epci": (Kind.EPCI, Kind.EPT),
        "departement": (Kind.DEPARTEMENT, Kind.COLLECTIVITE),
        "region": (Kind.REGION, Kind.COLLECTIVITE),
        "area": (areas, Kind.COLLECTIVITE),
    }[feature.kind]
    return next((ids[kind, feature.code] for kind in kinds if (kind, feature.code) in ids), None)


def _unknown(label: str, feature: "OutlineFeature", heirs: int) -> Rejection:
    reason = _("aucun territoire en vigueur n’a ce code.")
    remedy = _(
        "Chargez les contours du millésime en vigueur, ou le code officiel géographique de leur année."
    )
    if heirs == 1:
        reason = _("c’est une ancienne commune, et la commune actuelle manque dans le fichier.")
    elif heirs > 1:
        reason = _("c’est une ancienne commune dont le territoire a été partagé entre plusieurs.")
    where = _("entité n° %(number)s : ") % {"number": feature.number}
    return Rejection(label, where + reason, remedy, column="code", value=feature.code)


def _area_kind(label: str, features: "list[OutlineFeature]") -> str:
    """Whether codes of two characters are départements or régions (76 is both): the names say it."""
    if not features:
        return Kind.DEPARTEMENT
    score = {}
    for kind in AREAS:
        names = dict(Territory.objects.active().of_kind(kind).values_list("code", "name"))
        score[kind] = sum(fold(names.get(f.code, "")) == fold(f.name) for f in features if f.name)
    if score[Kind.DEPARTEMENT] != score[Kind.REGION]:
        return max(AREAS, key=lambda kind: score[kind])
    regions = set(Territory.objects.active().of_kind(Kind.REGION).values_list("code", flat=True))
    if any(f.code not in regions and len(f.code) == 2 for f in features):
        return Kind.DEPARTEMENT
    raise InputProblem(
        label,
        "rien ne dit si ce sont des départements ou des régions : leurs codes se ressemblent.",
        "Ajoutez la propriété « nom » (ou nommez le code « insee_dep » ou « insee_reg »).",
        column="code",
        value=features[0].code,
    )


def _write(
    shapes: "dict[int, BaseGeometry]", report: LoadReport, day: date | None
) -> "dict[int, BaseGeometry]":
    """Create or replace the outlines that differ; gives their geometries."""
    import shapely

    pks = list(shapes)
    known = {
        outline.territory_id: outline
        for start in range(0, len(pks), 500)
        for outline in Outline.objects.filter(territory_id__in=pks[start : start + 500])
    }
    created: list[Outline] = []
    changed: list[Outline] = []
    written = {}
    for pk, shape in shapes.items():
        wkb = shapely.to_wkb(shape)
        outline = known.get(pk) or Outline(territory_id=pk)
        if (
            outline.pk
            and bytes(outline.geometry) == wkb
            and (outline.source, outline.day) == (report.source[:200], day)
        ):
            continue
        outline.geometry, outline.source, outline.day = wkb, report.source[:200], day
        outline.west, outline.south, outline.east, outline.north = shape.bounds
        (changed if outline.pk else created).append(outline)
        written[pk] = shape
    Outline.objects.bulk_create(created, batch_size=500)
    update_rows(changed, ["geometry", "source", "day", "west", "south", "east", "north"])
    return written


def _place(shapes: "dict[int, BaseGeometry]") -> int:
    """Give a point inside its outline to each commune without a position; gives how many."""
    pks = list(shapes)
    found = [
        territory
        for start in range(0, len(pks), 500)
        for territory in Territory.objects.filter(pk__in=pks[start : start + 500], kind=Kind.COMMUNE).exclude(
            position_source=PositionSource.GEONAMES
        )
    ]
    for territory in found:
        point = shapes[territory.pk].representative_point()
        territory.lon, territory.lat = round(point.x, 5), round(point.y, 5)
        territory.position_source = PositionSource.OUTLINE
    update_rows(found, ["lon", "lat", "position_source"])
    return len(found)
