"""Whether places lie in a quartier prioritaire: one point, an establishment of the register, an address, a whole file.

Each answer is given for both lists (2015 and 2024), with how sure it is. Nothing of what is asked is kept: a file may
hold the addresses of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from essor.formats.position_list import PlaceRow
from essor.registry.address_service import Progress
from essor.registry.pipeline.quartiers import Places, Relation, relations
from essor.registry.qpv_positions import PlacedRow, placed_rows
from essor.registry.rules_addresses import Placed, of_commune_alone
from essor.registry.words import QPV_CERTAINTIES
from essor.territories.enums import QpvGeneration
from essor.territories.locating import neighbourhoods
from essor.territories.locating_many import communes_at, known_at
from essor.territories.models import Qpv

IN, NEAR, OUT, UNKNOWN = "in", "near", "out", "unknown"


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
    """A row and what each list says of it, latest list first; no answer when `row.trouble` says why.

    `place`: the establishment or the address found, in words; `found`: how its address was; `commune`: its name.
    """

    row: PlaceRow
    told: tuple[Told, ...]
    place: str = ""
    found: Placed | None = None
    commune: str = ""
    silent: bool = False  # the address service did not answer for it


def situate(rows: Sequence[PlaceRow], *, ask: bool = False, progress: Progress | None = None) -> list[Answer]:
    """One answer a row, in order. Establishments are those that the register shows.

    `ask`: addresses leave for the address service; else those of the register's establishments alone are known.
    """
    placed = placed_rows(rows, ask=ask, progress=progress)
    known = [rank for rank, each in enumerate(placed) if each.row.lon is not None]
    lons, lats, errors = (_array(placed, known, name) for name in ("lon", "lat", "error"))
    quartiers = neighbourhoods()
    found: dict[int, list[Relation]] = {}
    for each in relations(Places(lons, lats, errors), quartiers) if known else ():
        found.setdefault(known[each.rank], []).append(each)
    teller = _Teller(
        {each.code: each.name for each in quartiers},
        {
            generation: dict(zip(known, known_at(generation, lons, lats).tolist(), strict=True))
            for generation in generations()
        },
        _communes_with_quarters()
        if any(each.found and each.found.is_commune_alone for each in placed)
        else {},
    )
    communes = dict(zip(known, communes_at(lons, lats), strict=True)) if known else {}
    return [
        Answer(
            each.row,
            teller.told(rank, each, found.get(rank, [])) if each.row.lon is not None else (),
            each.place,
            each.found,
            each.commune or _commune_of(each.row, communes.get(rank)),
            each.silent,
        )
        for rank, each in enumerate(placed)
    ]


def _commune_of(row: PlaceRow, held: tuple[str, str] | None) -> str:
    """The commune of a point by the outlines loaded, else as the file says it."""
    if held:
        return held[1]
    return row.address.city if row.address else ""


def _communes_with_quarters() -> dict[int, frozenset[str]]:
    """For each list, the codes of the communes that have a quartier."""
    found: dict[int, set[str]] = {}
    for generation, code in Qpv.objects.values_list("generation", "communes__code"):
        found.setdefault(generation, set()).add(code or "")
    return {generation: frozenset(codes) for generation, codes in found.items()}


def columns(answer: Answer) -> dict[str, str]:
    """What a completed file adds to a row."""
    added: dict[str, str] = {}
    by_generation = {told.generation: told for told in answer.told}
    for generation in generations():
        told = by_generation.get(generation)
        prefix = f"qpv_{generation}"
        added |= {
            f"{prefix}_situation": SITUATIONS[told.relation] if told else "",
            f"{prefix}_code": told.code if told else "",
            f"{prefix}_nom": told.name if told else "",
            f"{prefix}_distance_m": str(told.metres) if told and told.metres is not None else "",
            f"{prefix}_certitude": CERTAINTIES.get(told.certainty, "") if told else "",
        }
    found = answer.found
    added |= {
        "qpv_commune": answer.commune,
        "qpv_adresse_trouvee": found.label if found else "",
        "qpv_precision": found.level.label if found else "",
        "qpv_score": str(found.score) if found and found.score is not None else "",
    }
    added["qpv_remarque"] = remark(answer)
    return added


def remark(answer: Answer) -> str:
    """Why there is no answer, or how the address was found."""
    if answer.row.trouble:
        return " ".join(answer.row.trouble)
    return answer.found.words if answer.found else ""


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


def generations() -> list[int]:
    """The lists, latest first."""
    return sorted(QpvGeneration.values, reverse=True)


def _array(placed: Sequence[PlacedRow], ranks: Sequence[int], name: str) -> np.ndarray:
    return np.array([getattr(placed[rank].row, name) for rank in ranks], dtype=np.float64)


@dataclass(frozen=True)
class _Teller:
    """What each list says of the rows. `known`: whether it is loaded around each; `with_quarters`: its communes."""

    names: dict[str, str]
    known: dict[int, dict[int, bool]]
    with_quarters: dict[int, frozenset[str]]

    def told(self, rank: int, placed: PlacedRow, found: Sequence[Relation]) -> tuple[Told, ...]:
        """The answers of the lists, latest first."""
        return tuple(self._by(generation, rank, placed, found) for generation in generations())

    def _by(self, generation: int, rank: int, placed: PlacedRow, found: Sequence[Relation]) -> Told:
        nearest = next((each for each in found if each.generation == generation), None)
        if nearest is None and not self.known[generation].get(rank):
            return Told(generation, UNKNOWN)
        relation, certainty = (nearest.relation, nearest.certainty) if nearest else (OUT, "sure")
        if placed.found and placed.found.is_commune_alone:
            has_quarters = placed.found.citycode in self.with_quarters.get(generation, frozenset())
            certainty = of_commune_alone(certainty, has_quarters=has_quarters or nearest is not None)
        if nearest is None or relation == OUT:
            return Told(generation, relation, certainty)
        name = self.names.get(nearest.code, "")
        return Told(generation, relation, certainty, nearest.code, name, nearest.distance)
