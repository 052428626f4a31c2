"""What a map says: the value of each territory at one level, its class, the finding, the legend, the equal table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import sqrt

from django.utils.translation import gettext as _

from essor.indicators import queries
from essor.indicators.definition import PERCENT, Indicator, Span
from essor.indicators.models import Observation
from essor.indicators.periods_typed import say_span
from essor.indicators.queries import Cell, Known, Wanted
from essor.indicators.words import EURO, say_number, say_place, say_value
from essor.kernel import french
from essor.law.labelled import Labelled
from essor.observatory.rules_classes import Classes, Method, classes_of, outward
from essor.territories.enums import Kind
from essor.territories.level_maps import LevelMap, level_map, rows_of
from essor.territories.models import Territory

LARGEST_CIRCLE = 34  # pixels of radius, on a map 640 wide
LEAST_CIRCLE = 2.5
NAMED = 2  # territories that the finding names


class Form(Labelled):
    """How values are drawn."""

    SURFACES = "surfaces", "Surfaces colorées"
    CIRCLES = "cercles", "Cercles proportionnels"


class Look(Labelled):
    """What stands where there is no class."""

    ZERO = "zero", "Zéro"
    HIDDEN = "masque", "Petit nombre, masqué"
    NONE = "sans", "Sans valeur"


LEVEL_WORDS: dict[str, str] = {
    Kind.COMMUNE: "commune,communes",
    Kind.EPCI: "intercommunalité,intercommunalités",
    Kind.EPT: "établissement public territorial,établissements publics territoriaux",
    Kind.DEPARTEMENT: "département,départements",
    Kind.COLLECTIVITE: "collectivité,collectivités",
    Kind.REGION: "région,régions",
    Kind.FRANCE: "pays,pays",
}


@dataclass(frozen=True)
class Line:
    """One territory: its value alone and with its unit, and where it stands. `rank`: its class, None beside them."""

    territory: Territory
    cell: Cell | None
    rank: int | None
    look: Look | None
    figure: str
    said: str

    @property
    def value(self) -> Decimal | None:
        """The value, None when there is none or when it is hidden."""
        return self.cell.value if self.cell else None


@dataclass(frozen=True)
class Step:
    """One line of the legend: what it looks like, its words, how many territories."""

    look: str
    words: str
    count: int


@dataclass(frozen=True)
class Choropleth:
    """The map of an indicator on a territory, at one level and period."""

    indicator: Indicator
    territory: Territory
    level: str
    span: Span | None
    form: Form
    classes: Classes
    lines: tuple[Line, ...]
    drawn: LevelMap | None

    @cached_property
    def by_id(self) -> dict[int, Line]:
        """The lines by territory."""
        return {line.territory.pk: line for line in self.lines}

    @property
    def valued(self) -> list[Line]:
        """The lines with a value, the highest first."""
        return [line for line in self.lines if line.value is not None]

    @property
    def period(self) -> str:
        """The period in words."""
        return say_span(self.span) if self.span else ""

    @property
    def level_words(self) -> str:
        """« communes », « intercommunalités »."""
        return LEVEL_WORDS[self.level].split(",")[1]

    @property
    def finding(self) -> str:
        """The title: who is highest, who is lowest."""
        found = self.valued
        place = say_place(self.territory)
        if not found:
            return _("%(place)s : aucune valeur connue par %(level)s") % {
                "place": place,
                "level": LEVEL_WORDS[self.level].split(",")[0],
            }
        first, last = found[0], found[-1]
        if first.value == last.value:
            return _("%(label)s : partout %(value)s") % {
                "label": self.indicator.label,
                "value": say_value(self.indicator, first.value),
            }
        lowest = [line for line in found if line.value == last.value]
        low = (
            lowest[0].territory.name
            if len(lowest) == 1
            else french.counted(len(lowest), LEVEL_WORDS[self.level])
        )
        return _("%(label)s : %(first)s en tête (%(high)s), %(last)s au plus bas (%(low)s)") % {
            "label": self.indicator.label,
            "first": first.territory.name,
            "high": say_number(self.indicator, first.value),
            "last": low,
            "low": say_number(self.indicator, last.value),
        }

    @property
    def method(self) -> str:
        """How the values are drawn and cut, in French."""
        if self.form is Form.CIRCLES:
            why = _(
                "La surface de chaque cercle est proportionnelle à la valeur : une quantité peinte "
                "sur la surface d’un territoire tromperait, car les grands paraîtraient plus riches."
            )
            return why if not shows_surfaces(self.indicator) else why.split(" :")[0] + "."
        if shows_surfaces(self.indicator):
            return self.classes.sentence
        warning = _(
            "Attention : cette carte peint une quantité ; les grands territoires attirent l’œil. Préférez les cercles."
        )
        return f"{self.classes.sentence} {warning}"

    @property
    def steps(self) -> list[Step]:
        """The legend, the highest class first, then what has no class."""
        counts = [Step(f"c{rank + 1}", words, count) for rank, words, count in self._classes()]
        steps = list(reversed(counts)) if self.form is Form.SURFACES else []
        for look in Look:
            count = sum(1 for line in self.lines if line.look is look)
            if count:
                steps.append(Step(look.value, look.label, count))
        return steps

    def _classes(self) -> list[tuple[int, str, int]]:
        bounds, counts = self.classes.bounds, self.classes.counts
        if not counts:
            return []
        low, high = _ends(self.indicator, bounds[0], bounds[-1])
        edges = [low, *bounds[1:-1], high]
        say = [say_number(self.indicator, edge) for edge in edges]
        if len(counts) == 1 and say[0] == say[1]:
            return [(0, say[0], counts[0])]
        words = [
            (_("de %(low)s à moins de %(high)s") if rank + 1 < len(counts) else _("de %(low)s à %(high)s"))
            % {"low": say[rank], "high": say[rank + 1]}
            for rank in range(len(counts))
        ]
        return [(rank, text, counts[rank]) for rank, text in enumerate(words)]

    @property
    def circles(self) -> list[tuple[float, str]]:
        """Radius and words of the circles of the legend: the greatest value, a quarter of it, a sixteenth."""
        top = self._top
        if self.form is not Form.CIRCLES or top <= 0:
            return []
        found: dict[Decimal, float] = {}
        for share in (1, 4, 16):
            value = _short(top / share)
            if value > 0:
                found[value] = self.radius(value)
        return [(radius, say_number(self.indicator, value)) for value, radius in found.items()]

    @cached_property
    def _top(self) -> Decimal:
        return max((abs(line.value) for line in self.lines if line.value is not None), default=Decimal(0))

    def radius(self, value: Decimal) -> float:
        """The radius of a value's circle, its surface being proportional to the value."""
        if not self._top or value == 0:
            return 0.0
        return max(LEAST_CIRCLE, round(LARGEST_CIRCLE * sqrt(float(abs(value) / self._top)), 1))

    @property
    def undrawn(self) -> int:
        """Territories of the table that the map does not draw."""
        return len(self.drawn.missing) if self.drawn else len(self.lines)

    @property
    def sources(self) -> list[str]:
        """The sources of the values."""
        return list(dict.fromkeys(line.cell.source for line in self.lines if line.cell and line.cell.source))


