"""What deserves an alert among the differences of an edition. Pure: no database, no clock.

Retirements to come cannot be known from these files: nothing here estimates them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from essor.law.labelled import Labelled
from essor.registry.enums import SizeBand
from essor.registry.rules_history import ChangeKind

LARGE_EMPLOYER = 50  # employees: « grand employeur », from the band « 50 à 99 salariés » on
SHARP_LOSS_FROM = 10  # employees before the loss: below, a change of band is a matter of one or two people
SHARP_LOSS_BANDS = 2


class AlertKind(Labelled):
    """Natures of alerts, in the order in which they are shown."""

    EMPLOYER_CLOSED = "employer_closed", "Grand employeur fermé"
    EMPLOYER_LEFT = "employer_left", "Grand employeur sorti du registre"
    JOBS_LOST = "jobs_lost", "Forte baisse d’effectif"
    LAST_OF_SECTOR = "last_of_sector", "Dernière structure d’un secteur"
    LAST_EMPLOYER = "last_employer", "Dernier employeur d’un secteur"


@dataclass(frozen=True, slots=True)
class Footing:
    """Where an organisation stands: a place (its code or id), a sector of activity, and whether it employs."""

    place: int
    sector: str
    employs: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """A place that has no structure of a sector any more, or no employer of it."""

    place: int
    sector: str
    kind: AlertKind


def large_employer_gone(kind: ChangeKind, band: str) -> AlertKind | None:
    """The alert for an organisation of this band that closed or left; None when it is small or did neither."""
    size = SizeBand.of(band)
    if size is None or (size.low or 0) < LARGE_EMPLOYER:
        return None
    return {ChangeKind.CLOSED: AlertKind.EMPLOYER_CLOSED, ChangeKind.LEFT: AlertKind.EMPLOYER_LEFT}.get(kind)


def sharp_loss(before: str, after: str) -> bool:
    """True when the band of employees drops by two bands or more, from ten employees at least.

    A band that becomes unknown (NN) proves no loss.
    """
    was, now = SizeBand.of(before), SizeBand.of(after)
    if was is None or now is None or now is SizeBand.NN or (was.low or 0) < SHARP_LOSS_FROM:
        return False
    order = list(SizeBand)
    return order.index(was) - order.index(now) >= SHARP_LOSS_BANDS


def losses(
    gone: Iterable[Footing], still: Collection[tuple[int, str]], employing: Collection[tuple[int, str]]
) -> list[Lost]:
    """Places that lost their last structure, else their last employer, of a sector.

    `gone`: footings that the edition ended; `still` and `employing`: (place, sector) pairs that stand after it, with
    any structure and with an employer. An unknown sector is no sector.
    """
    found: dict[tuple[int, str], AlertKind] = {}
    for footing in gone:
        pair = (footing.place, footing.sector)
        if not footing.sector:
            continue
        if pair not in still:
            found[pair] = AlertKind.LAST_OF_SECTOR
        elif footing.employs and pair not in employing:
            found.setdefault(pair, AlertKind.LAST_EMPLOYER)
    return [Lost(place, sector, kind) for (place, sector), kind in sorted(found.items())]


def without_repeats(
    communes: Iterable[Lost], parents: Iterable[Lost], parent_of: Mapping[int, int]
) -> list[Lost]:
    """The losses of intercommunalities, then those of communes that theirs does not already tell."""
    kept = list(parents)
    told = {(lost.place, lost.sector, lost.kind) for lost in kept}
    return kept + [
        lost for lost in communes if (parent_of.get(lost.place), lost.sector, lost.kind) not in told
    ]
