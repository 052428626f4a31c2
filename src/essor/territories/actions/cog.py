"""Load the code officiel géographique: the communes of a newer year, or the movements that former codes come from."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from essor.formats.cog import (
    SOURCE,
    CogCommune,
    kind_of,
    read_communes,
    read_movements,
    successors,
    vintage_of,
)
from essor.formats.problems import InputProblem
from essor.kernel.text import sort_key
from essor.territories.actions.codes import re_point_codes, sync_codes
from essor.territories.actions.reference import withdraw
from essor.territories.actions.report import LoadReport, Progress, digest, leave_trace, silent
from essor.territories.actions.rows import update_rows
from essor.territories.enums import CodeKind, Kind, LoadKind, PositionSource, Zone
from essor.territories.models import CommuneCode, Territory

# In no year did one commune in twenty disappear: beyond, the file is not whole.
MOST_WITHDRAWN = 0.05
KINDS = {"ARM": CodeKind.MUNICIPAL_DISTRICT, "COMD": CodeKind.DELEGATED, "COMA": CodeKind.ASSOCIATED}
FIELDS = ("name", "liaison", "departement", "region", "is_active", "sort_key")


def load_cog(path: Path, *, actor_id: int | None = None, on_progress: Progress = silent) -> LoadReport:
    """Load `v_commune_AAAA.csv` or `v_mvt_commune_AAAA.csv`, told apart by their columns. Raises InputProblem."""
    kind = kind_of(path)
    if not kind:
        raise InputProblem(
            path.name,
            "ce n’est pas un fichier de communes ni de mouvements du code officiel géographique.",
            f"Attendu : v_commune_AAAA.csv ou v_mvt_commune_AAAA.csv ({SOURCE}).",
        )
    if not Territory.objects.active().of_kind(Kind.COMMUNE).exists():
        raise InputProblem(
            path.name,
            "aucune commune n’est encore chargée.",
            "Chargez d’abord le découpage livré avec Essor.",
        )
    report = LoadReport(LoadKind.COG, path.name)
    with transaction.atomic():
        if kind == "communes":
            _load_communes(path, report, on_progress)
        else:
            _load_movements(path, report, on_progress)
        report.changed = any(
            report.counts.get(name) for name in ("created", "updated", "withdrawn", "renewed")
        )
        if report.changed:
            leave_trace(report, digest([path]), actor_id)
    return report


def _load_communes(path: Path, report: LoadReport, on_progress: Progress) -> None:
    report.vintage = vintage_of(path)
    rows = read_communes(path)
    on_progress(_("communes lues"), len(rows), len(rows))
    communes = [row for row in rows if row.type == "COM"]
    known = {t.code: t for t in Territory.objects.of_kind(Kind.COMMUNE).exclude(zone=Zone.COM)}
    active = {code for code, t in known.items() if t.is_active}
    gone = active - {row.code for row in communes}
    _check(path.name, report.vintage, len(active), gone, known)
    parents = _parents(path.name, communes)
    delegated: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.type == "COMD":
            delegated[row.parent].append(row.code)
    new = [
        _new(row, parents, known, delegated[row.code], report.vintage)
        for row in communes
        if row.code not in known
    ]
    Territory.objects.bulk_create(new, batch_size=2000)
    changed = [t for row in communes if (t := known.get(row.code)) and _apply(t, row, parents)]
    update_rows(changed, FIELDS)
    ids = {code: t.pk for code, t in known.items()} | {t.code: t.pk for t in new}
    wanted = {
        (row.code, KINDS[row.type].value, ids[row.parent]): row.name for row in rows if row.type != "COM"
    }
    report.counts |= {
        "communes": len(communes),
        "created": len(new),
        "updated": len(changed),
        "withdrawn": withdraw(ids[code] for code in gone),
        "codes": sync_codes(wanted, KINDS.values()),
    }
    re_point_codes()
    in_force = Territory.objects.active().of_kind(Kind.COMMUNE).exclude(zone=Zone.COM)
    report.counts["renewed"] = in_force.exclude(vintage=report.vintage).update(vintage=report.vintage)
    _note(report, gone, new)


def _check(label: str, vintage: int, active: int, gone: set[str], known: dict[str, Territory]) -> None:
    in_force = max((t.vintage for t in known.values() if t.is_active), default=0)
    if vintage < in_force:
        raise InputProblem(
            label,
            f"le millésime {vintage} est plus ancien que celui en vigueur ({in_force}).",
            f"Donnez le fichier de {in_force} ou d’une année plus récente ({SOURCE}).",
        )
    if len(gone) > MOST_WITHDRAWN * active:
        raise InputProblem(
            label,
            f"il manque {len(gone)} des {active} communes en vigueur : le fichier est incomplet.",
            f"Téléchargez-le de nouveau ({SOURCE}).",
            column="COM",
            value=min(gone),
        )


def _parents(label: str, communes: list[CogCommune]) -> dict[tuple[str, str], int]:
    """Ids of the régions and départements, all of which must be known."""
    found = {
        (kind, code): pk
        for pk, kind, code in Territory.objects.of_kind(Kind.REGION, Kind.DEPARTEMENT).values_list(
            "pk", "kind", "code"
        )
    }
    for row in communes:
        for column, key in (("DEP", (Kind.DEPARTEMENT, row.departement)), ("REG", (Kind.REGION, row.region))):
            if key not in found:
                raise InputProblem(
                    label, "ce département ou cette région n’existe pas.", "Reprenez le fichier d’origine.",
                    line=row.line, column=column, value=key[1],
                )  # fmt: skip
    return found


def _new(
    row: CogCommune,
    parents: dict[tuple[str, str], int],
    known: dict[str, Territory],
    delegated: list[str],
    vintage: int,
) -> Territory:
    """A commune of a new code: what its déléguées share passes to it, their populations add up."""
    before = [known[code] for code in delegated if code in known]
    shared = {
        name: next(iter(values)) if len(values := {getattr(t, name) for t in before}) == 1 else None
        for name in ("epci_id", "ept_id", "collectivite_id")
    }
    biggest = max(before, key=lambda t: t.population or 0, default=None)
    return Territory(
        kind=Kind.COMMUNE,
        code=row.code,
        name=row.name,
        liaison=row.liaison,
        zone=Zone.DROM if row.departement.startswith("97") else Zone.METRO,
        vintage=vintage,
        departement_id=parents[Kind.DEPARTEMENT, row.departement],
        region_id=parents[Kind.REGION, row.region],
        population=sum(t.population or 0 for t in before) or None,
        lon=biggest.lon if biggest else None,
        lat=biggest.lat if biggest else None,
        position_source=biggest.position_source if biggest else PositionSource.NONE,
        **shared,
    )


def _apply(territory: Territory, row: CogCommune, parents: dict[tuple[str, str], int]) -> bool:
    """Write the row on the commune; True when something was different."""
    values = {
        "name": row.name,
        "liaison": row.liaison,
        "departement_id": parents[Kind.DEPARTEMENT, row.departement],
        "region_id": parents[Kind.REGION, row.region],
        "is_active": True,
    }
    if all(getattr(territory, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(territory, name, value)
    territory.sort_key = sort_key(territory.name)
    return True


def _note(report: LoadReport, gone: Iterable[str], new: list[Territory]) -> None:
    led = set(CommuneCode.objects.values_list("code", flat=True))
    if orphans := sorted(set(gone) - led):
        report.notes.append(
            _(
                "Communes disparues dont la suite est inconnue : %(codes)s. Chargez aussi v_mvt_commune_AAAA.csv."
            )
            % {"codes": ", ".join(orphans[:20])}
        )
    if apart := [t.code for t in new if t.epci_id is None]:
        report.notes.append(
            _("Communes nouvelles sans intercommunalité connue : %(codes)s.")
            % {"codes": ", ".join(apart[:20])}
        )


def _load_movements(path: Path, report: LoadReport, on_progress: Progress) -> None:
    movements = read_movements(path)
    on_progress(_("mouvements lus"), len(movements), len(movements))
    ids = dict(Territory.objects.active().of_kind(Kind.COMMUNE).values_list("code", "pk"))
    names = {m.before: m.name for m in sorted(movements, key=lambda m: m.day)}
    found = successors(movements, ids)
    wanted = {
        (code, CodeKind.FORMER.value, ids[place]): names.get(code, "")
        for code, places in found.items()
        for place in places
    }
    known = {
        (c.code, c.kind, c.commune_id): c
        for c in CommuneCode.objects.filter(kind=CodeKind.FORMER)
        if c.code in found
    }
    wrong = [c.pk for key, c in known.items() if key not in wanted]
    for start in range(0, len(wrong), 500):
        CommuneCode.objects.filter(pk__in=wrong[start : start + 500]).delete()
    sync_codes(wanted, ())
    report.counts |= {
        "movements": len(movements),
        "codes": len(found),
        "ambiguous": sum(len(places) > 1 for places in found.values()),
        "created": len(wanted.keys() - known.keys()),
        "updated": sum(name != known[key].name for key, name in wanted.items() if key in known and name),
        "withdrawn": len(wrong),
    }
