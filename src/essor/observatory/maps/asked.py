"""What an address of the map asks: indicator, territory, level, period, form, classes."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from essor.indicators import catalogue
from essor.indicators.access import may_see
from essor.indicators.definition import Indicator, Span
from essor.indicators.enums import Periodicity
from essor.indicators.forms import find_territory
from essor.indicators.queries import leaves
from essor.kernel.periods import today
from essor.observatory.maps import memory
from essor.observatory.maps.choropleth import Choropleth, Form, choropleth_of, periods
from essor.observatory.rules_classes import Method
from essor.registry.queries import edition_in_force
from essor.territories.enums import Kind
from essor.territories.level_maps import level_map, levels_of
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

FIRST_INDICATOR = "registre.densite"


@dataclass(frozen=True)
class Asked:
    """A map as the address asks it; `wrong_place` is what was asked and that nobody knows."""

    known: dict[str, Indicator]
    indicator: Indicator
    territory: Territory
    levels: list[Kind]
    level: str
    spans: list[Span]
    span: Span | None
    form: Form | None
    method: Method
    points: bool
    wrong_place: str = ""

    def map(self) -> Choropleth:
        """The map itself, the one kept when nothing changed."""
        stamp = memory.stamp(leaves(self.indicator, self.known))
        key = (stamp, self.indicator, self.territory.pk, self.level, self.span, self.form, self.method)
        kept = memory.get(key) if stamp else None
        if kept is not None:
            return kept
        made = choropleth_of(
            self.indicator,
            self.territory,
            self.level,
            self.span,
            self.known,
            form=self.form,
            method=self.method,
        )
        return memory.keep(key, made) if stamp else made

    def query(self) -> dict[str, str]:
        """What the address must say to give the same map."""
        said = {
            "indicateur": self.indicator.code,
            "territoire": self.territory.ref,
            "niveau": str(self.level),
            "periode": self.span.start.isoformat() if self.span else "",
            "forme": self.form.value if self.form else "",
            "classes": self.method.value if self.method is not Method.QUANTILES else "",
            "vue": "points" if self.points else "",
        }
        return {name: value for name, value in said.items() if value}


def read(request: HttpRequest) -> Asked:
    """The map of the address. Http404 for an indicator that does not exist or is not for this person."""
    known = catalogue.everything()
    code = request.GET.get("indicateur", "") or FIRST_INDICATOR
    indicator = known.get(code)
    if indicator is None or not may_see(request, indicator):
        raise Http404(_("Cet indicateur n’existe pas, ou n’est pas publié."))
    territory, wrong = _place(request)
    levels = levels_of(territory)
    level = _level(request, territory, levels)
    spans = periods(indicator, territory, level, known)
    return Asked(
        known,
        indicator,
        territory,
        levels,
        level,
        spans,
        _span(request, spans, indicator, known),
        _chosen(Form, request.GET.get("forme", "")),
        _chosen(Method, request.GET.get("classes", "")) or Method.QUANTILES,
        request.GET.get("vue") == "points",
        wrong,
    )


def _chosen(kind: type, written: str):  # type: ignore[no-untyped-def]
    return next((each for each in kind if each.value == written), None)


def _place(request: HttpRequest) -> tuple[Territory, str]:
    """The territory asked, else that of the frame or of the register; a commune gives its intercommunality."""
    written, wrong = request.GET.get("territoire", "").replace("\x00", "").strip()[:150], ""
    found = None
    if written:
        try:
            found = find_territory(written, exact=False)
        except LookupError:
            wrong = written
    found = found or home(request)
    if found is None:
        raise Http404(_("Aucun territoire n’est chargé."))
    if found.kind == Kind.COMMUNE:
        found = found.epci or found.departement or found
    return found, wrong


def home(request: HttpRequest) -> Territory | None:
    """The territory of the frame, else that of the register in force."""
    authority = getattr(request, "authority", None)
    if authority is not None and authority.territory is not None:
        mine: Territory = authority.territory
        return mine
    edition = edition_in_force()
    try:
        return resolve(edition.scope if edition else "france")
    except UnknownTerritoryError:
        return Territory.objects.order_by("pk").first()


def _level(request: HttpRequest, territory: Territory, levels: list[Kind]) -> str:
    """The level asked; else the first one of which the map draws at least half."""
    asked = request.GET.get("niveau", "")
    if asked in levels:
        return asked
    for level in levels:
        drawn = level_map(territory, level)
        if drawn is not None and 2 * len(drawn.missing) <= len(drawn.territories):
            return level
    return levels[0] if levels else Kind.COMMUNE


def _span(
    request: HttpRequest, spans: list[Span], indicator: Indicator, known: dict[str, Indicator]
) -> Span | None:
    """The period that starts on the day asked; else the last one that is over (an edition's has no end to wait for)."""
    asked = request.GET.get("periode", "")
    found = next((span for span in spans if span.start.isoformat() == asked), None)
    if found or not spans:
        return found
    by_edition = any(leaf.periodicity is Periodicity.EDITION for leaf in leaves(indicator, known).values())
    day = today()
    return next((span for span in spans if by_edition or span.end <= day), spans[0])
