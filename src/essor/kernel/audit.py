"""The log of acts: one entry an act, append-only, told in French sentences.

A room registers each code with its sentence, then records. The sentence may name the author with `{actor}`
and the entry's data by their keys: « {actor} a fermé le service {service} ». Data are small scalars without
personal content: people are named by the resolver that the room of accounts gives, and disappear from
sentences when their account is erased.
"""

import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from essor.kernel import french
from essor.kernel.models import AuditEntry
from essor.kernel.periods import day_of

Scalar = str | int | bool | Decimal | date | None
Names = Callable[[Iterable[int]], Mapping[int, str]]

MAX_KEYS = 20
MAX_TEXT = 200
MAX_REASON = 2000
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # as entries keep a day
# Keys whose very name says that the value concerns a person.
PERSONAL_KEYS = frozenset(
    [
        "email",
        "mail",
        "phone",
        "telephone",
        "tel",
        "mobile",
        "first_name",
        "last_name",
        "full_name",
        "prenom",
        "nom_de_famille",
        "surname",
        "birth_date",
        "birth",
        "naissance",
        "address",
        "adresse",
        "ip",
        "ip_address",
        "password",
        "token",
        "secret",
        "iban",
    ]
)
# What looks like an e-mail address, or a French telephone number.
PERSONAL_VALUES = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?<!\d)(?:\+33|0)[ .]?[1-9](?:[ .]\d\d){4}(?!\d)")

_sentences: dict[str, tuple[str | Promise, frozenset[str]]] = {}
_names: list[Names] = []


class UnknownCode(LookupError):
    """The code has no sentence: `register` it in the room that records it."""


@dataclass(frozen=True)
class Line:
    """An entry as people read it: `author` is empty when the sentence already names them."""

    at: datetime
    day: date
    code: str
    sentence: str
    author: str
    reason: str


def register(code: str, sentence: str | Promise) -> None:
    """Declare an act: its code (« room.act ») and its French sentence, whose `{…}` are `actor` or keys of the
    data.
    """
    places = frozenset(
        name for _text, name, _spec, _conv in string.Formatter().parse(str(sentence)) if name is not None
    )
    if "%(" in str(sentence) or not all(place.isidentifier() for place in places):
        raise ImproperlyConfigured(f"audit: the sentence of {code} names its data as {{key}}")
    known = _sentences.get(code)
    if known is not None and str(known[0]) != str(sentence):
        raise ImproperlyConfigured(f"audit: {code} is registered twice")
    _sentences[code] = (sentence, places - {"actor"})


def registered() -> frozenset[str]:
    """The codes that have a sentence."""
    return frozenset(_sentences)


def name_people(names: Names) -> None:
    """Give the function that names people by their ids; the room of accounts calls it."""
    _names[:] = [names]


