"""Whether places lie in a quartier prioritaire: one point, an establishment of the register, a whole file.

Each answer is given for both lists (2015 and 2024), with how sure it is. Nothing of what is asked is kept: a file may
hold the addresses of people.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from essor.formats.position_list import PlaceRow
from essor.registry.models import EstablishmentFacts
from essor.registry.overlay_rows import Laid
from essor.registry.pipeline.quartiers import Places, Relation, relations
from essor.registry.words import QPV_CERTAINTIES
from essor.territories.enums import QpvGeneration
from essor.territories.locating import neighbourhoods, qpv_known

IN, NEAR, OUT, UNKNOWN = "in", "near", "out", "unknown"
MANY = 500


@dataclass(frozen=True)
class Told:
    """What one list of quartiers says of a place: in, near (300 m at most), out, unknown (list not loaded there)."""

    generation: int
    relation: str
    certainty: str = ""
    code: str = ""
    name: str = ""
    metres: int | None = None

    @property
    def words(self) -> str:
        """The answer in French."""
        said = {"name": self.name, "code": self.code, "metres": self.metres}
        return {
            IN: _("Dans le quartier %(name)s (%(code)s)"),
            NEAR: _("À %(metres)s m du quartier %(name)s (%(code)s)"),
            OUT: _("Hors quartier, à plus de 300 m"),
            UNKNOWN: _("Inconnu : les contours de cette liste ne sont pas chargés ici"),
        }[self.relation] % said

    @property
    def doubt(self) -> str:
        """How sure it is, in French; empty when it is."""
        return QPV_CERTAINTIES.get(self.certainty, "")


@dataclass(frozen=True)
class Answer:
    """A row and what each list says of it, latest list first; no answer when `row.trouble` says why."""

    row: PlaceRow
    told: tuple[Told, ...]
    place: str = ""


def situate(rows: Sequence[PlaceRow]) -> list[Answer]:
    """One answer a row, in order. Establishments are those that the register shows."""
    placed = _with_positions(rows)
    known = [rank for rank, (row, _place) in enumerate(placed) if row.lon is not None]
    quartiers = neighbourhoods()
    found: dict[int, list[Relation]] = {}
    if known:
        points = Places(*(_array(placed, known, name) for name in ("lon", "lat", "error")))
        for each in relations(points, quartiers):
            found.setdefault(known[each.rank], []).append(each)
    names = {each.code: each.name for each in quartiers}
    return [
        Answer(row, _told(row, found.get(rank, []), names) if row.lon is not None else (), place)
        for rank, (row, place) in enumerate(placed)
    ]


def summary(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """For each list, latest first: how many places are in, near, out, unknown; and how many have no answer."""
    unanswered = sum(not each.told for each in answers)
    return [
        {
            "generation": generation,
            **{relation: counts[relation] for relation in (IN, NEAR, OUT, UNKNOWN)},
            "unanswered": unanswered,
        }
        for generation in _generations()
        for counts in [
            Counter(told.relation for a in answers for told in a.told if told.generation == generation)
        ]
    ]


def columns(answer: Answer) -> dict[str, str]:
    """What a completed file adds to a row."""
    added: dict[str, str] = {}
    by_generation = {told.generation: told for told in answer.told}
    for generation in _generations():
        told = by_generation.get(generation)
        prefix = f"qpv_{generation}"
        added |= {
            f"{prefix}_situation": SITUATIONS[told.relation] if told else "",
            f"{prefix}_code": told.code if told else "",
            f"{prefix}_nom": told.name if told else "",
            f"{prefix}_distance_m": str(told.metres) if told and told.metres is not None else "",
            f"{prefix}_certitude": CERTAINTIES.get(told.certainty, "") if told else "",
        }
    added["qpv_remarque"] = " ".join(answer.row.trouble) if answer.row.trouble else ""
    return added


def completed(answers: Sequence[Answer]) -> tuple[list[str], list[list[str]]]:
    """The file asked for: its head and rows, each row with its own cells then the columns of its answer."""
    names = list(dict.fromkeys(name for answer in answers for name in answer.row.cells))
    head = [*names, *(columns(answers[0]) if answers else ())]
    rows = []
    for answer in answers:
        cells = {**answer.row.cells, **columns(answer)}
        rows.append([cells.get(name, "") for name in head])
    return head, rows


SITUATIONS = {IN: "dans", NEAR: "à moins de 300 m", OUT: "hors", UNKNOWN: "inconnu"}
CERTAINTIES = {"sure": "sûr", "probable": "probable", "uncertain": "incertain"}


def _generations() -> list[int]:
    return sorted(QpvGeneration.values, reverse=True)


def _array(placed: Sequence[tuple[PlaceRow, str]], ranks: Sequence[int], name: str) -> np.ndarray:
    return np.array([getattr(placed[rank][0], name) for rank in ranks], dtype=np.float64)


def _told(row: PlaceRow, found: Sequence[Relation], names: dict[str, str]) -> tuple[Told, ...]:
    told = []
    for generation in _generations():
        nearest = next((each for each in found if each.generation == generation), None)
        if nearest is None:
            known = row.lon is not None and row.lat is not None and qpv_known(generation, row.lon, row.lat)
            told.append(Told(generation, OUT if known else UNKNOWN, "sure" if known else ""))
            continue
        beside = nearest.relation != OUT
        told.append(
            Told(
                generation,
                nearest.relation,
                nearest.certainty,
                nearest.code if beside else "",
                names.get(nearest.code, "") if beside else "",
                nearest.distance if beside else None,
            )
        )
    return tuple(told)


def _with_positions(rows: Sequence[PlaceRow]) -> list[tuple[PlaceRow, str]]:
    """The rows with the position that the register has of their SIRET, and the place in words."""
    facts = _establishments([row.siret for row in rows if row.siret and row.lon is None])
    return [_placed(row, facts) for row in rows]


def _placed(row: PlaceRow, facts: dict[str, EstablishmentFacts]) -> tuple[PlaceRow, str]:
    if not row.siret or row.lon is not None:
        return row, ""
    found = facts.get(row.siret)
    if found is None:
        reason = _("le registre public n’a pas l’établissement %(siret)s.") % {"siret": row.siret}
        remedy = _("Donnez sa position : géocodez son adresse sur adresse.data.gouv.fr.")
        return PlaceRow(row.line, row.cells, row.siret, trouble=(reason, remedy)), ""
    place = f"{found.address} {found.postal_code} {found.commune.name if found.commune else ''}".strip()
    if found.longitude is None or found.latitude is None:
        reason = _("le registre ne montre pas où se trouve cet établissement.")
        remedy = _("Donnez sa position : géocodez son adresse sur adresse.data.gouv.fr.")
        return PlaceRow(row.line, row.cells, row.siret, trouble=(reason, remedy)), place
    error = found.position_error if found.position_error is not None else 500
    return PlaceRow(row.line, row.cells, row.siret, found.longitude, found.latitude, error), place


def _establishments(sirets: Sequence[str]) -> dict[str, EstablishmentFacts]:
    found: dict[str, EstablishmentFacts] = {}
    wanted = list(dict.fromkeys(sirets))
    for start in range(0, len(wanted), MANY):
        rows = EstablishmentFacts.objects.filter(
            establishment__siret__in=wanted[start : start + MANY],
            present=True,
            establishment__organisation__is_public=True,
            establishment__organisation__facts__present=True,
        ).select_related("establishment", "commune")
        shown = list(rows)
        laid = Laid({row.establishment.organisation_id for row in shown})
        for row in shown:
            laid.on_places(row.establishment.organisation_id, [row])
        found |= {row.establishment.siret or "": row for row in shown}
    return found
