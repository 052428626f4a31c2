"""The form of a rule, made from its JSON Schema: fields, tables of rows, and the JSON that the rule reads.

A row travels as ``holders-1-amount``: rows are numbered as they come, empty ones are left out. Nothing is stored: the
same pairs make an address that can be shared.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from essor.kernel.questions.widgets import row_numbers, with_rows_changed
from essor.rulebook.catalogue import Asked
from essor.rulebook.fields import form_fields, is_table, typed_value, written

MARK = "reponse"  # sent by the form's own button: without it, an address only fills the fields
MOST_ROWS = 100
_PROBLEM = re.compile(
    r"(?P<field>\w+)(?:\[(?P<row>\d+)\])?(?:\.(?P<inner>\w+))?(?:\[\d+\])? : (?P<message>.+)", re.S
)
_QUOTED = re.compile(r"« (\w+) »")

Input = dict[str, Any]


class SchemaForm(forms.Form):
    """The fields of one object of a schema. `radios` are shown one under the other; `compact` shows no list so."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        *args: Any,
        radios: frozenset[str] = frozenset(),
        compact: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.schema = schema
        for name, about in self.scalars():
            required = name in schema["required"]
            shown_out = None if compact else name in radios
            self.fields.update(form_fields(name, about, required=required, radios=shown_out))
        for name, about in self.scalars():
            if "default" in about and name not in self.initial:
                self.initial.update(written(name, about, about["default"]))

    def scalars(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The fields that are no table."""
        return ((name, about) for name, about in self.schema["properties"].items() if not is_table(about))

    def typed(self) -> Input:
        """What was said, as the rule reads it; what was left out is not there."""
        found = {name: typed_value(name, about, self.cleaned_data) for name, about in self.scalars()}
        return {name: value for name, value in found.items() if value is not None}


@dataclass
class Row:
    """A row of a table, its fields each with the condition under which it matters."""

    form: SchemaForm
    when: Mapping[str, str]

    @property
    def items(self) -> list[tuple[forms.BoundField, str]]:
        """The fields and their conditions."""
        return [(field, self.when.get(field.name, "")) for field in self.form]


@dataclass
class Table:
    """A list of rows. `blank` makes the model of a row that the script adds: it is the same for everyone."""

    name: str
    title: str
    help: str
    required: bool
    rows: list[Row]
    blank: Callable[[], Row]

    @property
    def full(self) -> bool:
        """True when no row may be added."""
        return len(self.rows) >= MOST_ROWS


class RuleForm:
    """The form of a rule, empty, filled in advance, or sent. `day` is the day proposed when none is given."""

    def __init__(self, asked: Asked, sent: QueryDict, initial: Mapping[str, Any], *, bound: bool) -> None:
        self.asked, self.sent, self.bound = asked, sent, bound
        self.schema = asked.rule.input_schema
        self.refused: list[str] = []
        values = dict(initial) | ({} if bound else _held(sent))
        self.main = SchemaForm(
            self.schema, sent if bound else None, radios=asked.radios, initial=values, prefix=None
        )
        self.tables = [
            self._table(name, about) for name, about in self.schema["properties"].items() if is_table(about)
        ]

    def _table(self, name: str, about: Mapping[str, Any]) -> Table:
        required = name in self.schema["required"]
        numbers = row_numbers(name, self.sent, MOST_ROWS)
        if not numbers:
            numbers = [1, 2] if required else [1]
        return Table(
            name=name,
            title=about["title"],
            help=about.get("description", ""),
            required=required,
            rows=[self._row(name, about["items"], number) for number in numbers],
            blank=lambda: self._as_row(name, SchemaForm(about["items"], prefix=f"{name}-0", compact=True)),
        )

    def _row(self, name: str, schema: Mapping[str, Any], number: int) -> Row:
        prefix = f"{name}-{number}"
        held = {
            key.removeprefix(f"{prefix}-"): value
            for key, value in _held(self.sent).items()
            if key.startswith(f"{prefix}-")
        }
        bound = self.bound and bool(held)
        form = SchemaForm(
            schema,
            self.sent if bound else None,
            prefix=prefix,
            initial={} if bound else held,
            empty_permitted=True,
            compact=True,
        )
        return self._as_row(name, form)

    def _as_row(self, name: str, form: SchemaForm) -> Row:
        conditions = {
            field.removeprefix(f"{name}."): when_words(rules, f"{form.prefix}-")
            for field, rules in self.asked.when.items()
            if field.startswith(f"{name}.")
        }
        return Row(form, conditions)

    # ── What was typed ──

    def is_valid(self) -> bool:
        """Could every field be read? The bounds and what ties fields together are told by the rule itself."""
        valid = self.main.is_valid()
        rows = [row.form.is_valid() for table in self.tables for row in table.rows if row.form.is_bound]
        return valid and all(rows)

    @cached_property
    def _kept(self) -> dict[str, list[SchemaForm]]:
        """The rows that say something, by table."""
        return {
            table.name: [row.form for row in table.rows if row.form.is_bound and row.form.has_changed()]
            for table in self.tables
        }

    def input(self) -> Input:
        """What the rule reads. Fields that do not matter, given the other answers, are left out."""
        given = self.main.typed()
        for name, rows in self._kept.items():
            lines = [self._line(name, row) for row in rows]
            if lines or name in self.schema["required"]:
                given[name] = lines
        return {name: value for name, value in given.items() if self.matters(name, given)}

    def _line(self, table: str, row: SchemaForm) -> Input:
        line = row.typed()
        usual = {name: about.get("default") for name, about in row.schema["properties"].items()}
        return {
            name: value
            for name, value in line.items()
            if _all_hold(self.asked.when.get(f"{table}.{name}", {}), usual | line)
        }

    def matters(self, name: str, given: Mapping[str, Any]) -> bool:
        """Is the field worth asking, given the answers to the others?"""
        usual = {other: about.get("default") for other, about in self.schema["properties"].items()}
        return _all_hold(self.asked.when.get(name, {}), usual | dict(given))

    # ── What the rule refuses ──

    def place(self, problems: list[str]) -> None:
        """Put each fault that the rule tells on its field and row; those that have none stand above the form."""
        for problem in problems:
            found = _PROBLEM.fullmatch(problem)
            target = self._target(found) if found else None
            if found is None or target is None:
                self.refused.append(self._in_words(problem))
                continue
            form, field = target
            form.add_error(field, self._in_words(_capital(found["message"])))

    def _target(self, found: "re.Match[str]") -> tuple[SchemaForm, str] | None:
        if found["row"] and found["field"] in self._kept:
            rows, number = self._kept[found["field"]], int(found["row"])
            if number <= len(rows) and found["inner"] in rows[number - 1].fields:
                return rows[number - 1], found["inner"]
            return None
        return (self.main, found["field"]) if found["field"] in self.main.fields else None

    def _in_words(self, text: str) -> str:
        """The message with the words of the form in place of the names that programs use."""
        titles = _titles(self.schema)
        return _QUOTED.sub(lambda match: f"« {titles.get(match[1], match[1])} »", text)

    @property
    def errors(self) -> bool:
        """Is there something to correct?"""
        return self.bound and bool(
            self.refused
            or self.main.errors
            or any(row.form.errors for table in self.tables for row in table.rows)
        )


def completed(asked: Asked, sent: QueryDict) -> QueryDict:
    """What was sent, with the usual answer to each question left out: short addresses do without them."""
    full = sent.copy()
    for name, about in asked.rule.input_schema["properties"].items():
        if is_table(about):
            for number in row_numbers(name, sent, MOST_ROWS):
                _complete(full, about["items"]["properties"], f"{name}-{number}-")
    _complete(full, asked.rule.input_schema["properties"], "")
    return full


def _complete(full: QueryDict, properties: Mapping[str, Any], prefix: str) -> None:
    for name, about in properties.items():
        if "default" in about and f"{prefix}{name}" not in full:
            for key, text in written(name, about, about["default"]).items():
                full[f"{prefix}{key}"] = text


def when_words(conditions: Mapping[str, Sequence[str]], prefix: str = "") -> str:
    """Conditions as the script reads them: « counterpart=service,none;initiative=authority »."""
    return ";".join(f"{prefix}{other}={','.join(values)}" for other, values in conditions.items())


def _all_hold(conditions: Mapping[str, Sequence[str]], given: Mapping[str, Any]) -> bool:
    return all(_code(given.get(other)) in values for other, values in conditions.items())


def edited(sent: QueryDict) -> QueryDict:
    """What was typed, once the row asked is added or removed."""
    changed = with_rows_changed(sent, MOST_ROWS)
    changed.pop(MARK, None)
    return changed


def pairs(schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a case looks like in a form or an address: the pairs that give it back. Defaults are left out."""
    found: list[tuple[str, str]] = []
    for name, about in schema["properties"].items():
        value = given.get(name)
        if value is None or _is_usual(value, about):
            continue
        if is_table(about):
            for number, row in enumerate(value, 1):
                inner = pairs(about["items"], row)
                found += [(f"{name}-{number}-{key}", text) for key, text in inner]
        else:
            found += _flat(written(name, about, value))
    return found


def _is_usual(value: Any, about: Mapping[str, Any]) -> bool:
    """Is it the default of the schema, or an empty list? Numbers are compared as decimals."""
    usual = about.get("default", [])
    if about["type"] in ("number", "integer") and "default" in about:
        return Decimal(str(value)) == Decimal(str(usual))
    return bool(value == usual)


def address_of(schema: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The query of a case: « surplus=10+000&on=2026-05-01 »."""
    return urlencode([(key, text.replace("\u202f", "")) for key, text in pairs(schema, given)])


def _flat(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (key, text)
        for key, value in fields.items()
        for text in (value if isinstance(value, list) else [value])
    ]


def _held(sent: QueryDict) -> dict[str, Any]:
    """What an address fills in: a field of several values keeps them all."""
    return {key: values if len(values) > 1 else values[0] for key, values in sent.lists() if values}


def _code(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _titles(schema: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, about in schema["properties"].items():
        found[name] = about["title"]
        if is_table(about):
            found |= _titles(about["items"])
    return found


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
