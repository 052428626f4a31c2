"""What the pages that show a map hand to the script, and say in words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.french import counted, number
from essor.registry import links, list_query
from essor.registry.enums import Family
from essor.registry.filters import Filters
from essor.registry.map import tiles, version
from essor.registry.map.index import FAMILIES, MapIndex, MapSet, map_set
from essor.registry.map.picture import Picture, picture_of
from essor.registry.models import Edition, EstablishmentFacts
from essor.territories import backdrop
from essor.territories import queries as territories
from essor.territories.models import Territory
from essor.territories.views_backdrop import backdrop_address

PLACE_SHOWN = 40


@dataclass(frozen=True)
class RegisterMap:
    """The map of a set: settings for the script, and what the page says of it."""

    settings: dict[str, Any]
    query: str
    organisations: int
    placed: int
    establishments: int
    schematic: bool
    sources: tuple[str, ...]
    attribution: str

    @property
    def unplaced(self) -> int:
        """Organisations of the set that the map cannot show."""
        return self.organisations - self.placed


def _shared(filters: Filters) -> str:
    """The filters as an address without a frame: the place is always written."""
    return urlencode(list_query.to_pairs(filters, None))


def home_of(request: HttpRequest) -> Territory | None:
    """Territory of the authority whose frame it is."""
    authority = getattr(request, "authority", None)
    return authority.territory if authority else None


def filters_of(query: QueryDict, home: Territory | None) -> Filters:
    """The filters that an address writes, today."""
    return list_query.read(query, home, timezone.localdate()).filters


def set_of(query: QueryDict) -> tuple[str, MapIndex, MapSet] | None:
    """The version shown, and the set of a frameless address; None while no edition is in force."""
    shown = version.current(timezone.localdate())
    if not shown:
        return None
    return (shown, *map_set(shown, query.urlencode(), lambda: filters_of(query, None)))


def map_of_request(request: HttpRequest, *, embedded: bool = False) -> RegisterMap | None:
    """The map of the filters of a page; None while no edition is in force."""
    filters = filters_of(request.GET, home_of(request))
    query = _shared(filters)
    found = set_of(QueryDict(query))
    if found is None:
        return None
    shown, _index, chosen = found
    scope = _scope()
    behind = _behind(scope)
    return RegisterMap(
        settings={
            "tiles": _tiles_address(request, shown, query),
            "backdrop": _absolute(request, backdrop_address(scope)) if scope else "",
            "place": f"{links.address(request, 'map-place', '0')}?{query}",
            "organisation": links.address(request, "organisation", 0),
            "zone": filters.zone.ref if filters.zone else "",
            "box": filters.zone.sides
            if filters.zone
            else chosen.grid.box() or (behind.box if behind else None),
            "maxZoom": tiles.MAX_ZOOM,
            "backdropMaxZoom": backdrop.MAX_ZOOM,
            "picture": settings.MAP_TILES_URL,
            "attribution": settings.MAP_TILES_ATTRIBUTION,
            "families": list(FAMILIES),
            "embedded": embedded,
            "library": static("vendor/maplibre/maplibre-gl.mjs"),
            "worker": static("vendor/maplibre/maplibre-gl-worker.mjs"),
            "words": _words(),
        },
        query=query,
        organisations=chosen.organisations,
        placed=chosen.placed,
        establishments=len(chosen.grid),
        schematic=bool(behind and behind.schematic),
        sources=behind.sources if behind else (),
        attribution=settings.MAP_TILES_ATTRIBUTION,
    )


def _tiles_address(request: HttpRequest, shown: str, query: str) -> str:
    """Absolute: the worker of the library resolves nothing. Without frame, so that every page shares what is kept."""
    first = reverse("registry:map-tile", args=[shown, 0, 0, 0]).removesuffix("0/0/0.mvt")
    return _absolute(request, first + "{z}/{x}/{y}.mvt") + (f"?{query}" if query else "")


def _absolute(request: HttpRequest, path: str) -> str:
    """The address with our own origin, its braces left as they stand."""
    return request.build_absolute_uri("/").removesuffix("/") + path


def picture(places: Sequence[EstablishmentFacts], scope: str) -> Picture | None:
    """The small map of establishments, on the outlines of the register's territory (an edition's scope)."""
    if not any(place.longitude is not None for place in places):
        return None
    return picture_of(places, _behind(_territory(scope)))


def _behind(scope: Territory | None) -> backdrop.Backdrop | None:
    """The background of the register's territory."""
    return backdrop.backdrop_of(territories.version(), scope.kind, scope.code) if scope else None


def _scope() -> Territory | None:
    """Territory of the edition in force."""
    scope = Edition.objects.filter(state=Edition.State.IN_FORCE).values_list("scope", flat=True).first()
    return _territory(scope) if scope else None


def _territory(scope: str) -> Territory | None:
    """The territory that an edition names, None when it is no longer known."""
    try:
        return territories.resolve(scope)
    except territories.UnknownTerritoryError:
        return None


def organisations_at(index: MapIndex, chosen: MapSet, code: int) -> list[tuple[int, str, str]]:
    """Id, name and activity of the organisations at exactly this place, each once, by name."""
    found = {index.words(int(row)) for row in chosen.grid.at(code)}
    return sorted(found, key=lambda each: (each[1].casefold(), each[0]))


def _words() -> dict[str, Any]:
    """The sentences that the script says."""
    return {
        "families": dict(Family.choices()),
        "here": _("établissements à cet endroit"),
        "group": _("établissements : rapprocher la carte"),
        "near": _("Position approchée : centre de la commune ou ancienne adresse"),
        "search": _("Chercher dans cette zone"),
        "open": _("Voir la page"),
        "nothing": _("Rien dans cette partie de la carte."),
        "failed": _(
            "La carte ne peut pas s’afficher ici : ce navigateur n’a pas WebGL. La liste dit la même chose."
        ),
        "lost": _(
            "Une partie de la carte n’a pas pu être chargée. Vérifiez la connexion, puis rechargez la page."
        ),
        "library": {
            "Map.Title": _("Carte des organisations"),
            "NavigationControl.ZoomIn": _("Rapprocher"),
            "NavigationControl.ZoomOut": _("Éloigner"),
            "NavigationControl.ResetBearing": _("Remettre le nord en haut"),
            "FullscreenControl.Enter": _("Plein écran"),
            "FullscreenControl.Exit": _("Quitter le plein écran"),
            "Popup.Close": _("Fermer"),
            "ScaleControl.Meters": "m",
            "ScaleControl.Kilometers": "km",
            "CooperativeGesturesHandler.WindowsHelpText": _("Ctrl et molette pour rapprocher la carte"),
            "CooperativeGesturesHandler.MacHelpText": _("⌘ et molette pour rapprocher la carte"),
            "CooperativeGesturesHandler.MobileHelpText": _("Deux doigts pour déplacer la carte"),
        },
    }


def told(shown: RegisterMap) -> str:
    """How many organisations of the set the map places."""
    if not shown.organisations:
        return _("Aucune organisation ne répond à ces filtres.")
    if shown.placed == shown.organisations:
        return _("%(all)s, toutes placées sur la carte.") % {
            "all": counted(shown.organisations, _("organisation"))
        }
    return _(
        "%(placed)s sur %(all)s placées sur la carte ; les autres n’ont pas de position publique ici."
    ) % {
        "placed": number(shown.placed),
        "all": counted(shown.organisations, _("organisation")),
    }
