"""Two to five territories side by side: figures, shares by family and sector, one chart; the address is shared."""

from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.indicators import catalogue
from essor.indicators.definition import Indicator
from essor.indicators.forms import find_territory
from essor.indicators.periods_typed import say_span
from essor.indicators.words import say_number, say_value
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.charts import Chart, Datum, bar_chart
from essor.kernel.periods import today
from essor.observatory import columns, figures, links, portrait_parts, portrait_words
from essor.observatory.access import everyone
from essor.observatory.columns import Column
from essor.observatory.portrait import Portrait
from essor.observatory.rules_finding import Finding
from essor.observatory.views_home import home_of
from essor.observatory.views_portrait_exports import HEAD, flat, rows_of
from essor.territories.models import Territory

LEAST, MOST = 2, 5


@dataclass
class Asked:
    """The territories of the address, and what was written there that nobody knows."""

    territories: list[Territory] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    too_many: bool = False


@access(everyone)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The page."""
    known = catalogue.everything()
    asked = _asked(request)
    enough = len(asked.territories) >= LEAST
    read = (
        columns.read(figures.READ, asked.territories, known, today(), with_parts=figures.WITH_PARTS)
        if enough
        else []
    )
    codes = [code for code in figures.LINES if any(each.value(code) is not None for each in read)]
    code = request.GET.get("indicateur", "")
    code = code if code in codes else figures.DENSITY if figures.DENSITY in codes else "".join(codes[:1])
    context = {
        "page_title": _title(asked),
        "crumbs": [
            {"label": _("Observatoire"), "url": links.address(request, "observatory")},
            {"label": _("Comparer"), "url": ""},
        ],
        "inputs": _inputs(request, asked),
        "suggestions_url": reverse("territories:suggestions"),
        "wrong": asked.wrong,
        "too_many": asked.too_many,
        "most": MOST,
        "heads": [each.place.name for each in read],
        "groups": portrait_words.groups(read, known, links.indicator_of(request)) if read else [],
        "with_ranks": False,
        "columns_count": len(read) + 1,
        "panels": portrait_parts.panels(_with_parts_first(read), known) if read else [],
        "chart": _chart(read, known, code) if code else None,
        "chart_source": known[code].source if code else "",
        "codes": [(each, known[each].label, each == code) for each in codes],
        "portraits": [
            (each.place.name, links.portrait_of(request)(each.territory)) for each in read if each.territory
        ],
        "csv_url": _csv_url(request, asked) if read else "",
    }
    return render(request, "observatory/compare.html", context)


@access(everyone)
@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The figures of the territories for a spreadsheet."""
    known = catalogue.everything()
    asked = _asked(request)
    read = _read(asked, known)
    lines: list[list[str]] = []
    if read:
        found = Portrait(read[0], read[1:], known, Finding(""), None)
        lines = [[flat(name, row[name]) for name in HEAD] for row in rows_of(found)]
    answer: HttpResponse = csv_response("comparaison", HEAD, lines)
    return answer


def _asked(request: HttpRequest) -> Asked:
    """The territories of the address, each once, in its order."""
    found = Asked()
    written = [text.replace("\x00", "").strip()[:150] for text in request.GET.getlist("territoire")]
    wanted = [text for text in written if text][: MOST * 2]
    for text in wanted:
        try:
            territory = find_territory(text, exact=False)
        except LookupError:
            found.wrong.append(text)
            continue
        if territory not in found.territories:
            found.territories.append(territory)
    found.too_many = len(found.territories) > MOST
    found.territories = found.territories[:MOST]
    return found


def _read(asked: Asked, known: dict[str, Indicator]) -> list[Column]:
    return columns.read(figures.READ, asked.territories, known, today(), with_parts=figures.WITH_PARTS)


def _inputs(request: HttpRequest, asked: Asked) -> list[str]:
    """What the fields hold: the territories, what was not understood, the territory of the frame on an empty page."""
    held = [f"{each.name} ({each.ref})" for each in asked.territories] + asked.wrong
    if not held and (home := home_of(request)):
        held = [f"{home.name} ({home.ref})"]
    held = held[:MOST]
    empty = max(LEAST - len(held), 1 if len(held) < MOST else 0)
    return held + [""] * empty


def _title(asked: Asked) -> str:
    if len(asked.territories) < LEAST:
        return _("Comparer des territoires")
    return _("Comparer %(names)s") % {
        "names": portrait_words.french_list([portrait_words.place_name(each) for each in asked.territories])
    }


def _with_parts_first(read: list[Column]) -> list[Column]:
    """The places, those whose figures are cut by family first: a panel is drawn from the first one."""
    return sorted(read, key=lambda each: not each.parts(figures.ORGANISATIONS, "famille"))


def _chart(read: list[Column], known: dict[str, Indicator], code: str) -> Chart:
    """The figure of each place; the title says who has the most."""
    indicator = known[code]
    valued = [each for each in read if each.value(code) is not None]
    first = max(valued, key=lambda each: each.value(code) or Decimal(0))
    dated = first.whole(code)
    title = _("%(indicator)s : d’abord %(place)s, %(value)s (%(period)s)") % {
        "indicator": indicator.label,
        "place": first.place.the,
        "value": say_value(indicator, first.value(code)),
        "period": say_span(dated.span) if dated else "",
    }
    others = {
        say_span(found.span)
        for each in valued
        if (found := each.whole(code)) and dated and found.span != dated.span
    }
    return bar_chart(
        title,
        [Datum(each.place.name, each.value(code)) for each in read],
        write=lambda value: say_number(indicator, Decimal(str(value))),
        value_label=indicator.unit,
        note=_("Les périodes diffèrent : %(periods)s.") % {"periods": ", ".join(sorted(others))}
        if others
        else "",
    )


def _csv_url(request: HttpRequest, asked: Asked) -> str:
    query = urlencode([("territoire", each.ref) for each in asked.territories])
    return f"{links.address(request, 'compare-csv')}?{query}"
