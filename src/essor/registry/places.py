"""Places by which the register is searched: a reference (« epci:243100518 ») or a name becomes its communes."""

import re

from django.utils.translation import gettext as _

from essor.registry.filters import InQuarter, Near, Place, Zone
from essor.registry.models import Edition
from essor.registry.queries_plain import ids_in_quarter
from essor.territories import queries as territories
from essor.territories.enums import Kind
from essor.territories.models import Qpv, Territory

_WRITTEN = re.compile(r".*\((france|[a-z]+:\w+)\)", re.IGNORECASE)
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,2}(?:\.\d{1,9})?)", re.ASCII)
_SIDE = r"(-?\d{1,3}(?:\.\d{1,9})?)"
_ZONE = re.compile(",".join([_SIDE] * 4), re.ASCII)
_QUARTER = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
_LEVELS = (Kind.COMMUNE, Kind.EPCI, Kind.EPT, Kind.DEPARTEMENT, Kind.REGION)


def find_place(asked: str) -> Place | None:
    """The place of a reference, of a code, or of a name (the likeliest one); None when none answers to it.

    A place that is the whole territory of the register limits nothing: its communes are not even read.
    """
    territory = _territory(asked)
    return place_of(territory) if territory else None


def find_near(asked: str, kilometres: float) -> Near | None:
    """The point of « longitude,latitude », or where a territory stands (reference, code or name); None otherwise."""
    if point := _POINT.fullmatch(asked.replace(" ", "")):
        longitude, latitude = float(point[1]), float(point[2])
        if abs(longitude) > 180 or abs(latitude) > 90:
            return None
        name = _("ce point (%(point)s)") % {"point": point[0]}
        return Near(longitude, latitude, kilometres, point[0], name, _("de %(name)s") % {"name": name})
    territory = _territory(asked)
    if territory is None or territory.lon is None or territory.lat is None:
        return None
    return Near(
        territory.lon, territory.lat, kilometres, territory.ref, name_of(territory), territory.of_name
    )


def find_zone(asked: str) -> Zone | None:
    """The part of the map of « west,south,east,north » in degrees; None when it is no such thing."""
    sides = _ZONE.fullmatch(asked)
    if sides is None:
        return None
    # As the address writes them again: the same zone whoever wrote it.
    west, south, east, north = (round(float(side), 5) + 0.0 for side in sides.groups())
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        return None
    return Zone(west, south, east, north)


def find_quarter(asked: str) -> InQuarter | None:
    """The quartier prioritaire of a code (« QN03101M », of 2024 or of 2015); None when no list loaded has it."""
    code = asked.strip().upper()
    if not _QUARTER.fullmatch(code):
        return None
    name = Qpv.objects.filter(code=code).order_by("-generation").values_list("name", flat=True).first()
    return None if name is None else InQuarter(code, name, ids_in_quarter(code))


def place_of(territory: Territory) -> Place:
    """The place that a territory is, for the list."""
    whole = territory.kind == Kind.FRANCE or _scope_in_force() == territory.ref
    communes = None
    if not whole:
        communes = frozenset(Territory.objects.communes_of(territory).values_list("pk", flat=True))
    return Place(territory.ref, name_of(territory), territory.of_name, communes)


def name_of(territory: Territory) -> str:
    """The name with what tells homonyms apart: « Auterive (31) »; an EPCI or a département has its own."""
    if territory.kind != Kind.COMMUNE:
        return territory.name
    return _("%(name)s (%(departement)s)") % {
        "name": territory.name,
        "departement": departement_of(territory.code),
    }


def departement_of(commune_code: str) -> str:
    """Code of the département of a commune's INSEE code: two characters, three overseas."""
    return commune_code[:3] if commune_code.startswith(("97", "98")) else commune_code[:2]


def _scope_in_force() -> str:
    scope = Edition.objects.filter(state=Edition.State.IN_FORCE).values_list("scope", flat=True).first()
    return scope or ""


def written(place: Place) -> str:
    """The place as the filter shows it and reads it again: « Toulouse (commune:31555) »."""
    return f"{place.name.split(' (')[0]} ({place.ref})"


def _territory(asked: str) -> Territory | None:
    if match := _WRITTEN.fullmatch(asked):
        asked = match.group(1)
    if ":" in asked or asked == Kind.FRANCE:
        try:
            return territories.resolve(asked)
        except territories.UnknownTerritoryError:
            return None
    found = territories.search(asked, _LEVELS, limit=1)
    return found[0] if found else None
