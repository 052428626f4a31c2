"""From the figures of an official table to the cells of indicators: totals, shares, secrecy. Pure.

A share is made of two terms of the same table, place and period. A secret figure is a cell without value, which hides
an older one. A total that the table does not write is added up only where every part is known, and says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from essor.formats.official_columns import (
    ESTABLISHMENTS,
    FAMILIES,
    FTE,
    JOBS,
    OUTSIDE,
    PAY,
    PRIVATE,
    WHOLE,
)
from essor.formats.official_tables import Figure
from essor.indicators.definition import Parts, Span, canonical, quarter, year
from essor.observatory.official import ACTIVITY, FAMILY

MEASURES: Mapping[str, Mapping[str, str]] = {
    "flores": {
        ESTABLISHMENTS: "flores.etablissements",
        JOBS: "flores.effectifs",
        FTE: "flores.etp",
        PAY: "flores.remunerations",
    },
    "urssaf": {
        ESTABLISHMENTS: "urssaf.etablissements",
        JOBS: "urssaf.effectifs",
        PAY: "urssaf.masse_salariale",
    },
}
# A total of the ESS needs them; the fifth family of INSEE is counted since 2018, and not by the Urssaf.
FOUR = frozenset({"association", "cooperative", "mutuelle", "fondation"})
PLACE_REMEDY = "Vérifiez le code et son millésime."
QUARTERLY = {"urssaf.effectifs", "urssaf.masse_salariale"}
# (kind, code or name) → id of the territory and its own code; LookupError in French
Place = Callable[[str, str], tuple[int, str]]
Key = tuple[str, Span, int, str]


@dataclass(frozen=True)
class Cell:
    """A cell of an indicator; no numerator where the table keeps it secret."""

    numerator: Decimal | None
    denominator: Decimal | None = None
    computed: bool = False


@dataclass(frozen=True)
class Fault:
    """A figure set aside: where, why, what to do (in French)."""

    line: int
    column: str
    value: str
    reason: str
    remedy: str


@dataclass
class Made:
    """The cells of a table, the figures set aside, what to know."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def territories(self) -> set[int]:
        """The territories that have a cell."""
        return {key[2] for key in self.cells}


# place, period, family, activity → values by the source's own code of the place
_Group = tuple[int, Span, str, str]


def span_of(figure: Figure) -> Span:
    """The year or the quarter of a figure."""
    return quarter(date(figure.year, 3 * figure.quarter - 2, 1)) if figure.quarter else year(figure.year)


def make(kind: str, figures: Iterable[Figure], place: Place) -> Made:
    """The cells of the indicators of a table. `place` gives the territory; what it refuses is a fault."""
    made = Made()
    read = _placed(figures, place, made)
    computed = False
    for measure, code in MEASURES[kind].items():
        for by_quarter in (False, True):
            groups = {
                group: value
                for (said, group), value in read.items()
                if said == measure and _is_quarter(group[1]) is by_quarter
            }
            if not groups or (by_quarter and code not in QUARTERLY):
                continue
            totals = _with_totals(groups)
            name = f"{code}_trimestre" if by_quarter else code
            computed |= _write(made, name, groups, totals)
            if measure == JOBS and not by_quarter:
                _write_share(made, f"{kind}.part_emploi_prive", groups, totals)
    if computed:
        made.notes.append(
            "Des totaux que le tableau n’écrit pas ont été faits en additionnant toutes leurs parts."
        )
    return made


def _is_quarter(span: Span) -> bool:
    return (span.end - span.start).days < 100


def _placed(figures: Iterable[Figure], place: Place, made: Made) -> dict[tuple[str, _Group], Decimal | None]:
    """The value of each group; communes that became one are added up, a doubled line that differs is a fault."""
    found: dict[tuple[str, _Group], dict[str, Decimal | None]] = defaultdict(dict)
    for figure in figures:
        try:
            pk, _code = place(figure.level, figure.place)
        except LookupError as error:
            fault = Fault(figure.line, "territoire", figure.place, str(error), PLACE_REMEDY)
            if fault not in made.faults[-1:]:  # a line has one figure a measure: its place is told once
                made.faults.append(fault)
            continue
        group = (figure.measure, (pk, span_of(figure), figure.family, figure.activity))
        own = f"{figure.level}:{figure.place}"
        known = found[group]
        if own in known and known[own] != figure.value:
            shown = "" if figure.value is None else str(figure.value)
            made.faults.append(
                Fault(
                    figure.line, figure.column, shown,
                    "une autre ligne donne une autre valeur pour le même territoire, la même année et la même famille.",
                    "Gardez une seule des deux lignes.",
                )
            )  # fmt: skip
        known.setdefault(own, figure.value)
    return {group: _added(list(values.values())) for group, values in found.items()}


def _added(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, None when there is nothing to add or when one is secret."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(values) else None


def _with_totals(groups: Mapping[_Group, Decimal | None]) -> dict[_Group, Decimal | None]:
    """The totals that the table does not write: of all activities, then of all families of the ESS."""
    found: dict[_Group, Decimal | None] = {}
    by_activity: dict[_Group, list[Decimal | None]] = defaultdict(list)
    for (pk, span, family, activity), value in groups.items():
        if activity:
            by_activity[pk, span, family, ""].append(value)
    for group, values in by_activity.items():
        if group not in groups:
            found[group] = _added(values)
    everything = {**groups, **found}
    present = {group[2] for group in everything} & set(FAMILIES)
    for pk, span, activity in dict.fromkeys(
        (pk, span, activity) for pk, span, _family, activity in everything
    ):
        group = (pk, span, WHOLE, activity)
        if group in everything or not present.issuperset(FOUR):
            continue
        parts = [(pk, span, family, activity) for family in present]
        if all(part in everything for part in parts):
            found[group] = _added([everything[part] for part in parts])
    return found


def _parts(family: str, activity: str) -> Parts:
    pairs = [(ACTIVITY, activity)] if activity else []
    if family != WHOLE:
        pairs.append((FAMILY, family))
    return tuple(pairs)


def _write(
    made: Made, code: str, groups: Mapping[_Group, Decimal | None], totals: Mapping[_Group, Decimal | None]
) -> bool:
    """Write the cells of a measure; True when a total was computed."""
    computed = False
    for source, added in ((groups, False), (totals, True)):
        for (pk, span, family, activity), value in source.items():
            if family not in FAMILIES and family != WHOLE:
                continue
            made.cells[code, span, pk, canonical(_parts(family, activity))] = Cell(value, None, added)
            computed |= added and value is not None
    return computed


def _write_share(
    made: Made, code: str, groups: Mapping[_Group, Decimal | None], totals: Mapping[_Group, Decimal | None]
) -> None:
    """The share of private employment: both terms from the same table, place and year."""
    everything = {**groups, **totals}
    for pk, span in dict.fromkeys((group[0], group[1]) for group in everything):
        whole = everything.get((pk, span, WHOLE, ""))
        private = everything.get((pk, span, PRIVATE, ""))
        outside = everything.get((pk, span, OUTSIDE, ""))
        if private is None and whole is not None and outside is not None:
            private = whole + outside
        told = any((pk, span, family, "") in everything for family in (PRIVATE, OUTSIDE))
        if not told:
            continue
        if whole is None or not private or whole > private:
            made.cells[code, span, pk, ""] = Cell(None)
        else:
            made.cells[code, span, pk, ""] = Cell(whole, private)
