"""Reads of the directories: those of a person, what waits, what a directory says of an organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from essor.accounts.models import Authority
from essor.registry.models import (
    Directory,
    DirectoryEntry,
    DirectoryImport,
    DirectoryRow,
    EstablishmentFacts,
    OrganisationFacts,
)
from essor.registry.queries import public_facts
from essor.territories.models import Territory

DECISION = DirectoryRow.Decision
OUTCOME = DirectoryRow.Outcome


def directories_of(authority: Authority | None) -> QuerySet[Directory]:
    """Those of an authority, or of the installation, by name."""
    return Directory.objects.filter(authority=authority).order_by("name", "pk")


def reachable(directory: Directory) -> QuerySet[OrganisationFacts]:
    """Public facts of the organisations that the directory may speak of: those of the territory of its authority."""
    rows = public_facts()
    territory = directory.authority.territory if directory.authority else None
    if directory.authority is None:
        return rows
    if territory is None:
        return rows.none()
    communes = Territory.objects.communes_of(territory).values("pk")
    there = EstablishmentFacts.objects.filter(
        present=True, commune__in=communes, establishment__organisation=OuterRef("pk")
    )
    return rows.filter(Q(commune__in=communes) | Exists(there))


@dataclass(frozen=True)
class Counts:
    """Rows of the current file by what was decided, and those that wait by what is proposed."""

    decided: dict[str, int]
    waiting: dict[str, int]
    total: int

    @property
    def pending(self) -> int:
        """Rows that wait for a person."""
        return sum(self.waiting.values())


def counts_of(directories: Sequence[Directory]) -> dict[int, Counts]:
    """Counts of several directories, in one query."""
    rows = (
        DirectoryRow.objects.filter(directory__in=directories, present=True)
        .values_list("directory", "decision", "outcome")
        .annotate(n=Count("pk"))
        .order_by()
    )
    decided: dict[int, dict[str, int]] = {each.pk: {} for each in directories}
    waiting: dict[int, dict[str, int]] = {each.pk: {} for each in directories}
    for directory, decision, outcome, number in rows:
        decided[directory][decision] = decided[directory].get(decision, 0) + number
        if decision == DECISION.PENDING:
            waiting[directory][outcome] = number
    return {
        each.pk: Counts(decided[each.pk], waiting[each.pk], sum(decided[each.pk].values()))
        for each in directories
    }


def current_import(directory: Directory) -> DirectoryImport | None:
    """The file in use, None before the first."""
    return directory.imports.filter(state=DirectoryImport.State.CURRENT).first()


def given_import(directory: Directory) -> DirectoryImport | None:
    """The last file given and not read yet, None when there is none."""
    last = directory.imports.order_by("-created_at", "-pk").first()
    return last if last and last.state == DirectoryImport.State.GIVEN else None


def rows_to_review(directory: Directory, decision: str, outcome: str = "") -> QuerySet[DirectoryRow]:
    """Rows of the current file in a state, and with a proposal when told; the easiest first."""
    rows = directory.rows.filter(present=True, decision=decision)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.select_related("organisation").order_by("line", "pk")


def summaries(ids: Iterable[int]) -> dict[int, OrganisationFacts]:
    """Facts with commune of the organisations that candidates name, in one query."""
    rows = OrganisationFacts.objects.filter(pk__in=set(ids), organisation__is_public=True)
    return {row.pk: row for row in rows.select_related("commune")}


def entries_of(organisation_id: int) -> list[DirectoryEntry]:
    """What directories say of an organisation, past ones last; one query."""
    rows = DirectoryEntry.objects.filter(organisation_id=organisation_id).select_related("directory")
    return sorted(rows, key=lambda entry: (entry.until is not None, entry.directory.name, entry.pk))
