"""Pages of a form that goes step by step: a section at a time, saved as one goes, then read over and sent.

The room's view checks who may answer, then calls `section_page` or `review_page` with its addresses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.questions.answers import Asked, missing, progress, shown, visible
from essor.kernel.questions.conditions import is_answered
from essor.kernel.questions.definition import Form, Section
from essor.kernel.questions.django_form import SectionForm
from essor.kernel.questions.kinds import kind_of
from essor.kernel.questions.models import Response
from essor.kernel.questions.responses import Closed, Incomplete, Overtaken, save, submit
from essor.kernel.questions.widgets import rows_pressed, with_rows_changed

AUTO, GO = "enregistrement", "aller"
BACK, LEAVE = "precedent", "quitter"


@dataclass(frozen=True)
class Journey:
    """The addresses of the room: a section's by its code, the review's, where one comes back to.

    `context` is what the room's templates want besides; `section_template` and `review_template` extend those of
    the kernel.
    """

    section_url: Callable[[str], str]
    review_url: str
    leave_url: str
    context: Mapping[str, Any] = field(default_factory=dict)
    section_template: str = "kernel/questions/section.html"
    review_template: str = "kernel/questions/review.html"
    submit_label: str = ""


def contents(form: Form, answers: Mapping[str, Any], current: str, journey: Journey) -> list[dict[str, str]]:
    """The sections asked, as `components/steps.html` shows them."""
    return [
        {
            "label": asked.section.title,
            "url": journey.section_url(asked.section.code),
            "state": _state(asked, answers, current),
        }
        for asked in visible(form, answers)
    ]


def _state(asked: Asked, answers: Mapping[str, Any], current: str) -> str:
    if asked.section.code == current:
        return "current"
    given = [is_answered(answers.get(each.code)) for each in asked.questions]
    lacking = any(each.required and not said for each, said in zip(asked.questions, given, strict=True))
    return "done" if any(given) and not lacking else "todo"


def neighbours(form: Form, answers: Mapping[str, Any], code: str) -> tuple[str | None, str | None]:
    """The codes of the sections asked before and after a section."""
    codes = [asked.section.code for asked in visible(form, answers)]
    order = [section.code for section in form.sections]
    place = order.index(code)
    before = [each for each in codes if order.index(each) < place]
    after = [each for each in codes if order.index(each) > place]
    return (before[-1] if before else None), (after[0] if after else None)


def first_to_answer(form: Form, answers: Mapping[str, Any]) -> str:
    """The code of the section to open: the first that is not done, else the first."""
    asked = visible(form, answers)
    todo = next((each for each in asked if _state(each, answers, "") == "todo"), None)
    return (todo or asked[0]).section.code if asked else form.sections[0].code


def section_page(request: HttpRequest, response: Response, code: str, journey: Journey) -> HttpResponse:
    """Show a section, or keep what was typed and go on. The response must come with its `form_version`."""
    form = response.form_version.form()
    section = form.section(code)
    if section is None:
        raise Http404
    if not response.is_draft:
        return HttpResponseRedirect(journey.review_url)
    if all(asked.section.code != code for asked in visible(form, response.answers)):
        return HttpResponseRedirect(journey.section_url(first_to_answer(form, response.answers)))
    if request.method == "POST":
        return _keep(request, response, form, section, journey)
    return _shown(request, response, form, section, journey, SectionForm(form, section, response.answers))


def _shown(
    request: HttpRequest,
    response: Response,
    form: Form,
    section: Section,
    journey: Journey,
    fields: SectionForm,
    **more: Any,
) -> HttpResponse:
    before, _after = neighbours(form, response.answers, section.code)
    done, asked = progress(form, response.answers)
    context = {
        "page_title": section.title,
        "lead": section.intro,
        "whole": form,
        "form": fields,
        "revision": response.revision,
        "steps": contents(form, response.answers, section.code, journey),
        "progress": {"label": _("Réponses données"), "done": done, "total": asked},
        "previous_url": journey.section_url(before) if before else "",
        "leave_url": journey.leave_url,
        "review_url": journey.review_url,
        **journey.context,
        **more,
    }
    return render(request, journey.section_template, context)


def _keep(
    request: HttpRequest, response: Response, form: Form, section: Section, journey: Journey
) -> HttpResponse:
    sent = request.POST
    if rows_pressed(sent):
        typed = SectionForm(
            form, section, response.answers, data=with_rows_changed(sent), files=request.FILES
        ).typed()
        again = SectionForm(form, section, response.answers, raw=typed)
        return _shown(request, response, form, section, journey, again)
    fields = SectionForm(form, section, response.answers, data=sent, files=request.FILES)
    fields.is_valid()
    fields.store_files(authority_id=response.authority_id, uploaded_by=response.respondent_id)
    try:
        saved = save(response, section.code, fields.values, _revision(sent))
    except (Overtaken, Closed) as refusal:
        return _refused(request, response, form, section, journey, fields, refusal)
    if AUTO in sent:
        return JsonResponse({"message": _saved_at(saved), "revision": saved.revision})
    if fields.errors:
        return _shown(request, saved, form, section, journey, fields)
    return HttpResponseRedirect(_onwards(sent.get(GO, ""), form, section, saved, journey))


def _revision(sent: Mapping[str, Any]) -> int:
    told = str(sent.get("revision", ""))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def _saved_at(saved: Response) -> str:
    return _("Enregistré à %(hour)s") % {"hour": f"{timezone.localtime(saved.saved_at):%H:%M}"}


def _onwards(wish: str, form: Form, section: Section, saved: Response, journey: Journey) -> str:
    before, after = neighbours(form, saved.answers, section.code)
    if wish == LEAVE:
        return journey.leave_url
    if wish == BACK and before:
        return journey.section_url(before)
    return journey.section_url(after) if after else journey.review_url


def _refused(
    request: HttpRequest,
    response: Response,
    form: Form,
    section: Section,
    journey: Journey,
    fields: SectionForm,
    refusal: Overtaken | Closed,
) -> HttpResponse:
    """What was typed stays on the page, beside what is kept; pressing again writes over it knowingly."""
    if AUTO in request.POST:
        return JsonResponse({"problem": str(refusal)}, status=409)
    if isinstance(refusal, Closed):
        return HttpResponseRedirect(journey.review_url)
    now = refusal.response
    kept = [
        {"label": form.by_code[code].label, "value": _told(form, code, now.answers.get(code))}
        for code in refusal.questions
    ]
    again = SectionForm(form, section, now.answers, raw=fields.typed())
    return _shown(request, now, form, section, journey, again, conflict=str(refusal), kept=kept)


def _told(form: Form, code: str, value: Any) -> str:
    question = form.by_code[code]
    return kind_of(question).show(question, value) if is_answered(value) else ""


def review_page(
    request: HttpRequest, response: Response, journey: Journey, sent: Callable[[Response], str]
) -> HttpResponse:
    """Everything said before it is sent; once sent, `sent` does what follows and gives where to go."""
    form, problem = response.form_version.form(), ""
    if request.method == "POST" and response.is_draft:
        try:
            done = submit(response, _revision(request.POST), actor_id=getattr(request.user, "pk", None))
        except (Overtaken, Incomplete, Closed) as refusal:
            problem = str(refusal)
            response = Response.objects.select_related("form_version").get(pk=response.pk)
        else:
            return HttpResponseRedirect(sent(done))
    context = {
        "page_title": form.title,
        "whole": form,
        "revision": response.revision,
        "is_draft": response.is_draft,
        "steps": contents(form, response.answers, "", journey) if response.is_draft else [],
        "sections": review_sections(form, response.answers, journey),
        "missing": _missing(form, response.answers, journey),
        "problem": problem,
        "leave_url": journey.leave_url,
        "submit_label": journey.submit_label or _("Envoyer mes réponses"),
        **journey.context,
    }
    return render(request, journey.review_template, context)


def review_sections(
    form: Form, answers: Mapping[str, Any], journey: Journey | None = None
) -> list[dict[str, Any]]:
    """The sections asked with their answers in French, and the address to change each."""
    found: dict[str, dict[str, Any]] = {
        asked.section.code: {
            "title": asked.section.title,
            "url": journey.section_url(asked.section.code) if journey else "",
            "rows": [],
        }
        for asked in visible(form, answers)
    }
    for row in shown(form, answers):
        found[row.section.code]["rows"].append(row)
    return list(found.values())


def _missing(form: Form, answers: Mapping[str, Any], journey: Journey) -> list[dict[str, str]]:
    section_of = {
        question.code: asked.section.code for asked in visible(form, answers) for question in asked.questions
    }
    return [
        {
            "label": question.label,
            "url": f"{journey.section_url(section_of[question.code])}#id_{question.code}",
        }
        for question in missing(form, answers)
    ]
