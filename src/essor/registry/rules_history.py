"""What differs between two states of the register, in words of the trade. Pure: no database, no clock.

Every difference has exactly one kind; the differences from B to A are those from A to B, mirrored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from essor.law.labelled import Labelled

ORGANISATION = "organisation"
PRESENCE = "presence"
# Values of the presence: in the register; said closed by Sirene; once there, then gone; empty, not in the files.
PRESENT, CLOSED, LEFT, ABSENT = "present", "closed", "left", ""

# Fields whose change is a fact of the organisation's history, with their French label.
FOLLOWED: dict[str, str] = {
    "name": "nom",
    "legal_category": "forme juridique",
    "naf": "activité principale",
    "family": "famille",
    "verdict": "qualification",
    "size_band": "effectif",
    "commune_id": "commune",
}
FOLLOWED_ESTABLISHMENT: dict[str, str] = {
    "address": "adresse",
    "commune_id": "commune",
    "is_head_office": "siège",
    "size_band": "effectif",
}


class ChangeKind(Labelled):
    """What happened, as people of the trade say it."""

    NEW = "new", "Nouvelles"
    BACK = "back", "Revenues"
    CLOSED = "closed", "Fermées selon Sirene"
    LEFT = "left", "Sorties des fichiers"
    MOVED = "moved", "Changent de commune"
    RENAMED = "renamed", "Changent de nom"
    REQUALIFIED = "requalified", "Changent de famille ou de qualification"
    FORM = "form", "Changent de forme juridique"
    GROWN = "grown", "Effectif en hausse"
    SHRUNK = "shrunk", "Effectif en baisse"
    ACTIVITY = "activity", "Changent d’activité"
    TAKEN_OVER = "taken_over", "Ajoutées, désormais dans les données publiques"
    PLACE_OPENED = "place_opened", "Établissements apparus"
    PLACE_CLOSED = "place_closed", "Établissements disparus"
    PLACE_MOVED = "place_moved", "Établissements déplacés"
    PLACE_SIZE = "place_size", "Effectif d’un établissement"
    SEAT = "seat", "Siège transféré"


# The kind of each followed field whose two values do not matter.
KIND_OF_FIELD: dict[str, ChangeKind] = {
    "name": ChangeKind.RENAMED,
    "legal_category": ChangeKind.FORM,
    "naf": ChangeKind.ACTIVITY,
    "family": ChangeKind.REQUALIFIED,
    "verdict": ChangeKind.REQUALIFIED,
    "commune_id": ChangeKind.MOVED,
    "origin": ChangeKind.TAKEN_OVER,
}
KIND_OF_PLACE_FIELD: dict[str, ChangeKind] = {
    "address": ChangeKind.PLACE_MOVED,
    "commune_id": ChangeKind.PLACE_MOVED,
    "is_head_office": ChangeKind.SEAT,
    "size_band": ChangeKind.PLACE_SIZE,
}
# What undoes each kind. Who comes back had left or closed: `LEFT` and `CLOSED` undo `NEW` and `BACK`.
MIRROR: dict[ChangeKind, ChangeKind] = {
    **{kind: kind for kind in ChangeKind},
    ChangeKind.NEW: ChangeKind.LEFT,
    ChangeKind.LEFT: ChangeKind.NEW,
    ChangeKind.BACK: ChangeKind.CLOSED,
    ChangeKind.CLOSED: ChangeKind.BACK,
    ChangeKind.GROWN: ChangeKind.SHRUNK,
    ChangeKind.SHRUNK: ChangeKind.GROWN,
    ChangeKind.PLACE_OPENED: ChangeKind.PLACE_CLOSED,
    ChangeKind.PLACE_CLOSED: ChangeKind.PLACE_OPENED,
}


def size_order(band: str) -> tuple[str, str]:
    """Bands of employees in order: none or unknown (NN) first, then 00, 01, 02…"""
    return ("" if band == "NN" else band, band)


def kind_of(field: str, before: str, after: str, *, place: bool = False) -> ChangeKind:
    """The kind of one difference (`place`: of an establishment).

    Raises ValueError when nothing differs, or for a field that nobody follows.
    """
    if before == after:
        raise ValueError(f"{field}: nothing differs")
    if place:
        if field == PRESENCE:
            return ChangeKind.PLACE_OPENED if after == PRESENT else ChangeKind.PLACE_CLOSED
        kind = KIND_OF_PLACE_FIELD.get(field)
    elif field == PRESENCE:
        return _kind_of_presence(before, after)
    elif field == "size_band":
        return ChangeKind.GROWN if size_order(after) > size_order(before) else ChangeKind.SHRUNK
    else:
        kind = KIND_OF_FIELD.get(field)
    if kind is None:
        raise ValueError(f"{field}: not a followed field")
    return kind


def _kind_of_presence(before: str, after: str) -> ChangeKind:
    if after == PRESENT:
        return ChangeKind.NEW if before == ABSENT else ChangeKind.BACK
    return ChangeKind.CLOSED if after == CLOSED else ChangeKind.LEFT


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, of an organisation (`subject` says so) or of the establishment whose SIRET is `subject`."""

    siren: str
    subject: str
    field: str
    before: str
    after: str

    @property
    def kind(self) -> ChangeKind:
        """What happened."""
        return kind_of(self.field, self.before, self.after, place=self.subject != ORGANISATION)

    def mirrored(self) -> "Change":
        """The difference that undoes it."""
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class UnitState:
    """The followed values of an organisation and of its establishments (by SIRET), all as texts."""

    values: Mapping[str, str]
    places: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the register: organisations by SIREN, those that Sirene says closed, those once there and gone."""

    units: Mapping[str, UnitState]
    closed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    def presence(self, siren: str) -> str:
        """Whether the organisation is there, and why it is not."""
        if siren in self.units:
            return PRESENT
        if siren in self.closed:
            return CLOSED
        return LEFT if siren in self.gone else ABSENT


def differences(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """What differs, in the order of the SIREN: presence alone for who enters or leaves, then field by field."""
    for siren in sorted({*before.units, *after.units}):
        old, new = before.units.get(siren), after.units.get(siren)
        if old is None or new is None:
            yield Change(siren, ORGANISATION, PRESENCE, before.presence(siren), after.presence(siren))
            continue
        yield from _fields(siren, ORGANISATION, old.values, new.values, FOLLOWED)
        for siret in sorted({*old.places, *new.places}):
            was, now = old.places.get(siret), new.places.get(siret)
            if was is None or now is None:
                yield Change(
                    siren,
                    siret,
                    PRESENCE,
                    ABSENT if was is None else PRESENT,
                    ABSENT if now is None else PRESENT,
                )
            else:
                yield from _fields(siren, siret, was, now, FOLLOWED_ESTABLISHMENT)


def _fields(
    siren: str, subject: str, old: Mapping[str, str], new: Mapping[str, str], followed: Mapping[str, str]
) -> Iterator[Change]:
    for name in followed:
        if old[name] != new[name]:
            yield Change(siren, subject, name, old[name], new[name])
