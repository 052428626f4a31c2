"""Kinds of questions: how each reads what was typed into what is kept (JSON), and says what is kept in French.

A room adds a kind of its own with `register_kind`; a place known by its name, such as a commune, by the resolver of
`register_resolver`. Reading raises `ValueError` with a French sentence, and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.kernel.french import counted, day, euros, number, percent
from essor.kernel.numbers import read_number, write_number
from essor.kernel.questions import definition as d
from essor.kernel.questions.conditions import as_number, is_answered

Question = d.Question
YES, NO = "oui", "non"
EARLIEST, LATEST = date(1000, 1, 1), date(2999, 12, 31)
MOST, FINEST = Decimal(10) ** 15, 12
_NUMBER_KINDS = {d.WHOLE: "integer", d.NUMBER: "number", d.AMOUNT: "money", d.SHARE: "share"}


@dataclass(frozen=True)
class Kind:
    """A kind: its French name; typed → kept; kept → French; kept → typed again."""

    code: str
    label: str | Promise
    read: Callable[[Question, Any], Any]
    show: Callable[[Question, Any], str]
    write: Callable[[Question, Any], Any] = lambda question, value: str(value)


class Resolver(Protocol):
    """Knows things by what people type, such as places."""

    def resolve(self, typed: str) -> str | None:
        """The code of what was typed, None when nothing answers to it."""

    def name(self, code: str) -> str:
        """The name of a code, to be shown and typed again."""


_kinds: dict[str, Kind] = {}
_resolvers: dict[str, Resolver] = {}


def register_kind(kind: Kind) -> None:
    """Declare a kind; two of the same code are an error."""
    known = _kinds.get(kind.code)
    if known is not None and known != kind:
        raise ImproperlyConfigured(f"questions: kind {kind.code} is declared twice")
    _kinds[kind.code] = kind


def register_resolver(code: str, label: str | Promise, resolver: Resolver) -> None:
    """Declare the kind `code`, whose answers are what the resolver finds: « territory »."""
    _resolvers[code] = resolver
    if code not in _kinds:
        register_kind(Kind(code, label, _read_resolved, _show_resolved, _show_resolved))


def kind_codes() -> tuple[str, ...]:
    """The codes of the kinds, in their order of declaration."""
    return tuple(_kinds)


def kind_of(question: Question) -> Kind:
    """The kind of a question."""
    return _kinds[question.kind]


def kind_labels() -> dict[str, str]:
    """The French names of the kinds, by code."""
    return {code: str(kind.label) for code, kind in _kinds.items()}


# ── Typed → kept ──


def _one_line(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise ValueError(_t("Écrivez un texte."))
    return str(raw).replace("\x00", "").strip()


def _read_text(question: Question, raw: Any) -> str | None:
    told = _one_line(raw)
    told = told.replace("\r\n", "\n") if question.kind == d.LONG_TEXT else " ".join(told.split())
    if len(told) > question.most_signs:
        raise ValueError(
            _t("Ce texte a %(count)s signes : raccourcissez-le à %(most)s au plus.")
            % {"count": number(len(told)), "most": number(question.most_signs)}
        )
    if told and question.kind == d.EMAIL:
        try:
            validate_email(told)
        except ValidationError:
            raise ValueError(
                _t("« %(told)s » n’est pas une adresse : écrivez par exemple nom@exemple.fr.")
                % {"told": told[:60]}
            ) from None
    return told or None


def _read_number(question: Question, raw: Any) -> Any:
    kind = _NUMBER_KINDS[question.kind]
    if isinstance(raw, Decimal) and raw.is_finite():
        found = raw
    else:
        told = _one_line(raw)
        if not told:
            return None
        found = read_number(told, kind)
    if abs(found) >= MOST or (found and found.adjusted() < -FINEST):
        raise ValueError(_t("Ce nombre est hors de ce qui peut être gardé."))
    found += 0  # never « -0 »
    if question.kind == d.WHOLE and found != found.to_integral_value():
        raise ValueError(_t("Un nombre entier est attendu."))
    if question.kind == d.AMOUNT and found != found.quantize(Decimal("0.01")):
        raise ValueError(_t("Un montant a deux décimales au plus."))
    if question.kind == d.SHARE and question.maximum is None and not 0 <= found <= 1:
        raise ValueError(_t("Une part va de 0 à 100\u00a0%."))
    _within(question, found)
    if question.kind == d.WHOLE:
        return int(found)
    return f"{found:.2f}" if question.kind == d.AMOUNT else f"{found:f}"


def _within(question: Question, found: Decimal) -> None:
    if question.minimum is not None and found < question.minimum:
        raise ValueError(
            _t("Écrivez au moins %(bound)s.") % {"bound": _show_number(question, question.minimum)}
        )
    if question.maximum is not None and found > question.maximum:
        raise ValueError(
            _t("Écrivez au plus %(bound)s.") % {"bound": _show_number(question, question.maximum)}
        )


def _read_date(question: Question, raw: Any) -> str | None:
    told = raw.isoformat() if isinstance(raw, date) else _one_line(raw)
    if not told:
        return None
    found = _day(told)
    if found is None or not EARLIEST <= found <= LATEST:
        raise ValueError(
            _t("« %(told)s » n’est pas une date : écrivez par exemple 03/03/2026.") % {"told": told[:40]}
        )
    return found.isoformat()


def _day(told: str) -> date | None:
    parts = told.replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    if len(parts[0]) != 4:
        parts.reverse()
    try:
        return date(*(int(part) for part in parts)) if len(parts[0]) == 4 else None
    except ValueError:
        return None


def _read_yes_no(question: Question, raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    told = _one_line(raw).casefold()
    if told in ("", YES, NO):
        return {YES: True, NO: False}.get(told)
    raise ValueError(_t("Répondez par oui ou par non."))


def _read_choice(question: Question, raw: Any) -> str | None:
    told = _one_line(raw)
    if told and question.choice(told) is None:
        raise ValueError(_t("« %(told)s » n’est pas dans la liste : choisissez-y.") % {"told": told[:40]})
    return told or None


def _read_choices(question: Question, raw: Any) -> list[str] | None:
    given = raw if isinstance(raw, list | tuple) else [raw]
    found = {told for one in given if (told := _read_choice(question, one))}
    kept = [choice.code for choice in question.choices if choice.code in found]
    if kept:
        _count(question, len(kept), _t("réponse"))
    return kept or None


def _count(question: Question, count: int, word: str) -> None:
    if question.minimum is not None and count < question.minimum:
        raise ValueError(_t("Donnez au moins %(count)s.") % {"count": counted(question.minimum, word)})
    if question.maximum is not None and count > question.maximum:
        raise ValueError(_t("Donnez au plus %(count)s.") % {"count": counted(question.maximum, word)})


def _read_table(question: Question, raw: Any) -> list[dict[str, Any]] | None:
    """The rows that say something; each cell is read by its kind. The first fault names row and column."""
    if not isinstance(raw, list | tuple):
        raise ValueError(_t("Écrivez les lignes du tableau."))
    rows: list[dict[str, Any]] = []
    for place, given in enumerate(raw, 1):
        if not isinstance(given, Mapping):
            raise ValueError(_t("Écrivez les lignes du tableau."))
        typed = {column.code: given.get(column.code) for column in question.columns}
        if any(is_answered(value) for value in typed.values()):
            if len(rows) >= question.most_rows:
                _count(question, len(rows) + 1, _t("ligne"))
                raise ValueError(_t("Ce tableau a trop de lignes."))
            rows.append(_row(question, place, typed))
    if rows:
        _count(question, len(rows), _t("ligne"))
    return rows or None


def _row(question: Question, place: int, typed: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for column in question.columns:
        try:
            value = None if typed[column.code] is None else kind_of(column).read(column, typed[column.code])
            if column.required and not is_answered(value):
                raise ValueError(_t("Cette case est attendue."))
        except ValueError as error:
            raise ValueError(
                _t("Ligne %(place)s, « %(column)s » : %(why)s")
                % {"place": place, "column": column.label, "why": error}
            ) from None
        if is_answered(value):
            found[column.code] = value
    return found


def _read_file(question: Question, raw: Any) -> dict[str, Any] | None:
    """A file that the kernel keeps, by its id, name and size."""
    if raw in (None, "", {}):
        return None
    if isinstance(raw, Mapping) and isinstance(raw.get("id"), str) and isinstance(raw.get("name"), str):
        size = raw.get("size")
        return {"id": raw["id"], "name": raw["name"], "size": size if isinstance(size, int) else 0}
    raise ValueError(_t("Choisissez un fichier."))


def _read_resolved(question: Question, raw: Any) -> str | None:
    told = " ".join(_one_line(raw).split())[:200]
    if not told:
        return None
    found = _resolvers[question.kind].resolve(told)
    if found is None:
        raise ValueError(
            _t("Rien ne répond à « %(told)s » : écrivez un nom ou un code postal.") % {"told": told[:60]}
        )
    return found


# ── Kept → French ──


def _show_text(question: Question, value: Any) -> str:
    return str(value)


def _show_number(question: Question, value: Any) -> str:
    found = as_number(value)
    if question.kind == d.AMOUNT:
        return euros(found)
    if question.kind == d.SHARE:
        return percent(
            found, None if found is None else max(0, -int(found.normalize().as_tuple().exponent) - 2)
        )
    unit = f"\u00a0{question.unit}" if question.unit else ""
    return f"{number(found)}{unit}"


def _show_date(question: Question, value: Any) -> str:
    found = _day(str(value))
    return day(found) if found else str(value)


def _show_yes_no(question: Question, value: Any) -> str:
    return _t("oui") if value else _t("non")


def _show_choice(question: Question, value: Any) -> str:
    found = question.choice(value)
    return found.label if found else str(value)


def _show_choices(question: Question, value: Any) -> str:
    return ", ".join(_show_choice(question, one) for one in value)


def _show_table(question: Question, value: Any) -> str:
    return "\n".join(
        " ; ".join(
            f"{column.label} : {kind_of(column).show(column, row[column.code])}"
            for column in question.columns
            if column.code in row
        )
        for row in value
    )


def _show_file(question: Question, value: Any) -> str:
    return str(value["name"])


def _show_resolved(question: Question, value: Any) -> str:
    return _resolvers[question.kind].name(str(value))


# ── Kept → typed again ──


def _write_number(question: Question, value: Any) -> str:
    return write_number(value, _NUMBER_KINDS[question.kind])


def _same(question: Question, value: Any) -> Any:
    return value


def _write_table(question: Question, value: Any) -> list[dict[str, Any]]:
    return [
        {
            column.code: kind_of(column).write(column, row[column.code])
            for column in question.columns
            if column.code in row
        }
        for row in value
    ]


for _kind in (
    Kind(d.TEXT, _("Texte court"), _read_text, _show_text),
    Kind(d.LONG_TEXT, _("Texte long"), _read_text, _show_text),
    Kind(d.EMAIL, _("Adresse électronique"), _read_text, _show_text),
    Kind(d.WHOLE, _("Nombre entier"), _read_number, _show_number, _write_number),
    Kind(d.NUMBER, _("Nombre"), _read_number, _show_number, _write_number),
    Kind(d.AMOUNT, _("Montant en euros"), _read_number, _show_number, _write_number),
    Kind(d.SHARE, _("Pourcentage"), _read_number, _show_number, _write_number),
    Kind(d.DATE, _("Date"), _read_date, _show_date),
    Kind(d.YES_NO, _("Oui ou non"), _read_yes_no, _show_yes_no, lambda question, value: YES if value else NO),
    Kind(d.CHOICE, _("Un choix dans une liste"), _read_choice, _show_choice),
    Kind(d.CHOICES, _("Plusieurs choix dans une liste"), _read_choices, _show_choices, _same),
    Kind(d.SCALE, _("Échelle de stades décrits"), _read_choice, _show_choice),
    Kind(d.TABLE, _("Tableau"), _read_table, _show_table, _write_table),
    Kind(d.FILE, _("Fichier"), _read_file, _show_file, _same),
):
    register_kind(_kind)
