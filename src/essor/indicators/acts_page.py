"""What the page of a figure's acts says: the acts one by one for those who may see them, their count for the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.accounts.models import Authority
from essor.indicators import from_acts, queries, rules, rules_acts
from essor.indicators.definition import AUTHORITY, Indicator, Parts, Span
from essor.indicators.from_acts import MadeOfActs
from essor.indicators.queries import Cell, Wanted
from essor.indicators.rules_acts import Ground
from essor.kernel.acts import Act, Scope, acts
from essor.registry.models import Organisation
from essor.territories.models import Territory

Counted = tuple[Act, bool]


@dataclass(frozen=True)
class Made:
    """The acts of one authority behind a figure: the cell that is published, what they are worth now, the acts.

    `seen` is False for a person who is no member of the authority: then `acts` are not to be shown, nor anything that
    secrecy hides.
    """

    authority: Authority
    cell: Cell | None
    acts: Sequence[Counted]
    value: Decimal | None
    seen: bool
    protected: bool

    @property
    def agrees(self) -> bool:
        """True when the list is worth the figure; False when acts changed since it was written."""
        return self.cell is None or self.cell.hidden or self.cell.value == self.value

    @property
    def is_told(self) -> bool:
        """False when even the number of acts is secret: a cell hidden, or one that no rule of secrecy looked at."""
        return self.seen or not self.protected or (self.cell is not None and not self.cell.hidden)


@dataclass(frozen=True)
class Asked:
    """The figure of the page; `frame` is the authority in whose frame it is read, `member_of` those of the person."""

    indicator: Indicator
    territory: Territory
    span: Span
    parts: Parts
    frame: int | None
    member_of: frozenset[int]


def made_of(asked: Asked, known: Mapping[str, Indicator], day: date) -> list[Made]:
    """What makes the figure, authority after authority; one alone in its frame. As many queries for many acts."""
    indicator = asked.indicator
    explained = indicator.explain
    assert isinstance(explained, MadeOfActs)  # noqa: S101  # the view looked
    counting = explained.counting
    scope = Scope(
        authority_ids=frozenset({asked.frame} if asked.frame else ()),
        start=asked.span.start,
        end=asked.span.end,
    )
    ground = from_acts.ground(scope, quarters=counting.share is rules_acts.IN_QUARTER)
    one = rules_acts.Asked(asked.territory.pk, asked.span, asked.parts)
    by_authority: dict[int, list[Counted]] = {}
    for act, counts in rules_acts.made_of(acts(scope), counting, ground, one, day):
        by_authority.setdefault(act.authority_id, []).append((act, counts))
    cells = queries.load(indicator, Wanted([asked.territory.pk], [asked.span], with_parts=True), known)
    owners = {asked.frame} if asked.frame else {*by_authority, *_owners(cells)}
    rows = Authority.objects.filter(pk__in=[pk for pk in owners if pk]).order_by("sort_key", "pk")
    return [_made(asked, cells, row, by_authority.get(row.pk, []), ground) for row in rows]


def _owners(cells: Mapping[queries.Key, Cell]) -> set[int]:
    return {int(value) for _span, _pk, parts in cells for code, value in parts if code == AUTHORITY}


def _made(
    asked: Asked,
    cells: Mapping[queries.Key, Cell],
    authority: Authority,
    found: list[Counted],
    ground: Ground,
) -> Made:
    explained = asked.indicator.explain
    assert isinstance(explained, MadeOfActs)  # noqa: S101  # the view looked
    own = () if asked.frame else ((AUTHORITY, str(authority.pk)),)
    cut = tuple(part for part in asked.parts if part[0] != AUTHORITY)
    cell = cells.get((asked.span, asked.territory.pk, tuple(sorted((*own, *cut)))))
    worth = rules_acts.total(found, explained.counting, ground)
    value = rules.value_of(asked.indicator, worth).value if worth else Decimal(0)
    return Made(authority, cell, found, value, authority.pk in asked.member_of, asked.indicator.protected)


def names_of(found: Sequence[Counted]) -> dict[int, str]:
    """The names of the organisations of some acts: one query."""
    ids = {act.organisation_id for act, _counts in found if act.organisation_id}
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
