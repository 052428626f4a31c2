"""Pages that tell a campaign: the whole, one lever where a value is agreed, the report, the table."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import elected_of_authority
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.french import number
from essor.kernel.limits import limited
from essor.kernel.models import AuditEntry
from essor.kernel.periods import today
from essor.kit.diagnosis import actions_agree, printing, queries
from essor.kit.diagnosis.access import agent_of_authority, team_reader
from essor.kit.diagnosis.addresses import fiche_links, step_links
from essor.kit.diagnosis.enums import STAGE_WORDS, STAGES, Role
from essor.kit.diagnosis.forms import AgreementForm
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import Campaign
from essor.kit.diagnosis.results import LeverResult, Results, codes_of, results
from essor.kit.diagnosis.rules import SMALLEST_GROUP
from essor.kit.diagnosis.views import campaign_or_404
from essor.kit.level_answers import level_of
from essor.kit.links_support import address
from essor.kit.views_support import person_of

SHOWN_PRIORITIES = 6
ACTS = 30


def results_of(campaign: Campaign, only: str = "") -> Results:
    """The results of a campaign today, or of one of its levers."""
    return results(campaign, level_of(campaign.authority.kind), today(), only)


@access(team_reader)
@require_safe
def campaign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A campaign: who answers, the picture, what to discuss, what to do first, each lever."""
    campaign, day = campaign_or_404(request, pk), today()
    found = results_of(campaign)
    may_write = agent_of_authority(request) and not campaign.is_agreed
    takes = campaign.takes_answers(day)
    answers = takes and (agent_of_authority(request) or elected_of_authority(request))
    turnout = queries.turnout(found.people)
    context = {
        "page_title": campaign.title,
        "campaign": campaign,
        "found": found,
        "takes_answers": takes,
        "state_tone": "ok" if campaign.is_agreed else "wait",
        "turnout": turnout,
        "asked": sum(each.asked for each in turnout),
        "smallest": SMALLEST_GROUP,
        "priorities": [
            {
                "priority": priority,
                "row": row,
                "step": _next_step(row),
                "url": _lever_url(request, campaign, row.lever.code),
            }
            for priority, row in found.priorities[:SHOWN_PRIORITIES]
        ],
        "to_discuss": [
            {"row": row, "url": _lever_url(request, campaign, row.lever.code)} for row in found.to_discuss
        ],
        "axes": [
            (axis, [{"row": row, "url": _lever_url(request, campaign, row.lever.code)} for row in rows])
            for axis, rows in found.by_axis
        ],
        "left_out": [
            (grid().levers[code].title, why)
            for code, why in campaign.left_out.items()
            if code in grid().levers
        ],
        "timeline": audit.lines(
            AuditEntry.objects.about("kit.campaign", str(campaign.pk)).order_by("-at", "-pk")[:ACTS]
        ),
        "may_write": may_write,
        "urls": {
            name: address(request, f"diagnosis-{name}", pk)
            for name in ("settings", "invite", "remind", "finish", "report", "csv", "questionnaire")
        },
        "list_url": address(request, "diagnosis"),
        "respond_url": address(request, "diagnosis-respond", pk) if answers else "",
    }
    return render(request, "kit/diagnosis/campaign.html", context)


def _next_step(row: LeverResult) -> str:
    """The step agreed, else the one that the grid proposes from where the lever stands."""
    if row.agreed is not None and row.agreed.step:
        return str(row.agreed.step)
    return row.lever.step_from(row.stage).do if row.stage else ""


def _lever_url(request: HttpRequest, campaign: Campaign, code: str) -> str:
    return address(request, "diagnosis-lever", campaign.pk, code)