def record(
    code: str,
    *,
    actor_id: int | None,
    subject: models.Model | str,
    authority_id: int | None = None,
    data: Mapping[str, Scalar] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> AuditEntry:
    """Add an entry, inside the transaction of the act.

    `subject` is a saved row or « kind:id »; `actor_id` None means the system itself. Refuses (ValueError)
    data that are not small scalars or look personal, and data in which a word of the sentence is missing.
    """
    if code not in _sentences:
        raise UnknownCode(f"audit: {code} has no sentence")
    clean = _clean(data or {})
    lacking = _sentences[code][1] - clean.keys()
    if lacking:
        raise ValueError(f"audit: {code} lacks {', '.join(sorted(lacking))}")
    if len(reason) > MAX_REASON:
        raise ValueError(_("Le motif dépasse %(limit)s caractères.") % {"limit": MAX_REASON})
    kind, identifier = subject_key(subject)
    return AuditEntry.objects.create(
        at=at or timezone.now(),
        actor_id=actor_id,
        authority_id=authority_id,
        code=code,
        subject_kind=kind,
        subject_id=identifier,
        data=clean,
        reason=reason,
    )


def subject_key(subject: models.Model | str) -> tuple[str, str]:
    """Kind and id under which a thing stands in the log: « registry.organisation », « 42 »."""
    if isinstance(subject, str):
        kind, colon, identifier = subject.partition(":")
        if not (kind and colon and identifier):
            raise ValueError(f"audit: a subject is « kind:id », not {subject!r}")
        return kind, identifier
    if subject.pk is None:
        raise ValueError("audit: the subject is not saved yet")
    return subject._meta.label_lower, str(subject.pk)


def entries_for(subject: models.Model | str, limit: int = 200) -> list[Line]:
    """What happened to a thing, latest first, as sentences."""
    return lines(AuditEntry.objects.about(*subject_key(subject))[:limit])


def entries_of_all(subjects: Iterable[models.Model | str], limit: int = 200) -> list[Line]:
    """What happened to several things, latest first; one query whatever their number, none for nothing."""
    wanted = models.Q(pk__in=[])
    for subject in subjects:
        kind, key = subject_key(subject)
        wanted |= models.Q(subject_kind=kind, subject_id=key)
    return lines(AuditEntry.objects.filter(wanted).order_by("-at", "-pk")[:limit])


def lines(entries: Iterable[AuditEntry]) -> list[Line]:
    """The entries as people read them, names looked up once."""
    found = list(entries)
    names = _look_up(found)
    return [_line(entry, names) for entry in found]


def sentence(entry: AuditEntry) -> str:
    """The French sentence of an entry."""
    return _line(entry, _look_up([entry])).sentence


def _line(entry: AuditEntry, names: Mapping[int, str]) -> Line:
    author = _author(entry.actor_id, names)
    template = str(_sentences[entry.code][0]) if entry.code in _sentences else _("Acte « {code} »")
    words = {key: _word(value) for key, value in entry.data.items()}
    told = template.format_map(_Words({**words, "actor": author, "code": entry.code}))
    return Line(
        at=entry.at,
        day=day_of(entry.at),
        code=entry.code,
        sentence=told[:1].upper() + told[1:],
        author="" if "{actor}" in template else author,
        reason=entry.reason,
    )


class _Words(dict[str, str]):
    """A word that an old entry does not hold is left as a dash rather than failing the page."""

    def __missing__(self, key: str) -> str:
        return "—"


def _look_up(entries: Sequence[AuditEntry]) -> Mapping[int, str]:
    people = {entry.actor_id for entry in entries if entry.actor_id is not None}
    return _names[0](people) if people and _names else {}


def _author(actor_id: int | None, names: Mapping[int, str]) -> str:
    if actor_id is None:
        return _("le système")
    return names.get(actor_id) or _("une personne dont le compte n’existe plus")


def _word(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        with suppress(ValueError):  # digits that are no day are told as they stand
            return french.day(date.fromisoformat(value))
    return str(value)


def _clean(data: Mapping[str, Scalar]) -> dict[str, Any]:
    """The data as stored; ValueError when they are not small, flat and impersonal."""
    if len(data) > MAX_KEYS:
        raise ValueError(f"audit: more than {MAX_KEYS} data")
    return {key: _clean_value(key, value) for key, value in data.items()}


def _clean_value(key: str, value: Scalar | Promise) -> Any:
    if not key.isidentifier() or key in {"actor", "code"}:
        raise ValueError(f"audit: {key!r} is not a key of data")
    if key.lower() in PERSONAL_KEYS:
        raise ValueError(f"audit: {key} is personal")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal | Promise):
        value = str(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise ValueError(f"audit: {key} is not a scalar")
    if len(value) > MAX_TEXT:
        raise ValueError(f"audit: {key} is longer than {MAX_TEXT} characters")
    if PERSONAL_VALUES.search(value):
        raise ValueError(f"audit: the value of {key} looks personal")
    return value
