"""SIREN, SIRET and RNA numbers: keys, and why a value is not one.

Sources: INSEE, « Structure du numéro Siren » (Luhn's key over the 9 and the 14 digits); exception of La Poste
(SIREN 356000000), whose establishments other than the head office satisfy « sum of digits multiple of 5 » instead.
The same keys exist in SQL, for millions of rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LA_POSTE = "356000000"
LA_POSTE_HEAD_OFFICE = "35600000000048"

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009\t.-")
_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)
_RNA = re.compile(r"W[0-9][0-9A-Z][0-9A-Z][0-9]{6}", re.ASCII)


def _luhn_sum(digits: str) -> int:
    total = 0
    for rank, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if rank % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total


def _all_digits(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isdigit()


def is_siren(value: str) -> bool:
    """True for nine digits whose Luhn key is right; « 000000000 » is nobody's."""
    return _all_digits(value, 9) and value != "000000000" and _luhn_sum(value) % 10 == 0


def is_siret(value: str) -> bool:
    """True for fourteen digits whose keys are right, La Poste's rule included."""
    if not _all_digits(value, 14):
        return False
    if value.startswith(LA_POSTE):
        return sum(map(int, value)) % 5 == 0 or value == LA_POSTE_HEAD_OFFICE
    return is_siren(value[:9]) and _luhn_sum(value) % 10 == 0


def is_rna(value: str) -> bool:
    """True for « W » then nine characters, as the répertoire national des associations numbers them."""
    return _RNA.fullmatch(value) is not None


def clean_number(value: str) -> str:
    """The value without the spaces, dots and dashes that people put between digits."""
    return value.strip().translate(_SPACES)


def siret_trouble(value: str) -> tuple[str, str] | None:
    """Why this value (already cleaned) is not a SIRET, and the remedy; None when it is one."""
    return _trouble(value, "SIRET", 14, is_siret)


def siren_trouble(value: str) -> tuple[str, str] | None:
    """Why this value (already cleaned) is not a SIREN, and the remedy; None when it is one."""
    return _trouble(value, "SIREN", 9, is_siren)


def _trouble(value: str, name: str, length: int, valid: Callable[[str], bool]) -> tuple[str, str] | None:
    if not value:
        return f"le {name} est vide.", f"Indiquez les {length} chiffres du {name}."
    if _SPREADSHEET.fullmatch(value):
        return (
            f"le {name} a été détruit par un tableur (notation scientifique) : ses chiffres sont perdus.",
            f"Reprenez le fichier d’origine et mettez la colonne au format Texte : le {name} ne se devine pas.",
        )
    if not _all_digits(value, length):
        return (
            f"le {name} doit avoir {length} chiffres.",
            f"Vérifiez le {name} sur annuaire-entreprises.data.gouv.fr.",
        )
    if valid(value):
        return None
    return (
        f"la clé du {name} est fausse : un chiffre a été mal recopié.",
        f"Vérifiez le {name} sur annuaire-entreprises.data.gouv.fr.",
    )


def _luhn_sql(number: str, length: int) -> str:
    """Luhn's sum of a BIGINT expression of `length` digits, as SQL arithmetic (portable, no lambda)."""
    terms = []
    for rank in range(length):
        digit = f"(({number} // {10**rank}) % 10)"
        terms.append(f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)" if rank % 2 else digit)
    return "(" + " + ".join(terms) + ")"


def siren_sql(column: str, number: str = "") -> str:
    """SQL condition: `column` (VARCHAR) is a SIREN. Same answer as `is_siren`; never NULL.

    `number`: the column already cast to BIGINT, which makes it several times faster.
    """
    number = number or f"TRY_CAST({column} AS BIGINT)"
    return (
        f"coalesce(regexp_full_match({column}, '[0-9]{{9}}') AND {column} <> '000000000' "
        f"AND {_luhn_sql(number, 9)} % 10 = 0, false)"
    )


def siret_sql(column: str, number: str = "") -> str:
    """SQL condition: `column` (VARCHAR) is a SIRET. Same answer as `is_siret`; never NULL. `number`: as above."""
    number = number or f"TRY_CAST({column} AS BIGINT)"
    siren = f"({number} // 100000)"
    digits_sum = "(" + " + ".join(f"(({number} // {10**rank}) % 10)" for rank in range(14)) + ")"
    return (
        f"coalesce(regexp_full_match({column}, '[0-9]{{14}}') AND CASE "
        f"WHEN {siren} = {LA_POSTE} THEN {digits_sum} % 5 = 0 OR {column} = '{LA_POSTE_HEAD_OFFICE}' "
        f"ELSE {siren} > 0 AND {_luhn_sql(siren, 9)} % 10 = 0 AND {_luhn_sql(number, 14)} % 10 = 0 END, false)"
    )
