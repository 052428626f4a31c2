"""What is said when a file cannot be read, and of a row set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SHOWN = 60


def shorten(value: object, limit: int = SHOWN) -> str:
    """The value as text, cut to `limit` characters and without control characters."""
    text = "".join(char if char.isprintable() else " " for char in str(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


class InputProblem(Exception):
    """A file that cannot be used: which, where, why, and what to do. `str()` is the French sentence."""

    def __init__(
        self,
        file: str,
        reason: str,
        remedy: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        super().__init__(file, reason, remedy)
        self.file = shorten(file, 120)
        self.reason = shorten(reason, 300)
        self.remedy = shorten(remedy, 300)
        self.line = line
        self.column = None if column is None else shorten(column)
        self.value = None if value is None else shorten(value)

    def __str__(self) -> str:
        place = [f"Fichier « {self.file} »"]
        if self.line is not None:
            place.append(f"ligne {self.line}")
        if self.column is not None:
            place.append(f"colonne « {self.column} »")
        if self.value is not None:
            place.append(f"valeur « {self.value} »")
        return f"{', '.join(place)} : {self.reason} {self.remedy}".strip()


class OutOfSpace(InputProblem):
    """The disk that receives the work is full (or a file limit is reached)."""

    def __init__(self, place: str) -> None:
        super().__init__(
            place,
            "il n’y a plus de place pour écrire.",
            "Libérez de la place sur ce disque, ou choisissez un autre dossier, puis recommencez : "
            "les éditions précédentes sont intactes.",
        )

    def __str__(self) -> str:
        return f"Disque de « {self.file} » : {self.reason} {self.remedy}"


@dataclass(frozen=True)
class Rejection:
    """A row set aside, with the reason and what to do (both in French)."""

    file: str
    reason: str
    remedy: str
    line: int | None = None
    siren: str | None = None
    siret: str | None = None
    column: str | None = None
    value: str | None = None

    def as_problem(self) -> InputProblem:
        """The same, as an exception: for those who refuse a file with a bad row."""
        shown = self.value if self.value is not None else self.siret or self.siren
        return InputProblem(
            self.file, self.reason, self.remedy, line=self.line, column=self.column, value=shown
        )


# Who takes the rows set aside.
Reject = Callable[[Rejection], None]
