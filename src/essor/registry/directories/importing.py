"""Reading a file of a directory: all of it or nothing, so that a work killed half-way leaves what was there."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from essor.formats.problems import InputProblem, Rejection
from essor.kernel import audit, files
from essor.kernel.jobs import JobContext, JobError
from essor.kernel.locks import Busy, exclusive
from essor.registry import changes
from essor.registry.directories.apply import BATCH, refresh_tags, write_entries
from essor.registry.directories.cleaning import Entry, clean_row, with_keys
from essor.registry.directories.mapping import Mapping
from essor.registry.directories.matching import Proposal, propose
from essor.registry.directories.queries import DECISION, OUTCOME
from essor.registry.directories.reading import read_rows
from essor.registry.models import Directory, DirectoryEntry, DirectoryImport, DirectoryRow

LEAVING_LIMIT = 0.2  # above this share of the confirmed rows, a person must say that it is meant
FEW = 5
MAX_REJECTED = 1000
STATE = DirectoryImport.State
COLUMNS = [
    "line", "name", "values", "tags", "identity", "outcome", "candidates", "decision", "changed", "present", "left_on",
]  # fmt: skip


@dataclass
class Sorted:
    """What a file makes of the rows that were known."""

    made: list[DirectoryRow] = field(default_factory=list)
    updated: list[DirectoryRow] = field(default_factory=list)
    left: list[DirectoryRow] = field(default_factory=list)
    same: int = 0

    def counts(self, rejected: int) -> dict[str, int]:
        """In numbers of rows."""
        return {
            "new": len(self.made),
            "changed": len(self.updated),
            "same": self.same,
            "left": len(self.left),
            "rejected": rejected,
        }


def run(job: JobContext) -> dict[str, Any]:
    """Read, match, then write in one transaction; gives the counts."""
    given = DirectoryImport.objects.select_related("directory__authority__territory", "file").get(
        pk=job.params["import"]
    )
    if given.state == STATE.CURRENT:  # run again after a kill that came just after the end
        return {"directory": given.directory_id, **given.counts}
    if given.state == STATE.SUPERSEDED:
        raise JobError(_("Un fichier plus récent a été lu entre-temps : il n’y a rien à faire."))
    try:
        with exclusive(f"directory-{given.directory_id}"):
            return _run(job, given)
    except Busy as error:
        raise JobError(
            _("Un autre fichier de cet annuaire est en cours de lecture : attendez sa fin.")
        ) from error
    except InputProblem as problem:
        raise JobError(str(problem)) from problem


def _run(job: JobContext, given: DirectoryImport) -> dict[str, Any]:
    directory = given.directory
    job.progress(_("Lecture du fichier"))
    entries, rejected = read(given, Mapping.from_dict(job.params["mapping"]))
    if not entries:
        first = f" {rejected[0].as_problem()}" if rejected else ""
        raise JobError(_("Aucune ligne du fichier ne peut être lue.") + first)
    known = {row.key: row for row in DirectoryRow.objects.filter(directory=directory)}
    to_match = [entry for entry in entries if _is_to_match(known.get(entry.key), entry)]
    label = _("Rapprochement avec le registre")
    job.progress(label)
    proposals = propose(directory, to_match, lambda done, total: job.progress(label, done, total))
    job.progress(_("Enregistrement"))
    with transaction.atomic():
        Directory.objects.select_for_update().get(pk=directory.pk)
        # Read again under the lock: a person may have decided while the file was matched.
        known = {row.key: row for row in DirectoryRow.objects.filter(directory=directory)}
        sorted_rows = sort_rows(directory, known, entries, proposals, given)
        if not job.params.get("accept_leaving"):
            _check_leaving(known, sorted_rows)
        counts = sorted_rows.counts(len(rejected))
        _write(given, sorted_rows, rejected, counts)
    return {"directory": directory.pk, **counts}


def read(given: DirectoryImport, mapping: Mapping) -> tuple[list[Entry], list[Rejection]]:
    """The entries of the file and the rows set aside. Raises InputProblem."""
    entries: list[Entry] = []
    rejected: list[Rejection] = []
    with local_copy(given) as path:
        for number, row in enumerate(read_rows(path)):
            if number == 0:
                _check_columns(path.name, row.cells, mapping)
            found = clean_row(row, mapping, given.file_name)
            if isinstance(found, Entry):
                entries.append(found)
            else:
                rejected.append(found)
    kept, doubled = with_keys(entries, given.file_name)
    return kept, sorted([*rejected, *doubled], key=lambda each: each.line or 0)


def _check_columns(file: str, cells: AnyMapping[str, str], mapping: Mapping) -> None:
    missing = sorted(set(mapping.columns.values()) - set(cells))
    if missing:
        raise InputProblem(
            file,
            "cette colonne, choisie la dernière fois, n’est plus dans le fichier.",
            "Revoyez les correspondances.",
            line=1,
            column=missing[0],
        )


class local_copy:  # noqa: N801  (used as a function)
    """The given file under its own name, for the length of a `with`; InputProblem when it was erased."""

    def __init__(self, given: DirectoryImport) -> None:
        self._given = given
        self._folder = TemporaryDirectory(prefix="essor-")

    def __enter__(self) -> Path:
        if self._given.file is None:
            self._folder.cleanup()
            raise InputProblem(self._given.file_name, "le fichier a été effacé.", "Déposez-le de nouveau.")
        path = Path(self._folder.name) / self._given.file_name
        with files.open_stored(self._given.file) as source, path.open("wb") as sink:
            for chunk in source.chunks():
                sink.write(chunk)
        return path

    def __exit__(self, *_exception: object) -> None:
        self._folder.cleanup()


def _is_to_match(row: DirectoryRow | None, entry: Entry) -> bool:
    """New rows, those whose name or place changed, and those that still wait: the register may have changed."""
    return row is None or row.identity != entry.identity or row.decision == DECISION.PENDING


def sort_rows(
    directory: Directory,
    known: AnyMapping[str, DirectoryRow],
    entries: Sequence[Entry],
    proposals: AnyMapping[str, Proposal],
    given: DirectoryImport,
) -> Sorted:
    """New rows, changed ones, those that left; what a person decided stays unless the row speaks of another name."""
    found = Sorted()
    for entry in entries:
        row = known.get(entry.key)
        proposal = proposals.get(entry.key)
        if row is None:
            row = DirectoryRow(directory=directory, key=entry.key, present=True)
            _fill(row, entry)
            _propose(row, proposal)
            found.made.append(row)
            continue
        before = _state(row)
        _settle(row, entry, proposal)
        if _state(row) == before:
            found.same += 1
        else:
            found.updated.append(row)
    here = {entry.key for entry in entries}
    for key, row in known.items():
        if key not in here and row.present:
            row.present, row.left_on = False, given.day
            found.left.append(row)
    return found


def _settle(row: DirectoryRow, entry: Entry, proposal: Proposal | None) -> None:
    """Bring a known row to what the file says, without touching what was decided of the same identity."""
    same = row.identity == entry.identity
    _fill(row, entry)
    row.present, row.left_on = True, None
    if proposal is None or (same and row.decision != DECISION.PENDING):
        return
    decided = row.decision != DECISION.PENDING
    first = proposal.candidates[0].organisation if proposal.candidates else None
    sure = proposal.outcome in (OUTCOME.IDENTIFIER, OUTCOME.SURE)
    if row.decision == DECISION.CONFIRMED and sure and first == row.organisation_id:
        return
    _propose(row, proposal)
    if decided:
        row.decision, row.changed = DECISION.PENDING, True


def _fill(row: DirectoryRow, entry: Entry) -> None:
    row.line, row.name, row.identity = entry.line, entry.name, entry.identity
    row.values, row.tags = entry.values(), list(entry.tags)


def _propose(row: DirectoryRow, proposal: Proposal | None) -> None:
    row.outcome = proposal.outcome if proposal else OUTCOME.NONE
    row.candidates = proposal.as_json() if proposal else []


def _state(row: DirectoryRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in COLUMNS if name != "line")


def _check_leaving(known: AnyMapping[str, DirectoryRow], found: Sorted) -> None:
    """A file that lacks many confirmed rows is probably cut: a person must say that it is whole."""
    confirmed = sum(row.decision == DECISION.CONFIRMED for row in known.values())
    leaving = sum(row.decision == DECISION.CONFIRMED for row in found.left)
    if leaving > FEW and leaving > LEAVING_LIMIT * confirmed:
        raise JobError(
            _(
                "%(leaving)s des %(confirmed)s organisations confirmées ne sont plus dans ce fichier : "
                "il est sans doute incomplet. Rien n’a changé. "
                "S’il est bien entier, cochez « ce fichier est complet » et recommencez."
            )
            % {"leaving": leaving, "confirmed": confirmed}
        )


def _supersede(directory: Directory) -> None:
    """The file in use gives its place; its content, which may name people, is no longer kept."""
    for former in directory.imports.filter(state=STATE.CURRENT).select_related("file"):
        former.state = STATE.SUPERSEDED
        former.save(update_fields=["state"])
        if former.file is not None:
            files.delete(former.file)


def _write(
    given: DirectoryImport, found: Sorted, rejected: Sequence[Rejection], counts: dict[str, int]
) -> None:
    """All that the file changes, in the transaction of the caller."""
    directory = given.directory
    DirectoryRow.objects.bulk_create(found.made, batch_size=BATCH)
    undecided = [row.pk for row in found.left if row.decision == DECISION.PENDING and not row.changed]
    gone = set(undecided)
    changed = [*found.updated, *(row for row in found.left if row.pk not in gone)]
    DirectoryRow.objects.bulk_update(changed, COLUMNS, batch_size=BATCH)
    for start in range(0, len(undecided), BATCH):
        DirectoryRow.objects.filter(pk__in=undecided[start : start + BATCH]).delete()
    confirmed = DirectoryRow.objects.filter(directory=directory, present=True, decision=DECISION.CONFIRMED)
    touched = write_entries(list(confirmed), given.day)
    leaving = DirectoryEntry.objects.filter(directory=directory, row__present=False, until__isnull=True)
    touched |= set(leaving.values_list("organisation_id", flat=True))
    leaving.update(until=given.day)
    refresh_tags(directory, touched)
    _supersede(directory)
    given.state, given.counts = STATE.CURRENT, counts
    given.rejected = [
        {"line": each.line, "column": each.column or "", "value": each.value or "", "reason": each.reason,
         "remedy": each.remedy}
        for each in rejected[:MAX_REJECTED]
    ]  # fmt: skip
    given.save(update_fields=["state", "counts", "rejected"])
    audit.record(
        "registry.directory.imported",
        actor_id=given.created_by_id,
        subject=directory,
        authority_id=directory.authority_id,
        data={
            "name": directory.name,
            "new": counts["new"],
            "changed": counts["changed"],
            "left": counts["left"],
        },
    )
    if touched:
        changes.tell(touched)
