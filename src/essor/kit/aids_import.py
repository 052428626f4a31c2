"""Reading a list of aids: all of it in one transaction, so that a work killed half-way leaves what was there."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.formats.aids import Aid as Read
from essor.formats.aids import AidList, read_aids
from essor.formats.problems import InputProblem, Rejection
from essor.kernel import audit, files, goals
from essor.kernel.jobs import JobContext, JobError
from essor.kernel.locks import Busy, exclusive
from essor.kernel.text import fold, sort_key
from essor.kit.aid_words import bars, kind_codes, theme_codes
from essor.kit.aid_words import goals as proposed_goals
from essor.kit.enums_aids import LinkState
from essor.kit.models.aids import Aid, AidImport

BATCH = 500
MAX_REJECTED = 1000
CONTENT = (
    "name", "link", "financers", "audiences", "audience_codes", "kinds", "themes", "is_call", "recurrence",
    "description", "perimeter", "opens_on", "deadline",
)  # fmt: skip
WRITTEN = [
    *CONTENT, "sort_key", "search_text", "place_key", "kind_codes", "theme_codes", "goal_codes", "link_state",
    "link_checked_on", "seen_on", "gone_on",
]  # fmt: skip


def run(job: JobContext) -> dict[str, Any]:
    """Read a file that was given; gives the counts. Run again after a kill, it changes nothing more."""
    given = AidImport.objects.select_related("file").get(pk=job.params["import"])
    if given.read_at is not None:
        return dict(given.counts)
    try:
        with exclusive("kit-aids"):
            return _run(job, given)
    except Busy as error:
        raise JobError(_("Une autre liste d’aides est en cours de lecture : attendez sa fin.")) from error
    except InputProblem as problem:
        raise JobError(str(problem)) from problem


def _run(job: JobContext, given: AidImport) -> dict[str, Any]:
    job.progress(_("Lecture du fichier"))
    rejected: list[Rejection] = []
    found = _read(given, rejected)
    if rejected and given.all_or_nothing:
        raise JobError(
            _("%(count)s aides sur %(rows)s sont refusées : rien n’a changé. La première : %(first)s")
            % {"count": len(rejected), "rows": found.rows, "first": rejected[0].as_problem()}
        )
    if not found.aids:
        raise JobError(
            _("Aucune aide de ce fichier ne peut être lue : rien n’a changé. La première : %(first)s")
            % {"first": rejected[0].as_problem()}
        )
    job.progress(_("Écriture des aides"), 0, len(found.aids))
    with transaction.atomic():
        counts = write(found.aids, given) | {"rejected": len(rejected), "rows": found.rows}
        given.form, given.counts, given.read_at = found.form.code, counts, timezone.now()
        given.rejected = [_told(each) for each in rejected[:MAX_REJECTED]]
        stored, given.file = given.file, None
        given.save()
        if stored is not None:
            files.delete(stored)
        audit.record(
            "kit.aids.read",
            actor_id=job.job.actor_id,
            subject=given,
            data={"source": given.source, **{name: counts[name] for name in ("new", "changed", "gone")}},
        )
    job.progress(_("Écriture des aides"), len(found.aids), len(found.aids))
    return counts


def _read(given: AidImport, rejected: list[Rejection]) -> AidList:
    if given.file is None:
        raise JobError(_("Le contenu de ce fichier n’est plus gardé : déposez-le de nouveau."))
    with TemporaryDirectory(prefix="essor-aids-") as folder:
        path = Path(folder) / (Path(given.file_name).name or "aides")
        with files.open_stored(given.file) as source, path.open("wb") as sink:
            for block in source.chunks():
                sink.write(block)
        return read_aids(path, rejected.append)


def _told(each: Rejection) -> dict[str, Any]:
    return {
        "line": each.line,
        "column": each.column or "",
        "value": each.value or "",
        "reason": each.reason,
        "remedy": each.remedy,
        "sentence": str(each.as_problem()),
    }


def write(aids: Sequence[Read], given: AidImport) -> dict[str, int]:
    """Write the aids of a list, in the transaction of the caller; gives what changed, in numbers of aids."""
    known = {aid.key: aid for aid in Aid.objects.select_for_update().filter(source=given.source)}
    made, changed = [], []
    is_known_list = bool(known)
    for read in aids:
        values = _values(read)
        aid = known.pop(read.key, None)
        if aid is None:
            aid = Aid(source=given.source, key=read.key, first_seen_on=given.day, is_news=is_known_list)
            _fill(aid, values, read, given)
            made.append(aid)
        elif aid.gone_on is not None or any(getattr(aid, name) != values[name] for name in CONTENT):
            _fill(aid, values, read, given)
            changed.append(aid)
    gone = [aid.pk for aid in known.values() if aid.gone_on is None] if given.is_complete else []
    Aid.objects.bulk_create(made, batch_size=BATCH)
    Aid.objects.bulk_update(changed, WRITTEN, batch_size=BATCH)
    for start in range(0, len(gone), BATCH):
        Aid.objects.filter(pk__in=gone[start : start + BATCH]).update(gone_on=given.day)
    same = len(aids) - len(made) - len(changed)
    return {"new": len(made), "changed": len(changed), "same": same, "gone": len(gone)}


def _values(read: Read) -> dict[str, Any]:
    return {
        "name": read.name,
        "link": read.link,
        "financers": list(read.financers),
        "audiences": list(read.audiences),
        "audience_codes": bars(read.audience_codes),
        "kinds": list(read.kinds),
        "themes": list(read.themes),
        "is_call": read.is_call,
        "recurrence": read.recurrence,
        "description": read.description,
        "perimeter": read.perimeter,
        "opens_on": read.opens_on,
        "deadline": read.deadline,
    }


def _fill(aid: Aid, values: dict[str, Any], read: Read, given: AidImport) -> None:
    if aid.link != values["link"] or read.link_is_unreadable:
        aid.link_state = LinkState.UNREADABLE if read.link_is_unreadable else LinkState.UNCHECKED
        aid.link_checked_on = None
    for name, value in values.items():
        setattr(aid, name, value)
    aid.kind_codes = bars(kind_codes(aid.kinds))
    aid.theme_codes = bars(theme_codes(aid.themes, aid.name))
    if not aid.goals_corrected:
        aid.goal_codes = goals.written(proposed_goals(aid.themes, aid.name))
    aid.sort_key, aid.place_key = sort_key(aid.name), sort_key(aid.perimeter)
    aid.search_text = fold(" ".join((aid.name, aid.description, *aid.financers, *aid.themes, aid.perimeter)))
    aid.seen_on, aid.gone_on = given.day, None
