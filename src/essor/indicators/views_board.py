"""« Mon tableau »: the indicators that an agent follows, with thresholds and the authority's targets."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.models import User
from essor.indicators import actions, catalogue, page
from essor.indicators.access import agent_of_authority, may_see
from essor.indicators.definition import Indicator
from essor.indicators.enums import Side
from essor.indicators.forms import TargetForm, ThresholdForm, find_territory
from essor.indicators.links import address, crumbs
from essor.indicators.models import BoardItem, Target
from essor.indicators.periods_typed import say_span
from essor.indicators.rules_targets import side
from essor.indicators.views_indicator import judged, seen_or_404
from essor.indicators.words import say_number, say_value
from essor.kernel.access import access
from essor.kernel.periods import today


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the predicate refused visitors
    return request.user


def _mine(request: HttpRequest) -> Any:
    return BoardItem.objects.filter(user=request.user.pk, authority=request.authority)  # type: ignore[attr-defined]


@access(agent_of_authority)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The indicators followed, in the order chosen."""
    known = catalogue.everything(request.authority.pk)  # type: ignore[attr-defined]
    targets: dict[tuple[str, int], list[Target]] = {}
    for target in Target.objects.filter(authority=request.authority):  # type: ignore[attr-defined]
        targets.setdefault((target.code, target.territory_id), []).append(target)
    rows = [
        _card(request, row, known, targets.get((row.code, row.territory_id), []))
        for row in _mine(request).select_related("territory")
        if row.code in known and may_see(request, known[row.code])
    ]
    context = {
        "page_title": _("Mon tableau"),
        "rows": rows,
        "indicators_url": address(request, "indicators"),
    }
    return render(request, "indicators/board.html", context)


def _card(
    request: HttpRequest, row: BoardItem, known: dict[str, Indicator], targets: list[Target]
) -> dict[str, Any]:
    indicator = known[row.code]
    figure = page.figure_of(indicator, row.territory, known, today())
    stands = side(figure.value, row.low, row.high)
    return {
        "item": row,
        "label": indicator.label,
        "finding": page.finding(figure),
        "value": say_number(indicator, figure.value),
        "period": say_span(figure.span) if figure.span else "",
        "is_out": stands is not None and stands is not Side.INSIDE,
        "side": stands.label if stands else "",
        "low": say_value(indicator, row.low) if row.low is not None else "",
        "high": say_value(indicator, row.high) if row.high is not None else "",
        "targets": [judged(figure, target) for target in targets],
        "url": address(request, "indicator", row.code, territoire=row.territory.ref),
        "item_url": address(request, "board-item", row.pk),
    }


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Thresholds of an indicator followed; moving it up, taking it off."""
    row = get_object_or_404(_mine(request).select_related("territory"), pk=pk)
    indicator = catalogue.everything().get(row.code)
    if indicator is None:
        raise Http404(_("Cet indicateur n’existe plus."))
    back = HttpResponseRedirect(address(request, "board"))
    match request.POST.get("action", ""):
        case "monter":
            actions.move_up(row)
            return back
        case "retirer":
            actions.unfollow(row)
            return back
    form = ThresholdForm(request.POST or None, initial={"low": row.low, "high": row.high})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_thresholds(row, form.cleaned_data["low"], form.cleaned_data["high"])
            return back
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "page_title": _("Seuils : %(label)s") % {"label": indicator.label},
        "crumbs": [
            {"label": _("Mon tableau"), "url": address(request, "board")},
            {"label": _("Seuils"), "url": ""},
        ],
        "lead": _(
            "%(place)s, en %(unit)s. Une part s’écrit entre 0 et 1. Un courriel "
            "part la nuit où un seuil est franchi, une fois."
        )
        % {"place": row.territory.name, "unit": indicator.unit},
        "form": form,
        "submit_label": _("Enregistrer les seuils"),
        "cancel_url": address(request, "board"),
    }
    return render(request, "kernel/form_page.html", context)


@access(agent_of_authority)
@require_POST
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Put the indicator on the board, on the territory of the page."""
    _known, indicator = seen_or_404(request, code)
    try:
        territory = find_territory(request.POST.get("territoire", ""))
    except LookupError as error:
        raise Http404(str(error)) from error
    actions.follow(_person(request), request.authority, indicator.code, territory)  # type: ignore[attr-defined]
    return HttpResponseRedirect(address(request, "board"))


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def target(request: HttpRequest, code: str) -> HttpResponse:
    """What the authority wants, by when."""
    _known, indicator = seen_or_404(request, code)
    form = TargetForm(request.POST or None, initial={"territory": request.GET.get("territoire", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        authority = request.authority  # type: ignore[attr-defined]
        actions.set_target(
            _person(request), authority, indicator, said["territory"], said["value"], said["day"]
        )
        return HttpResponseRedirect(address(request, "indicator", code, territoire=said["territory"].ref))
    context = {
        "page_title": _("Cible : %(label)s") % {"label": indicator.label},
        "crumbs": crumbs(request, _("Cible"), indicator),
        "lead": _(
            "En %(unit)s ; une part s’écrit entre 0 et 1. La page dira si le "
            "chiffre est en bonne voie, en retard, ou si la cible est atteinte."
        )
        % {"unit": indicator.unit},
        "form": form,
        "submit_label": _("Enregistrer la cible"),
        "cancel_url": address(request, "indicator", code),
    }
    return render(request, "kernel/form_page.html", context)


@access(agent_of_authority)
@require_POST
def target_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target of the authority away."""
    row = get_object_or_404(Target.objects.select_related("territory"), pk=pk, authority=request.authority)  # type: ignore[attr-defined]
    _known, indicator = seen_or_404(request, row.code)
    place = row.territory.ref
    actions.remove_target(_person(request), row, indicator)
    return HttpResponseRedirect(address(request, "indicator", indicator.code, territoire=place))
