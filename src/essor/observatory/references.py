"""« Repères »: figures that other bodies publish, with their document, and what contradicts what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from essor.kernel import french
from essor.kernel.reader import ContentError, Reader, mapping
from essor.observatory import rules_references as rules
from essor.observatory.official import BY_CODE

FILE = Path(__file__).parent / "data" / "references.yaml"
CERTAINTIES = {"vu": "document lu", "rapporte": "rapporté, document d’origine non relu"}
KINDS = ("same_value", "changes", "share", "note")
MOMENTS = ("avant", "apres")


@dataclass(frozen=True)
class Document:
    """Where a figure is published."""

    code: str
    title: str
    publisher: str
    year: int


@dataclass(frozen=True)
class Measure:
    """What is measured; `indicator` is ours that measures nearly the same."""

    code: str
    label: str
    unit: str
    indicator: str = ""

    def say(self, value: Decimal) -> str:
        """The value with its unit."""
        if self.unit == "%":
            return french.percent(value)
        if self.unit == "€":
            return french.euros(value, 0)
        return f"{french.number(value)}{french.NBSP}{self.unit}"


@dataclass(frozen=True)
class Point:
    """One published figure."""

    id: str
    measure: Measure
    territory: str
    period: str
    value: Decimal
    document: Document
    page: str
    certainty: str
    about: str = ""
    note: str = ""

    @property
    def year(self) -> int:
        """The last year of its period."""
        return int(self.period[-4:])

    @property
    def written(self) -> str:
        """The value in words; a change bears its sign."""
        said = self.measure.say(self.value)
        return f"+{said}" if self.is_change and self.value > 0 else said

    @property
    def is_change(self) -> bool:
        """True for what is gained or lost over a period."""
        return "-" in self.period


@dataclass(frozen=True)
class Contradiction:
    """Points that cannot be read together: the warning, what is computed, what probably explains it."""

    code: str
    points: Sequence[Point]
    warning: str
    explanation: str
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class References:
    """All that is published."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    points: Mapping[str, Point] = field(default_factory=dict)
    contradictions: Sequence[Contradiction] = ()


@dataclass(frozen=True)
class About:
    """What others publish of a measure on a territory: the points, the newest first, and the warnings on them."""

    points: Sequence[Point]
    warnings: Sequence[Contradiction]


@cache
def package() -> References:
    """The references that come with Essor. ContentError when they do not read."""
    return read_references(FILE.read_text(encoding="utf-8"), FILE.name)


def read_references(text: str, file: str) -> References:
    """References out of their YAML. ContentError names the place, the field and the remedy."""
    whole = Reader(mapping(text, file), file)
    documents = {each.code: each for each in map(_document, _readers(whole, "sources"))}
    measures = {each.code: each for each in map(_measure, _readers(whole, "measures"))}
    points: dict[str, Point] = {}
    for reader in _readers(whole, "series"):
        measure = measures[reader.choice("measure", measures)]
        territory = reader.text("territory")
        for each in _readers(reader, "points"):
            point = _point(each, measure, territory, documents)
            if point.id in points:
                raise each.fail("id", point.id, _("Deux points portent ce nom."))
            points[point.id] = point
        reader.end()
    contradictions = [_contradiction(reader, points) for reader in _readers(whole, "contradictions")]
    whole.end()
    return References(documents, measures, points, contradictions)


def _readers(reader: Reader, name: str) -> list[Reader]:
    return [Reader(each, f"{reader.where}, {name} {rank}") for rank, each in enumerate(reader.items(name), 1)]


def _document(reader: Reader) -> Document:
    found = Document(
        reader.text("code"), reader.text("title"), reader.text("publisher"), reader.whole("year")
    )
    reader.end()
    return found


def _measure(reader: Reader) -> Measure:
    indicator = reader.choice("indicator", BY_CODE, required=False)
    found = Measure(reader.text("code"), reader.text("label"), reader.text("unit"), indicator)
    reader.end()
    return found


def _point(reader: Reader, measure: Measure, territory: str, documents: Mapping[str, Document]) -> Point:
    period = reader.text("period")
    years = period.split("-")
    if len(years) > 2 or not all(year.isascii() and year.isdigit() and len(year) == 4 for year in years):
        raise reader.fail("period", period, _("Écrivez une année, ou deux : 2008-2015."))
    value = reader.decimal("value")
    if value is None:
        raise reader.fail("value", None, _("Écrivez un nombre, par exemple 1500.50."))
    found = Point(
        reader.text("id"), measure, territory, period, value, documents[reader.choice("source", documents)],
        reader.text("page"), reader.choice("certainty", CERTAINTIES), reader.text("about", required=False),
        reader.text("note", required=False),
    )  # fmt: skip
    reader.end()
    return found


def _contradiction(reader: Reader, points: Mapping[str, Point]) -> Contradiction:
    named = [points[code] for code in reader.choices("points", points)]
    if len(named) < 2:
        raise reader.fail("points", None, _("Nommez au moins deux points."))
    kind = reader.choice("kind", KINDS)
    facts = _facts(reader, kind, points)
    found = Contradiction(
        reader.text("code"), named, reader.text("warning"), reader.text("explanation"), facts
    )
    reader.end()
    return found


