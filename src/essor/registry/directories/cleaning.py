"""From a row of a file to an entry whose values can be trusted, or the reason why it is set aside. Pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from essor.formats.identifiers import clean_number, is_rna, siren_trouble, siret_trouble
from essor.formats.problems import Rejection, shorten
from essor.formats.rows import Row
from essor.kernel.text import fold
from essor.registry.directories.mapping import Mapping
from essor.registry.words import safe_website

MAX_TEXT = 300
_POSTAL_CODE = re.compile(r"(\d{4,5})(?:[.,]0+)?", re.ASCII)
_DECIMAL_END = re.compile(r"[.,]0+$", re.ASCII)
_PHONE = re.compile(r"(?:(?:\+|00)33|0)[1-9]\d{8}", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """A row of a directory: checked values, empty where the file says nothing."""

    line: int
    key: str
    name: str
    other_name: str = ""
    siret: str = ""
    siren: str = ""
    rna: str = ""
    address: str = ""
    postal_code: str = ""
    commune: str = ""
    website: str = ""
    phone: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called."""
        return tuple(filter(None, (self.name, self.other_name)))

    @property
    def has_identifier(self) -> bool:
        """True when a public number names it."""
        return bool(self.siret or self.siren or self.rna)

    @property
    def identity(self) -> str:
        """Digest of what a match stands on: a person decides again when it changes."""
        parts = (
            fold(self.name), fold(self.other_name), self.siret, self.siren, self.rna, self.postal_code,
            fold(self.commune),
        )  # fmt: skip
        return hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()

    def values(self) -> dict[str, str]:
        """What is kept and shown, without what is empty."""
        left_out = ("line", "key", "tags")
        return {name: value for name, value in asdict(self).items() if value and name not in left_out}


def clean_postal_code(text: str) -> str:
    """Five digits, also from « 29600.0 » or « 1000 » (a spreadsheet took the zero); empty for anything else."""
    found = _POSTAL_CODE.fullmatch("".join(text.split()))
    return found.group(1).zfill(5) if found else ""


def clean_phone(text: str) -> str:
    """« 05 61 00 00 00 »; empty for what is not one French number."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if re.fullmatch(r"[1-9]\d{8}", digits, re.ASCII):  # a spreadsheet took the zero
        digits = f"0{digits}"
    if not _PHONE.fullmatch(digits):
        return ""
    national = "0" + digits[-9:]
    return " ".join(national[start : start + 2] for start in range(0, 10, 2))


def clean_row(row: Row, mapping: Mapping, file: str) -> Entry | Rejection:
    """The entry of a row, or why it is set aside: without a name, or with a number that is not one.

    A number that a spreadsheet destroyed (« 2,43E+13 ») is refused, never guessed, and the name is not used in its
    place: the partner's file is to be put right.
    """
    cell = {name: row.get(column) for name, column in mapping.columns.items()}
    name = _text(cell.get("name", "")) or _text(cell.get("other_name", ""))
    if not name:
        return _refuse(row, mapping, "name", file, ("le nom est vide.", "Indiquez le nom de la structure."))
    number = clean_number(_DECIMAL_END.sub("", cell.get("number", "").strip()))
    rna = clean_number(cell.get("rna", "")).upper()
    if number and len(number) == 9 and number.isdigit():
        trouble = siren_trouble(number)
    else:
        trouble = siret_trouble(number) if number else None
    if trouble:
        return _refuse(row, mapping, "number", file, trouble)
    if rna and not is_rna(rna):
        trouble = (
            "ce n’est pas un numéro RNA.",
            "Il commence par W, suivi de neuf caractères ; laissez vide s’il manque.",
        )
        return _refuse(row, mapping, "rna", file, trouble)
    kind = _text(cell.get("kind", ""))
    other = _text(cell.get("other_name", ""))
    return Entry(
        line=row.line,
        key=_DECIMAL_END.sub("", cell.get("own_id", "").strip())[:80],
        name=name,
        other_name=other if other != name else "",
        siret=number if len(number) == 14 else "",
        siren=number[:9],
        rna=rna,
        address=_text(cell.get("address", "")),
        postal_code=clean_postal_code(cell.get("postal_code", "")),
        commune=_text(_DECIMAL_END.sub("", cell.get("commune", "").strip())),
        website=safe_website(cell.get("website", ""))[:MAX_TEXT],
        phone=clean_phone(cell.get("phone", "")),
        kind=kind,
        tags=mapping.tags_for(kind),
    )


def _text(value: str) -> str:
    """One line of text, without control characters, cut to what a screen can show."""
    visible = "".join(sign if sign.isprintable() else " " for sign in value)
    return " ".join(visible.split())[:MAX_TEXT]


def _refuse(row: Row, mapping: Mapping, name: str, file: str, trouble: tuple[str, str]) -> Rejection:
    column = mapping.columns.get(name, "")
    return Rejection(file, *trouble, line=row.line, column=column, value=shorten(row.get(column)))


def with_keys(entries: Iterable[Entry], file: str) -> tuple[list[Entry], list[Rejection]]:
    """The entries with the key that tells each from a file to the next, and those that stand twice.

    The directory's own number, else the SIRET (with the name when several rows bear it), else name and place.
    """
    rows = list(entries)
    sirets = Counter(entry.siret for entry in rows if entry.siret and not entry.key)
    kept: dict[str, Entry] = {}
    doubled = []
    for entry in rows:
        key = _key(entry, alone=sirets[entry.siret] < 2)
        if key in kept:
            reason = f"cette structure est déjà à la ligne {kept[key].line}."
            remedy = "Gardez une seule ligne par structure."
            doubled.append(Rejection(file, reason, remedy, line=entry.line, value=shorten(entry.name)))
        else:
            kept[key] = replace(entry, key=key)
    return list(kept.values()), doubled


def _key(entry: Entry, *, alone: bool) -> str:
    if entry.key:
        return f"id:{entry.key}"
    if entry.siret:
        return f"siret:{entry.siret}" if alone else _short(f"siret:{entry.siret}|{fold(entry.name)}")
    place = entry.postal_code or fold(entry.commune)
    return _short(f"name:{fold(entry.name)}|{place}")


def _short(key: str) -> str:
    """At most 200 characters, the end told by a digest."""
    if len(key) <= 200:
        return key
    return key[:160] + hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
