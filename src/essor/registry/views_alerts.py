"""Alerts of the register on an authority's territory: the list, its CSV, what is made of each, the weekly message."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import agent_of_authority
from essor.accounts.frame import FramedRequest
from essor.accounts.models import Authority
from essor.kernel.access import access, everyone
from essor.kernel.cells import csv_response
from essor.kernel.mailing import stops_in_one_click
from essor.registry import actions_alerts, alerts, digest
from essor.registry.alerts import OPEN, AlertFilter
from essor.registry.models import Alert, AlertReview, AlertSubscription
from essor.registry.rules_alerts import LARGE_EMPLOYER, SHARP_LOSS_BANDS, AlertKind

PAGE = 10
TONES = {
    str(AlertKind.EMPLOYER_CLOSED.value): "no",
    str(AlertKind.EMPLOYER_LEFT.value): "wait",
    str(AlertKind.JOBS_LOST.value): "wait",
}
ALL = "toutes"
STATES = {"": OPEN, "vues": AlertReview.State.SEEN, "ecartees": AlertReview.State.SET_ASIDE, ALL: ""}


@access(agent_of_authority)
@require_safe
def alert_list(request: FramedRequest) -> HttpResponse:
    """The alerts of the territory: those to look at first, the others one filter away."""
    authority = request.authority
    mine, chosen = alerts.alerts_of(authority), _read(request)
    page = Paginator(_with_places(alerts.filtered(mine, chosen)), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    reviews = alerts.reviews_of(shown, authority)
    context = {
        "page_title": _("Alertes du registre"),
        "lead": _lead(authority),
        "facets": _facets(chosen),
        "chips": _chips(request, chosen),
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("alerte"),
        "lines": [_line(request, alert, reviews.get(alert.pk)) for alert in shown],
        "csv_url": reverse("registry-alerts:csv", args=[authority.slug]) + _query(request),
        "subscribed": AlertSubscription.objects.filter(user=request.user, authority=authority).exists(),
        "back": request.get_full_path(),
    }
    return render(request, "registry/alerts.html", context)


def _lead(authority: Authority) -> str:
    if authority.territory is None:
        return _(
            "La collectivité n’a pas encore de territoire : ses alertes apparaîtront quand elle en aura un."
        )
    return _(
        "Ce que la dernière édition change et qui mérite un regard : employeurs de %(size)s salariés et plus fermés ou "
        "sortis du registre, effectif qui perd %(bands)s tranches ou plus, commune ou intercommunalité qui perd sa "
        "dernière structure ou son dernier employeur d’un secteur."
    ) % {"size": LARGE_EMPLOYER, "bands": SHARP_LOSS_BANDS}


def _with_places(rows: Any) -> Any:
    return rows.select_related("territory", "edition", "organisation")


def _read(request: HttpRequest) -> AlertFilter:
    kind = request.GET.get("nature", "")
    known = {code for code, _label in AlertKind.choices()}
    return AlertFilter(STATES.get(request.GET.get("etat", ""), OPEN), kind if kind in known else "")


def _query(request: HttpRequest) -> str:
    pairs = [(name, request.GET[name]) for name in ("etat", "nature") if request.GET.get(name)]
    return f"?{urlencode(pairs)}" if pairs else ""


def _facets(chosen: AlertFilter) -> list[dict[str, Any]]:
    words = {"": _("À regarder"), "vues": _("Vues"), "ecartees": _("Écartées"), ALL: _("Toutes")}
    return [
        {
            "name": "etat",
            "label": _("État"),
            "kind": "select",
            "empty_label": words[""],
            "options": [
                {"value": key, "label": words[key], "count": None, "selected": STATES[key] == chosen.state}
                for key in STATES
                if key
            ],
        },
        {
            "name": "nature",
            "label": _("Nature"),
            "kind": "select",
            "empty_label": _("Toutes"),
            "options": [
                {"value": code, "label": label, "count": None, "selected": code == chosen.kind}
                for code, label in AlertKind.choices()
            ],
        },
    ]


def _chips(request: HttpRequest, chosen: AlertFilter) -> list[dict[str, str]]:
    found = []
    for facet in _facets(chosen):
        others = [
            (name, request.GET[name])
            for name in ("etat", "nature")
            if request.GET.get(name) and name != facet["name"]
        ]
        found += [
            {"name": facet["label"], "label": option["label"], "remove_url": f"?{urlencode(others)}"}
            for option in facet["options"]
            if option["selected"]
        ]
    return found


def _line(request: FramedRequest, alert: Alert, review: AlertReview | None) -> dict[str, Any]:
    slug = request.authority.slug
    return {
        "alert": alert,
        "tone": TONES.get(alert.kind, "info"),
        "review": review,
        "organisation_url": reverse("authority-registry:organisation", args=[slug, alert.organisation_id])
        if alert.organisation_id
        else "",
        "review_url": reverse("registry-alerts:review", args=[slug, alert.pk]),
    }


@access(agent_of_authority)
@require_safe
def alerts_csv(request: FramedRequest) -> StreamingHttpResponse:
    """The alerts shown, as a CSV."""
    authority = request.authority
    rows = list(_with_places(alerts.filtered(alerts.alerts_of(authority), _read(request))))
    head = [
        _("Nature"), _("Alerte"), _("Territoire"), _("Édition"), _("État"), _("Motif"), _("Le"),
    ]  # fmt: skip
    return csv_response("alertes-du-registre", head, _csv_rows(rows, authority))


def _csv_rows(rows: list[Alert], authority: Authority) -> Iterator[list[Any]]:
    reviews = alerts.reviews_of(rows, authority)
    for alert in rows:
        review = reviews.get(alert.pk)
        yield [
            alert.get_kind_display(),
            alert.sentence,
            alert.territory.name,
            alert.edition.day.isoformat(),
            review.get_state_display() if review else _("À regarder"),
            review.word if review else "",
            review.at.date().isoformat() if review else "",
        ]


@access(agent_of_authority)
@require_POST
def alert_review(request: FramedRequest, pk: int) -> HttpResponse:
    """Mark an alert as seen, set it aside with a word, or put it back among those to look at."""
    alert = get_object_or_404(alerts.alerts_of(request.authority), pk=pk)
    state = request.POST.get("state", "")
    try:
        if state == OPEN:
            actions_alerts.reopen(request.user, request.authority, alert)
        else:
            actions_alerts.review(request.user, request.authority, alert, state, request.POST.get("word", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("C’est noté."))
    return redirect(_back(request))


@access(agent_of_authority)
@require_POST
def alert_subscription(request: FramedRequest) -> HttpResponse:
    """Ask for the weekly message, or no longer want it."""
    if request.POST.get("wanted") == "yes":
        actions_alerts.subscribe(request.user, request.authority)
        messages.success(request, _("Vous recevrez chaque lundi les nouvelles alertes, quand il y en a."))
    else:
        actions_alerts.unsubscribe(request.user.pk, request.authority.pk)
        messages.success(request, _("Vous ne recevrez plus les alertes par courriel."))
    return redirect(_back(request))


def _back(request: FramedRequest) -> str:
    """The list as it was filtered; only its query is taken from the form."""
    page = reverse("registry-alerts:list", args=[request.authority.slug])
    query = request.POST.get("back", "").partition("?")[2]
    return f"{page}?{query}" if query and query.isprintable() else page


@access(everyone)
@stops_in_one_click(digest.stop)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """What the message's link opens, without signing in: one button ends the weekly message."""
    read = digest.read_token(token)
    authority = Authority.objects.filter(pk=read[1]).first() if read else None
    if read is None or authority is None:
        raise Http404(_("Ce lien n’est pas valable : copiez l’adresse entière du message."))
    done = request.method == "POST"
    if done:
        actions_alerts.unsubscribe(*read)
    context = {
        "page_title": _("Ne plus recevoir les alertes du registre"),
        "lead": authority.name,
        "done": done,
        "submit_label": _("Ne plus les recevoir"),
    }
    return render(request, "registry/alerts_unsubscribe.html", context)
