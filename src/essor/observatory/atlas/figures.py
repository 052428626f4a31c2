"""The figures of an atlas, read together for all its territories, and put in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from essor.indicators import catalogue, queries_many, rules
from essor.indicators.definition import Indicator
from essor.indicators.enums import Direction
from essor.indicators.periods_typed import say_span
from essor.indicators.queries import Cell, Key
from essor.indicators.words import say_number, say_value
from essor.kernel import french
from essor.observatory.maps.choropleth import LEVEL_WORDS
from essor.territories.models import Territory

SITES, DENSITY = "registre.etablissements", "registre.densite"
JOBS, JOBS_MIN, JOBS_MAX = "registre.emplois", "registre.emplois_min", "registre.emplois_max"
# What a page says, in order; what this installation does not know is left out.
CODES = (
    SITES,
    "registre.organisations",
    "registre.etablissements_employeurs",
    JOBS,
    DENSITY,
    "registre.part_qpv",
    "registre.part_rural",
    "flores.part_emploi_prive",
    "urssaf.part_emploi_prive",
    "registre.creations",
)
RANKED = (DENSITY, SITES, JOBS, "flores.part_emploi_prive")
BOUNDS = (JOBS_MIN, JOBS_MAX)
SECTORS_SHOWN = 8


@dataclass(frozen=True)
class Read:
    """What was read: the last cell of each indicator and territory, and the parts of the establishments."""

    known: Mapping[str, Indicator]
    wholes: Mapping[str, Mapping[int, Cell]]
    periods: Mapping[str, str]
    parts: Mapping[int, Mapping[str, Sequence[tuple[str, Decimal]]]]

    def value(self, code: str, pk: int) -> Decimal | None:
        """The value of an indicator on a territory."""
        cell = self.wholes.get(code, {}).get(pk)
        return cell.value if cell else None


def read(territories: Sequence[Territory], day: date) -> Read:
    """The figures of all the territories: a few queries, whatever their number."""
    known = catalogue.everything()
    ids = [each.pk for each in territories]
    cells = queries_many.load_many((*CODES, *BOUNDS), ids, known, day=day)
    cut = queries_many.load_many((SITES,), ids, known, day=day, with_parts=True)[SITES]
    return Read(
        known,
        {code: {key[1]: cell for key, cell in found.items()} for code, found in cells.items()},
        {code: say_span(max(key[0] for key in found)) for code, found in cells.items() if found},
        _parts(known[SITES], cut),
    )


def _parts(
    indicator: Indicator, cells: Mapping[Key, Cell]
) -> dict[int, dict[str, list[tuple[str, Decimal]]]]:
    """For each territory and dimension: (words, value), the greatest first."""
    found: dict[int, dict[str, list[tuple[str, Decimal]]]] = {}
    for (_span, pk, parts), cell in cells.items():
        if len(parts) != 1 or not cell.value:
            continue
        (code, value), dimension = parts[0], indicator.dimension(parts[0][0])
        label = dimension.label_of(value) if dimension else value
        found.setdefault(pk, {}).setdefault(code, []).append((label, cell.value))
    for dimensions in found.values():
        for rows in dimensions.values():
            rows.sort(key=lambda row: (-row[1], row[0]))
    return found


def facts(got: Read, pk: int) -> list[dict[str, str]]:
    """The key figures of a territory: label, value, note."""
    rows = []
    for code in CODES:
        cell = got.wholes.get(code, {}).get(pk)
        if cell is None:
            continue
        indicator = got.known[code]
        rows.append(
            {
                "label": indicator.label,
                "value": _value(indicator, cell),
                "note": _note(got, code, pk, cell),
            }
        )
    return rows


def _value(indicator: Indicator, cell: Cell) -> str:
    """The figure; an estimate of jobs without decimals, which would promise too much."""
    if cell.value is None:
        return french.UNKNOWN
    shown = cell.value.quantize(Decimal(1), ROUND_HALF_UP) if indicator.code == JOBS else cell.value
    return say_number(indicator, shown)


def _note(got: Read, code: str, pk: int, cell: Cell) -> str:
    if cell.value is None:
        return cell.result.reason
    if code == JOBS:
        low, high = got.value(JOBS_MIN, pk), got.value(JOBS_MAX, pk)
        if low is not None and high is not None:
            return _("estimés : entre %(low)s et %(high)s") % {
                "low": french.number(low),
                "high": french.number(high),
            }
    seen, indicator = cell.observed, got.known[code]
    if indicator.is_share and seen is not None:
        return _("%(top)s sur %(bottom)s") % {
            "top": french.number(seen.numerator),
            "bottom": french.number(seen.denominator),
        }
    return got.periods.get(code, "") if code == "registre.creations" else ""


def ranks(got: Read, pk: int, among: Sequence[int], level: str) -> list[dict[str, str]]:
    """The places of a territory among the others: label, words."""
    found = []
    for code in RANKED:
        if code not in got.wholes:
            continue
        values = {each: got.value(code, each) for each in among}
        place = rules.rank(values, pk, Direction.UP)
        if place is not None:
            found.append({"label": got.known[code].label, "value": say_place(place, level)})
    return found


def say_place(rank: rules.Rank, level: str) -> str:
    """« 1re sur 16 intercommunalités »."""
    many = LEVEL_WORDS[level].split(",")[1]
    feminine = level in ("commune", "epci", "collectivite", "region")
    first = _("1re") if feminine else _("1er")
    place = first if rank.place == 1 else f"{rank.place}e"
    return _("%(place)s sur %(among)s %(many)s") % {"place": place, "among": rank.among, "many": many}


def finding(got: Read, pk: int, among: Sequence[int], level: str) -> str:
    """What a page says first: the density and its place; the establishments where there is none."""
    for code in (DENSITY, SITES):
        value = got.value(code, pk)
        if value is None:
            continue
        values = {each: got.value(code, each) for each in among}
        place = rules.rank(values, pk, Direction.UP)
        words = say_value(got.known[code], value)
        if code == DENSITY:
            words = _("%(value)s organisations de l’ESS pour 1 000 habitants") % {
                "value": say_number(got.known[code], value)
            }
        return f"{words}, {say_place(place, level)}" if place else words
    return _("Le registre ne couvre pas ce territoire en entier")


def bars(got: Read, pk: int, dimension: str, most: int = SECTORS_SHOWN) -> list[dict[str, Any]]:
    """The establishments of a territory by part: label, value, share of the whole in words, width (0 to 1)."""
    rows = got.parts.get(pk, {}).get(dimension, [])
    whole = got.value(SITES, pk) or Decimal(0)
    top = rows[0][1] if rows else Decimal(1)
    shown = rows[:most]
    rest = sum((value for _label, value in rows[most:]), Decimal(0))
    if rest:
        shown = [*shown, (_("Autres secteurs"), rest)]
    top = max([top, rest])
    return [
        {
            "label": label,
            "value": french.number(value),
            "share": _share(value, whole),
            "width": float(value / top),
        }
        for label, value in shown
    ]


def _share(value: Decimal, whole: Decimal) -> str:
    if not whole:
        return ""
    share = value / whole
    return _("< 1 %") if share < Decimal("0.01") else french.percent(share, 0)


def people(got: Read, pk: int) -> str:
    """The inhabitants that the density counts, in words."""
    cell = got.wholes.get(DENSITY, {}).get(pk)
    if cell is None or cell.observed is None or cell.observed.denominator is None:
        return ""
    return _("%(count)s habitants") % {"count": french.number(cell.observed.denominator)}


def sources(got: Read) -> list[str]:
    """Each source with its date and the figures that it gives."""
    found: dict[tuple[str, date | None], list[str]] = {}
    for code in CODES:
        cell = next(iter(got.wholes.get(code, {}).values()), None)
        if cell is not None:
            key = (cell.source or got.known[code].source, cell.day)
            found.setdefault(key, []).append(got.known[code].label)
    return [
        _("%(source)s%(day)s : %(figures)s.")
        % {
            "source": source,
            "day": f", {french.day(day)}" if day else "",
            "figures": "; ".join(labels).replace("; ", " ; "),
        }
        for (source, day), labels in found.items()
    ]


def methods(got: Read) -> list[dict[str, str]]:
    """How each figure is made and what limits it; a sentence that several share is said once."""
    found, said = [], set()
    for code in CODES:
        if not got.wholes.get(code):
            continue
        indicator = got.known[code]
        sentences = [
            each.strip().rstrip(".")
            for each in f"{indicator.method} {indicator.limits}".split(". ")
            if each.strip()
        ]
        fresh = [each for each in dict.fromkeys(sentences) if each not in said]
        said.update(fresh)
        if fresh:
            found.append({"label": indicator.label, "value": ". ".join(fresh) + "."})
    return found