@access(team_reader)
@require_http_methods(["GET", "HEAD", "POST"])
def lever_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A lever: what was answered, and what a meeting agrees."""
    campaign = campaign_or_404(request, pk)
    found = results_of(campaign, code)
    row = found.rows.get(code)
    if row is None:
        raise Http404(_("Ce levier ne fait pas partie de cet autodiagnostic."))
    may_write = agent_of_authority(request) and not campaign.is_agreed
    form = AgreementForm(request.POST or None, result=row) if may_write else None
    if request.method == "POST":
        if form is None:
            return HttpResponseRedirect(_lever_url(request, campaign, code))
        if form.is_valid():
            try:
                actions_agree.agree(person_of(request), campaign, code, form.said())
            except ValidationError as error:
                form = _overtaken(form, row, error)
            else:
                messages.success(request, _("La valeur convenue est inscrite."))
                return HttpResponseRedirect(_after(request, campaign, code))
    context = {
        "page_title": row.lever.title,
        "campaign": campaign,
        "row": row,
        "form": form,
        "roles": [(Role(view.role).label, view.count, number(view.median)) for view in row.together.roles],
        "hidden": row.together.hidden,
        "smallest": SMALLEST_GROUP,
        "stages": [
            (stage, STAGE_WORDS[stage], row.lever.stage(stage), stage == row.stage) for stage in STAGES
        ],
        "next": step_links(request, row.lever.step_from(row.stage)) if row.stage else None,
        "fiches": fiche_links(request, row.lever.fiches),
        "compared": found.compared,
        "previous": found.previous,
        "campaign_url": address(request, "diagnosis-campaign", pk),
        **_around(request, campaign, code),
    }
    return render(request, "kit/diagnosis/lever.html", context)


def _overtaken(form: AgreementForm, row: LeverResult, error: ValidationError) -> AgreementForm:
    """What was typed stays; the value that stands is told, and pressing again writes over it knowingly."""
    if error.error_list and error.error_list[0].code == "overtaken":
        row.agreed.refresh_from_db() if row.agreed else None
        data = form.data.copy()
        data["revision"] = str(row.agreed.revision if row.agreed else 0)
        form = AgreementForm(data, result=row)
        form.is_valid()
    form.add_error(None, error)
    return form


def _around(request: HttpRequest, campaign: Campaign, code: str) -> dict[str, Any]:
    """The place of a lever in the campaign, and the levers before and after it."""
    codes, levers = codes_of(campaign), grid().levers
    place = codes.index(code)
    before = codes[place - 1] if place else ""
    after = codes[place + 1] if place + 1 < len(codes) else ""
    return {
        "place": place + 1,
        "total": len(codes),
        "before": levers[before].title if before else "",
        "before_url": _lever_url(request, campaign, before) if before else "",
        "after": levers[after].title if after else "",
        "after_url": _lever_url(request, campaign, after) if after else "",
    }


def _after(request: HttpRequest, campaign: Campaign, code: str) -> str:
    """Where a meeting goes on: the next lever, or the whole after the last."""
    if "suite" in request.POST:
        url: str = _around(request, campaign, code)["after_url"]
        if url:
            return url
    return address(request, "diagnosis-campaign", campaign.pk)


@access(team_reader)
@limited("kit-pdf", "60/h/ip", visitors_only=True)
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a PDF."""
    campaign = campaign_or_404(request, pk)
    response = HttpResponse(printing.report_pdf(results_of(campaign)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file(campaign)}.pdf"'
    return response


@access(team_reader)
@require_safe
def results_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The results as a table, one line a lever."""
    campaign = campaign_or_404(request, pk)
    head = [
        _("Axe"), _("Levier"), _("Stade"), _("Convenu"), _("Médiane des réponses"), _("Réponses"), _("Ne savent pas"),
        *(str(Role(role).label) for role in Role.values), _("Ambition"), _("Précédent"), _("Médiane des autres"),
        _("Prochain pas"), _("Qui"), _("Pour quand"), _("Ce qui a été dit"),
    ]  # fmt: skip
    return csv_response(_file(campaign), head, map(_cells, _with_axis(results_of(campaign))))


def _with_axis(found: Results) -> list[tuple[str, LeverResult]]:
    return [(axis.title, row) for axis, rows in found.by_axis for row in rows]


def _cells(pair: tuple[str, LeverResult]) -> list[Any]:
    axis, row = pair
    seen, agreed = row.together, row.agreed
    medians = {view.role: number(view.median) for view in seen.roles}
    return [
        axis,
        row.lever.title,
        row.stage,
        _("oui") if agreed else _("non"),
        number(seen.median) if seen.median is not None else "",
        seen.count,
        seen.unknown,
        *(medians.get(role, "") for role in Role.values),
        row.ambition,
        row.previous,
        number(row.others[0]) if row.others else "",
        agreed.step if agreed else "",
        agreed.who if agreed else "",
        agreed.due_on if agreed else "",
        agreed.note if agreed else "",
    ]


def _file(campaign: Campaign) -> str:
    return f"autodiagnostic-{campaign.authority.slug}-{slugify(campaign.title)[:60]}"
