"""The place of a territory among those of its level: in the département, the région, France."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, FloatField, Q, Value
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext as _

from essor.indicators.definition import Indicator, Span
from essor.indicators.enums import Direction, Origin
from essor.indicators.fields import to_scaled
from essor.indicators.models import Observation
from essor.observatory.columns import Dated, place_of
from essor.territories.enums import Kind
from essor.territories.models import Territory

# Beyond its nearest territory, a rank is told when nearly all of its like have a value: the others are said.
KNOWN_FROM = Decimal("0.95")
SCOPES: dict[str, tuple[str, ...]] = {
    Kind.COMMUNE: ("departement", "region"),
    Kind.EPCI: ("departement", "region", "france"),
    Kind.EPT: ("region",),
    Kind.DEPARTEMENT: ("region", "france"),
    Kind.REGION: ("france",),
}


def _level_words() -> dict[str, tuple[str, str]]:
    """A level in the plural, and the end of « 1er » that agrees with it."""
    return {
        Kind.COMMUNE: (_("communes"), "re"),
        Kind.EPCI: (_("intercommunalités"), "re"),
        Kind.EPT: (_("établissements publics territoriaux"), "er"),
        Kind.DEPARTEMENT: (_("départements"), "er"),
        Kind.REGION: (_("régions"), "re"),
        Kind.COLLECTIVITE: (_("collectivités"), "re"),
    }


def level_words(kind: str) -> str:
    """A level in the plural: « intercommunalités »."""
    return _level_words().get(kind, (_("territoires"), "er"))[0]


@dataclass(frozen=True)
class Ranked:
    """A place (equals share it) among those of the level that have a value inside `scope`; `missing` have none."""

    place: int
    among: int
    missing: int
    kind: str
    scope: Territory

    def __str__(self) -> str:
        """« 3e sur 22 intercommunalités de la Haute-Garonne (2 sans valeur) »."""
        words, first = _level_words().get(self.kind, (_("territoires"), "er"))
        said = {
            "place": f"{self.place}{first if self.place == 1 else 'e'}",
            "among": self.among,
            "words": words,
            "of": _("de France") if self.scope.kind == Kind.FRANCE else place_of(self.scope).of,
        }
        text = _("%(place)s sur %(among)s %(words)s %(of)s") % said
        if self.missing:
            text = _("%(text)s (%(missing)s sans valeur)") % {"text": text, "missing": self.missing}
        return text


def ranks(
    territory: Territory,
    france: Territory | None,
    figures: Mapping[str, Dated],
    known: Mapping[str, Indicator],
) -> dict[str, list[Ranked]]:
    """The ranks of a territory for each of its figures, the nearest scope first. Two queries.

    Territories without a value are left out; formulas and figures with secrecy have no rank here.
    """
    scopes = _scopes(territory, france)
    own = {
        code: dated
        for code, dated in figures.items()
        if dated.cell.observed is not None
        and dated.value is not None
        and known[code].origin is not Origin.FORMULA
        and not known[code].protected
    }
    if not scopes or not own:
        return {}
    alike = Territory.objects.active().filter(kind=territory.kind)
    totals = alike.aggregate(**{name: Count("pk", filter=_in(name, scope, "")) for name, scope in scopes})
    rows = (
        Observation.objects.filter(parts="", territory__in=alike.order_by().values("pk"))
        .filter(_same_period(own))
        .annotate(
            quotient=Cast("numerator", FloatField()) / NullIf(Cast("denominator", FloatField()), Value(0.0))
        )
        .order_by()
        .values("code")
    )
    better = _better(own, known)
    has_value = _has_value(own, known)
    counts = {
        f"{name}_{what}": Count("pk", filter=_in(name, scope, "territory__") & condition)
        for name, scope in scopes
        for what, condition in (("among", has_value), ("above", has_value & better))
    }
    found: dict[str, list[Ranked]] = {}
    for row in rows.annotate(**counts):
        for rank, (name, scope) in enumerate(scopes):
            among, total = row[f"{name}_among"], totals[name]
            if among >= 2 and (rank == 0 or among >= KNOWN_FROM * total):
                found.setdefault(row["code"], []).append(
                    Ranked(row[f"{name}_above"] + 1, among, total - among, territory.kind, scope)
                )
    return found


def _scopes(territory: Territory, france: Territory | None) -> list[tuple[str, Territory]]:
    found = []
    for name in SCOPES.get(territory.kind, ()):
        scope = france if name == "france" else getattr(territory, name)
        if scope is not None:
            found.append((name, scope))
    return found


def _in(name: str, scope: Territory, prefix: str) -> Q:
    if name == "france":
        return Q(**{f"{prefix}pk__isnull": False})
    return Q(**{f"{prefix}{name}_id": scope.pk})


def _same_period(own: Mapping[str, Dated]) -> Q:
    # One condition for the codes of a period: those of an edition have all the same.
    alike: dict[Span, list[str]] = {}
    for code, dated in own.items():
        alike.setdefault(dated.span, []).append(code)
    chosen = Q(pk__in=[])
    for span, codes in alike.items():
        chosen |= Q(code__in=codes, start=span.start, end=span.end)
    return chosen & Q(code__in=list(own))


def _has_value(own: Mapping[str, Dated], known: Mapping[str, Indicator]) -> Q:
    shares = [code for code in own if known[code].is_share]
    return ~Q(code__in=shares) | Q(quotient__isnull=False)


def _better(own: Mapping[str, Dated], known: Mapping[str, Indicator]) -> Q:
    """What stands above, code by code. Floats only compare: equal quotients of integers are equal there too."""
    chosen = Q(pk__in=[])
    for code, dated in own.items():
        indicator, seen = known[code], dated.cell.observed
        assert seen is not None  # noqa: S101  # filtered by the caller
        low = indicator.direction is Direction.DOWN
        if indicator.is_share:
            value = to_scaled(seen.numerator) / to_scaled(seen.denominator or Decimal(1))
            above = Q(**{f"quotient__{'lt' if low else 'gt'}": value})
        else:
            above = Q(**{f"numerator__{'lt' if low else 'gt'}": seen.numerator})
        chosen |= Q(code=code) & above
    return chosen


def said(found: Sequence[Ranked]) -> str:
    """The ranks of one figure in a line."""
    return " · ".join(str(each) for each in found)
