"""Value objects of dated legal parameters. Pure: the day is always an argument."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from essor.law.certainty import Certainty
from essor.law.wording import french_date, french_number, french_percent

Raw = Decimal | bool | str
Value = Decimal | bool | tuple[Raw, ...]

UNITS: Mapping[str, str] = {
    "/1": "part de 1, montrée en pourcentage",
    "fraction": "fraction : numérateur, dénominateur",
    "currency-EUR": "euros",
    "year": "années",
    "month": "mois",
    "working-day": "jours ouvrés",
    "hour": "heures",
    "smic": "multiple du Smic annuel",
    "smic_share": "part du Smic horaire brut, montrée en pourcentage",
    "multiple": "multiple d’un montant",
    "fte": "équivalents temps plein",
    "count": "nombre",
    "list": "liste de codes ou de textes",
    "boolean": "oui ou non",
}


class LegalParameterError(ValueError):
    """A question that the legal parameters cannot answer; the message is in French."""


class UnknownParameterError(LegalParameterError):
    """No parameter bears this identifier."""


class NotInForceError(LegalParameterError):
    """The parameter exists but holds no value on that day. `words` are for people: no identifier."""

    def __init__(self, parameter: "Parameter", told: str) -> None:
        super().__init__(f"« {parameter.description} » ({parameter.id}) {told}")
        self.words = f"« {parameter.description} » {told}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A text of law, and its address when it was seen."""

    title: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class LegalValue:
    """What a parameter is worth from ``valid_from`` until the day before ``valid_to`` (None: still in force).

    ``unit`` is a key of ``UNITS``; a share is a decimal between 0 and 1. ``local`` tells a value that the
    installation added or changed; ``labels`` gives French words for the codes of a list.
    """

    parameter: str
    description: str
    value: Value
    unit: str
    valid_from: date
    valid_to: date | None
    references: tuple[Reference, ...]
    certainty: Certainty
    note: str
    local: bool = False
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def reference(self) -> str:
        """The titles of the texts, in one line."""
        return " ; ".join(reference.title for reference in self.references)

    @property
    def last_day(self) -> date | None:
        """The last day in force, None when it still holds."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None

    @property
    def decimal(self) -> Decimal:
        """The number. Raises ``TypeError`` when the parameter is not one."""
        if isinstance(self.value, Decimal):
            return self.value
        raise TypeError(f"« {self.parameter} » n’est pas un nombre : utilisez « items » ou « value ».")

    @property
    def items(self) -> tuple[Raw, ...]:
        """The elements of a list. Raises ``TypeError`` when the parameter is not one."""
        if isinstance(self.value, tuple):
            return self.value
        raise TypeError(f"« {self.parameter} » n’est pas une liste : utilisez « decimal » ou « value ».")

    @property
    def text(self) -> str:
        """The value in French words: « 20 % », « 7 fois le Smic annuel », « 5 ans », « communes, régions »."""
        if isinstance(self.value, tuple):
            words = dict(self.labels)
            separator = "/" if self.unit == "fraction" else ", "
            return separator.join(words.get(str(item), _french_scalar(item)) for item in self.value)
        return _french(self.value, self.unit)


def _french(value: Decimal | bool, unit: str) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if unit == "/1":
        return french_percent(value)
    if unit == "smic_share":
        return f"{french_percent(value)} du Smic horaire brut"
    one = abs(value) < 2
    suffixes = {
        "currency-EUR": "\u00a0€",
        "year": " an" if one else " ans",
        "month": " mois",
        "working-day": " jour ouvré" if one else " jours ouvrés",
        "hour": " heure" if one else " heures",
        "smic": " fois le Smic annuel",
        "multiple": " fois",
        "fte": " équivalent temps plein" if one else " équivalents temps plein",
    }
    return french_number(value) + suffixes.get(unit, "")


def _french_scalar(value: Raw) -> str:
    if isinstance(value, Decimal):
        return french_number(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated line of a parameter. ``value`` None ends the previous one; ``local`` is not Essor’s own."""

    start: date
    value: Value | None
    references: tuple[Reference, ...]
    certainty: Certainty
    note: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A legal parameter with all its dated values, oldest first. ``labels``: French words for codes of lists."""

    id: str
    description: str
    unit: str
    entries: tuple[Entry, ...]
    labels: tuple[tuple[str, str], ...] = ()

    def history(self) -> tuple[LegalValue, ...]:
        """Every value that was or is in force, oldest first; the entries that only end one are left out."""
        return tuple(
            self._legal_value(index) for index, entry in enumerate(self.entries) if entry.value is not None
        )

    def at(self, on: date) -> LegalValue:
        """The value in force on a day: the last entry not after it. Raises ``NotInForceError``."""
        index = bisect_right([entry.start for entry in self.entries], on) - 1
        if index < 0:
            raise NotInForceError(
                self,
                f"n’a pas encore de valeur connue le {french_date(on)} : "
                f"la première date du {french_date(self.entries[0].start)}.",
            )
        if self.entries[index].value is None:
            raise NotInForceError(
                self,
                f"n’est plus en vigueur le {french_date(on)} : "
                f"la dernière valeur a pris fin le {french_date(self.entries[index].start)}.",
            )
        return self._legal_value(index)

    def _legal_value(self, index: int) -> LegalValue:
        entry = self.entries[index]
        if entry.value is None:
            raise NotInForceError(self, f"ne porte pas de valeur au {french_date(entry.start)}.")
        following = self.entries[index + 1].start if index + 1 < len(self.entries) else None
        return LegalValue(
            parameter=self.id,
            description=self.description,
            value=entry.value,
            unit=self.unit,
            valid_from=entry.start,
            valid_to=following,
            references=entry.references,
            certainty=entry.certainty,
            note=entry.note,
            local=entry.local,
            labels=self.labels,
        )

    def with_entries(self, added: Iterable[Entry]) -> "Parameter":
        """The same parameter with more entries; one on the day of an existing entry takes its place."""
        by_day = {entry.start: entry for entry in (*self.entries, *added)}
        return replace(self, entries=tuple(by_day[day] for day in sorted(by_day)))


@dataclass(frozen=True, slots=True)
class Node:
    """A chapter of the tree of parameters."""

    id: str
    description: str
    children: "Mapping[str, Node | Parameter]"

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter below this node, in the order of identifiers."""
        for _, child in sorted(self.children.items()):
            if isinstance(child, Parameter):
                yield child
            else:
                yield from child.parameters()
