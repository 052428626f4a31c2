"""Pages of those who answer: the shared link, one’s own page, a section, the end. Nobody sees another’s answers."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.rights import rights_of
from essor.kernel.access import access
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kernel.questions import flow
from essor.kernel.questions.models import Response
from essor.kit.diagnosis import actions, queries
from essor.kit.diagnosis.access import answers_for_authority, holds_a_link
from essor.kit.diagnosis.forms import RoleForm
from essor.kit.diagnosis.models import Campaign, Respondent
from essor.kit.diagnosis.questionnaire import progress_of
from essor.kit.diagnosis.rules import SMALLEST_GROUP
from essor.kit.diagnosis.views import campaign_or_404, framed_authority
from essor.kit.links_support import address
from essor.kit.views_support import person_of


def _respondent(request: HttpRequest, token: str) -> Respondent:
    """The respondent of a link. Http404 for another authority’s, and for a member’s link in other hands."""
    rows = Respondent.objects.select_related("campaign__authority", "response__form_version")
    found = get_object_or_404(rows, response__token=token, campaign__authority=framed_authority(request))
    if found.user_id is not None and found.user_id != request.user.pk:
        raise Http404(_("Ce lien est personnel : connectez-vous avec votre compte pour répondre."))
    return found


def _response_of(respondent: Respondent) -> Response:
    assert respondent.response is not None  # noqa: S101 - it was found by its response
    return respondent.response


@access(answers_for_authority)
@require_safe
def respond(request: HttpRequest, pk: int) -> HttpResponse:
    """A member of the team goes to their own questionnaire."""
    campaign, person = campaign_or_404(request, pk), person_of(request)
    known = campaign.respondents.filter(user=person).select_related("response").first()
    if known is None:
        role = queries.role_of(rights_of(request).roles_in(campaign.authority_id))
        try:
            known = actions.join_member(campaign, person, role, today())
        except ValidationError:
            return HttpResponseRedirect(address(request, "diagnosis-campaign", pk))
    if known.response is None:
        return HttpResponseRedirect(address(request, "diagnosis-campaign", pk))
    return HttpResponseRedirect(address(request, "diagnosis-answer", known.response.token))


@access(holds_a_link)
@limited("diagnosis-link", "20/h/ip", visitors_only=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link to share says in which quality they answer, and gets their own address."""
    rows = Campaign.objects.select_related("authority")
    campaign = get_object_or_404(rows, link=token, authority=framed_authority(request))
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.join_by_link(campaign, form.cleaned_data["role"], today())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return HttpResponseRedirect(address(request, "diagnosis-answer", _response_of(made).token))
    context = {
        "page_title": campaign.title,
        "campaign": campaign,
        "form": form,
        "takes_answers": campaign.takes_answers(today()),
        "submit_label": _("Commencer à répondre"),
        "smallest": SMALLEST_GROUP,
    }
    return render(request, "kit/diagnosis/link.html", context)


@access(holds_a_link)
@never_cache
@require_safe
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One’s own page: why, until when, how answers are protected, how far one is."""
    respondent = _respondent(request, token)
    response, campaign = _response_of(respondent), respondent.campaign
    form = response.form_version.form()
    done, total = progress_of(response.answers, campaign.levers)
    context = {
        "page_title": campaign.title,
        "campaign": campaign,
        "respondent": respondent,
        "progress": {"label": _("Leviers renseignés"), "done": done, "total": total},
        "sections": flow.contents(form, response.answers, "", _journey(request, respondent)),
        "takes_answers": campaign.takes_answers(today()) and response.is_draft,
        "is_sent": not response.is_draft,
        "begin_url": _section_url(request, token, flow.first_to_answer(form, response.answers)),
        "review_url": address(request, "diagnosis-review", token),
        "own_url": request.build_absolute_uri(),
        "smallest": SMALLEST_GROUP,
    }
    return render(request, "kit/diagnosis/answer.html", context)


def _section_url(request: HttpRequest, token: str, code: str) -> str:
    return address(request, "diagnosis-section", token, code)


def _journey(request: HttpRequest, respondent: Respondent) -> flow.Journey:
    token = _response_of(respondent).token
    return flow.Journey(
        section_url=lambda code: _section_url(request, token, code),
        review_url=address(request, "diagnosis-review", token),
        leave_url=address(request, "diagnosis-answer", token),
        submit_label=_("J’ai fini, envoyer"),
    )


def _closed(request: HttpRequest, respondent: Respondent) -> HttpResponse | None:
    """Where one is led when it is too late to answer."""
    if respondent.campaign.takes_answers(today()):
        return None
    return HttpResponseRedirect(address(request, "diagnosis-answer", _response_of(respondent).token))


@access(holds_a_link)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """The levers of an axis: what is typed is kept at once."""
    respondent = _respondent(request, token)
    return _closed(request, respondent) or flow.section_page(
        request, _response_of(respondent), code, _journey(request, respondent)
    )


@access(holds_a_link)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str) -> HttpResponse:
    """Everything one said, before it is sent."""
    respondent = _respondent(request, token)
    journey = _journey(request, respondent)
    if request.method == "POST" and (closed := _closed(request, respondent)):
        return closed
    return flow.review_page(request, _response_of(respondent), journey, lambda _sent: journey.leave_url)
