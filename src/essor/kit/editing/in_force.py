"""The texts in force: those of the package and, over them, those written on this installation.

Inside `in_scope` (a request, a work) one small query reads the stamp of the kit, the first time that a text is asked;
what was put together under that stamp serves until it changes, in every process. Outside, the package alone is read.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import uuid4

from essor.kit.models.content import ContentKind, ContentVersion, KitState

T = TypeVar("T")

_scope: ContextVar[list[str] | None] = ContextVar("essor_kit_stamp", default=None)


@contextmanager
def in_scope() -> Iterator[None]:
    """Inside this block, and for this thread or task only, the kit bears what was written on the installation.

    It sees one state of the kit from its beginning to its end. Work that never reads the kit costs nothing.
    """
    token = _scope.set([])
    try:
        yield
    finally:
        _scope.reset(token)


def stamp(*, outside: bool = False) -> str:
    """The stamp of the kit in this scope; "" when nothing was ever written.

    Outside of any scope, "" too, or what the database says at each call when `outside` asks for it.
    """
    held = _scope.get()
    if held is None:
        return _stamp_now() if outside else ""
    if not held:
        held.append(_stamp_now())
    return held[0]


def _stamp_now() -> str:
    return KitState.objects.filter(pk=1).values_list("stamp", flat=True).first() or ""


def touch() -> None:
    """Have every process read again: call it in the transaction that writes."""
    written = uuid4().hex
    if not KitState.objects.filter(pk=1).update(stamp=written):
        KitState.objects.update_or_create(pk=1, defaults={"stamp": written})
    held = _scope.get()
    if held is not None:
        held.clear()


class PerStamp(Generic[T]):
    """What is put together once a stamp: `package` without anything written here, else what `made` gives.

    `outside`: outside of any scope too, what was written here is read.
    """

    def __init__(self, package: Callable[[], T], made: Callable[[], T], *, outside: bool = False) -> None:
        self._package, self._made, self._outside = package, made, outside
        self._last: tuple[str, T] | None = None
        self._lock = threading.Lock()

    def get(self) -> T:
        """The value of this scope."""
        now = stamp(outside=self._outside)
        if not now:
            return self._package()
        last = self._last
        if last is None or last[0] != now:
            with self._lock:
                last = self._last
                if last is None or last[0] != now:
                    last = self._last = (now, self._made())
        return last[1]


@dataclass(frozen=True, slots=True)
class Written:
    """A text in force that was written here: its version, when, and the digest of the package's text of that day."""

    code: str
    text: str
    number: int
    at: datetime
    base: str


def written(kind: str) -> list[Written]:
    """The texts written here that are in force: one query."""
    rows = ContentVersion.objects.filter(kind=kind, authority__isnull=True, is_latest=True, is_reset=False)
    return [
        Written(*row) for row in rows.order_by("code").values_list("code", "text", "number", "at", "base")
    ]


def digest(text: str) -> str:
    """What names a text whatever the ends of its lines."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Note:
    """What an authority says of a fiche."""

    text: str
    number: int
    at: datetime


def _all_notes() -> dict[int, dict[str, Note]]:
    found: dict[int, dict[str, Note]] = {}
    rows = ContentVersion.objects.filter(kind=ContentKind.NOTE, is_latest=True, is_reset=False)
    for authority_id, code, text, number, at in rows.values_list(
        "authority_id", "code", "text", "number", "at"
    ):
        if authority_id is not None:
            found.setdefault(authority_id, {})[code] = Note(text, number, at)
    return found


_notes: PerStamp[dict[int, dict[str, Note]]] = PerStamp(dict, _all_notes)


def notes_of(authority_id: int) -> dict[str, Note]:
    """What an authority says of the fiches, by code."""
    return _notes.get().get(authority_id, {})