def _short(value: Decimal) -> Decimal:
    """Two digits that say enough: 1 234 → 1 200."""
    shift = value.adjusted() - 1
    return (value.scaleb(-shift).to_integral_value()).scaleb(shift)


def _ends(indicator: Indicator, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the greatest value as a legend writes them: never inside what they bound."""
    if indicator.unit == PERCENT:
        first, last = outward(low * 100, high * 100)
        return first / 100, last / 100
    return outward(low, high)


def shows_surfaces(indicator: Indicator) -> bool:
    """Whether the value is a share or a rate: only those are painted on surfaces unless a person asks otherwise."""
    unit = indicator.unit.casefold()
    return indicator.is_share or indicator.unit == PERCENT or unit.startswith(("pour ", "par "))


def periods(
    indicator: Indicator, territory: Territory, level: str, known: Known, day: object = None
) -> list[Span]:
    """The periods for which a level has values, the last one first. One query."""
    codes = list(queries.leaves(indicator, known))
    ids = rows_of(territory, level).order_by().values("pk")
    rows = (
        Observation.objects.filter(code__in=codes, parts="", territory__in=ids)
        .order_by()
        .values_list("start", "end")
        .distinct()
    )
    return sorted((Span(*row) for row in rows), reverse=True)


def choropleth_of(
    indicator: Indicator,
    territory: Territory,
    level: str,
    span: Span | None,
    known: Mapping[str, Indicator],
    *,
    form: Form | None = None,
    method: Method = Method.QUANTILES,
) -> Choropleth:
    """The map of an indicator inside a territory (None as `span`: nothing has a value). Two queries at most, once the
    shapes are known.
    """
    drawn = level_map(territory, level)
    rows: Sequence[Territory] = drawn.territories if drawn else list(rows_of(territory, level))
    cells: dict[int, Cell] = {}
    if span is not None:
        found = queries.load(indicator, Wanted([row.pk for row in rows], [span]), known)
        cells = {pk: cell for (_span, pk, parts), cell in found.items() if not parts}
    return _made(indicator, territory, level, span, drawn, rows, cells, form, method)


def choropleth_with(
    indicator: Indicator, territory: Territory, level: str, span: Span, cells: Mapping[int, Cell]
) -> Choropleth:
    """The map of values already read, by territory. No query once the shapes are known."""
    drawn = level_map(territory, level)
    rows: Sequence[Territory] = drawn.territories if drawn else list(rows_of(territory, level))
    return _made(indicator, territory, level, span, drawn, rows, cells)


def _made(
    indicator: Indicator,
    territory: Territory,
    level: str,
    span: Span | None,
    drawn: LevelMap | None,
    rows: Sequence[Territory],
    cells: Mapping[int, Cell],
    form: Form | None = None,
    method: Method = Method.QUANTILES,
) -> Choropleth:
    values = [cell.value for cell in cells.values() if cell.value is not None]
    classes = classes_of(values, method)
    lines = [_line(indicator, row, cells.get(row.pk), classes) for row in rows]
    lines.sort(key=_order)
    chosen = form or (Form.SURFACES if shows_surfaces(indicator) else Form.CIRCLES)
    return Choropleth(indicator, territory, level, span, chosen, classes, tuple(lines), drawn)


def _order(line: Line) -> tuple[bool, Decimal, str]:
    return line.value is None, -(line.value or Decimal(0)), line.territory.sort_key


def _line(indicator: Indicator, row: Territory, cell: Cell | None, classes: Classes) -> Line:
    if cell is None or cell.value is None:
        look = Look.HIDDEN if cell is not None and cell.hidden else Look.NONE
        return Line(row, cell, None, look, look.label.lower(), look.label.lower())
    rank = classes.rank_of(cell.value)
    look = Look.ZERO if rank is None else None
    figure = say_number(indicator, cell.value)
    unit = "" if indicator.unit in (PERCENT, EURO, "") else f"{french.NBSP}{indicator.unit}"
    return Line(row, cell, rank, look, figure, f"{figure}{unit}")
