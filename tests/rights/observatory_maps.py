"""Rights of the maps, drawn areas and atlas: who may see each address, and what its arguments are."""

from tests.area_factories import AreaFactory
from tests.rights.roles import EVERYONE, Allowed, Arguments
from tests.rights_made import AGENT

SPACES = ("observatory", "authority-observatory")
READING = ("map", "map-svg", "map-csv", "map-embed", "areas", "area-geojson", "atlas", "atlas-pdf")
DRAWING = ("area-new", "area-edit", "area-remove")

ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space in SPACES for name in READING},
    **{f"observatory:{name}": frozenset() for name in DRAWING},
    **{f"authority-observatory:{name}": frozenset({AGENT}) for name in DRAWING},
}
ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:pk": lambda world: (
            world.once("area", lambda: AreaFactory(authority=world.authority)).pk
        )
        for space in SPACES
        for name in ("area-geojson", "area-edit", "area-remove")
    },
    **{
        f"{space}:{name}:{argument}": lambda world, argument=argument: getattr(
            world.authority.territory, argument
        )
        for space in SPACES
        for name in ("atlas", "atlas-pdf")
        for argument in ("kind", "code")
    },
}
