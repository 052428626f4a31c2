"""What an answer says of an address: pure."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from essor.kit.enums_aids import LinkState

GONE = (404, 410)
# The server is there and refuses us, or asks to come back: the page may well open for a person.
THERE = (401, 402, 403, 405, 406, 407, 408, 409, 418, 425, 429, 451, 999)


@dataclass(frozen=True)
class Verdict:
    """The state of an address, what was answered, where it went, since when its answers tell nothing for sure."""

    state: str
    told: str
    moved_to: str = ""
    failing_since: date | None = None


def of_status(
    status: int, asked: str, moved_to: str, before: str, failing_since: date | None, day: date
) -> Verdict:
    """The verdict on an answer. `before` is the state known so far, kept while the answers tell nothing for sure."""
    told = f"HTTP {status}"
    if status in GONE:
        return Verdict(LinkState.DEAD, told)
    if status < 400 or status in THERE:
        if moved_to and not same_page(asked, moved_to):
            return Verdict(LinkState.MOVED, told, moved_to)
        return Verdict(LinkState.ALIVE, told)
    return of_failure(told, before, failing_since, day)


def of_failure(told: str, before: str, failing_since: date | None, day: date) -> Verdict:
    """The verdict on no answer, or on a server in trouble: dead the second day in a row, unchanged before."""
    if failing_since is not None and failing_since < day:
        return Verdict(LinkState.DEAD, told, failing_since=failing_since)
    return Verdict(before, told, failing_since=failing_since or day)


def same_page(asked: str, moved_to: str) -> bool:
    """Whether a redirection only tidies the address: https, www, a final slash."""
    return _core(asked) == _core(moved_to)


def _core(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query
