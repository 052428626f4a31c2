"""Inputs of answers that HTML has not: a table of rows, a file already given. Both work without a script."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from essor.kernel.questions.definition import Question

ADD, REMOVE = "ajouter", "retirer"
MOST_SENT = 200


def row_numbers(name: str, sent: Any, most: int = MOST_SENT) -> list[int]:
    """The numbers of the rows of a table that were sent, in order, at most so many."""
    wanted = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
    found = {int(match[1]) for key in sent if (match := wanted.match(key))}
    return sorted(found)[:most]


def rows_pressed(sent: Mapping[str, Any]) -> bool:
    """Whether the person asked for a row more or less rather than for the next page."""
    return ADD in sent or REMOVE in sent


def with_rows_changed(sent: QueryDict, most: int = MOST_SENT) -> QueryDict:
    """What was typed, once the row asked is added (up to so many) or removed."""
    changed = sent.copy()
    for gone in changed.pop(REMOVE, []):
        for key in [key for key in changed if key.startswith(f"{gone}-")]:
            del changed[key]
    for name in changed.pop(ADD, []):
        number = max(row_numbers(name, changed), default=0) + 1
        if number <= most:
            changed[f"{name}-{number}-"] = ""
    return changed


class TableInput(forms.Widget):
    """Rows of cells, « name-1-column »; its value is a list of mappings of what was typed."""

    template_name = "kernel/questions/table.html"
    use_fieldset = True

    def __init__(self, question: Question, cells: Sequence[forms.Widget]) -> None:
        super().__init__()
        self.question, self.cells = question, tuple(cells)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The rows sent, empty ones too."""
        return [
            {
                column.code: widget.value_from_datadict(data, files, f"{name}-{number}-{column.code}")
                for column, widget in zip(self.question.columns, self.cells, strict=True)
            }
            for number in row_numbers(name, data)
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """A table without rows is sent as nothing."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The rows typed, one at least."""
        context = super().get_context(name, value, attrs)
        given = value or [{} for _row in range(max(1, int(self.question.minimum or 1)))]
        context["widget"]["rows"] = [
            {
                "name": f"{name}-{number}",
                "number": number,
                "cells": self._cells(name, number, row, attrs or {}),
            }
            for number, row in enumerate(given, 1)
        ]
        context["widget"]["label"] = self.question.label
        context["widget"]["full"] = len(given) >= self.question.most_rows
        return context

    def _cells(
        self, name: str, number: int, row: Mapping[str, Any], attrs: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        found = []
        for column, widget in zip(self.question.columns, self.cells, strict=True):
            identifier = f"{attrs.get('id', name)}_{number}_{column.code}"
            own = {"id": identifier} | ({"aria-describedby": f"{identifier}_help"} if column.help else {})
            inner = widget.get_context(f"{name}-{number}-{column.code}", row.get(column.code), own)
            found.append(
                {"column": column, "id": identifier, "widget": inner["widget"]}
                | {"unit": inner.get("unit", "")}
            )
        return found

    def id_for_label(self, id_: str, index: Any = None) -> str:
        """A legend names it, not a label."""
        return ""


class AnswersOfQuestions(forms.CheckboxSelectMultiple):
    """Answers to tick, folded question by question; a question whose answer is ticked is unfolded."""

    template_name = "kernel/questions/when.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The questions, each with its answers and whether one is ticked."""
        context = super().get_context(name, value, attrs)
        context["groups"] = [
            {"label": label, "options": options, "open": any(option["selected"] for option in options)}
            for label, options, _place in context["widget"]["optgroups"]
        ]
        return context


class AnswerFileInput(forms.FileInput):
    """A file; the one already given is named and may be taken away."""

    template_name = "kernel/questions/file.html"
    needs_multipart_form = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the file already given."""
        context = super().get_context(name, None, attrs)
        context["widget"]["kept"] = value if isinstance(value, Mapping) else None
        context["widget"]["remove_name"] = f"{name}-sans"
        return context

    def format_value(self, value: Any) -> None:
        """A browser never fills a file in."""
        return

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The file sent; « » to take away the one given; None to leave it."""
        return files.get(name) or ("" if data.get(f"{name}-sans") else None)
