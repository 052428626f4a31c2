"""The national networks that come with Essor: read from `data/support.yaml`, brought by each upgrade.

A supporter that a person corrected or closed is left as it is; one that the package no longer has is closed.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.periods import today
from essor.kernel.upgrade import upgrade_step
from essor.kit.actions_support import Described, write
from essor.kit.enums_support import Axis
from essor.kit.models.support import Supporter
from essor.territories.models import Territory

TEXTS = ("name", "offer", "conditions", "documents", "website", "contact")
AXES = {
    Axis.ROLE: "roles", Axis.STAGE: "stages", Axis.PROFILE: "profiles", Axis.THEME: "themes", Axis.GOAL: "goals",
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What loading did, in numbers of supporters."""

    written: int
    kept: int
    closed: int


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """The supporters of the package, by code, each with its source in words."""
    read = yaml.safe_load(files("essor.kit").joinpath("data/support.yaml").read_text(encoding="utf-8"))
    found = {}
    for row in read["supporters"]:
        source = read["sources"][row["source"]]
        found[row["code"]] = row | {"source": source["title"], "source_day": source.get("day")}
    return found


def described(row: dict[str, Any]) -> Described:
    """A supporter of the package as the actions take it."""
    territory = Territory.objects.by_ref(row["territory"]) if row.get("territory") else None
    values: dict[str, Any] = {name: row.get(name, "") for name in TEXTS}
    values |= {
        "territory": territory,
        "employers_only": row.get("employers_only", False),
        "source": row["source"],
        "source_day": row["source_day"],
    }
    return Described(values, {axis: [str(code) for code in row.get(name, [])] for axis, name in AXES.items()})


def load_shipped() -> Report:
    """Bring the package's supporters, in one transaction; doing it twice changes nothing."""
    written = kept = closed = 0
    with transaction.atomic():
        known = {each.code: each for each in Supporter.objects.exclude(code="").prefetch_related("marks")}
        for code, row in shipped().items():
            supporter = known.pop(code, None) or Supporter(code=code)
            if supporter.is_corrected or (supporter.pk and _same(supporter, described(row))):
                kept += 1
                continue
            supporter.closed_on = None
            write(supporter, described(row))
            written += 1
        for gone in known.values():
            if gone.closed_on is None and not gone.is_corrected:
                Supporter.objects.filter(pk=gone.pk).update(closed_on=today())
                closed += 1
    return Report(written, kept, closed)


def _same(supporter: Supporter, said: Described) -> bool:
    return (
        supporter.closed_on is None
        and all(getattr(supporter, name) == value for name, value in said.values.items())
        and all(sorted(supporter.marks_of(axis)) == sorted(codes) for axis, codes in said.marks.items())
    )


@upgrade_step(
    "kit.support",
    gettext_lazy("Réseaux nationaux de l’accompagnement"),
    fills=("kit.Supporter", "kit.SupportMark"),
)
def bring_shipped() -> str:
    """Bring the national networks of this version."""
    report = load_shipped()
    return _("%(written)s écrits, %(kept)s inchangés ou corrigés ici, %(closed)s fermés") % {
        "written": report.written,
        "kept": report.kept,
        "closed": report.closed,
    }
