"""The page of an indicator."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.accounts.models import Authority
from essor.indicators import catalogue, page, queries
from essor.indicators.access import keeps_indicators, may_change, may_see
from essor.indicators.definition import Indicator
from essor.indicators.enums import Origin, Standing
from essor.indicators.forms import find_territory
from essor.indicators.links import address, list_of, official_sources
from essor.indicators.models import BoardItem, Collection, StoredIndicator, Target
from essor.indicators.periods_typed import say_span
from essor.indicators.rules_targets import Point, judge
from essor.indicators.words import say_average, say_number, say_place, say_value
from essor.kernel import french
from essor.kernel.access import access, everyone
from essor.kernel.periods import today
from essor.registry.queries import edition_in_force
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

TONES = {
    Standing.REACHED: "ok",
    Standing.ON_TRACK: "ok",
    Standing.LATE: "wait",
    Standing.MISSED: "no",
    Standing.UNKNOWN: "neutral",
}


@dataclass(frozen=True)
class Read:
    """An indicator as the address asks it; `wrong_place` is what was asked and that nobody knows."""

    known: dict[str, Indicator]
    figure: page.Figure
    others: list[Territory]
    wrong_place: str = ""


def frame_of(request: HttpRequest) -> int | None:
    """The authority in whose frame the page is read."""
    authority = getattr(request, "authority", None)
    return authority.pk if authority else None


def seen_or_404(request: HttpRequest, code: str) -> tuple[dict[str, Indicator], Indicator]:
    """The indicators, and the one of the address. Http404 when there is none or when it is not for this person."""
    known = catalogue.everything(frame_of(request))
    indicator = known.get(code)
    if indicator is None or not may_see(request, indicator):
        raise Http404(_("Cet indicateur n’existe pas, ou n’est pas publié."))
    return known, indicator


def read(request: HttpRequest, code: str) -> Read:
    """The indicator, the territory and the period of the address."""
    known, indicator = seen_or_404(request, code)
    asked, wrong = request.GET.get("territoire", "").replace("\x00", "").strip()[:150], ""
    territory = None
    if asked:
        try:
            territory = find_territory(asked, exact=False)
        except LookupError:
            wrong = asked
    period = request.GET.get("periode", "")
    home = territory or home_of(request)
    if home is not None:
        figure = page.figure_of(indicator, home, known, today(), period)
        if figure.spans or territory is not None:
            others = [] if figure.spans else page.somewhere(indicator, known)
            return Read(known, figure, others, wrong)
    others = page.somewhere(indicator, known)
    place = others[0] if others else home
    if place is None:
        raise Http404(_("Aucun territoire n’est chargé."))
    return Read(known, page.figure_of(indicator, place, known, today(), period), others[1:], wrong)


def home_of(request: HttpRequest) -> Territory | None:
    """The territory of the frame, else that of the register."""
    authority: Authority | None = getattr(request, "authority", None)
    if authority is not None and authority.territory is not None:
        return authority.territory
    edition = edition_in_force()
    try:
        return resolve(edition.scope if edition else "france")
    except UnknownTerritoryError:
        return Territory.objects.order_by("pk").first()


@access(everyone)
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """The value, its series, its parts, the comparison, and how it is made."""
    asked = read(request, code)
    figure = asked.figure
    compared = page.comparison(figure, asked.known)
    context = shared(request, asked) | {
        "crumbs": [
            {"label": _("Indicateurs"), "url": address(request, "indicators")},
            {"label": figure.indicator.label, "url": ""},
        ],
        "stats": [*_stats(figure, compared), *_bounds(asked)],
        "parts": page.parts_charts(figure),
        "lines": [_line(request, figure, line) for line in compared.lines],
        "compared_title": compared.title,
        "made": _made(request, asked),
        "facts": _facts(request, figure),
        "versions": _versions(figure.indicator),
        "targets": _targets(request, figure),
        "wrong_place": asked.wrong_place,
        "others": [
            {"name": each.name, "url": _here(request, figure.indicator, each)} for each in asked.others
        ],
        "periods": _periods(figure),
        "above": _above(request, figure),
        "actions": _actions(request, figure),
    }
    return render(request, "indicators/indicator.html", context)


def shared(request: HttpRequest, asked: Read) -> dict[str, Any]:
    """What the page and the part framed elsewhere say alike."""
    figure = asked.figure
    place = {"territoire": figure.territory.ref}
    return {
        "page_title": figure.indicator.label,
        "finding": page.finding(figure),
        "indicator": figure.indicator,
        "figure": figure,
        "place": say_place(figure.territory),
        "period": say_span(figure.span) if figure.span else "",
        "gaps": page.gap_sentences(figure),
        "chart": page.series_chart(figure, today()),
        "value": say_value(figure.indicator, figure.value),
        "cell": figure.cell,
        "csv_url": address(request, "values-csv", figure.indicator.code, **place),
        "json_url": address(request, "values-json", figure.indicator.code, **place),
        "whole_url": _here(request, figure.indicator, figure.territory),
    }


def _here(request: HttpRequest, indicator: Indicator, territory: Territory) -> str:
    return address(request, "indicator", indicator.code, territoire=territory.ref)


def _stats(figure: page.Figure, compared: page.Compared) -> list[dict[str, Any]]:
    """The value, then what helps to read it."""
    indicator, cell = figure.indicator, figure.cell
    if cell is None:
        return []
    source = {"source": cell.source or indicator.source, "day": cell.day}
    label = f"{indicator.label}, {say_span(figure.span)}" if figure.span else indicator.label
    stats = [
        {"value": say_number(indicator, cell.value), "label": label, "note": cell.result.reason, **source}
    ]
    if cell.observed is not None and indicator.is_share:
        terms = _("%(top)s sur %(bottom)s") % {
            "top": french.number(cell.observed.numerator),
            "bottom": french.number(cell.observed.denominator),
        }
        stats.append({"value": terms, "label": f"{indicator.numerator} / {indicator.denominator}"})
    if compared.average is not None:
        weighted = indicator.is_share or indicator.formula
        said = (
            _("Moyenne pondérée des territoires comparés")
            if weighted
            else _("Moyenne des territoires comparés")
        )
        stats.append(
            {"value": say_average(indicator, compared.average), "label": said, "note": compared.title}
        )
    if compared.rank is not None:
        place, among = compared.rank.place, compared.rank.among
        value = _("%(place)s sur %(among)s") % {
            "place": f"{place}{'er' if place == 1 else 'e'}",
            "among": among,
        }
        stats.append(
            {"value": value, "label": _("Rang parmi les territoires comparés"), "note": compared.title}
        )
    return stats


def _bounds(asked: Read) -> list[dict[str, Any]]:
    """Between what an estimate lies, where two other indicators say it."""
    figure = asked.figure
    if not figure.indicator.bounds or figure.span is None:
        return []
    wanted = queries.Wanted([figure.territory.pk], [figure.span])
    said = []
    for code in figure.indicator.bounds:
        cells = queries.load(asked.known[code], wanted, asked.known)
        cell = cells.get((figure.span, figure.territory.pk, ()))
        said.append(say_number(figure.indicator, cell.value) if cell else french.UNKNOWN)
    return [
        {
            "value": _("%(low)s à %(high)s") % {"low": said[0], "high": said[1]},
            "label": _("Du minimum au maximum de l’estimation"),
            "note": _("L’effectif exact de chaque établissement n’est pas publié : seule sa tranche l’est."),
        }
    ]


def _line(request: HttpRequest, figure: page.Figure, line: page.Line) -> dict[str, Any]:
    observed = line.cell.observed
    return {
        "name": line.territory.name,
        "url": _here(request, figure.indicator, line.territory),
        "place": line.place or french.UNKNOWN,
        "value": say_number(figure.indicator, line.cell.value)
        if line.cell.value is not None
        else line.cell.result.reason,
        "numerator": french.number(observed.numerator) if observed else french.UNKNOWN,
        "denominator": french.number(observed.denominator) if observed else french.UNKNOWN,
        "is_mine": line.is_mine,
    }


def _made(request: HttpRequest, asked: Read) -> dict[str, Any]:
    """How the figure is made: a sentence, and where its things are."""
    figure = asked.figure
    indicator = figure.indicator
    if indicator.origin is Origin.FORMULA:
        leaves = queries.leaves(indicator, asked.known)
        return {
            "sentence": _(
                "Ce chiffre est calculé par une formule sur ces indicateurs, au même endroit et à la même période."
            ),
            "formula": indicator.formula,
            "leaves": [
                {"label": each.label, "url": _here(request, each, figure.territory)}
                for each in leaves.values()
                if may_see(request, each)
            ],
        }
    if indicator.explain is not None and figure.span is not None:
        said = indicator.explain(figure.territory.ref, figure.span, ())
        word = _("Voir les actes") if said.page.startswith("indicators:") else _("Voir les organisations")
        return {
            "sentence": said.sentence,
            "list_url": list_of(request, said.page, said.query),
            "list_word": word,
        }
    if indicator.origin is Origin.OFFICIAL:
        return {
            "sentence": _(
                "Ce chiffre vient d’un tableau officiel, repris tel quel : ses arrondis et ses secrets sont "
                "ceux de la source."
            ),
            "collections": Collection.objects.filter(code=indicator.code)[:5],
            "official_url": official_sources(request),
        }
    if indicator.origin is Origin.COLLECTED:
        rows = Collection.objects.filter(code=indicator.code)[:5]
        return {
            "sentence": _("Ce chiffre est collecté : chaque valeur garde sa source et sa date."),
            "collections": rows,
        }
    return {}


def _facts(request: HttpRequest, figure: page.Figure) -> list[dict[str, Any]]:
    indicator = figure.indicator
    adds = _("Oui") if indicator.additive and not indicator.is_share else _("Non")
    if indicator.is_share or indicator.formula:
        adds = _("Non : une part se recalcule, elle ne s’additionne jamais")
    facts = [
        {"label": _("Code"), "value": indicator.code},
        {"label": _("Unité"), "value": indicator.unit},
        {"label": _("Numérateur"), "value": indicator.numerator},
        {"label": _("Dénominateur"), "value": indicator.denominator},
        {"label": _("Méthode"), "value": indicator.method},
        {"label": _("Limites"), "value": indicator.limits},
        {"label": _("Sens souhaité"), "value": indicator.direction.label},
        {"label": _("Rythme"), "value": indicator.periodicity.label},
        {"label": _("Dimensions"), "value": ", ".join(each.label for each in indicator.dimensions)},
        {"label": _("Les territoires s’additionnent"), "value": adds},
        {"label": _("Petits nombres"), "value": _SECRECY if indicator.protected else _("Aucun n’est masqué")},
        {"label": _("Source"), "value": (figure.cell.source if figure.cell else "") or indicator.source},
        {"label": _("Version"), "value": str(indicator.version)},
    ]
    return [fact for fact in facts if fact["value"]]


_SECRECY = (
    "Masqués sous trois unités, ou quand une unité pèse plus de 85 % ; d’autres cases le sont alors aussi, pour "
    "qu’aucune ne se retrouve par soustraction."
)


def _versions(indicator: Indicator) -> list[StoredIndicator]:
    if indicator.room != "indicators":
        return []
    return list(StoredIndicator.objects.filter(code=indicator.code).order_by("-version"))


def _targets(request: HttpRequest, figure: page.Figure) -> list[dict[str, Any]]:
    """The targets of the authority of the frame on this territory, and where the value stands."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return []
    return [
        judged(figure, target) | {"remove_url": address(request, "target-remove", target.pk)}
        for target in Target.objects.filter(
            authority=authority, code=figure.indicator.code, territory=figure.territory
        )
    ]


