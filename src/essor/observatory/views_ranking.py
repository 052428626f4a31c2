"""The ranking of the territories of one level."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.indicators import catalogue
from essor.indicators.access import may_see
from essor.indicators.definition import Indicator
from essor.indicators.periods_typed import say_span
from essor.indicators.words import say_average, say_number
from essor.kernel import french
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.periods import today
from essor.kernel.text import sort_key
from essor.observatory import figures, links
from essor.observatory import ranking as rankings
from essor.observatory.access import everyone
from essor.observatory.columns import place_of
from essor.observatory.ranking import LEAST_OF_ALL_COMMUNES, LEVELS, ORDERS, Asked, Ranking, Row
from essor.observatory.ranks import level_words
from essor.observatory.views_home import home_of
from essor.observatory.views_portrait_exports import flat
from essor.territories.enums import Kind
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

PAGE_SIZE = 50
SCOPES = (Kind.REGION, Kind.DEPARTEMENT, Kind.FRANCE)


@access(everyone)
@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """The page."""
    known = catalogue.everything()
    mine = _mine(request)
    asked, problem = _asked(request, known, mine)
    found = rankings.rank(asked, known, today())
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _title(asked),
        "crumbs": [
            {"label": _("Observatoire"), "url": links.address(request, "observatory")},
            {"label": _("Classement"), "url": ""},
        ],
        "asked": asked,
        "problem": problem,
        "lead": _lead(found),
        "unit": asked.indicator.unit,
        "indicators": _indicators(request, known, asked.indicator),
        "levels": [(kind.value, kind.label, kind == asked.kind) for kind in LEVELS],
        "scopes": _scopes(asked),
        "orders": _orders(asked.order),
        "rows": [_row(request, asked.indicator, row, mine) for row in page.object_list],
        "mine": _mine_said(found, asked, mine),
        "average": _average(found, asked),
        "page_obj": page,
        "csv_url": f"{links.address(request, 'ranking-csv')}?{request.GET.urlencode()}",
        "indicator_url": links.indicator_of(request)(
            asked.indicator.code, asked.inside.ref if asked.inside else "france"
        ),
        "source": _source(found, asked),
    }
    return render(request, "observatory/ranking.html", context)


@access(everyone)
@require_safe
def ranking_csv(request: HttpRequest) -> HttpResponse:
    """The whole ranking for a spreadsheet."""
    known = catalogue.everything()
    asked, _problem = _asked(request, known, _mine(request))
    found = rankings.rank(asked, known, today())
    head = (
        "rang", "territoire", "nom", "departement", "population", "valeur", "unite", "numerateur", "denominateur",
        "debut", "fin_exclue", "source", "date_source",
    )  # fmt: skip
    answer: HttpResponse = csv_response(
        f"classement-{asked.indicator.code.replace('.', '-')}-{asked.kind}",
        head,
        (_csv_line(row, asked.indicator, found) for row in found.rows),
    )
    return answer


def _csv_line(row: Row, indicator: Indicator, found: Ranking) -> list[str]:
    cell = row.cell
    seen = cell.observed if cell else None
    return [
        str(row.place or ""),
        row.ref,
        row.name,
        row.departement_code,
        str(row.population if row.population is not None else ""),
        flat("valeur", cell.value if cell else None),
        indicator.unit,
        flat("numerateur", seen.numerator if seen else None),
        flat("denominateur", seen.denominator if seen else None),
        found.span.start.isoformat() if found.span else "",
        found.span.end.isoformat() if found.span else "",
        (cell.source if cell else "") or "",
        cell.day.isoformat() if cell and cell.day else "",
    ]


def _mine(request: HttpRequest) -> Territory | None:
    """The territory to bring out: the one asked, else that of the authority's frame."""
    try:
        asked = request.GET.get("mien", "")
        if asked:
            return resolve(asked[:60])
    except UnknownTerritoryError:
        pass
    authority = getattr(request, "authority", None)
    return authority.territory if authority is not None else None


def _asked(request: HttpRequest, known: dict[str, Indicator], mine: Territory | None) -> tuple[Asked, str]:
    """What the address asks, and what it asks that nobody knows. Http404 for an indicator that is not published."""
    code = request.GET.get("indicateur", "") or figures.DENSITY
    indicator = known.get(code)
    if indicator is None or indicator.protected or not may_see(request, indicator):
        raise Http404(_("Cet indicateur n’existe pas, n’est pas publié, ou a des petits nombres masqués."))
    level = request.GET.get("niveau", "")
    kind = (
        level
        if level in LEVELS
        else (Kind.EPCI if mine is None or mine.kind not in LEVELS[:3] else mine.kind)
    )
    inside, problem = _inside(request, mine)
    written = request.GET.get("population", "").replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    least = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
    if kind == Kind.COMMUNE and (inside is None or inside.kind == Kind.FRANCE):
        least = max(least, LEAST_OF_ALL_COMMUNES)
    order = request.GET.get("ordre", "")
    return Asked(indicator, str(kind), inside, least, order if order in ORDERS else "rang"), problem


