"""What a profile accepts, and how each of its fields is written. Pure."""

import re
from collections.abc import Mapping

from essor.kernel.text import fold
from essor.registry.words import safe_website

MOST_KEYWORDS = 20
MOST_LINKS = 8
# Fields that tell who the organisation is: what a completeness hint counts.
COUNTED = (
    "description", "activity", "offer", "keywords", "needs", "email", "phone", "website", "hours", "languages", "logo",
)  # fmt: skip


class Refused(ValueError):
    """The text cannot be kept; the message says in French why and what to write."""


def tidy(text: str) -> str:
    """The text without control signs, with plain line ends and no blank around."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip()


def phone(text: str) -> str:
    """A telephone number as people read it: « 05 61 00 00 00 », « +33 5 61 00 00 00 ». Raises `Refused`."""
    digits = re.sub(r"[\s.\-()/\u00a0\u202f]", "", text)
    if not digits:
        return ""
    if re.fullmatch(r"0[1-9]\d{8}", digits):
        return " ".join(digits[start : start + 2] for start in range(0, 10, 2))
    if re.fullmatch(r"\+33[1-9]\d{8}", digits):
        rest = digits[4:]
        return f"+33 {digits[3]} " + " ".join(rest[start : start + 2] for start in range(0, 8, 2))
    if re.fullmatch(r"\+\d{8,15}", digits) or re.fullmatch(r"[13]\d{3}|3\d{4}|1\d{2}", digits):
        return digits
    raise Refused(f"« {text[:40]} » n’est pas un numéro de téléphone : écrivez par exemple 05 61 00 00 00.")


def website(text: str) -> str:
    """An http(s) address that a page may link to. Raises `Refused`."""
    plain = text.strip()
    if not plain:
        return ""
    found = safe_website(plain)
    if not found or len(found) > 300:
        raise Refused(f"« {plain[:60]} » n’est pas une adresse de site : écrivez par exemple www.exemple.fr.")
    return found


def links(text: str) -> str:
    """Addresses of other pages, one a line, each once. Raises `Refused`, naming the line."""
    found: list[str] = []
    for number, line in enumerate(tidy(text).split("\n"), 1):
        if not line.strip():
            continue
        try:
            address = website(line)
        except Refused as error:
            raise Refused(f"Ligne {number} : {error}") from error
        if address not in found:
            found.append(address)
    if len(found) > MOST_LINKS:
        raise Refused(f"{len(found)} adresses : gardez-en {MOST_LINKS} au plus.")
    return "\n".join(found)


def keywords(text: str) -> str:
    """Words apart by commas, each once whatever its accents. Raises `Refused`."""
    found: dict[str, str] = {}
    for word in re.split(r"[,;\n]", tidy(text)):
        plain = " ".join(word.split())
        if len(plain) > 50:
            raise Refused(f"« {plain[:50]}… » est trop long : un mot-clé tient en 50 lettres.")
        if plain:
            found.setdefault(fold(plain), plain)
    if len(found) > MOST_KEYWORDS:
        raise Refused(f"{len(found)} mots-clés : gardez-en {MOST_KEYWORDS} au plus.")
    return ", ".join(found.values())


def same_site(one: str, other: str) -> bool:
    """True when two addresses lead to the same site: scheme, « www. », case and last slash do not count."""
    return _bare(one) == _bare(other)


def _bare(address: str) -> str:
    found = safe_website(address).casefold()
    return re.sub(r"^https?://(www\.)?", "", found).rstrip("/")


def disagrees(value: str, fact: str, seen: str) -> bool:
    """True when the open data now say another site than the profile, and not the one already seen."""
    return bool(_bare(fact)) and not same_site(value, fact) and not same_site(seen, fact)


def completeness(filled: Mapping[str, str]) -> tuple[int, list[str]]:
    """Share of the counted fields that are filled, in per cent, and those that lack, in order."""
    lacking = [name for name in COUNTED if not filled.get(name)]
    return round(100 * (len(COUNTED) - len(lacking)) / len(COUNTED)), lacking