def _facts(reader: Reader, kind: str, points: Mapping[str, Point]) -> list[str]:
    """What is computed from the points, never written by hand."""
    if kind == "changes":
        stock = points[reader.choice("stock", points)]
        return _of_changes([_pair(each, points) for each in _readers(reader, "changes")], stock)
    if kind == "share":
        stock = points[reader.choice("stock", points)]
        amount, rate, _moment = _pair(Reader(reader.raw("share"), f"{reader.where}, share"), points)
        return _of_share(amount, rate, stock)
    return []


def _pair(reader: Reader, points: Mapping[str, Point]) -> tuple[Point, Point, str]:
    amount, rate = points[reader.choice("amount", points)], points[reader.choice("rate", points)]
    moment = reader.choice("moment", MOMENTS, required=False)
    reader.end()
    return amount, rate, moment


def _said(bounds: rules.Bounds) -> str:
    return _("environ %(middle)s (entre %(low)s et %(high)s, le pourcentage étant arrondi)") % {
        "middle": _thousands(bounds.middle),
        "low": _thousands(bounds.low),
        "high": _thousands(bounds.high),
    }


def _thousands(value: Decimal) -> str:
    return french.number(value.quantize(Decimal("1E3")).quantize(Decimal(1)))


def _of_changes(pairs: Sequence[tuple[Point, Point, str]], stock: Point) -> list[str]:
    facts: list[str] = []
    found: list[rules.Bounds] = []
    for amount, rate, moment in pairs:
        before = rules.before_change(amount.value, rate.value)
        words = {"amount": amount.written, "rate": rate.written, "period": amount.period}
        words |= {"first": rate.period[:4], "last": rate.period[-4:], "before": _said(before)}
        text = _("%(amount)s, soit %(rate)s sur %(period)s : cela suppose, en %(first)s, %(before)s emplois.")
        found.append(before)
        if moment == "apres":
            found[-1] = rules.after_change(amount.value, rate.value)
            words["after"] = _said(found[-1])
            text = _(
                "%(amount)s, soit %(rate)s sur %(period)s : cela suppose, en %(first)s, %(before)s emplois, "
                "donc en %(last)s %(after)s."
            )
        facts.append(text % words)
    out = [bounds for bounds in found if not bounds.holds(stock.value)]
    if out:
        text = (
            _("Le nombre publié pour %(year)s, %(stock)s, est hors de ces intervalles.")
            if len(out) == len(found)
            else _(
                "Le nombre publié pour %(year)s, %(stock)s, est hors de %(count)s de ces intervalles sur %(all)s."
            )
        )
        words = {"year": stock.period, "stock": stock.written, "count": len(out), "all": len(found)}
        facts.append(text % words)
    if len(found) == 2:
        facts.append(
            _("Entre elles, les deux évolutions s’accordent à l’arrondi près.")
            if found[0].meets(found[1])
            else _("Les deux évolutions ne s’accordent pas non plus entre elles.")
        )
    return facts


def _of_share(amount: Point, rate: Point, stock: Point) -> list[str]:
    bounds = rules.whole_of(amount.value, rate.value)
    facts = [
        _("%(amount)s pour %(rate)s : cela suppose %(whole)s dans tout le pays.")
        % {"amount": amount.written, "rate": rate.written, "whole": _said(bounds)}
    ]
    if not bounds.holds(stock.value):
        facts.append(
            _("Le nombre publié pour %(year)s, %(stock)s, est hors de cet intervalle.")
            % {"year": stock.period, "stock": stock.written}
        )
    return facts


def about(measure: str, territory_ref: str) -> About:
    """What others publish of a measure on a territory, with the warnings that concern it.

    `measure` is a code of references.yaml, or the code of an indicator of ours; "" takes them all. `territory_ref` is
    as everywhere (`france`, `region:11`). No query.
    """
    known = package()
    points = [
        point
        for point in known.points.values()
        if point.territory == territory_ref and measure in ("", point.measure.code, point.measure.indicator)
    ]
    points.sort(key=lambda point: (-point.year, point.document.title))
    named = {point.id for point in points}
    warnings = [each for each in known.contradictions if named & {point.id for point in each.points}]
    return About(points, warnings)


def as_data(point: Point) -> dict[str, Any]:
    """A point as exports write it."""
    return {
        "mesure": point.measure.code,
        "libelle": point.measure.label,
        "territoire": point.territory,
        "objet": point.about,
        "periode": point.period,
        "valeur": point.value,
        "unite": point.measure.unit,
        "document": point.document.title,
        "editeur": point.document.publisher,
        "annee_document": point.document.year,
        "page": point.page,
        "certitude": CERTAINTIES[point.certainty],
        "note": point.note,
        "mises_en_garde": [each.code for each in package().contradictions if point in each.points],
    }


__all__ = ["About", "ContentError", "Contradiction", "Point", "about", "package", "read_references"]
