"""The audit log as administrators read it: filters, sentences, the thing each act is about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority
from essor.accounts.queries import names_of
from essor.kernel import audit
from essor.kernel.models import AuditEntry

PERIODS: tuple[tuple[str, Any], ...] = (
    ("7", gettext_lazy("7 derniers jours")),
    ("30", gettext_lazy("30 derniers jours")),
    ("365", gettext_lazy("12 derniers mois")),
)
PERSON = "accounts.user"


@dataclass(frozen=True)
class Wanted:
    """What acts are asked for; empty means no limit."""

    authorities: tuple[int, ...] = ()
    domains: tuple[str, ...] = ()
    days: int | None = None


@dataclass(frozen=True)
class Told:
    """An act as the journal shows it."""

    line: audit.Line
    authority: str = ""
    person: str = ""
    person_id: int | None = None


def wanted_by(query: Any) -> Wanted:
    """What the address asks for; values that mean nothing are left out."""
    authorities = [
        int(value) for value in query.getlist("collectivite") if value.isdecimal() and len(value) < 10
    ]
    periods = [int(value) for value, _label in PERIODS if value in query.getlist("periode")]
    known = {code for code, _label in domains()}
    asked = tuple(value for value in query.getlist("domaine") if value in known)
    return Wanted(tuple(authorities), asked, max(periods, default=None))


def domains() -> list[tuple[str, str]]:
    """The rooms that record acts, by the first word of their codes."""
    labels = {
        "accounts": _("Comptes et équipes"),
        "registry": _("Registre"),
        "territories": _("Territoires"),
        "kernel": _("Travaux"),
    }
    found = sorted({code.partition(".")[0] for code in audit.registered()})
    return [(code, labels.get(code, code)) for code in found]


def entries(wanted: Wanted) -> QuerySet[AuditEntry]:
    """The entries asked for, latest first."""
    rows = AuditEntry.objects.order_by("-at", "-pk")
    if wanted.authorities:
        rows = rows.filter(authority_id__in=wanted.authorities)
    if wanted.domains:
        rooms = Q()
        for domain in wanted.domains:
            rooms |= Q(code__startswith=f"{domain}.")
        rows = rows.filter(rooms)
    if wanted.days is not None:
        rows = rows.filter(at__gte=timezone.now() - timedelta(days=wanted.days))
    return rows


def told(rows: Iterable[AuditEntry]) -> list[Told]:
    """The entries in sentences, with the authority and the person that they are about; three queries at most."""
    found = list(rows)
    people = {
        int(entry.subject_id)
        for entry in found
        if entry.subject_kind == PERSON and entry.subject_id.isdecimal()
    }
    names = names_of(people) if people else {}
    ids = {entry.authority_id for entry in found if entry.authority_id is not None}
    authorities = dict(Authority.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [
        _told(entry, line, names, authorities) for entry, line in zip(found, audit.lines(found), strict=True)
    ]


def _told(entry: AuditEntry, line: audit.Line, names: Any, authorities: dict[int, str]) -> Told:
    person_id = (
        int(entry.subject_id) if entry.subject_kind == PERSON and entry.subject_id.isdecimal() else None
    )
    if person_id == entry.actor_id:  # the sentence already names them
        person_id = None
    authority = authorities.get(entry.authority_id, "") if entry.authority_id is not None else ""
    return Told(line, authority, names.get(person_id, "") if person_id else "", person_id)


def latest(*, limit: int, authority_id: int | None = None) -> list[audit.Line]:
    """The latest acts, of one authority or of all, as a timeline shows them: whom an act is about is named."""
    rows = AuditEntry.objects.order_by("-at", "-pk")
    if authority_id is not None:
        rows = rows.filter(authority_id=authority_id)
    return [_named(row) for row in told(rows[:limit])]


def _named(row: Told) -> audit.Line:
    """The line, its sentence followed by the person that it is about."""
    if not row.person:
        return row.line
    sentence = _("%(sentence)s : %(person)s") % {"sentence": row.line.sentence, "person": row.person}
    return replace(row.line, sentence=sentence)
