"""The versions of the perimeter that an installation may use: those shipped with Essor, those its administrators wrote.

A written version takes over, from its first day, from whatever was in force before it. The shipped files are never
touched.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from essor.registry.models import PerimeterVersion
from essor.registry.perimeter import Perimeter, PerimeterError, shipped_perimeters


@dataclass(frozen=True)
class StoredVersion:
    """A version with where it comes from: shipped with Essor, or written here, with a reason."""

    perimeter: Perimeter
    shipped: bool
    reason: str = ""
    created_at: datetime | None = None
    created_by_id: int | None = None

    @property
    def version(self) -> str:
        """Its name."""
        return self.perimeter.version


def _written(row: PerimeterVersion) -> StoredVersion:
    return StoredVersion(
        perimeter=Perimeter.from_dict(row.body, row.version),
        shipped=False,
        reason=row.note,
        created_at=row.created_at,
        created_by_id=row.created_by_id,
    )


def versions() -> list[StoredVersion]:
    """All the versions, the one that begins last first; of two that begin on a day, the one written last first."""
    written = [_written(row) for row in PerimeterVersion.objects.order_by("id")]
    shipped = [StoredVersion(perimeter, shipped=True) for perimeter in shipped_perimeters()]
    return sorted([*shipped, *written], key=lambda stored: stored.perimeter.valid_from)[::-1]


def find(version: str) -> StoredVersion | None:
    """The version of this name with its origin, None when there is none."""
    for perimeter in shipped_perimeters():
        if perimeter.version == version:
            return StoredVersion(perimeter, shipped=True)
    row = PerimeterVersion.objects.filter(version=version).first()
    return _written(row) if row else None


def get(version: str) -> Perimeter:
    """The perimeter of this name. Raises `PerimeterError` (French) when there is none."""
    found = find(version)
    if found is None:
        raise PerimeterError(version, [_("aucune version ne porte ce nom : choisissez-en une de la liste")])
    return found.perimeter


def in_force(on: date) -> Perimeter:
    """The perimeter in force on a day. Raises `PerimeterError` for a day before the first version."""
    for stored in versions():
        if stored.perimeter.in_force(on):
            return stored.perimeter
    raise PerimeterError(
        _("en vigueur"),
        [
            _("aucune version n’est en vigueur le %(day)s : choisissez un autre jour")
            % {"day": on.isoformat()}
        ],
    )
