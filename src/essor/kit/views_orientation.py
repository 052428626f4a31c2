"""Orientation: the questions, the path, its PDF, its sending, what an authority sees of the requests."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import agent_of_authority
from essor.kernel import outbox
from essor.kernel.access import access, everyone
from essor.kernel.cells import csv_response
from essor.kernel.documents import render_pdf
from essor.kernel.french import day
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kernel.questions.definition import Form
from essor.kit.enums_support import Profile, Role, Stage, Theme
from essor.kit.forms_orientation import OrientationForm, SendForm
from essor.kit.links_support import address
from essor.kit.models import OrientationRequest, Supporter
from essor.kit.orientation_form import version_for
from essor.kit.rules_orientation import Step
from essor.kit.support_orientation import ask, own_answers, own_asked, own_facts, seen_by, summary, work_out
from essor.kit.views_support import authority_of, home_of, where

AUDIENCES = {
    Profile.ASSOCIATION: "association",
    Profile.INSERTION: "association",
    Profile.COOPERATIVE: "company",
    Profile.COMPANY: "company",
    Profile.INHABITANT: "individual",
    Profile.AUTHORITY: "commune",
}


@access(everyone)
@limited("orientation", "60/h/ip", visitors_only=True)
@require_http_methods(["GET", "HEAD", "POST"])
def orientation(request: HttpRequest) -> HttpResponse:
    """The questions."""
    version = version_for(authority_of(request))
    asked_form = version.form()
    form = OrientationForm(asked_form, request.POST or None, home=home_of(request))
    if request.method == "POST" and form.is_valid():
        token, said = form.cleaned_data["token"], form.said()
        asked = ask(token, said, authority_of(request), form.place(), version)
        return HttpResponseRedirect(address(request, "orientation-path", asked.token))
    context = {
        "page_title": asked_form.title,
        "lead": _lead(asked_form),
        "form": form,
        "submit_label": _("Voir mon parcours"),
        "cancel_url": address(request, "support"),
    }
    return render(request, "kit/support/orientation.html", context)


def _lead(form: Form) -> str:
    words = {6: _("Six"), 7: _("Sept"), 8: _("Huit")}
    count = len(form.by_code)
    return form.intro or _(
        "%(count)s questions, sans votre nom : vous saurez qui peut vous aider, dans quel ordre, et quoi préparer."
    ) % {"count": words.get(count, count)}


def _asked(request: HttpRequest, token: str) -> OrientationRequest:
    rows = OrientationRequest.objects.select_related("territory", "authority", "form_version")
    return get_object_or_404(rows, token=token, authority=authority_of(request))


def _shown(request: HttpRequest, asked: OrientationRequest) -> dict[str, Any]:
    """The path as pages, PDF and message show it."""
    found, known = work_out(asked.answers, asked.authority_id, asked.territory)
    return {
        "steps": [_step(request, step, known[step.supporter], asked) for step in found.steps],
        "unmet": [str(Role(need).label) for need in found.unmet],
        "facts": _facts(asked) + own_facts(asked, private=False),
    }


def _step(
    request: HttpRequest, step: Step, supporter: Supporter, asked: OrientationRequest
) -> dict[str, Any]:
    theme = asked.answers["theme"]
    told = {
        "theme": _("travaille sur votre thème : %(theme)s")
        % {"theme": Theme(theme).label if theme in Theme.values else ""},
        "profile": _("s’adresse à vous : %(profile)s") % {"profile": Profile(asked.answers["profile"]).label},
        "near": _("agit près de vous : %(place)s") % {"place": where(supporter)},
        "everyone": _("ouvert à tous les projets"),
    }
    return {
        "stage": str(Stage(step.stage).label),
        "is_now": step.stage == asked.answers["stage"],
        "needs": ", ".join(str(Role(need).label) for need in step.needs),
        "supporter": supporter,
        "url": address(request, "supporter", supporter.pk),
        "reasons": [told[reason] for reason in step.reasons],
        "contact": " · ".join(
            part for part in (supporter.website, supporter.email, supporter.phone, supporter.contact) if part
        ),
        "documents": supporter.documents.splitlines(),
    }


def _facts(asked: OrientationRequest) -> list[dict[str, str]]:
    said = asked.answers
    theme = str(Theme(said["theme"]).label) if said["theme"] in Theme.values else _("Un autre, ou plusieurs")
    return [
        {"label": _("Étape"), "value": str(Stage(said["stage"]).label)},
        {"label": _("Besoins"), "value": ", ".join(str(Role(need).label) for need in said["needs"])},
        {"label": _("Porté par"), "value": str(Profile(said["profile"]).label)},
        {"label": _("Thème"), "value": theme},
        {"label": _("Emploie déjà"), "value": _("oui") if said["employs"] else _("non")},
        {"label": _("Lieu"), "value": asked.territory.name if asked.territory else _("France")},
    ]


@access(everyone)
@require_safe
def orientation_path(request: HttpRequest, token: str) -> HttpResponse:
    """The path, worked out from the directory of the day."""
    return _path_page(request, _asked(request, token), SendForm())


def _path_page(request: HttpRequest, asked: OrientationRequest, form: SendForm) -> HttpResponse:
    audience = AUDIENCES.get(Profile(asked.answers["profile"]), "")
    context = _shown(request, asked) | {
        "page_title": _("Mon parcours"),
        "asked": asked,
        "day": today(),
        "send_form": form,
        "send_url": address(request, "orientation-send", asked.token),
        "pdf_url": address(request, "orientation-pdf", asked.token),
        "again_url": address(request, "orientation"),
        "aids_url": address(request, "aids") + (f"?pour={audience}" if audience else ""),
        "share_url": request.build_absolute_uri(address(request, "orientation-path", asked.token)),
    }
    return render(request, "kit/support/path.html", context)


@access(everyone)
@limited("pdf", "60/h/ip", reading=True, visitors_only=True)  # each one starts Typst
@require_safe
def orientation_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The path to print."""
    asked = _asked(request, token)
    shown = _shown(request, asked)
    authority = authority_of(request)
    data = {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": _("Orientation"),
        "day": _("au %(day)s") % {"day": day(today())},
        "facts": shown["facts"],
        "unmet": shown["unmet"],
        "steps": [
            {
                "title": f"{number}. {step['supporter'].name}",
                "stage": f"{step['stage']} · {step['needs']}",
                "offer": step["supporter"].offer,
                "conditions": step["supporter"].conditions,
                "reasons": step["reasons"],
                "contact": step["contact"],
                "documents": step["documents"],
            }
            for number, step in enumerate(shown["steps"], 1)
        ],
    }
    response = HttpResponse(
        render_pdf("kit/orientation.typ", data, _("Mon parcours")), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'attachment; filename="mon-parcours.pdf"'
    return response


@access(everyone)
@limited("orientation-send", "10/h/ip")
@require_POST
def orientation_send(request: HttpRequest, token: str) -> HttpResponse:
    """Send the path to oneself."""
    asked = _asked(request, token)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _path_page(request, asked, form)
    shown = _shown(request, asked)
    path_url = address(request, "orientation-path", asked.token)
    outbox.post(
        form.cleaned_data["email"],
        _("Votre parcours d’accompagnement"),
        "kit/support/mail/path",
        {
            "heading": _("Votre parcours d’accompagnement"),
            "steps": [
                {
                    "name": step["supporter"].name,
                    "stage": step["stage"],
                    "contact": step["contact"],
                    "documents": ", ".join(step["documents"]),
                }
                for step in shown["steps"]
            ],
            "path_url": f"{settings.PUBLIC_URL.rstrip('/')}{path_url}",
        },
    )
    messages.success(request, _("Votre parcours part à l’adresse indiquée."))
    return HttpResponseRedirect(path_url)


@access(agent_of_authority)
@require_safe
def orientation_requests(request: HttpRequest) -> HttpResponse:
    """What was asked for a year, and the needs that nobody answers."""
    authority = authority_of(request)
    assert authority is not None  # noqa: S101 - the predicate wants a frame
    context = summary(seen_by(authority, today())) | {
        "page_title": _("Demandes d’orientation"),
        "csv_url": address(request, "orientation-requests-csv"),
        "orientation_url": address(request, "orientation"),
        "questions_url": address(request, "orientation-questions"),
    }
    return render(request, "kit/support/requests.html", context)


@access(agent_of_authority)
@require_safe
def orientation_requests_csv(request: HttpRequest) -> HttpResponse:
    """The requests as a table, without what could tell who asked."""
    authority = authority_of(request)
    assert authority is not None  # noqa: S101 - the predicate wants a frame
    head = [
        _("Étape"), _("Besoins"), _("Porté par"), _("Thème"), _("Emploie déjà"), _("Lieu"), _("Demandé le"),
        _("Besoins sans réponse"),
    ]  # fmt: skip
    every = list(seen_by(authority, today()))
    own = own_asked(every)
    head += [question.label for question in own.values()]
    rows = (
        [
            *(fact["value"] for fact in _facts(row)),
            row.asked_on,
            ", ".join(str(Role(need).label) for need in row.unmet),
            *(own_answers(row, own)),
        ]
        for row in every
    )
    return csv_response(f"demandes-orientation-{today().isoformat()}", head, rows)
