"""Key figures of the register for the homes: counted once an edition and a territory, then kept."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from essor.registry.enums import Family
from essor.registry.filters import Filters
from essor.registry.places import place_of
from essor.registry.queries import edition_in_force, facets
from essor.territories.models import Territory


@dataclass(frozen=True)
class Figure:
    """A figure with its source and its day."""

    value: int
    label: str
    source: str
    day: date


@dataclass(frozen=True)
class Counts:
    """What the register counts on a territory."""

    organisations: int
    employers: int
    families: dict[str, int]


# Families that people ask first, in this order; the others are in the register's list.
SHOWN_FAMILIES = (Family.ASSOCIATION, Family.COOPERATIVE, Family.FOUNDATION)


@lru_cache(maxsize=256)
def _counts(edition_id: int, loaded_at: datetime | None, day: date, territory_id: int | None) -> Counts:
    territory = Territory.objects.get(pk=territory_id) if territory_id else None
    found = facets(Filters(day=day, place=place_of(territory) if territory else None))
    return Counts(found.total, found.employers, {value.value: value.count for value in found.families})


def register_figures(territory: Territory | None) -> list[Figure]:
    """Figures of the edition in force on a territory, or on the whole register; none before the first edition."""
    edition = edition_in_force()
    if edition is None:
        return []
    counts = _counts(edition.pk, edition.loaded_at, edition.day, territory.pk if territory else None)
    if not counts.organisations:
        return []
    source = _("Registre de l’ESS d’Essor, d’après les données ouvertes de l’État")
    told = [
        (counts.organisations, _("organisations de l’ESS")),
        (counts.employers, _("emploient des salariées ou des salariés")),
        *((counts.families.get(family.value, 0), _plural_of(family)) for family in SHOWN_FAMILIES),
    ]
    return [Figure(value, label, source, edition.day) for value, label in told if value]


def _plural_of(family: Family) -> str:
    return {
        Family.ASSOCIATION: _("associations"),
        Family.COOPERATIVE: _("coopératives"),
        Family.FOUNDATION: _("fondations"),
    }[family]
