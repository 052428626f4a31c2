"""Looking at addresses on the web, in the background, only when somebody asked: one host at a time, slowly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from essor.kernel import web
from essor.kernel.jobs import JobContext, JobError
from essor.kernel.locks import Busy, exclusive
from essor.kernel.periods import today
from essor.kit.enums_aids import LinkState
from essor.kit.models.aids import Aid
from essor.kit.models.support import Supporter
from essor.kit.weblinks.models import WebLink
from essor.kit.weblinks.places import places
from essor.kit.weblinks.rules import Verdict, of_failure, of_status

HOST_DELAY = 1.0  # seconds between two requests to a host
HOSTS_AT_ONCE = 4
FRESH_DAYS = 6  # what was looked at since is not asked again


@dataclass(frozen=True)
class Known:
    """What was known of an address before it is looked at."""

    state: str = LinkState.UNCHECKED
    failing_since: date | None = None


def run(job: JobContext) -> dict[str, Any]:
    """Look at the addresses that a frame keeps; gives the counts. Run again after a kill, it goes on where it was."""
    try:
        with exclusive("kit-weblinks"):
            return _run(job)
    except Busy as error:
        raise JobError(_("Une autre vérification des liens est en cours : attendez sa fin.")) from error


def _run(job: JobContext) -> dict[str, Any]:
    day = today()
    urls = sorted({place.url for place in places(job.params.get("authority")) if len(place.url) <= 500})
    rows = {row.url: row for row in WebLink.objects.filter(url__in=urls)} if len(urls) < 900 else _by_url()
    since = day if job.params.get("again") else day - timedelta(days=FRESH_DAYS)
    asked = [url for url in urls if not _is_fresh(rows.get(url), since, job)]
    known = {url: Known(row.state, row.failing_since) for url, row in rows.items()}
    step = _("Vérification des liens")
    job.progress(step, 0, len(asked))
    ended = Event()
    done = 0
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        waiting: set[Future[None]] = set()
        found: list[tuple[str, Verdict]] = []
        try:
            waiting = {pool.submit(_look, group, known, day, found, ended) for group in by_host(asked)}
            while waiting:
                over, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                done += _write(found, day)
                job.progress(step, done, len(asked))
                for each in over:
                    each.result()
        finally:
            ended.set()
    done += _write(found, day)
    job.progress(step, done, len(asked))
    spread(urls)
    return counts(urls) | {"asked": len(asked)}


def _by_url() -> dict[str, WebLink]:
    return {row.url: row for row in WebLink.objects.all()}


def _is_fresh(row: WebLink | None, since: date, job: JobContext) -> bool:
    """Looked at lately, or by this very work before it was killed; « again » asks anew what was not looked at today."""
    if row is None or row.checked_on is None:
        return False
    if job.params.get("again"):
        return row.checked_on >= since and job.job.attempts > 1
    return row.checked_on >= since and row.failing_since is None


def by_host(urls: Iterable[str]) -> list[list[str]]:
    """Addresses of each host, together: one after the other."""
    groups: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        try:
            host = urlsplit(url).netloc.lower()
        except ValueError:
            host = ""
        groups[host].append(url)
    return list(groups.values())


def _look(
    urls: Sequence[str], known: Mapping[str, Known], day: date, found: list[tuple[str, Verdict]], ended: Event
) -> None:
    """Look at the addresses of a host, without the database; `found` is emptied by the main thread."""
    for rank, url in enumerate(urls):
        if rank:
            ended.wait(HOST_DELAY)
        if ended.is_set():
            return
        found.append((url, look(url, known.get(url, Known()), day)))


def look(url: str, before: Known, day: date) -> Verdict:
    """The verdict on one address."""
    try:
        answer = web.look_at(url)
    except web.WebRefused as refused:
        return Verdict(LinkState.UNREADABLE, str(refused)[:200])
    except web.WebFailed as failed:
        if failed.for_sure:
            return Verdict(LinkState.DEAD, str(failed)[:200])
        return of_failure(str(failed)[:200], before.state, before.failing_since, day)
    return of_status(answer.status, url, answer.moved_to, before.state, before.failing_since, day)


def _write(found: list[tuple[str, Verdict]], day: date) -> int:
    """Write what was found so far; gives how many."""
    taken = [found.pop(0) for _rank in range(len(found))]
    with transaction.atomic():
        for url, verdict in taken:
            WebLink.objects.update_or_create(
                url=url,
                defaults={
                    "state": verdict.state,
                    "told": verdict.told,
                    "moved_to": verdict.moved_to[:500],
                    "checked_on": day,
                    "failing_since": verdict.failing_since,
                },
            )
    return len(taken)


def spread(urls: Sequence[str]) -> None:
    """Tell the supporters and aids that give these addresses what is known of them."""
    by_state: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    wanted = set(urls)
    for row in WebLink.objects.exclude(checked_on=None).only("url", "state", "checked_on"):
        if row.url in wanted:
            by_state[row.state, row.checked_on].append(row.url)
    for (state, day), some in by_state.items():
        for start in range(0, len(some), 500):
            part = some[start : start + 500]
            with transaction.atomic():
                aids = Aid.objects.filter(link__in=part).exclude(link_state=LinkState.UNREADABLE)
                aids.update(link_state=state, link_checked_on=day)
                Supporter.objects.filter(website__in=part).update(link_state=state, link_checked_on=day)


def counts(urls: Sequence[str]) -> dict[str, int]:
    """How many of these addresses are in each state."""
    states = dict(WebLink.objects.values_list("url", "state"))
    found = dict.fromkeys(LinkState.values, 0)
    for url in urls:
        found[states.get(url, LinkState.UNCHECKED)] += 1
    return found
