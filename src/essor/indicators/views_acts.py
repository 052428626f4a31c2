"""The acts that make one figure: a page, and its file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.accounts.rights import rights_of
from essor.indicators import acts_page
from essor.indicators.acts_page import Counted, Made
from essor.indicators.definition import AUTHORITY, Indicator, Parts
from essor.indicators.from_acts import MadeOfActs
from essor.indicators.links import address
from essor.indicators.periods_typed import say_span
from essor.indicators.views_indicator import Read, frame_of, read
from essor.indicators.words import say_place, say_value
from essor.kernel import french
from essor.kernel.access import access, everyone
from essor.kernel.acts import Act
from essor.kernel.cells import csv_response
from essor.kernel.charts import raw
from essor.kernel.lever import Lever, levers
from essor.kernel.money import from_cents
from essor.kernel.periods import today
from essor.registry import links as registry_links

PER_PAGE = 50


def _parts(request: HttpRequest, indicator: Indicator) -> Parts:
    """The parts that the address names, each of a dimension of the indicator. Http404 for a value nobody knows."""
    found = []
    for axis in indicator.dimensions:
        value = request.GET.get(axis.code, "")
        if value and value not in dict(axis.values):
            raise Http404(_("Cette part n’existe pas."))
        if value and not (axis.code == AUTHORITY and indicator.frame is not None):
            found.append((axis.code, value))
    return tuple(sorted(found))


def _member_of(request: HttpRequest) -> frozenset[int]:
    """The authorities whose acts the person may see: those where they have a role or a mandate today."""
    if not request.user.is_authenticated:
        return frozenset()
    return frozenset(pk for pk, roles in rights_of(request).by_authority.items() if roles)


def _asked(request: HttpRequest, asked: Read) -> acts_page.Asked | None:
    """What is asked; None when the figure is not made of acts, or has no period."""
    figure = asked.figure
    if not isinstance(figure.indicator.explain, MadeOfActs) or figure.span is None:
        return None
    return acts_page.Asked(
        figure.indicator,
        figure.territory,
        figure.span,
        _parts(request, figure.indicator),
        frame_of(request),
        _member_of(request),
    )


def _found(asked: acts_page.Asked, known: dict[str, Indicator]) -> list[Made]:
    chosen = dict(asked.parts).get(AUTHORITY)
    made = acts_page.made_of(asked, known, today())
    return [each for each in made if not chosen or str(each.authority.pk) == chosen]


@access(everyone)
@require_safe
def acts(request: HttpRequest, code: str) -> HttpResponse:
    """The acts of a figure for the members of the authority; their number for all."""
    whole = read(request, code)
    asked = _asked(request, whole)
    figure = whole.figure
    back = address(request, "indicator", code, territoire=figure.territory.ref)
    if asked is None:
        return HttpResponseRedirect(back)
    made = _found(asked, whole.known)
    shown = [counted for each in made if each.seen for counted in each.acts]
    rows = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    axes = [axis for axis in asked.indicator.dimensions if axis.code != AUTHORITY or asked.frame is None]
    context = {
        "page_title": _("Les actes de ce chiffre : %(label)s") % {"label": asked.indicator.label},
        "crumbs": [
            {"label": _("Indicateurs"), "url": address(request, "indicators")},
            {"label": asked.indicator.label, "url": back},
            {"label": _("Actes"), "url": ""},
        ],
        "indicator": asked.indicator,
        "figure": figure,
        "period": say_span(asked.span),
        "place": say_place(asked.territory),
        "periods": [
            {"value": span.start.isoformat(), "label": say_span(span), "selected": span == asked.span}
            for span in reversed(figure.spans)
        ],
        "axes": [_choice(axis, dict(asked.parts)) for axis in axes],
        "made": [_told(asked, each) for each in made],
        "rows": _rows(request, asked, list(rows)),
        "page_obj": rows,
        "is_share": asked.indicator.is_share,
        "csv_url": f"{address(request, 'acts-csv', code)}?{request.GET.urlencode()}" if shown else "",
        "wrong_place": whole.wrong_place,
    }
    return render(request, "indicators/acts.html", context)


def _choice(axis: Any, chosen: dict[str, str]) -> dict[str, Any]:
    return {
        "code": axis.code,
        "label": axis.label,
        "options": [
            {"value": value, "label": label, "selected": chosen.get(axis.code) == value}
            for value, label in axis.values
        ],
    }


def _told(asked: acts_page.Asked, made: Made) -> dict[str, Any]:
    """One authority in words: how many acts, what they are worth, whether the published figure says the same."""
    count = french.counted(len(made.acts), _("acte,actes")) if made.is_told else ""
    return {
        "name": made.authority.name,
        "seen": made.seen,
        "is_told": made.is_told,
        "count": count,
        "value": say_value(asked.indicator, made.value) if made.is_told else "",
        "written": "" if made.agrees or made.cell is None else say_value(asked.indicator, made.cell.value),
        "numerator": sum(1 for _act, counts in made.acts if counts),
        "hidden": made.cell is not None and made.cell.hidden,
    }


def _faces() -> dict[str, Lever]:
    return {lever.code: lever for lever in levers()}


def _kind(face: Lever | None, act: Act) -> str:
    return str(dict(face.act_kinds).get(act.kind, act.kind)) if face else act.kind


def _rows(request: HttpRequest, asked: acts_page.Asked, found: Sequence[Counted]) -> list[dict[str, Any]]:
    names, faces = acts_page.names_of(found), _faces()
    rows = []
    for act, counts in found:
        face = faces.get(act.lever)
        organisation = act.organisation_id or 0
        rows.append(
            {
                "act": act,
                "kind": _kind(face, act),
                "url": face.act_url(request, act) if face and face.act_url else "",
                "organisation": names.get(organisation, ""),
                "organisation_url": registry_links.address(request, "organisation", organisation)
                if organisation in names
                else "",
                "amount": french.euros(from_cents(act.amount_cents)) if act.amount_cents is not None else "",
                "counts": counts,
            }
        )
    return rows


@access(everyone)
@require_safe
def acts_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The acts of a figure that the person may see, for a spreadsheet."""
    whole = read(request, code)
    asked = _asked(request, whole)
    made = _found(asked, whole.known) if asked else []
    shown = [counted for each in made if each.seen for counted in each.acts]
    if asked is None or not shown:
        raise Http404(_("Il n’y a pas d’acte que vous puissiez voir derrière ce chiffre."))
    owners = {each.authority.pk: each.authority.name for each in made}
    head = ["date", "nature", "reference", "objet", "organisation", "montant", "collectivite"]
    head += ["au_numerateur"] if asked.indicator.is_share else []
    name = f"actes-{code.replace('.', '-')}-{asked.territory.code}-{asked.span.start:%Y-%m}"
    answer: HttpResponse = csv_response(name, head, _lines(asked, shown, owners))
    return answer


def _lines(asked: acts_page.Asked, shown: Sequence[Counted], owners: dict[int, str]) -> Iterable[list[str]]:
    names, faces = acts_page.names_of(shown), _faces()
    for act, counts in shown:
        line = [
            act.day.isoformat(),
            _kind(faces.get(act.lever), act),
            act.reference,
            act.label,
            names.get(act.organisation_id or 0, ""),
            raw(from_cents(act.amount_cents)) if act.amount_cents is not None else "",
            owners.get(act.authority_id, ""),
        ]
        yield [*line, (_("oui") if counts else _("non"))] if asked.indicator.is_share else line