def judged(figure: page.Figure, target: Target) -> dict[str, Any]:
    """A target in words, with where the last value stands before it."""
    points = [
        Point(span.end, cell.value)
        for span in figure.spans
        if (cell := figure.whole(span)) is not None and cell.value is not None
    ]
    shown = [point for point in points if figure.span and point.day <= figure.span.end]
    found = judge(
        figure.indicator.direction,
        points[0] if points else None,
        shown[-1] if shown else None,
        Point(target.day, target.value),
        today(),
    )
    return {
        "target": target,
        "value": say_value(figure.indicator, target.value),
        "state": found.standing.label,
        "tone": TONES[found.standing],
        "expected": _("il faudrait %(value)s à cette période")
        % {"value": say_value(figure.indicator, found.expected)}
        if found.expected is not None
        else "",
    }


def _periods(figure: page.Figure) -> list[dict[str, Any]]:
    return [
        {"value": span.start.isoformat(), "label": say_span(span), "selected": span == figure.span}
        for span in reversed(figure.spans)
    ]


def _above(request: HttpRequest, figure: page.Figure) -> list[dict[str, str]]:
    """The territories that contain this one: a click away."""
    parents = [getattr(figure.territory, name) for name in ("epci", "departement", "region")]
    return [
        {"name": each.name, "url": _here(request, figure.indicator, each)}
        for each in parents
        if each is not None
    ]