def _inside(request: HttpRequest, mine: Territory | None) -> tuple[Territory | None, str]:
    """Where the territories are ranked: as asked, else around the territory of the frame or of the register."""
    written = request.GET.get("dans", "")[:60]
    if written:
        try:
            return resolve(written), ""
        except UnknownTerritoryError as error:
            return None, str(error)
    home = mine or home_of(request)
    if home is None:
        return None, ""
    return (home if home.kind in SCOPES else home.departement or home.region), ""


def _title(asked: Asked) -> str:
    inside = asked.inside
    of = _("de France") if inside is None or inside.kind == Kind.FRANCE else place_of(inside).of
    return _("%(indicator)s : les %(level)s %(of)s") % {
        "indicator": asked.indicator.label,
        "level": level_words(asked.kind),
        "of": of,
    }


def _lead(found: Ranking) -> str:
    if found.span is None or not found.among:
        return _(
            "Aucune valeur n’est connue à ce niveau : choisissez un autre niveau, ou un autre indicateur."
        )
    text = french.counted(found.among, _("territoire classé,territoires classés"))
    if found.missing:
        without = french.counted(found.missing, _("territoire sans valeur,territoires sans valeur"))
        text = _("%(text)s ; %(without)s, hors du classement") % {"text": text, "without": without}
    return _("%(text)s. Période : %(period)s.") % {"text": text, "period": say_span(found.span)}


def _indicators(
    request: HttpRequest, known: dict[str, Indicator], chosen: Indicator
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The indicators that may be ranked, by room."""
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for each in sorted(known.values(), key=lambda each: sort_key(each.label)):
        if not each.protected and may_see(request, each):
            groups.setdefault(each.room_label, []).append((each.code, each.label, each.code == chosen.code))
    return list(groups.items())


def _scopes(asked: Asked) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Where the ranking may stand: France, the régions, the départements, and the one asked."""
    chosen = asked.inside.ref if asked.inside else Kind.FRANCE.value
    rows = Territory.objects.active().of_kind(Kind.REGION, Kind.DEPARTEMENT).order_by("sort_key")
    named: dict[str, list[tuple[str, str, bool]]] = {
        "": [(Kind.FRANCE.value, _("France entière"), chosen == Kind.FRANCE.value)]
    }
    if asked.inside is not None and asked.inside.kind not in SCOPES:
        named[""].append((chosen, asked.inside.name, True))
    titles = {Kind.REGION.value: _("Régions"), Kind.DEPARTEMENT.value: _("Départements")}
    for kind in (Kind.REGION, Kind.DEPARTEMENT):
        named[titles[kind]] = [
            (each.ref, each.name, each.ref == chosen) for each in rows if each.kind == kind
        ]
    return list(named.items())


def _orders(chosen: str) -> list[tuple[str, str, bool]]:
    labels = {
        "rang": _("Du premier au dernier"),
        "inverse": _("Du dernier au premier"),
        "nom": _("Par nom"),
        "population": _("Par population"),
    }
    return [(order, labels[order], order == chosen) for order in ORDERS]


def _row(request: HttpRequest, indicator: Indicator, row: Row, mine: Territory | None) -> dict[str, Any]:
    cell = row.cell
    value = cell.value if cell else None
    reason = cell.result.reason if cell and value is None else ""
    return {
        "place": row.place or french.UNKNOWN,
        "name": row.name,
        "where": f"{row.departement} ({row.departement_code})" if row.departement else "",
        "population": french.number(row.population),
        "value": say_number(indicator, value) if value is not None else reason or french.UNKNOWN,
        "url": links.address(request, "portrait", row.kind, row.code),
        "is_mine": mine is not None and row.pk == mine.pk,
    }


def _mine_said(found: Ranking, asked: Asked, mine: Territory | None) -> dict[str, Any] | None:
    """Where the territory to bring out stands, and the page where its line is."""
    if mine is None:
        return None
    for number, row in enumerate(found.rows):
        if row.pk != mine.pk:
            continue
        if row.place is None or row.cell is None:
            text = _("%(place)s : pas de valeur.") % {"place": place_of(mine).first}
        else:
            text = _("%(place)s : %(value)s, rang %(rank)s sur %(among)s.") % {
                "place": place_of(mine).first,
                "value": say_number(asked.indicator, row.cell.value),
                "rank": row.place,
                "among": found.among,
            }
        return {"text": text, "page": number // PAGE_SIZE + 1}
    return None


def _average(found: Ranking, asked: Asked) -> dict[str, str] | None:
    if found.average is None:
        return None
    weighted = asked.indicator.is_share or bool(asked.indicator.formula)
    label = (
        _("Moyenne pondérée des territoires classés") if weighted else _("Moyenne des territoires classés")
    )
    return {"label": label, "value": say_average(asked.indicator, found.average)}


def _source(found: Ranking, asked: Asked) -> str:
    cells = [row.cell for row in found.rows[:PAGE_SIZE] if row.cell and row.cell.value is not None]
    if not cells:
        return asked.indicator.source
    source = cells[0].source or asked.indicator.source
    return f"{source}, {french.day(cells[0].day)}" if cells[0].day else source
