"""Forms with rows that are added and taken away without script: a form, its formsets, and where a fault belongs."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, BoundField, formset_factory
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from essor.kit.front_matter import ContentError

Rows = list[dict[str, Any]]
MOST_ROWS = 60
_PLACE = re.compile(r", (levier|exemple|fait) (\d+)")
_ROWS = {"levier": "levers", "exemple": "examples", "fait": "facts"}
# Fields of a file that the form splits, or calls otherwise.
_SAME = {"source": "place", "guide": "place", "goals": "odd"}


@dataclass(frozen=True, slots=True)
class RowsOf:
    """A list of the file: its field, title, the word of the button that adds, the form of a row, the word for a row."""

    name: str
    title: str | Promise
    add: str | Promise
    form: type[forms.Form]
    one: str | Promise
    help: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows as the page shows them."""

    of: RowsOf
    formset: "BaseFormSet[Any]"

    @property
    def lines(self) -> list[tuple[forms.Form, str]]:
        """Each row with the words that name it once folded: its first field, "" for a new row."""
        return [(row, _first_words(row)) for row in self.formset]

    @property
    def faults(self) -> list[tuple[forms.Form, str, str]]:
        """The faults of the rows: the row, what it is called, what is wrong, for the summary above the form."""
        return [
            (row, f"{self.of.one} {rank}".capitalize(), str(told))
            for rank, row in enumerate(self.formset, 1)
            for told in dict.fromkeys(each for found in row.errors.values() for each in found)
        ]


def _first_words(row: forms.Form) -> str:
    first, *others = [field for field in row.visible_fields() if field.name != "DELETE"]
    if not hasattr(first.field, "choices"):
        return str(first.value() or "")
    # Choices alone are not told apart by the first one.
    return " · ".join(filter(None, (_choice_words(each) for each in (first, *others))))


def _choice_words(field: BoundField) -> str:
    value = str(field.value() or "")
    return str(dict(getattr(field.field, "choices", ())).get(value, value)) if value else ""


class Editor(ABC):
    """A text in a form. `before` is what its file says now; `data` what was sent.

    `redraw`: what was sent is shown again without judging it (a row is added, a preview asked).
    """

    form_class: ClassVar[type[forms.Form]]
    row_classes: ClassVar[tuple[RowsOf, ...]]

    def __init__(
        self, before: Mapping[str, Any], data: QueryDict | None = None, *, seen: int = 0, redraw: bool = False
    ) -> None:
        self.before = before
        self.change: Any = None  # what somebody else wrote meanwhile: their version, the differences
        if data is None or redraw:
            initial = _sent(self.form_class(), data) if data else {**self.initial_of(before), "seen": seen}
            self.form = self.form_class(initial=initial)
        else:
            self.form = self.form_class(data)
        first = self.rows_of(before)
        self.rows = [
            Shown(each, self._formset(each, first, data, redraw=redraw)) for each in self.row_classes
        ]

    def _formset(
        self, of: RowsOf, first: Mapping[str, Rows], data: QueryDict | None, *, redraw: bool
    ) -> "BaseFormSet[Any]":
        if data is None:
            return _formset(of, extra=0)(initial=first.get(of.name, []), prefix=of.name)
        if not redraw:
            return _formset(of, extra=0)(data, initial=first.get(of.name, []), prefix=of.name)
        kept = _sent_rows(of, data)
        asked = data.get("ajouter") == of.name
        return _formset(of, extra=1 if asked else 0)(initial=kept, prefix=of.name)

    @staticmethod
    @abstractmethod
    def initial_of(data: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows of a file."""

    @staticmethod
    @abstractmethod
    def rows_of(data: Mapping[str, Any]) -> dict[str, Rows]:
        """What the rows show of a file."""

    @abstractmethod
    def said(self) -> dict[str, Any]:
        """What the file will say. Call it once valid."""

    def is_valid(self) -> bool:
        """Whether everything sent can be read."""
        # All are asked, so that every fault shows at once.
        return all([self.form.is_valid(), *(each.formset.is_valid() for each in self.rows)])

    @property
    def has_faults(self) -> bool:
        """Whether the form or one of its rows has something to say, once sent."""
        return self.form.is_bound and bool(self.form.errors or any(each.faults for each in self.rows))

    def cleaned_rows(self) -> dict[str, Rows]:
        """The rows kept, by field, in their order: those left empty or taken away are not there."""
        return {
            each.of.name: [
                row.cleaned_data
                for row in each.formset
                if row.cleaned_data and not row.cleaned_data.get("DELETE")
            ]
            for each in self.rows
        }

    def refuse(self, error: ContentError) -> None:
        """Show the fault that the kit's reader found beside the field that holds it."""
        name = _SAME.get(error.field, error.field)
        place = _PLACE.search(error.where)
        if place:
            rows = next((each for each in self.rows if each.of.name == _ROWS[place[1]]), None)
            kept = (
                [row for row in rows.formset if row.cleaned_data and not row.cleaned_data.get("DELETE")]
                if rows
                else []
            )
            rank = int(place[2]) - 1
            if rank < len(kept):
                form = kept[rank]
                form.add_error(name if name in form.fields else None, error.told)
                return
        self.form.add_error(name if name in self.form.fields else None, error.told)


def _formset(rows: RowsOf, extra: int) -> "type[BaseFormSet[Any]]":
    return formset_factory(
        rows.form,
        extra=extra,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 1,
        validate_max=True,
    )


def _sent(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    """What was sent for each field, as it was typed."""
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _sent_rows(of: RowsOf, data: QueryDict) -> Rows:
    """What was sent for each row that is kept."""
    total = data.get(f"{of.name}-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() else 0
    rows = [
        _sent(of.form(prefix=f"{of.name}-{rank}"), data)
        for rank in range(count)
        if not data.get(f"{of.name}-{rank}-DELETE")
    ]
    return [row for row in rows if any(row.values())]