def _files(request: HttpRequest, indicator: Indicator) -> dict[str, str]:
    """The files of all the territories."""
    return {
        f"all_{extension}": address(request, "everywhere", indicator.code, extension)
        for extension in ("csv", "json", "xlsx")
    }


def _actions(request: HttpRequest, figure: page.Figure) -> dict[str, str]:
    """What the person may do here."""
    indicator, place = figure.indicator, {"territoire": figure.territory.ref}
    found = {"embed_code": "", **_files(request, indicator)}
    if may_change(request, indicator):
        found["revise"] = address(request, "revise", indicator.code)
        if indicator.origin is Origin.COLLECTED:
            found["collect"] = address(request, "collect", indicator.code, **place)
            found["collect_file"] = address(request, "collect-file", indicator.code)
            found["tokens"] = address(request, "tokens")
            found["values"] = request.build_absolute_uri(address(request, "values", indicator.code))
    authority = getattr(request, "authority", None)
    if authority is not None and keeps_indicators(request):
        followed = BoardItem.objects.filter(
            user=request.user.pk, authority=authority, code=indicator.code, territory=figure.territory
        )
        found["follow"] = "" if followed.exists() else address(request, "follow", indicator.code)
        found["target"] = address(request, "target", indicator.code, **place)
    if indicator.is_public:
        source = request.build_absolute_uri(address(request, "embed", indicator.code, **place))
        found["embed_code"] = (
            f'<iframe src="{escape(source)}" title="{escape(indicator.label)}" width="100%" height="520" '
            'loading="lazy" referrerpolicy="no-referrer"></iframe>'
        )
    return found
