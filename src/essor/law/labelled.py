"""String enumerations that carry a French public label."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Members are written ``NAME = "code", "Libellé"``: the value is the code, ``label`` the French words.

    Plain Python on purpose: rules use these enumerations without Django. A Django field takes ``choices()``.
    """

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs (code, label) in the order of declaration."""
        return [(str(member.value), member.label) for member in cls]
