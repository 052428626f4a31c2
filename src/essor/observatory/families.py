"""Our families and INSEE's, side by side on a territory: two counts that are never added up, and why they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from essor.indicators import queries
from essor.indicators.definition import Indicator
from essor.indicators.queries import Cell, Key
from essor.indicators.queries_many import load_many
from essor.kernel import french
from essor.registry.enums import Family
from essor.registry.rules_insee import OURS, InseeFamily
from essor.territories.models import Territory

# What is compared: counted by the law of 2014, counted as INSEE does, INSEE's own published table.
SITES = ("registre.etablissements_employeurs", "registre.etablissements_insee", "flores.etablissements")
JOBS = ("registre.emplois", "registre.emplois_insee", "flores.effectifs")
DIMENSIONS = ("famille", "famille_insee", "famille_insee")


@dataclass(frozen=True)
class Side:
    """One count of a territory at its last period: the whole, the parts by family, the source and its day."""

    whole: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    source: str = ""
    day: date | None = None

    def part(self, code: str) -> Decimal | None:
        """The count of a family: zero where it is not written, None where the whole is not known."""
        return None if self.whole is None else self.parts.get(code, Decimal(0))


@dataclass(frozen=True)
class Line:
    """One family: the count of each side, None where that side does not count it, and why they differ (or nothing)."""

    label: str
    family: str
    ours: Decimal | None
    insee: Decimal | None
    published: Decimal | None
    reason: str


@dataclass(frozen=True)
class Compared:
    """The two counts of one thing, family by family; `published` is INSEE's own table where it is loaded."""

    indicator: Indicator
    ours: Side
    insee: Side
    published: Side
    lines: Sequence[Line]

    @property
    def is_known(self) -> bool:
        """True when the territory has both counts."""
        return self.ours.whole is not None and self.insee.whole is not None

    @property
    def gap(self) -> Decimal:
        """How many more the law of 2014 counts than INSEE's perimeter does."""
        return (self.ours.whole or Decimal(0)) - (self.insee.whole or Decimal(0))


def compare(codes: tuple[str, str, str], territory: Territory, known: Mapping[str, Indicator]) -> Compared:
    """The two counts, and INSEE's published one where it is loaded, each at its last period. Two queries."""
    read = load_many(codes, [territory.pk], known, with_parts=True)
    ours, insee, published = (
        _side(read.get(code, {}), dimension, territory)
        for code, dimension in zip(codes, DIMENSIONS, strict=True)
    )
    lines = [_line(each, ours, insee, published) for each in InseeFamily]
    company = str(Family.ESS_COMPANY.value)
    lines.append(
        Line(
            str(Family.ESS_COMPANY.label),
            company,
            ours.part(company),
            None,
            None,
            _("L’Insee ne compte aucune société commerciale dans ses familles.")
            if ours.part(company)
            else "",
        )
    )
    return Compared(known[codes[0]], ours, insee, published, lines)


def _side(cells: Mapping[Key, Cell], dimension: str, territory: Territory) -> Side:
    spans = queries.spans(cells)
    whole = cells.get((spans[-1], territory.pk, ())) if spans else None
    if whole is None:
        return Side()
    parts = queries.parts_of_cell(cells, spans[-1], territory.pk, dimension)
    return Side(
        whole.value,
        {code: cell.value for code, cell in parts if cell.value is not None},
        whole.source,
        whole.day,
    )


def _line(family: InseeFamily, ours: Side, insee: Side, published: Side) -> Line:
    mine = OURS.get(family)
    code = str(family.value)
    counted = ours.part(str(mine.value)) if mine else None
    theirs = insee.part(code) if mine else None
    return Line(
        str(family.label),
        str(mine.value) if mine else "",
        counted,
        theirs,
        published.part(code),
        _reason(family, counted, theirs),
    )


def _reason(family: InseeFamily, ours: Decimal | None, insee: Decimal | None) -> str:
    """Why the two counts of a family differ, or that they do not."""
    if family is InseeFamily.OTHER:
        return _(
            "Famille de l’Insee depuis sa série 2018-2020 : la loi ne la nomme pas, le registre ne garde pas ces "
            "organismes, rien ne peut en être compté ici."
        )
    if ours == insee:
        return ""
    if family is InseeFamily.COOPERATIVE:
        return _(
            "Coopératives constituées en société par actions simplifiée : un annuaire les fait connaître, leur "
            "catégorie juridique ne le dit pas."
        )
    return _(
        "Activités que l’Insee laisse de côté, et que la collectivité ou une liste a fait entrer dans le registre."
    )


def explained(sites: Compared, jobs: Compared) -> list[tuple[str, str]]:
    """What makes the gap, family by family: (family, sentence with the numbers of both comparisons)."""
    found = []
    for line, same in zip(sites.lines, jobs.lines, strict=True):
        if not line.reason:
            continue
        numbers = ""
        if line.ours is not None:
            other = same.ours or Decimal(0)
            numbers = _("%(sites)s et %(jobs)s de différence. ") % {
                "sites": _counted(
                    line.ours - (line.insee or 0), _("établissement employeur,établissements employeurs")
                ),
                "jobs": _counted(other - (same.insee or 0), _("emploi estimé,emplois estimés")),
            }
        found.append((line.label, f"{numbers}{line.reason}"))
    return found


def _counted(gap: Decimal, words: str) -> str:
    """A difference with its words, whole: an estimate is not read to the tenth."""
    return french.counted(abs(gap).quantize(Decimal(1), ROUND_HALF_UP), words)
