"""Acts counted: which cells an act falls in, and what the cells are worth. Pure: acts and what is known are given.

An act counts once in each territory that contains its own. Authorities are never put together: each cell bears the
authority of its acts. An act that serves three goals counts under each of them, and once in the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from essor.indicators.definition import AUTHORITY, Observed, Parts, Span, span_of
from essor.indicators.enums import Periodicity
from essor.kernel.acts import Act
from essor.law.labelled import Labelled

CENTS = Decimal(100)
SHARE = Decimal("0.000001")


class Measure(Labelled):
    """What is counted of acts."""

    ACTS = "acts", "Nombre d’actes"
    AMOUNT = "amount", "Somme des montants"
    ORGANISATIONS = "organisations", "Nombre d’organisations"


@dataclass(frozen=True)
class Ground:
    """What acts do not say of themselves.

    `above`: the territories that contain each one, France last. `home`: the territory of each authority, where an act
    that names none counts. `family`, `sector`: of organisations. `quarter`: whether an organisation has an
    establishment in a priority neighbourhood; absent where no position is known. `follow`: the value in force of what
    an act bears (dimension, authority, value). `fiches`: those that each lever serves. `kept`: the organisation that
    goes on for a merged one.
    """

    above: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    home: Mapping[int, int] = field(default_factory=dict)
    family: Mapping[int, str] = field(default_factory=dict)
    sector: Mapping[int, str] = field(default_factory=dict)
    quarter: Mapping[int, bool] = field(default_factory=dict)
    fiches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept: Mapping[int, int] = field(default_factory=dict)
    follow: Callable[[str, int, str], str] = lambda _code, _authority, value: value

    def organisation(self, act: Act) -> int:
        """The organisation of an act, as the register knows it now; 0 when it has none."""
        found = act.organisation_id or 0
        return self.kept.get(found, found)

    def unit(self, act: Act, rank: int) -> object:
        """What the act speaks of: its organisation, the act itself when it has none."""
        return self.organisation(act) or ("act", rank)

    def places(self, act: Act) -> tuple[int, ...]:
        """The territories where the act counts, each once: its own, and all that contain it."""
        own = act.territory_id or self.home.get(act.authority_id)
        return tuple(dict.fromkeys((own, *self.above.get(own, ())))) if own else ()


@dataclass(frozen=True)
class Condition:
    """What acts are told apart by: True, False, or None where nobody knows (then it is left out of both terms)."""

    label: str
    test: Callable[[Act, Ground], bool | None]


def _in_quarter(act: Act, ground: Ground) -> bool | None:
    return ground.quarter.get(ground.organisation(act))


IN_QUARTER = Condition("organisations présentes dans un quartier prioritaire de 2024", _in_quarter)


def of_family(code: str, label: str) -> Condition:
    """Acts for organisations of a family of the register."""

    def test(act: Act, ground: Ground) -> bool | None:
        family = ground.family.get(ground.organisation(act))
        return None if not family else family == code

    return Condition(label, test)


@dataclass(frozen=True)
class Counting:
    """What is counted: acts of a lever, of these kinds (none: all), measured so; as a share when `share` is given."""

    lever: str
    kinds: tuple[str, ...] = ()
    measure: Measure = Measure.ACTS
    share: Condition | None = None
    dimensions: tuple[str, ...] = ()
    periodicity: Periodicity = Periodicity.YEAR

    def takes(self, act: Act, day: date, ground: Ground) -> bool:
        """True for an act that is counted: of the lever and the kinds, dated, with what the measure needs."""
        return (
            act.lever == self.lever
            and (not self.kinds or act.kind in self.kinds)
            and act.day <= day
            and (self.measure is not Measure.AMOUNT or act.amount_cents is not None)
            and (self.measure is not Measure.ORGANISATIONS or act.organisation_id is not None)
            and (self.share is None or self.share.test(act, ground) is not None)
        )

    def is_in(self, act: Act, ground: Ground) -> bool:
        """True when the act is in the numerator."""
        return self.share is None or self.share.test(act, ground) is True

    def values(self, act: Act, ground: Ground) -> Iterator[tuple[str, str]]:
        """The parts in which the act falls, one dimension at a time."""
        for code in self.dimensions:
            for value in values_of(code, act, ground):
                if value:
                    yield code, ground.follow(code, act.authority_id, value)


def values_of(code: str, act: Act, ground: Ground) -> tuple[str, ...]:
    """What an act says along a dimension. KeyError for one that acts do not have."""
    organisation = ground.organisation(act)
    match code:
        case "politique":
            return (act.sector_policy,)
        case "service":
            return (str(act.service_id or ""),)
        case "odd":
            return tuple(str(goal) for goal in act.goals)
        case "fiche":
            return ground.fiches.get(act.lever, ())
        case "famille":
            return (ground.family.get(organisation, ""),)
        case "secteur":
            return (ground.sector.get(organisation, ""),)
        case _:
            raise KeyError(code)


@dataclass
class _Tally:
    """One cell that fills: by unit (organisation, else the act itself), what it weighs in each term."""

    top: dict[object, int] = field(default_factory=dict)
    base: dict[object, int] = field(default_factory=dict)

    def add(self, unit: object, weight: int, *, counts: bool) -> None:
        self.base[unit] = self.base.get(unit, 0) + weight
        if counts:
            self.top[unit] = self.top.get(unit, 0) + weight

    def observed(self, counting: Counting, span: Span, place: int, parts: Parts) -> Observed:
        made = self.top or self.base
        total = sum(made.values())
        largest = None
        if counting.measure is not Measure.ORGANISATIONS and total > 0:
            largest = (Decimal(max(made.values())) / total).quantize(SHARE)
        return Observed(
            span,
            place,
            parts,
            _amount(counting, self.top),
            _amount(counting, self.base) if counting.share else None,
            len(made),
            largest,
        )


def _amount(counting: Counting, weights: Mapping[object, int]) -> Decimal:
    match counting.measure:
        case Measure.ORGANISATIONS:
            return Decimal(len(weights))
        case Measure.AMOUNT:
            return Decimal(sum(weights.values())) / CENTS
        case _:
            return Decimal(sum(weights.values()))


def count(acts: Iterable[Act], counting: Counting, ground: Ground, day: date) -> list[Observed]:
    """All the cells of an indicator on a day: the whole of each authority, and each value of each dimension.

    On an authority's own territory, a period without act is worth zero once there was one.
    """
    cells: dict[tuple[Span, int, Parts], _Tally] = {}
    first: dict[int, date] = {}
    for rank, act in enumerate(acts):
        if not counting.takes(act, day, ground):
            continue
        own = (AUTHORITY, str(act.authority_id))
        span = span_of(act.day, counting.periodicity)
        first[act.authority_id] = min(act.day, first.get(act.authority_id, act.day))
        unit = ground.unit(act, rank)
        weight = (act.amount_cents or 0) if counting.measure is Measure.AMOUNT else 1
        counts = counting.is_in(act, ground)
        cuts: list[Parts] = [(own,)]
        cuts += [tuple(sorted((own, part))) for part in dict.fromkeys(counting.values(act, ground))]
        for place in ground.places(act):
            for parts in cuts:
                cells.setdefault((span, place, parts), _Tally()).add(unit, weight, counts=counts)
    for authority, start in first.items():
        home = ground.home.get(authority)
        for span in _spans(start, day, counting.periodicity) if home else ():
            cells.setdefault((span, home or 0, ((AUTHORITY, str(authority)),)), _Tally())
    return [tally.observed(counting, *key) for key, tally in cells.items()]


def _spans(start: date, day: date, periodicity: Periodicity) -> Iterator[Span]:
    span = span_of(start, periodicity)
    while span.start <= day:
        yield span
        span = span_of(span.end, periodicity)


@dataclass(frozen=True)
class Asked:
    """One figure: a territory (0: all), a period, and what cuts it (the authority is a part as another)."""

    place: int
    span: Span
    parts: Parts = ()


def made_of(
    acts: Iterable[Act], counting: Counting, ground: Ground, asked: Asked, day: date
) -> list[tuple[Act, bool]]:
    """The acts that make a figure, in the order given, each with whether it is in the numerator."""
    cut = [part for part in asked.parts if part[0] != AUTHORITY]
    owners = {value for code, value in asked.parts if code == AUTHORITY}
    return [
        (act, counting.is_in(act, ground))
        for act in acts
        if asked.span.start <= act.day < asked.span.end
        and (not owners or str(act.authority_id) in owners)
        and counting.takes(act, day, ground)
        and asked.place in ground.places(act)
        and (not cut or set(cut) <= set(counting.values(act, ground)))
    ]


def total(found: Iterable[tuple[Act, bool]], counting: Counting, ground: Ground) -> Observed | None:
    """What these acts are worth together; None when there is none."""
    tally, span = _Tally(), None
    for rank, (act, counts) in enumerate(found):
        span = span_of(act.day, counting.periodicity)
        unit = ground.unit(act, rank)
        tally.add(unit, (act.amount_cents or 0) if counting.measure is Measure.AMOUNT else 1, counts=counts)
    return None if span is None else tally.observed(counting, span, 0, ())
