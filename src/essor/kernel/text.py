"""Folded text: what searches compare and lists order by, the same on SQLite and PostgreSQL."""

import unicodedata

# Letters that Unicode does not take apart; written as French readers expect to find them.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n"}
)
SORT_KEY_LENGTH = 200


def fold(text: str) -> str:
    """The text without accents, ligatures, case or punctuation; words apart by one space.

    « L’Étoile-du-Sœur » gives « l etoile du soeur ». Idempotent. Letters of other scripts stay.
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold().translate(_LETTERS)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain).split())


def sort_key(text: str) -> str:
    """The folded text, at most `SORT_KEY_LENGTH` characters: « Étoile » comes before « Zèbre ».

    Compare it by code points (collation « C » on PostgreSQL), which `fields.SortKeyField` does.
    """
    return fold(text)[:SORT_KEY_LENGTH].rstrip()
