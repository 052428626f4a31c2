"""The anonymous medians of other authorities: of this installation, and of those whose file was imported.

Never a name; never a median of fewer than `FEWEST` authorities; only those that agreed to share (`SharingConsent`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from essor.kit.diagnosis.enums import State
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import AgreedValue, Campaign, OtherMedians, SharingConsent
from essor.kit.diagnosis.rules import median
from essor.kit.front_matter import ContentError

FEWEST = 5
KIND = "essor-diagnosis-medians"
FORMAT = 1
LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Compared:
    """The medians to compare with: their origin in words, and by lever the median and the number of authorities."""

    origin: str
    medians: Mapping[str, tuple[Decimal, int]]
    is_demo: bool = False


def latest_values(without: int | None = None) -> dict[str, list[int]]:
    """By lever, the stage of the last agreed campaign of each authority that shares, in no order that tells whose."""
    shared = SharingConsent.objects.exclude(authority_id=without).values("authority_id")
    latest: dict[int, int] = {}
    rows = Campaign.objects.filter(state=State.AGREED, authority__in=shared)
    for authority, pk in rows.order_by("agreed_on", "pk").values_list("authority_id", "pk"):
        latest[authority] = pk
    found: dict[str, list[int]] = {}
    values = AgreedValue.objects.filter(campaign__in=latest.values())
    for lever, stage in values.order_by("lever", "stage").values_list("lever", "stage"):
        found.setdefault(lever, []).append(stage)
    return found


def medians_of(values: Mapping[str, list[int]]) -> dict[str, tuple[Decimal, int]]:
    """The medians that may be told: those of enough authorities."""
    return {lever: (median(stages), len(stages)) for lever, stages in values.items() if len(stages) >= FEWEST}


def compared(authority_id: int) -> Compared | None:
    """What an authority may compare itself with: the others of the installation, else the latest imported file."""
    own = medians_of(latest_values(without=authority_id))
    if own:
        return Compared(_("autres collectivités de cette installation"), own)
    row = OtherMedians.objects.order_by("-made_on", "pk").first()
    if row is None:
        return None
    medians = {
        lever: (Decimal(told["median"]), int(told["authorities"])) for lever, told in row.medians.items()
    }
    return Compared(row.source, medians, row.is_demo)


def export(source: str, day: date) -> dict[str, Any]:
    """The file that other installations may import: medians of enough authorities, nothing else."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "grid": grid().version,
        "source": source,
        "made_on": day.isoformat(),
        "medians": {
            lever: {"median": str(value), "authorities": count}
            for lever, (value, count) in sorted(medians_of(latest_values()).items())
        },
    }


def read(text: str, file: str) -> OtherMedians:
    """The medians of a file, not saved. ContentError, in French, at the first fault."""
    try:
        data = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise ContentError(
            _("%(file)s, ligne %(line)s : ce JSON ne se lit pas. Exportez le fichier de nouveau.")
            % {"file": file, "line": line}
        ) from error
    if not isinstance(data, dict) or data.get("kind") != KIND or data.get("format") != FORMAT:
        raise ContentError(
            _("%(file)s : ce n’est pas un export de médianes d’autodiagnostic au format %(format)s.")
            % {"file": file, "format": FORMAT}
        )
    source, medians = data.get("source"), data.get("medians")
    if not isinstance(source, str) or not 1 <= len(source.strip()) <= 120:
        raise ContentError(
            _("%(file)s, champ « source » : écrivez le nom de l’installation, 120 signes au plus.")
            % {"file": file}
        )
    try:
        made_on = date.fromisoformat(str(data.get("made_on")))
    except ValueError as error:
        raise ContentError(
            _("%(file)s, champ « made_on » : « %(value)s » n’est pas une date AAAA-MM-JJ.")
            % {"file": file, "value": str(data.get("made_on"))[:40]}
        ) from error
    if not isinstance(medians, dict):
        raise ContentError(
            _("%(file)s, champ « medians » : on attend une médiane par levier.") % {"file": file}
        )
    kept = {lever: _median(lever, told, file) for lever, told in medians.items() if lever in grid().levers}
    return OtherMedians(
        source=source.strip(), made_on=made_on, medians=kept, is_demo=data.get("demo") is True
    )


def _median(lever: str, told: Any, file: str) -> dict[str, Any]:
    """One median, checked: a half stage from 1 to 5, of enough authorities."""
    count = told.get("authorities") if isinstance(told, dict) else None
    try:
        value = Decimal(str(told["median"]))
        fits = value.is_finite() and 1 <= value <= 5 and value * 2 == int(value * 2)
    except (InvalidOperation, KeyError, TypeError):
        fits = False
    if not fits or isinstance(count, bool) or not isinstance(count, int) or count < FEWEST:
        raise ContentError(
            _(
                "%(file)s, levier « %(lever)s » : on attend une médiane de 1 à 5, par demi-stade, d’au moins "
                "%(fewest)s collectivités."
            )
            % {"file": file, "lever": lever, "fewest": FEWEST}
        )
    return {"median": str(told["median"]), "authorities": count}


def load(text: str, file: str) -> OtherMedians:
    """Import a file; that of the same installation replaces the one before. ContentError, in French."""
    found = read(text, file)
    with transaction.atomic():
        row, _made = OtherMedians.objects.update_or_create(
            source=found.source,
            defaults={"made_on": found.made_on, "medians": found.medians, "is_demo": found.is_demo},
        )
    return row
