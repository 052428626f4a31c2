"""When two written addresses are the same place. Pure: no database."""

import re

from essor.kernel.text import fold

# How Sirene and people shorten the kind of way; the bis and ter of a number stay as they are.
_WAYS = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard",
    "che": "chemin", "chem": "chemin", "crs": "cours", "fg": "faubourg", "imp": "impasse", "lot": "lotissement",
    "pass": "passage", "pl": "place", "qu": "quai", "r": "rue", "res": "residence", "rte": "route", "sq": "square",
    "st": "saint", "ste": "sainte", "za": "zone artisanale", "zi": "zone industrielle",
}  # fmt: skip
_NUMBERED = re.compile(r"(\d+)\s+([a-z].*)")


def street_key(address: str) -> str:
    """The numbered street of an address, folded and without abbreviations; empty without a number.

    « Bât. B, 3 av. de l’Étang » gives « 3 avenue de l etang ». Lines before the street (building, care of) are left
    out: two offices of one building are at the same address.
    """
    for line in address.split(","):
        words = fold(line).split()
        found = _NUMBERED.fullmatch(" ".join(_WAYS.get(word, word) for word in words))
        if found:
            return f"{int(found[1])} {found[2]}"
    plain = " ".join(_WAYS.get(word, word) for word in fold(address).split())
    found = _NUMBERED.search(plain)
    return f"{int(found[1])} {found[2]}" if found else ""


def search_words(key: str) -> tuple[str, str]:
    """The number and the longest word of a street, in capitals as Sirene writes them: what a query looks for first."""
    number, _space, street = key.partition(" ")
    return number, max(street.split(), key=len, default="").upper()
