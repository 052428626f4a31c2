"""Where a point lies: commune, EPCI, département, région, and the priority neighbourhoods (QPV) in it or near it.

Exact with loaded outlines; without them the nearest known position gives a probable answer, which is said to be so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from essor.formats.outlines import position_trouble
from essor.formats.problems import shorten
from essor.formats.qpv import Quartier
from essor.territories.enums import Kind, QpvGeneration
from essor.territories.geo import Places, Surfaces
from essor.territories.models import Outline, Qpv, Territory
from essor.territories.queries import Version, version
from essor.territories.rules import MAYOTTE_QPV, QPV_NEAR_METRES

# Around the coast and the borders a generalised outline may miss a point by this much.
EDGE_METRES = 5_000.0
# Farther from every known position the guess would say nothing.
GUESS_METRES = 60_000.0
# A national list is known to be loaded when it has so many neighbourhoods (1 514 in 2015, some 1 580 in 2024).
NATIONAL_QPV = 1_200

EXACT, APPROXIMATE, UNKNOWN = "exact", "approximate", "unknown"


class PositionError(ValueError):
    """A position that cannot be a place in France; `str()` says in French why and what to give instead."""


@dataclass(frozen=True)
class QpvRelation:
    """A point and the QPV of one generation: `relation` is in, near (300 m at most), out, or unknown (not loaded)."""

    generation: int
    relation: str
    code: str = ""
    name: str = ""
    metres: int | None = None
    source: str = ""

    @property
    def sentence(self) -> str:
        """The relation in French."""
        words = {"name": self.name, "code": self.code, "metres": self.metres, "year": self.generation}
        return {
            "in": _("Dans le quartier prioritaire %(name)s (%(code)s, liste de %(year)s)."),
            "near": _("À %(metres)s m du quartier prioritaire %(name)s (%(code)s, liste de %(year)s)."),
            "out": _("Hors des quartiers prioritaires de %(year)s, et à plus de 300 m."),
            "unknown": _(
                "Quartiers prioritaires de %(year)s : contours non chargés ici, on ne peut rien dire."
            ),
        }[self.relation] % words


@dataclass(frozen=True)
class Located:
    """Where a point lies, how sure that is (`exact`, `approximate`, `unknown`), and why, in French sentences."""

    lon: float
    lat: float
    commune: Territory | None
    epci: Territory | None
    ept: Territory | None
    departement: Territory | None
    collectivite: Territory | None
    region: Territory | None
    qpv: tuple[QpvRelation, ...]
    certainty: str
    explanation: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON data."""
        levels = ("commune", "epci", "ept", "departement", "collectivite", "region")
        return {
            "lon": self.lon,
            "lat": self.lat,
            **{level: _identity(getattr(self, level)) for level in levels},
            "qpv": [
                {
                    "generation": relation.generation,
                    "relation": relation.relation,
                    "code": relation.code or None,
                    "name": relation.name or None,
                    "metres": relation.metres,
                }
                for relation in self.qpv
            ],
            "certainty": self.certainty,
            "explanation": [*self.explanation, *(relation.sentence for relation in self.qpv)],
        }


def _identity(territory: Territory | None) -> dict[str, str] | None:
    return (
        None if territory is None else {"ref": territory.ref, "code": territory.code, "name": territory.name}
    )


def locate(lon: float, lat: float) -> Located:
    """Where the point (WGS 84 degrees) lies. Raises PositionError when it cannot be in France."""
    trouble = position_trouble(lon, lat)
    if trouble:
        raise PositionError(
            _("Position %(lon)s, %(lat)s : %(reason)s %(remedy)s")
            % {"lon": shorten(lon, 20), "lat": shorten(lat, 20), "reason": trouble[0], "remedy": trouble[1]}
        )
    commune, certainty, why = _commune(lon, lat)
    departement = commune.departement if commune else None
    if commune is None and (area := _first(surfaces_of(Kind.DEPARTEMENT), lon, lat)):
        departement = Territory.objects.select_related("region").get(pk=area)
        why = [*why, _("Le contour de son département est chargé, pas celui de sa commune.")]
        certainty = EXACT
    relations = tuple(_qpv(generation, lon, lat, departement) for generation in QpvGeneration.values)
    if departement and departement.code == MAYOTTE_QPV.departement:
        why = [*why, MAYOTTE_QPV.explanation]
    return Located(
        lon,
        lat,
        commune,
        commune.epci if commune else None,
        commune.ept if commune else None,
        departement,
        commune.collectivite if commune else None,
        commune.region if commune else (departement.region if departement else None),
        relations,
        certainty,
        tuple(why),
    )


