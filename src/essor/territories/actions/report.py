"""What a load did, and its trace."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from essor.formats.problems import Rejection
from essor.kernel import audit
from essor.territories.enums import LoadKind
from essor.territories.models import Load

audit.register("territories.loaded", _("{actor} a chargé {what} : {source}"))

# Counts as people read them; JSON keeps the names.
COUNTS = {
    "communes": _("communes lues"),
    "features": _("entités lues"),
    "movements": _("mouvements lus"),
    "outlines": _("contours utilisables"),
    "qpv_2015": _("quartiers de 2015"),
    "qpv_2024": _("quartiers de 2024"),
    "created": _("créés"),
    "updated": _("corrigés"),
    "withdrawn": _("retirés"),
    "renewed": _("reconduits"),
    "written": _("écrits"),
    "attached": _("liens aux communes"),
    "codes": _("autres codes de communes"),
    "ambiguous": _("codes partagés entre plusieurs communes"),
    "postal_codes": _("codes postaux"),
    "placed": _("communes situées"),
    "repaired": _("contours réparés"),
    "rejected": _("refusés"),
}

# (label of the step, done, total or None)
Progress = Callable[[str, int, int | None], None]


def silent(_label: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass
class LoadReport:
    """Counts of a load; `changed` is False when everything was already there."""

    kind: LoadKind
    source: str
    vintage: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changed: bool = True

    def in_words(self) -> str:
        """The counts in one French sentence, without those at zero."""
        if not self.changed:
            return str(_("Rien à changer : ces données étaient déjà chargées."))
        told = [f"{label} : {self.counts[name]}" for name, label in COUNTS.items() if self.counts.get(name)]
        return f"{self.kind.label} — {' ; '.join(told)}."

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON data; rejected features and rows as French sentences."""
        return {
            "kind": self.kind.value,
            "label": str(self.kind.label),
            "source": self.source,
            "vintage": self.vintage,
            "changed": self.changed,
            "summary": self.in_words(),
            "counts": self.counts,
            "notes": self.notes,
            "rejected": [str(rejection.as_problem()) for rejection in self.rejected],
        }


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 of files, read by blocks."""
    found = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                found.update(block)
    return found.hexdigest()


def leave_trace(report: LoadReport, sha256: str, actor_id: int | None) -> None:
    """The row of the load and the entry of the log, inside the transaction of the load."""
    load = Load.objects.create(
        kind=report.kind,
        vintage=report.vintage,
        source=report.source[:200],
        sha256=sha256,
        counts=report.counts,
    )
    audit.record(
        "territories.loaded",
        actor_id=actor_id,
        subject=load,
        data={"what": str(report.kind.label), "source": report.source[:200]},
    )
