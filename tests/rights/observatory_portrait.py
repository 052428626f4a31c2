"""Rights of the portraits, the ranking and the comparison: all open, drawn areas when they are published."""

from typing import Any

import shapely
from django.utils import timezone

from essor.observatory.models import Area
from essor.territories.models import Qpv
from tests.rights.roles import EVERYONE, Allowed, Arguments
from tests.rights_made import World

SPACES = ("observatory", "authority-observatory")
READING = (
    "portrait", "portrait-csv", "portrait-json", "portrait-embed", "quarter", "quarter-csv", "quarter-json", "area",
    "area-csv", "area-json", "ranking", "ranking-csv", "compare", "compare-csv",
)  # fmt: skip
DRAWN: dict[str, Any] = {
    "geometry": shapely.box(1.4, 43.5, 1.5, 43.6).wkb, "west": 1.4, "south": 43.5, "east": 1.5, "north": 43.6,
    "source": "Essai",
}  # fmt: skip

ALLOWED: Allowed = {f"{space}:{name}": EVERYONE for space in SPACES for name in READING}


def _quarter(world: World) -> str:
    def make() -> Any:
        return Qpv.objects.create(code="QN03101A", generation=2024, name="Les Essais", **DRAWN)

    return str(world.once("quarter", make).code)


def _area(world: World) -> int:
    def make() -> Any:
        return Area.objects.create(
            authority=world.authority,
            name="Bassin publié",
            is_public=True,
            created_at=timezone.now(),
            **DRAWN,
        )

    return int(world.once("public area", make).pk)


def _kind(world: World) -> str:
    return str(world.authority.territory.kind)


def _code(world: World) -> str:
    return str(world.authority.territory.code)


TERRITORIAL = ("portrait", "portrait-csv", "portrait-json", "portrait-embed")
ARGUMENTS: Arguments = {
    **{f"{space}:{name}:kind": _kind for space in SPACES for name in TERRITORIAL},
    **{f"{space}:{name}:code": _code for space in SPACES for name in TERRITORIAL},
    **{f"{space}:quarter{end}:code": _quarter for space in SPACES for end in ("", "-csv", "-json")},
    **{f"{space}:area{end}:pk": _area for space in SPACES for end in ("", "-csv", "-json")},
}
