"""An answer as people read it: verdict, figures, what to do, why, texts. Plain data (JSON), so that a note keeps it
as it was given, and the page, the printed note and the comparison of two days all read the same.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from essor.law import parameters as law
from essor.law.rules import Rule
from essor.law.wording import french_date, french_euros, french_list, french_number, french_percent
from essor.rulebook.catalogue import Asked
from essor.rulebook.fields import is_table
from essor.rulebook.verdicts import verdict_of

Json = Mapping[str, Any]
Shown = dict[str, Any]
# Told otherwise: by the verdict, the explanation, or the sentence of the code beside it.
_TOLD = frozenset(
    [
        "explanation",
        "references",
        "status",
        "conform",
        "compulsory",
        "form",
        "procedure",
        "possible",
        "srdeii",
    ]
)
_REPEATED = re.compile(r"(?:remplie|non remplie|inconnue) \((?P<source>.*)\)\.")
_TASKS = ("conditions", "obligations", "issues", "missing")


def shown_answer(rule: Rule[Any], answer: Json, day: date) -> Shown:
    """The answer of a rule on a day of the law, in French words."""
    properties = rule.answer_schema["properties"]
    fields = [(name, properties[name], answer[name]) for name in properties if name in answer]
    return {
        "day": day.isoformat(),
        "verdict": verdict_of(rule.name, answer),
        "figures": list(_figures(fields)),
        "lists": [
            _points(name, about, value) for name, about, value in fields if _is(about, "point") and value
        ],
        "conditions": [
            _condition(row) for _name, about, value in fields if _is(about, "condition") for row in value
        ],
        "reservations": [
            row for _name, about, value in fields if _is(about, "reservationanswer") for row in value
        ],
        "tables": [table for name, about, value in fields for table in _tables(name, about, value)],
        "explanation": list(answer["explanation"]),
        "references": [_reference(row) for row in answer["references"]],
        "certainty_note": answer.get("certainty_note", ""),
    }


def shown_case(asked: Asked, given: Json) -> list[dict[str, str]]:
    """What was asked, as label and value, in the order of the form."""
    schema = asked.rule.input_schema
    rest = [name for name in schema["properties"] if name not in asked.first]
    found = []
    for name in (*asked.first, *rest):
        about, value = schema["properties"][name], given.get(name)
        if value is None or value == []:
            continue
        if is_table(about):
            lines = [_line(about["items"], row) for row in value]
            found += [
                {"label": f"{about['title']}, {number}" if len(lines) > 1 else about["title"], "value": line}
                for number, line in enumerate(lines, 1)
            ]
        else:
            found.append({"label": about["title"], "value": in_words(about, value)})
    return found


def _line(schema: Json, row: Json) -> str:
    """A row in one line: « Commune : 17 000 €, Nature : … » with the name first when there is one."""
    said = [
        in_words(about, row[name])
        for name, about in sorted(
            schema["properties"].items(), key=lambda pair: pair[0] not in ("name", "undertaking")
        )
        if row.get(name) not in (None, "", [])
    ]
    return ", ".join(said)


def in_words(about: Json, value: Any) -> str:
    """A value in French, by its schema."""
    if value is None:
        return ""
    kind = about.get("type")
    if kind == "array":
        return french_list([in_words(about["items"], item) for item in value])
    if kind == "boolean":
        return _("Oui") if value else _("Non")
    if kind in ("number", "integer"):
        return _number(about, Decimal(str(value)))
    if about.get("format") == "date":
        return french_date(date.fromisoformat(str(value)))
    options = (*about.get("oneOf", ()), *about.get("x-suggested", ()))
    return next((option["title"] for option in options if option["const"] == value), str(value))


def _number(about: Json, value: Decimal) -> str:
    kind = about.get("x-kind")
    if kind == "money":
        return french_euros(value)
    if kind == "share":
        return french_percent(value)
    unit = about.get("x-unit", "")
    return f"{french_number(value)}\u00a0{unit}" if unit else french_number(value)


def _figures(fields: list[tuple[str, Json, Any]]) -> Iterator[dict[str, Any]]:
    for name, about, value in fields:
        if name in _TOLD or name.endswith("_label") or value in (None, [], "") or _is_object(about):
            continue
        yield {
            "name": name,
            "label": about["title"],
            "value": in_words(about, value),
            "number": about.get("type") in ("number", "integer"),
        }


def _is_object(about: Json) -> bool:
    return about.get("type") == "object" or about.get("items", {}).get("type") == "object"


def _is(about: Json, kind: str) -> bool:
    return bool(about.get("items", {}).get("x-class") == kind)


def _points(name: str, about: Json, value: Any) -> Shown:
    return {
        "name": name,
        "title": about["title"],
        "todo": name in _TASKS,
        "items": [{"code": row["code"], "text": row["text"]} for row in value],
    }


def _condition(row: Json) -> Shown:
    """A condition; the text that only repeats its label and its state gives its source alone."""
    text = row["text"].removeprefix(f"{row['label']} : ")
    found = _REPEATED.fullmatch(text)
    value, source = ("", found["source"]) if found else (text[:1].upper() + text[1:], "")
    return {
        "label": row["label"],
        "state": row["state"],
        "value": value,
        "reference": source[:1].upper() + source[1:],
    }


def _tables(name: str, about: Json, value: Any) -> Iterator[Shown]:
    """Lists of results, the facts of an object, amounts by parameter: each as columns and rows."""
    kind = about.get("x-class")
    if kind == "mapping":
        cells = about["additionalProperties"]
        rows = [[law.parameter(key).description, in_words(cells, amount)] for key, amount in value.items()]
        columns = [{"label": _("Seuil"), "numeric": False}, {"label": _("Montant"), "numeric": True}]
        yield {"name": name, "title": about["title"], "columns": columns, "rows": rows}
    elif about.get("type") == "object":
        rows = [[inner["title"], in_words(inner, value[key])] for key, inner in about["properties"].items()]
        columns = [{"label": about["title"], "numeric": False}, {"label": _("Valeur"), "numeric": False}]
        yield {"name": name, "title": about["title"], "columns": columns, "rows": rows}
    elif (
        value
        and _is_object(about)
        and about["items"]["x-class"] not in ("point", "condition", "cited", "reservationanswer")
    ):
        inner = about["items"]["properties"]
        columns = [{"label": row["title"], "numeric": row.get("type") == "number"} for row in inner.values()]
        rows = [[in_words(cell, line[key]) for key, cell in inner.items()] for line in value]
        yield {"name": name, "title": about["title"], "columns": columns, "rows": rows}


def _reference(row: Json) -> Shown:
    return {
        "title": row["title"],
        "value": "" if row["value"] in (None, "oui") else row["value"],  # in force or not: the days tell
        "parameter": row["parameter"] or "",
        "since": _day(row["valid_from"]),
        "until": _day(row["valid_to"]),
        "note": row["note"],
        "certainty_note": row["certainty_note"],
        "local": row["local"],
    }


def _day(text: str | None) -> str:
    return french_date(date.fromisoformat(text)) if text else ""


def rests_on_local_values(shown: Shown) -> bool:
    """Does the answer read a value that this installation added?"""
    return any(row["local"] for row in shown["references"])


# ── What differs ──


def differences(before: Shown, after: Shown) -> list[dict[str, str]]:
    """What two answers say otherwise: verdict, figures, what to do, in the words of each."""
    found = []
    if before["verdict"]["label"] != after["verdict"]["label"]:
        found.append(
            {"label": _("Réponse"), "before": before["verdict"]["label"], "after": after["verdict"]["label"]}
        )
    old, new = _by_name(before["figures"]), _by_name(after["figures"])
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if (was and was["value"]) != (now and now["value"]):
            found.append(
                {
                    "label": (now or was or {})["label"],
                    "before": was["value"] if was else "",
                    "after": now["value"] if now else "",
                }
            )
    return found + _changed_points(before, after)


def _by_name(rows: list[Shown]) -> dict[str, Shown]:
    return {row["name"]: row for row in rows}


def _changed_points(before: Shown, after: Shown) -> list[dict[str, str]]:
    old, new = _all_points(before), _all_points(after)
    gone = [
        {"label": title, "before": text, "after": ""}
        for code, (title, text) in old.items()
        if code not in new
    ]
    come = [
        {"label": title, "before": "", "after": text}
        for code, (title, text) in new.items()
        if code not in old
    ]
    return gone + come


def _all_points(shown: Shown) -> dict[str, tuple[str, str]]:
    return {
        f"{group['name']}.{item['code']}": (group["title"], item["text"])
        for group in shown["lists"]
        for item in group["items"]
    }
