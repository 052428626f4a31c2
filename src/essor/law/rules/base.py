"""What every rule answers with: an explanation, references with their certainty, and a JSON form.

The house's rule: a conclusion is worth what its weakest premise is worth (``Certainty.weakest``).
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any, Generic, TypeVar, get_type_hints

from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.law.rules.answer import answer_schema
from essor.law.rules.schema import json_schema, read_input
from essor.law.wording import french_date

CENT = Decimal("0.01")
_BRACKETS = re.compile(r" \((?!UE\)|CE\))([^()]*)\)")


class RuleError(ValueError):
    """The rule cannot answer: the day is before the law it applies, or facts contradict each other. In French."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to do, to watch or to correct: a stable code and a French sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A text of law that the answer rests on. ``value`` is in French words, None when it is no number."""

    title: str
    certainty: Certainty
    note: str = ""
    parameter: str | None = None
    value: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    local: bool = False

    @classmethod
    def of(cls, value: law.LegalValue) -> "Cited":
        """The reference of a legal value; ``valid_to`` is its last day in force."""
        return cls(
            title=value.reference,
            certainty=value.certainty,
            note=value.note,
            parameter=value.parameter,
            value=value.text,
            valid_from=value.valid_from,
            valid_to=value.last_day,
            local=value.local,
        )


@dataclass(slots=True)
class Reasons:
    """Collects, in order, what a rule says and what it rests on. The day is that of the law applied."""

    on: date
    lines: list[str] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a sentence to the explanation, once."""
        if sentence not in self.lines:
            self.lines.append(sentence)

    def value(self, identifier: str) -> law.LegalValue:
        """The legal value in force on the day, cited. Raises ``RuleError`` when there is none."""
        try:
            found = law.value(identifier, self.on)
        except law.NotInForceError as error:
            raise RuleError(f"{error.words} La règle ne répond pas pour ce jour.") from None
        self._add(Cited.of(found))
        return found

    def value_if_any(self, identifier: str) -> law.LegalValue | None:
        """The legal value in force on the day, cited; None when there is none."""
        found = law.in_force(identifier, self.on)
        if found is not None:
            self._add(Cited.of(found))
        return found

    def cite(self, title: str, certainty: Certainty = Certainty.MEMORY, note: str = "") -> None:
        """Cite a text that is no parameter."""
        self._add(Cited(title, certainty, note))

    def _add(self, cited: Cited) -> None:
        if cited not in self.cited:
            self.cited.append(cited)

    @property
    def explanation(self) -> tuple[str, ...]:
        """The sentences, in the order in which they were said."""
        return tuple(self.lines)

    @property
    def references(self) -> tuple[Cited, ...]:
        """The texts, in the order in which they were used."""
        return tuple(self.cited)


def told(value: law.LegalValue) -> str:
    """« code…, art. R2122-8, depuis le 1er avril 2026 », with « à vérifier » when the text was not read."""
    titles = [_in_sentence(reference.title) for reference in value.references]
    parts = [" ; ".join(titles), f"depuis le {french_date(value.valid_from)}"]
    if value.local:
        parts.append("valeur ajoutée ici")
    if value.certainty.public_note:
        parts.append(value.certainty.public_note)
    return ", ".join(parts)


def _in_sentence(title: str) -> str:
    """The title of a text as it stands inside brackets: no capital, no inner brackets, the CGCT by its initials."""
    short = title.replace("Code général des collectivités territoriales", "CGCT", 1)
    return _BRACKETS.sub(r", \1", short if short != title else title[:1].lower() + title[1:])


def cents(amount: Decimal) -> Decimal:
    """The amount rounded to the cent, half away from zero: once, at the last step of a computation."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 28 February for a 29 February that does not exist."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# ── Rules and their JSON form ──

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Input]):
    """A rule as the command line, the forms and the notes know it."""

    name: str
    title: str
    form: type[Input]
    apply: Callable[[Input], Any]

    @property
    def input_schema(self) -> dict[str, Any]:
        """The JSON Schema of the input, with French titles. Its parts are shared: to be read, never written."""
        return {**json_schema(self.form), "title": self.title}

    @property
    def answer_schema(self) -> Mapping[str, Any]:
        """The JSON Schema of the answer, with the French words of each result."""
        return answer_schema(get_type_hints(self.apply)["return"])

    def run(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Answer JSON data with JSON data. Raises ``RuleInputError`` or ``RuleError``, in French."""
        given = read_input(self.form, data)
        answer: dict[str, Any] = _plain(self.apply(given))
        cited = [Certainty(row["certainty"]) for row in answer["references"]]
        weakest = Certainty.weakest(Certainty.SEEN, *cited)
        return {
            "rule": self.name,
            **answer,
            "certainty": str(weakest.value),
            "certainty_note": weakest.public_note,
        }


def _plain(value: Any) -> Any:
    """JSON form: numbers stay exact (an integer, else the shortest decimal), days are AAAA-MM-JJ."""
    if isinstance(value, Cited):
        row = {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
        return row | {"certainty_note": value.certainty.public_note}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
