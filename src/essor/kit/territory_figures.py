"""Figures of the register on the sectors of a fiche, for a territory: counted once an edition, then kept."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from essor.kit.fiche import Fiche
from essor.kit.sectors import sectors
from essor.registry.enums import Family
from essor.registry.filters import Filters
from essor.registry.places import place_of
from essor.registry.queries import edition_in_force, facets
from essor.territories.models import Territory

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """What the register counts; `families` are the largest, with their label; `query` opens the same list."""

    total: int
    employers: int
    families: tuple[tuple[str, str, int], ...]
    query: str
    day: date


def registry_sectors(fiche: Fiche) -> tuple[str, ...]:
    """Sectors of the register for a fiche; none means the whole register."""
    return tuple(dict.fromkeys(code for sector in fiche.sectors for code in sectors()[sector].registry))


def figures(fiche: Fiche, territory: Territory | None) -> Figures | None:
    """Figures of the edition in force on a territory, or on the whole register; None before the first edition."""
    edition = edition_in_force()
    if edition is None:
        return None
    asked = registry_sectors(fiche)
    return _counted(edition.pk, edition.loaded_at, edition.day, territory.pk if territory else None, asked)


@lru_cache(maxsize=512)
def _counted(
    edition_id: int, loaded_at: datetime | None, day: date, territory_id: int | None, asked: tuple[str, ...]
) -> Figures:
    territory = Territory.objects.get(pk=territory_id) if territory_id else None
    counted = facets(Filters(day=day, place=place_of(territory) if territory else None, sectors=asked))
    labels = dict(Family.choices())
    largest = sorted((each for each in counted.families if each.count), key=lambda each: -(each.count or 0))
    return Figures(
        counted.total,
        counted.employers,
        tuple((each.value, labels[each.value], each.count or 0) for each in largest[:SHOWN]),
        urlencode([("secteur", code) for code in asked]),
        day,
    )
