"""Drawn areas: the département draws an employment area and a valley, its métropole a canal's banks."""

import shapely
from django.db import transaction

from essor.demo.scenes.cast import Cast
from essor.observatory import actions_areas, rules_shapes
from essor.observatory.areas import ground
from essor.observatory.models import Area
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

MURET = "commune:31395"
LAURAGAIS = ("commune:31451", "commune:31582", "commune:31396")
# Along the canal, through the middle of the city (invented perimeter of a project).
CANAL = "1,421 ; 43,615\n1,436 ; 43,624\n1,457 ; 43,616\n1,468 ; 43,594\n1,459 ; 43,588\n1,446 ; 43,605\n1,430 ; 43,607"


def play() -> None:
    """Play the scene once."""
    if Area.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        _circle(cast)
        _valley(cast)
        canal = rules_shapes.of_points(CANAL).geometry
        actions_areas.make(
            cast.metropolitan_agent,
            cast.metropolis,
            "Berges du canal",
            canal,
            "Dessin point par point",
            is_public=True,
        )


def _circle(cast: Cast) -> None:
    place = _known(MURET)
    if place is None or place.lon is None or place.lat is None:
        return
    shape = rules_shapes.circle(place.lon, place.lat, 12).geometry
    actions_areas.make(
        cast.agent,
        cast.department,
        "Bassin d’emploi de Muret",
        shape,
        f"Cercle de 12 km autour de {place.name}",
        is_public=True,
    )


def _valley(cast: Cast) -> None:
    rows = [row for ref in LAURAGAIS if (row := _known(ref))]
    shapes, _lacking, _schematic = ground.shapes_of_territories(rows)
    if not shapes:
        return
    names = ", ".join(row.name for row in rows)
    shape = rules_shapes.checked(shapely.union_all(shapes)).geometry
    actions_areas.make(cast.agent, cast.department, "Projet du Lauragais", shape, f"Réunion de {names}")


def _known(ref: str) -> Territory | None:
    try:
        return resolve(ref)
    except UnknownTerritoryError:
        return None
