"""Folded text: what searches compare and lists order by, the same on SQLite and PostgreSQL."""

import unicodedata

# Letters that Unicode does not take apart; written as French readers expect to find them.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n"}
)
SORT_KEY_LENGTH = 200


_KEPT = 0x3000  # signs of the alphabets in use here; the others are worked out each time, so that none fills memory


class _Folded(dict[int, str]):
    """Each sign, folded: worked out once. A sign is folded alike whatever stands around it."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code).casefold())
        plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
        found = "".join(sign if sign.isalnum() else " " for sign in plain.translate(LETTERS))
        if code < _KEPT:
            self[code] = found
        return found


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text without accents, ligatures, case or punctuation; words apart by one space.

    « L’Étoile-du-Sœur » gives « l etoile du soeur ». Idempotent. Letters of other scripts stay.
    """
    return " ".join(text.translate(_FOLDED).split())


def sort_key(text: str) -> str:
    """The folded text, at most `SORT_KEY_LENGTH` characters: « Étoile » comes before « Zèbre ».

    Compare it by code points (collation « C » on PostgreSQL), which `fields.SortKeyField` does.
    """
    return fold(text)[:SORT_KEY_LENGTH].rstrip()
