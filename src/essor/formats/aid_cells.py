"""The cells of lists of aids: text out of HTML, links, dates, yes and no, lists, audiences."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

MAX_ITEMS = 40
MAX_ITEM = 200

# Words of the lists, folded → our code. What none of them says is « other ».
AUDIENCES: dict[str, str] = {
    "commune": "commune",
    "communes": "commune",
    "epci a fiscalite propre": "epci",
    "intercommunalites / pays": "epci",
    "departements": "departement",
    "regions": "region",
    "collectivites d'outre-mer a statuts particuliers": "overseas",
    "collectivite ou etablissement public": "public",
    "etablissements publics (ecoles, bibliotheques…) / services de l'etat": "public",
    "etablissements publics (ecoles, bibliotheques…)": "public",
    "entreprises publiques locales (sem, spl, semop)": "local_company",
    "association": "association",
    "associations": "association",
    "entreprises privees": "company",
    "entreprise": "company",
    "agriculteurs": "farmer",
    "particulier": "individual",
    "particuliers": "individual",
    "recherche": "research",
}
OTHER = "other"
_ACCENTS = str.maketrans("àâäéèêëîïôöùûüçÀÂÉÈÊÎÔÙÛÇ’", "aaaeeeeiioouuucAAEEEIOUUC'")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_BREAKS = re.compile(r"\s*\n\s*\n\s*")
_RECURRENCES = {"permanente": "permanent", "ponctuelle": "once", "recurrente": "recurring"}
_YES = {"oui", "vrai", "yes", "true"}
_NO = {"non", "faux", "no", "false", ""}


class AidTrouble(Exception):
    """A row that cannot be read: why, where, what to do."""

    def __init__(
        self, reason: str, *, column: str | None = None, value: Any = None, remedy: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason, self.column, self.value, self.remedy = reason, column, value, remedy

    def at(self, column: str, value: Any) -> AidTrouble:
        """The same, said of a column and its value."""
        return AidTrouble(self.reason, column=column, value=value, remedy=self.remedy)


class _Text(HTMLParser):
    """Keeps the words of a page, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in ("p", "br", "li", "ul", "ol", "div", "h1", "h2", "h3", "h4", "tr"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def fold_label(text: str) -> str:
    """A label without accents nor case, apostrophes straight."""
    return text.translate(_ACCENTS).casefold().strip()


def as_text(value: Any, limit: int) -> str:
    """Plain text out of text or HTML, at most `limit` characters. AidTrouble when it is neither text nor number."""
    if value is None:
        return ""
    if isinstance(value, dict) and isinstance(value.get("libelle"), str):
        value = value["libelle"]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise AidTrouble("un texte est attendu ici.")
    text = str(value)
    if "<" in text or "&" in text:
        parser = _Text()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
    text = "".join(char for char in text if char.isprintable() or char in "\n\t\u00a0")
    text = _BREAKS.sub("\n\n", _SPACES.sub(" ", text)).strip()
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def as_link(value: Any, base: str) -> tuple[str, bool]:
    """The address (http or https) and whether one was given that cannot be read; `base` goes before « /aides/… »."""
    if value is None:
        return "", False
    if not isinstance(value, str):
        raise AidTrouble("une adresse (https://…) est attendue ici.")
    text = value.strip()
    if text.startswith("/") and not text.startswith("//") and base:
        text = base + text
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or len(text) > 500 or any(char.isspace() or not char.isprintable() for char in text):
        return "", True
    return text, False


def as_day(value: Any) -> date | None:
    """The day of « 2026-12-31 », « 2026-12-31T23:59:59+01:00 » or « 31/12/2026 ». AidTrouble for anything else."""
    if value is None:
        return None
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        numbers = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
        year, month, day = (int(number) for number in numbers)
        if 1990 <= year <= 2100:
            try:
                return date(year, month, day)
            except ValueError:
                pass
    raise AidTrouble("cette date est illisible.", remedy="Écrivez-la JJ/MM/AAAA ou AAAA-MM-JJ.")


def as_yes(value: Any) -> bool:
    """Whether the cell says yes; nothing is no. AidTrouble for other words."""
    if value is None or isinstance(value, bool):
        return bool(value)
    word = fold_label(value) if isinstance(value, str) else None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise AidTrouble("« Oui » ou « Non » est attendu ici.")


def as_recurrence(value: Any) -> str:
    """« permanent », « once », « recurring », or nothing. AidTrouble for other words."""
    if value is None:
        return ""
    found = _RECURRENCES.get(fold_label(value)) if isinstance(value, str) else None
    if found is None:
        raise AidTrouble("« Permanente », « Ponctuelle » ou « Récurrente » est attendu ici.")
    return found


def as_list(value: Any, separators: str) -> tuple[str, ...]:
    """The items of a cell or of a JSON list (texts, or objects with a name or a title), each once, in their order."""
    if value is None:
        return ()
    items = _split(value, separators) if isinstance(value, str) else value
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise AidTrouble(f"une liste d’au plus {MAX_ITEMS} mots est attendue ici.")
    found: dict[str, None] = {}
    for item in items:
        if isinstance(item, dict):
            item = item.get("title") or item.get("name") or ""
        text = as_text(item, MAX_ITEM)
        if text:
            found[text] = None
    return tuple(found)


def _split(text: str, separators: str) -> list[str]:
    """Cut at the separators that stand outside brackets: « Entreprises publiques locales (Sem, Spl) » is one item."""
    items, depth, start = [], 0, 0
    for rank, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char in separators and not depth:
            items.append(text[start:rank])
            start = rank + 1
    return [*items, text[start:]]


def audience_codes(audiences: tuple[str, ...]) -> tuple[str, ...]:
    """Our codes for the words of a list, each once."""
    return tuple(dict.fromkeys(AUDIENCES.get(fold_label(word), OTHER) for word in audiences))