def _commune(lon: float, lat: float) -> tuple[Territory | None, str, list[str]]:
    """The commune, how sure it is, and why."""
    outlines = surfaces_of(Kind.COMMUNE)
    holding = outlines.holding(lon, lat)
    if holding:
        commune = _read(holding[0])
        if len(holding) > 1:
            others = ", ".join(sorted(_read(pk).name for pk in holding[1:]))
            return (
                commune,
                APPROXIMATE,
                [_("Sur la limite de %(name)s et de %(others)s.") % {"name": commune, "others": others}],
            )
        outline = commune.outline
        return (
            commune,
            EXACT,
            [_("Dans le contour de la commune (source : %(source)s).") % {"source": outline.source}],
        )
    area = _first(surfaces_of(Kind.DEPARTEMENT), lon, lat)
    if len(outlines) and (near := outlines.within(lon, lat, EDGE_METRES)):
        commune = _read(near[0].key)
        if area is None or commune.departement_id == area:
            return (
                commune,
                APPROXIMATE,
                [
                    _("Hors de tout contour chargé : la commune la plus proche, à %(metres)s m, est retenue.")
                    % {"metres": round(near[0].metres)}
                ],
            )
    nearest = places_of(area).nearest(lon, lat)
    if nearest is None or nearest.metres > GUESS_METRES:
        return (
            None,
            UNKNOWN,
            [_("Aucun contour ni aucune commune située près de ce point : chargez les contours officiels.")],
        )
    commune = _read(nearest.key)
    why = _(
        "Approximatif : faute de contours des communes ici, la commune située la plus proche est retenue "
        "(à %(kilometres)s km) ; seule une commune sur quatre a une position connue."
    ) % {"kilometres": f"{nearest.metres / 1000:.1f}".replace(".", ",")}
    return commune, APPROXIMATE, [why]


def _qpv(generation: int, lon: float, lat: float, departement: Territory | None) -> QpvRelation:
    index = neighbourhoods_of(generation)
    near = index.surfaces.within(lon, lat, QPV_NEAR_METRES)
    if near:
        code, name, source = near[0].key
        metres = round(near[0].metres)
        return QpvRelation(generation, "in" if near[0].metres == 0 else "near", code, name, metres, source)
    covered = len(index.surfaces) >= NATIONAL_QPV or (departement and departement.pk in index.departements)
    return QpvRelation(generation, "out" if covered else "unknown")


def neighbourhoods() -> list[Quartier]:
    """The priority neighbourhoods loaded, of both generations, kept until a file is loaded again."""
    found: list[Quartier] = _all_qpv()
    return found


def qpv_known(generation: int, lon: float, lat: float) -> bool:
    """Whether the list of a generation is loaded around the point: only then may one say « out »."""
    index = neighbourhoods_of(generation)
    if len(index.surfaces) >= NATIONAL_QPV:
        return True
    return bool(index.departements) and _departement_at(lon, lat) in index.departements


def _departement_at(lon: float, lat: float) -> int | None:
    """Id of the département of a point: by the outlines loaded, else that of the nearest known commune."""
    area = _first(surfaces_of(Kind.DEPARTEMENT), lon, lat)
    if area is not None:
        return area
    holding = surfaces_of(Kind.COMMUNE).holding(lon, lat)
    nearest = None if holding else places_of(None).nearest(lon, lat)
    if nearest is not None and nearest.metres > GUESS_METRES:
        return None
    commune = holding[0] if holding else nearest.key if nearest else None
    found: int | None = departements_of_communes().get(commune)
    return found


@dataclass(frozen=True)
class _Neighbourhoods:
    surfaces: Surfaces[tuple[str, str, str]]
    departements: frozenset[int]


def _kept(read: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what is read as long as the tables say the same; read every time before the first load."""
    latest: list[Version] = [None]

    @cache
    def kept(*args: Any) -> Any:
        return read(*args)

    def current(*args: Any) -> Any:
        now = version()
        if now is None:
            return read(*args)
        if latest[0] != now:
            kept.cache_clear()
            latest[0] = now
        return kept(*args)

    return current


@_kept
def surfaces_of(kind: str) -> Surfaces[int]:
    """Outlines of the territories of a kind, by id."""
    rows = list(
        Outline.objects.filter(territory__kind=kind, territory__is_active=True)
        .order_by("territory__code")
        .values_list("territory_id", "geometry")
    )
    return Surfaces([pk for pk, _wkb in rows], _shapes([wkb for _pk, wkb in rows]))


@_kept
def places_of(departement: int | None) -> Places[int]:
    """Positions of the communes (of a département when it is known), by id."""
    communes = Territory.objects.active().of_kind(Kind.COMMUNE)
    if departement:
        communes = communes.filter(departement_id=departement)
    found = communes.values_list("pk", "lon", "lat")
    rows = [(pk, lon, lat) for pk, lon, lat in found if lon is not None and lat is not None]
    return Places([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


@_kept
def neighbourhoods_of(generation: int) -> _Neighbourhoods:
    rows = list(Qpv.objects.filter(generation=generation).values_list("code", "name", "source", "geometry"))
    covered = Qpv.objects.filter(generation=generation).values_list("communes__departement_id", flat=True)
    surfaces = Surfaces(
        [(code, name, source) for code, name, source, _wkb in rows], _shapes([r[3] for r in rows])
    )
    return _Neighbourhoods(surfaces, frozenset(pk for pk in covered.distinct() if pk))


@_kept
def departements_of_communes() -> dict[int, int]:
    """Département of each commune, by ids."""
    rows = Territory.objects.active().of_kind(Kind.COMMUNE).filter(departement__isnull=False)
    return dict(rows.values_list("pk", "departement_id"))


@_kept
def _all_qpv() -> list[Quartier]:
    return [Quartier(row.code, row.generation, row.name, row.shape) for row in Qpv.objects.order_by("code")]


def _shapes(wkbs: list[Any]) -> list[Any]:
    return list(shapely.from_wkb(np.array([bytes(wkb) for wkb in wkbs], dtype=object))) if wkbs else []


def _first(surfaces: Surfaces[int], lon: float, lat: float) -> int | None:
    return next(iter(surfaces.holding(lon, lat)), None)


def _read(pk: int) -> Territory:
    related = ("departement__region", "region", "epci", "ept", "collectivite", "outline")
    return Territory.objects.select_related(*related).get(pk=pk)
