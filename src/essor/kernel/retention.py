"""Personal data: each model that holds some says why, on what ground, how long, how they are erased and how
they are exported.

A test of the house refuses a model whose fields look personal and that is not declared here.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.kernel import outbox
from essor.kernel.periods import PARIS

logger = logging.getLogger("essor.retention")

Row = Mapping[str, Any]


class RetentionFailed(Exception):
    """Some personal data could not be erased; the message names the models."""


@dataclass(frozen=True)
class Retention:
    """Declaration of the personal data of one model.

    `model` is « app.model »; `fields` are those that hold personal data; `apply(day)` erases or anonymises
    what is kept no longer and gives how many rows, doing nothing more when it runs twice; `export(user_id)`
    gives what concerns a person, without what concerns others.
    """

    model: str
    fields: tuple[str, ...]
    purpose: str | Promise
    legal_basis: str | Promise
    kept: str | Promise
    apply: Callable[[date], int] | None = None
    export: Callable[[int], Iterable[Row]] | None = None


@dataclass
class _Register:
    declared: dict[str, Retention] = field(default_factory=dict)
    not_personal: dict[str, str] = field(default_factory=dict)


_register = _Register()


def register(declaration: Retention) -> None:
    """Declare the personal data of a model; twice is an error."""
    key = declaration.model.lower()
    known = _register.declared.get(key)
    if known is not None and known != declaration:
        raise ImproperlyConfigured(f"retention: {key} is declared twice")
    _register.declared[key] = declaration


def not_personal(field_path: str, reason: str) -> None:
    """Say why a field that looks personal is not: « territories.commune.phone », « standard de la mairie »."""
    _register.not_personal[field_path.lower()] = reason


def declared() -> dict[str, Retention]:
    """The declarations, by model."""
    return dict(_register.declared)


def exempted() -> dict[str, str]:
    """Fields that look personal and are not, with the reason."""
    return dict(_register.not_personal)


def apply(day: date) -> list[tuple[str, int]]:
    """Erase or anonymise what is kept no longer on that day; gives how many rows for each model.

    A declaration that fails stops no other one; `RetentionFailed` then says which did.
    """
    counts, failed = [], []
    for key, declaration in sorted(_register.declared.items()):
        if declaration.apply is None:
            continue
        try:
            with transaction.atomic():
                counts.append((key, declaration.apply(day)))
        except Exception:
            logger.exception("retention failed", extra={"work": key})
            failed.append(key)
    if failed:
        raise RetentionFailed(", ".join(failed))
    return counts


def export_for(user_id: int) -> dict[str, list[Row]]:
    """What the installation holds about a person, by model, to give them (RGPD, articles 15 and 20)."""
    found: dict[str, list[Row]] = {
        key: [dict(row) for row in declaration.export(user_id)]
        for key, declaration in sorted(_register.declared.items())
        if declaration.export
    }
    return {key: rows for key, rows in found.items() if rows}


def _export_acts(user_id: int) -> Iterable[Row]:
    from essor.kernel.audit import lines
    from essor.kernel.models import AuditEntry

    entries = AuditEntry.objects.filter(actor_id=user_id).order_by("at", "id")
    return (
        {"moment": line.at, "acte": line.sentence, "motif": line.reason} for line in lines(entries.iterator())
    )


def _export_files(user_id: int) -> Iterable[Row]:
    from essor.kernel.models import StoredFile

    rows = StoredFile.objects.filter(uploaded_by=user_id).order_by("created_at")
    return (
        {"nom": row.name, "usage": row.purpose, "octets": row.size, "moment": row.created_at} for row in rows
    )


register(
    Retention(
        model="kernel.OutboxMessage",
        fields=("to", "subject", "text", "html", "stop_url"),
        purpose=_("Envoyer les messages que le service doit aux personnes"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("30 jours après l’envoi, 90 jours quand il n’a pas pu se faire"),
        apply=lambda day: outbox.purge(datetime.combine(day, time(0), PARIS)),
    )
)
register(
    Retention(
        model="kernel.AuditEntry",
        fields=("actor_id",),
        purpose=_("Savoir qui a fait chaque acte, et pouvoir le prouver"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Le temps du service ; l’acte reste, le nom disparaît avec le compte"),
        export=_export_acts,
    )
)
register(
    Retention(
        model="kernel.StoredFile",
        fields=("uploaded_by", "name"),
        purpose=_("Garder les pièces que les personnes déposent"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("La durée du dossier auquel la pièce appartient"),
        export=_export_files,
    )
)
