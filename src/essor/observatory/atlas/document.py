"""The atlas as a document: its pages, its maps, its PDF."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from essor.indicators import catalogue
from essor.kernel import french
from essor.kernel.documents import render_pdf
from essor.observatory.atlas import figures
from essor.observatory.atlas.figures import DENSITY, SITES
from essor.observatory.maps import drawing
from essor.observatory.maps.choropleth import LEVEL_WORDS, Choropleth, choropleth_of, periods
from essor.territories.enums import Kind
from essor.territories.level_maps import LevelMap, level_map, rows_of
from essor.territories.models import Territory

PAGE_LEVEL = {
    Kind.REGION: Kind.EPCI,
    Kind.DEPARTEMENT: Kind.EPCI,
    Kind.COLLECTIVITE: Kind.EPCI,
    Kind.EPCI: Kind.COMMUNE,
    Kind.EPT: Kind.COMMUNE,
}
FIXED_PAGES = 2  # the cover, and the page of sources and method
Tell = Callable[[str, int, int | None], object]


class NoAtlas(LookupError):
    """The territory has no atlas; `str()` says in French why."""


def pages_of(territory: Territory) -> list[Territory]:
    """The territories that have their page, by name. NoAtlas when there is none."""
    level = PAGE_LEVEL.get(Kind(territory.kind))
    if level is None:
        raise NoAtlas(
            _(
                "Un atlas se fait pour une région, un département ou une intercommunalité : %(name)s n’en est pas."
            )
            % {"name": territory.name}
        )
    rows = sorted(rows_of(territory, level), key=lambda row: (row.sort_key, row.code))
    if not rows:
        raise NoAtlas(_("%(name)s n’a aucun territoire à décrire.") % {"name": territory.name})
    return rows


def make(territory: Territory, day: date, tell: Tell | None = None) -> bytes:
    """The PDF of the atlas of a territory on a day. NoAtlas."""
    told = tell or (lambda _step, _done, _total: None)
    rows = pages_of(territory)
    total = len(rows) + FIXED_PAGES
    told(_("Lecture des chiffres"), 0, None)
    data = content(territory, rows, day, told)
    told(_("Mise en pages"), 0, total)
    made = render_pdf("observatory/atlas.typ", data, title_of(territory))
    told(_("Mise en pages"), total, total)
    return made


def title_of(territory: Territory) -> str:
    """The title of the document."""
    return _("Atlas de l’ESS : %(name)s") % {"name": territory.name}


def content(
    territory: Territory, rows: list[Territory], day: date, told: Tell = lambda _step, _done, _total: None
) -> dict[str, Any]:
    """What the template writes."""
    level = PAGE_LEVEL[Kind(territory.kind)]
    got = figures.read([*rows, territory], day)
    known = catalogue.everything()
    among = [row.pk for row in rows]
    drawn = level_map(territory, level)
    cover = _cover(territory, level, known)
    written = []
    for done, row in enumerate(rows):
        told(_("Pages des territoires"), done, len(rows))
        written.append(_page(got, row, among, level, drawn))
    return {
        "authority": _("Observatoire de l’ESS"),
        "kind": _("Une page par %(level)s") % {"level": LEVEL_WORDS[level].split(",")[0]},
        "lead": cover.finding,
        "day": french.day(day),
        "demo": bool(getattr(settings, "DEMO", False)),
        "facts": figures.facts(got, territory.pk),
        "families": figures.bars(got, territory.pk, "famille"),
        "map": _cover_map(cover),
        "base": _base(drawn),
        "pages": written,
        "words": _words(territory),
        "sources": figures.sources(got),
        "methods": figures.methods(got),
        "warnings": _warnings(cover, rows, got),
    }


def _words(territory: Territory) -> dict[str, str]:
    return {
        "whole": territory.name,
        "figures": _("Chiffres clés"),
        "ranks": _("Rang"),
        "families": _("Établissements par famille"),
        "sectors": _("Établissements par secteur"),
        "none": _("Aucune valeur n’est connue : le registre ne couvre pas ce territoire en entier."),
        "sources": _("Sources"),
        "method": _("Méthode et limites"),
        "warnings": _("À savoir avant de lire"),
        "last": _("Sources, méthode et avertissements"),
        "label": _("Libellé"),
        "value": _("Valeur"),
        "share": _("Part"),
    }


def _cover(territory: Territory, level: str, known: dict[str, Any]) -> Choropleth:
    """The map of the density; of the establishments where no density is known."""
    for code in (DENSITY, SITES):
        indicator = known[code]
        spans = periods(indicator, territory, level, known)
        if spans:
            break
    return choropleth_of(indicator, territory, level, spans[0] if spans else None, known)


def _cover_map(cover: Choropleth) -> dict[str, Any] | None:
    if cover.drawn is None:
        return None
    return {
        "svg": _styled(drawing.svg_of(cover)),
        "ratio": (cover.drawn.frame.width + 8) / (cover.drawn.frame.height + 8),
        "alt": _("Carte : %(finding)s. Les pages qui suivent donnent chaque valeur.")
        % {"finding": cover.finding},
        "title": f"{cover.indicator.label}, {cover.period}",
        "steps": [
            {"colour": _colour(step.look), "words": step.words, "count": step.count} for step in cover.steps
        ],
        "method": cover.method,
    }


def _colour(look: str) -> str:
    if look.startswith("c") and look[1:].isdigit():
        return drawing.SCALE[int(look[1:]) - 1]
    return drawing.ZERO if look == "zero" else ""


def _styled(svg: str) -> str:
    """The drawing with its own style: a document has no other."""
    head, rest = svg.split(">", 1)
    return f"{head}><style>{drawing.STYLE}</style>{rest}"


def _base(drawn: LevelMap | None) -> dict[str, Any] | None:
    """The small map of every page, and what stands around the territory of the page."""
    if drawn is None:
        return None
    frame = drawn.frame
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {frame.width + 8} {frame.height + 8}">'
        f'<g fill="{drawing.GROUND}" stroke="{drawing.LINE}" stroke-width="1">'
    )
    return {
        "svg": head + "".join(f'<path d="{piece.path}"/>' for piece in drawn.pieces) + "</g></svg>",
        "head": head.split("<g ", maxsplit=1)[0]
        + f'<g fill="{drawing.SCALE[3]}" stroke="{drawing.INK}" stroke-width="2">',
        "tail": "</g></svg>",
        "ratio": (frame.width + 8) / (frame.height + 8),
    }


def _page(
    got: figures.Read, row: Territory, among: list[int], level: str, drawn: LevelMap | None
) -> dict[str, Any]:
    path = next((piece.path for piece in drawn.pieces if piece.pk == row.pk), "") if drawn else ""
    return {
        "name": row.name,
        "people": figures.people(got, row.pk),
        "finding": figures.finding(got, row.pk, among, level),
        "facts": figures.facts(got, row.pk),
        "ranks": figures.ranks(got, row.pk, among, level),
        "families": figures.bars(got, row.pk, "famille"),
        "sectors": figures.bars(got, row.pk, "secteur"),
        "path": path,
        "unplaced": "" if path or drawn is None else _("Position inconnue : absent de la carte."),
        "alt": _("Carte : place %(of)s dans le territoire") % {"of": row.of_name},
    }


def _warnings(cover: Choropleth, rows: list[Territory], got: figures.Read) -> list[str]:
    said = []
    if cover.drawn is None or cover.drawn.schematic:
        said.append(
            _(
                "Les cartes sont schématiques : les surfaces entourent des positions connues, "
                "non des limites officielles."
            )
        )
    empty = [row.name for row in rows if got.value(SITES, row.pk) is None]
    if empty:
        said.append(
            _("Sans valeur, car le registre ne les couvre pas en entier : %(names)s.")
            % {"names": ", ".join(empty)}
        )
    said.append(
        _(
            "Une organisation présente dans deux territoires compte dans chacun : "
            "les organisations ne s’additionnent pas d’une page à l’autre, les établissements si."
        )
    )
    said.append(
        _(
            "Les emplois sont estimés d’après des tranches d’effectif : lisez-les avec leurs bornes. "
            "L’Insee et l’Urssaf comptent un autre périmètre, sans les sociétés commerciales de l’ESS."
        )
    )
    return said
