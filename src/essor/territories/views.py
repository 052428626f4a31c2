"""Screens of the territories: finding one, and its page. They belong to no authority and everyone may see them."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone
from essor.territories import queries
from essor.territories.enums import Kind, Zone
from essor.territories.models import Territory, TerritoryQuerySet
from essor.territories.pages import crumbs_of, facts_of, names_with_place
from essor.territories.shapes import map_of

PAGE_SIZE = 50
SUGGESTIONS = 12
MAX_QUERY = 100
# What the list shows before anything is asked.
_FIRST = Q(kind=Kind.REGION) | Q(kind=Kind.COLLECTIVITE, zone=Zone.COM)


@access(everyone)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Search, and the list of territories by level and place; the régions first."""
    text = request.GET.get("q", "").strip()[:MAX_QUERY]
    place, problem = _place(request.GET.get("dans", ""))
    kinds = [kind for kind in request.GET.getlist("niveau") if kind in Kind.values]
    rows = _rows(text, place)
    counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    shown = rows.of_kind(*kinds) if kinds else rows if text or place else rows.filter(_FIRST)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Territoires"),
        "lead": _("Régions, départements, intercommunalités et communes, d’un même millésime."),
        "query": text,
        "place": place,
        "problem": problem,
        "reference": queries.reference_in_force(),
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("territoire,territoires"),
        "rows": names_with_place(page.object_list),
        "facets": [_levels(counts, kinds)],
        "facets_hold_query": True,
        "chips": _chips(request, text, place, kinds),
    }
    return render(request, "territories/index.html", context)


def _place(asked: str) -> tuple[Territory | None, str]:
    if not asked:
        return None, ""
    try:
        return queries.resolve(asked), ""
    except queries.UnknownTerritoryError as error:
        return None, str(error)


def _rows(text: str, place: Territory | None) -> TerritoryQuerySet:
    rows = (
        queries.matching(text) if text else Territory.objects.active().select_related("departement", "epci")
    )
    if place:
        communes = Territory.objects.communes_of(place)
        groups = communes.filter(epci__isnull=False).values("epci_id")
        return rows.filter(Q(pk__in=communes.values("pk")) | Q(pk__in=groups)).exclude(pk=place.pk)
    return rows


def _levels(counts: dict[str, int], kinds: list[str]) -> dict[str, Any]:
    options = [
        {"value": kind.value, "label": kind.label, "count": counts[kind], "selected": kind in kinds}
        for kind in Kind
        if kind in counts
    ]
    return {"name": "niveau", "label": _("Niveau"), "options": options}


def _chips(
    request: HttpRequest, text: str, place: Territory | None, kinds: list[str]
) -> list[dict[str, str]]:
    chips = []
    if text:
        chips.append({"name": _("Recherche"), "label": text, "remove_url": _without(request, "q")})
    if place:
        chips.append({"name": _("Dans"), "label": place.name, "remove_url": _without(request, "dans")})
    for kind in kinds:
        label = str(Kind(kind).label)
        chips.append({"name": _("Niveau"), "label": label, "remove_url": _without(request, "niveau", kind)})
    return chips


def _without(request: HttpRequest, name: str, value: str = "") -> str:
    query = request.GET.copy()
    query.pop("page", None)
    kept = [other for other in query.getlist(name) if value and other != value]
    query.setlist(name, kept)
    written = query.urlencode()
    return f"{request.path}?{written}" if written else request.path


@access(everyone)
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Options of a `<datalist>` for what is being typed: « Toulouse (commune:31555) »; `niveau` limits the levels."""
    kinds = [kind for kind in request.GET.getlist("niveau") if kind in Kind.values]
    # A form field sends its own name, « territory »; the register's filters « territoire », « pres »; a search « q ».
    named = (request.GET.get(name) for name in ("territory", "territoire", "pres", "q"))
    text = next((text for text in named if text), "")[:MAX_QUERY]
    found = queries.search(text, kinds, SUGGESTIONS)
    return render(request, "territories/suggestions.html", {"territories": found})


@access(everyone)
@require_safe
def territory(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """A territory: what it is, what it belongs to, its members on a map and in the equal list."""
    related = ("region", "departement", "collectivite", "epci", "ept")
    if not Territory.objects.filter(kind=kind, code=code).exists():
        return _elsewhere(kind, code)
    found = get_object_or_404(Territory.objects.select_related(*related), kind=kind, code=code)
    reference = queries.reference_in_force()
    rows = list(queries.members(found)) if found.is_active else []
    context = {
        "page_title": found.name,
        "kind": found.get_epci_type_display() if found.epci_type else found.get_kind_display(),
        "territory": found,
        "state": ""
        if found.is_active
        else _("N’existe plus depuis le millésime %(year)s") % {"year": found.vintage + 1},
        "state_tone": "neutral",
        "crumbs": crumbs_of(found),
        "facts": facts_of(found, reference),
        "members": names_with_place(rows),
        "members_title": _members_title(found),
        "drawn": map_of(found) if found.is_active else None,
        "communes_url": _communes_url(found),
        "qpvs": list(found.qpvs.order_by("-generation", "sort_key")) if found.kind == Kind.COMMUNE else [],
        "reference": reference,
    }
    return render(request, "territories/territory.html", context)


def _elsewhere(kind: str, code: str) -> HttpResponse:
    """The page of the territory that another code leads to, else 404 with the reason."""
    try:
        return redirect(queries.resolve(f"{kind}:{code}"), permanent=False)
    except queries.UnknownTerritoryError as error:
        raise Http404(str(error)) from error


def _members_title(found: Territory) -> str:
    if found.kind == Kind.COMMUNE:
        parent = found.epci or found.collectivite
        return _("Les communes %(of)s") % {"of": parent.of_name} if parent else _("La commune")
    if found.kind == Kind.FRANCE:
        return _("Les régions et les collectivités d’outre-mer")
    if found.kind == Kind.REGION:
        return _("Ses départements")
    apart = found.kind in (Kind.DEPARTEMENT, Kind.COLLECTIVITE) and found.zone != Zone.COM
    return _("Les intercommunalités présentes dans ce territoire") if apart else _("Ses communes")


def _communes_url(found: Territory) -> str:
    if found.kind not in (Kind.REGION, Kind.DEPARTEMENT, Kind.COLLECTIVITE) or not found.is_active:
        return ""
    return f"{reverse('territories:index')}?dans={found.ref}&niveau=commune"
