"""« Suis-je de l'ESS ? »: a form in steps whose answers stand in the address alone; nothing is stored."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone
from essor.kernel.documents import render_pdf
from essor.kernel.french import day
from essor.kernel.limits import limited
from essor.registry import links, perimeter_store
from essor.registry import queries_organisation as reads
from essor.registry.assessment_steps import (
    RESULT,
    STEP,
    ShownStep,
    address_of,
    answers_in,
    next_step,
    previous_step,
    steps_for,
)
from essor.registry.explanations import Explanation, Shown, known_answers, of_answers
from essor.registry.forms import UNSAID, SirenForm, StepForm
from essor.registry.self_assessment import (
    AssessmentError,
    Question,
    assess,
    self_assessment_questions,
    visible_questions,
)


@access(everyone)
@require_safe
def self_assessment(request: HttpRequest) -> HttpResponse:
    """A step of the form, or the result; a SIREN leads to what the register knows of it."""
    if "siren" in request.GET:
        return _from_register(request)
    today = timezone.localdate()
    questions = self_assessment_questions(today, perimeter_store.in_force(today))
    answers = answers_in(questions, request.GET)
    steps = steps_for(questions, answers)
    asked = request.GET.get(STEP, "")
    if STEP + "_faite" in request.GET:
        return _go_on(request, questions, answers, request.GET[STEP + "_faite"])
    if asked == RESULT:
        return _result(request, questions, answers)
    step = next((step for step in steps if step.code == asked), steps[0])
    return _step(request, steps, step, answers)


def _from_register(request: HttpRequest) -> HttpResponse:
    """The form with what the register knows of the organisation; its number does not stay in the address."""
    form = SirenForm(request.GET)
    if form.is_valid() and form.cleaned_data["siren"]:
        found = reads.by_siren(form.cleaned_data["siren"])
        if found is not None:
            today = timezone.localdate()
            tags = reads.tags_of_organisation(found.organisation)
            answers = known_answers(reads.unit_of(found, tags, today), perimeter_store.in_force(today))
            return HttpResponseRedirect(_page(request) + address_of({**answers, "repris": "oui"}))
        form.add_error(
            "siren",
            _("Le registre ne connaît pas ce SIREN : répondez aux questions, vous aurez la même réponse."),
        )
    today = timezone.localdate()
    questions = self_assessment_questions(today, perimeter_store.in_force(today))
    steps = steps_for(questions, {})
    return _step(request, steps, steps[0], {}, siren_form=form)


def _page(request: HttpRequest) -> str:
    return links.address(request, "self-assessment")


def _go_on(
    request: HttpRequest, questions: tuple[Question, ...], answers: dict[str, str], done: str
) -> HttpResponse:
    """After a step: back to it with its errors, else to the next one with a short address."""
    steps = steps_for(questions, answers)
    step = next((step for step in steps if step.code == done), None)
    if step is None:
        return HttpResponseRedirect(_page(request) + address_of(answers))
    errors = _errors(answers, questions, step)
    if errors:
        return _step(request, steps, step, answers, errors=errors)
    visible = {question.code for question in visible_questions(questions, answers)}
    kept = {code: value for code, value in answers.items() if code in visible and value != UNSAID}
    return HttpResponseRedirect(_page(request) + address_of(kept, next_step(steps, done)))


def _errors(answers: Mapping[str, str], questions: tuple[Question, ...], step: ShownStep) -> dict[str, str]:
    """What the rules cannot read among the answers of a step."""
    today = timezone.localdate()
    try:
        assess(answers, today, perimeter_store.in_force(today))
    except AssessmentError as error:
        mine = {question.code for question in step.questions}
        return {code: message for code, message in error.errors.items() if code in mine}
    return {}


def _step(
    request: HttpRequest,
    steps: list[ShownStep],
    step: ShownStep,
    answers: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    siren_form: SirenForm | None = None,
) -> HttpResponse:
    mine = {question.code for question in step.questions}
    first = step.code == steps[0].code
    back = previous_step(steps, step.code)
    context = {
        "page_title": _("Suis-je de l’ESS\u00a0?"),
        "step": step,
        "form": StepForm(step.questions, answers, errors),
        "hidden_answers": [(code, value) for code, value in answers.items() if code not in mine],
        "steps": _progress(steps, step.code, answers),
        "siren_form": (siren_form or SirenForm()) if first else None,
        "taken_from_register": request.GET.get("repris") == "oui",
        "back_url": address_of(answers, back) if back else "",
        "canonical_url": links.canonical(request, "self-assessment"),
    }
    return render(request, "registry/assessment_step.html", context)


def _progress(steps: list[ShownStep], current: str, answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Where one is; before the form is chosen, the steps to come are not known yet."""
    if not answers:
        return [
            {"label": steps[0].title, "state": "current", "url": ""},
            {"label": _("Vos règles et votre activité"), "state": "todo", "url": ""},
            {"label": _("Réponse"), "state": "todo", "url": ""},
        ]
    codes = [step.code for step in steps]
    place = codes.index(current) if current in codes else len(codes)
    shown = [
        {
            "label": step.title,
            "state": "done" if at < place else "current" if at == place else "todo",
            "url": address_of(answers, step.code),
        }
        for at, step in enumerate(steps)
    ]
    return [*shown, {"label": _("Réponse"), "state": "current" if current == RESULT else "todo", "url": ""}]


def _result(request: HttpRequest, questions: tuple[Question, ...], answers: dict[str, str]) -> HttpResponse:
    today = timezone.localdate()
    try:
        found = assess(answers, today, perimeter_store.in_force(today))
    except AssessmentError as error:
        steps = steps_for(questions, answers)
        wrong = next(
            (step for step in steps if any(q.code in error.errors for q in step.questions)), steps[0]
        )
        mine = {question.code for question in wrong.questions}
        errors = {code: message for code, message in error.errors.items() if code in mine}
        return _step(request, steps, wrong, answers, errors=errors)
    steps, why = steps_for(questions, answers), of_answers(found)
    context = {
        "page_title": _("Suis-je de l’ESS\u00a0? La réponse"),
        "why": why,
        "verdict": why.head(why.label, links.address(request, "method") + "#perimetre"),
        "family": found.family,
        "answers": said(questions, answers),
        "steps": _progress(steps, RESULT, answers),
        "edit_url": address_of(answers, steps[0].code),
        "restart_url": _page(request),
        "pdf_url": links.address(request, "self-assessment-pdf") + address_of(answers),
        "share_url": request.build_absolute_uri(_page(request) + address_of(answers, RESULT)),
        "canonical_url": request.build_absolute_uri(reverse("registry:self-assessment")),
        "no_index": True,
    }
    return render(request, "registry/assessment_result.html", context)


def said(questions: tuple[Question, ...], answers: Mapping[str, str]) -> list[dict[str, str]]:
    """The questions that were shown and what was answered, in words."""
    rows = []
    for question in visible_questions(questions, answers):
        given = answers.get(question.code, "")
        value = dict(question.choices).get(given, f"{given}\u00a0%" if given else "")
        rows.append({"label": question.text, "value": value})
    return rows


@access(everyone)
@limited("pdf", "60/h/ip", reading=True, visitors_only=True)  # each one starts Typst
@require_safe
def self_assessment_pdf(request: HttpRequest) -> HttpResponse:
    """The result as a PDF to bring to a meeting."""
    today = timezone.localdate()
    questions = self_assessment_questions(today, perimeter_store.in_force(today))
    answers = answers_in(questions, request.GET)
    try:
        found = assess(answers, today, perimeter_store.in_force(today))
    except AssessmentError:
        return HttpResponseRedirect(_page(request) + address_of(answers, RESULT))
    title = _("Suis-je de l’ESS\u00a0?")
    content = render_pdf(
        "kernel/note.typ", document(request, of_answers(found), said(questions, answers)), title
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="suis-je-de-l-ess.pdf"'
    return response


def document(request: HttpRequest, why: Explanation, answers: list[dict[str, str]]) -> dict[str, Any]:
    """The printable note: the verdict, each condition, what is left to do, what was answered."""
    sections: list[dict[str, Any]] = [
        {
            "title": _("La réponse"),
            "verdict": {"label": why.label, "tone": why.tone, "summary": why.summary},
            "text": [_("Cette réponse suit ce qui a été dit au formulaire : rien n’a été vérifié.")],
        }
    ]
    if why.next_steps:
        sections.append(
            {"title": _("Ce qu’il reste à faire"), "text": [f"– {step}" for step in why.next_steps]}
        )
    sections.append({"title": _("Pourquoi"), "conditions": [_printed(shown) for shown in why.conditions]})
    sections.append({"title": _("Ce qui a été répondu"), "facts": [row for row in answers if row["value"]]})
    authority = getattr(request, "authority", None)
    return {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": _("Économie sociale et solidaire : auto-évaluation"),
        "day": day(why.day),
        "source": _("règles au %(day)s, périmètre « %(version)s »")
        % {"day": day(why.day), "version": why.perimeter_version},
        "sections": sections,
    }


def _printed(shown: Shown) -> dict[str, Any]:
    return {
        "label": shown.label,
        "state": shown.state,
        "value": shown.value,
        "note": shown.note,
        "reference": shown.reference,
        "to_check": shown.to_check,
    }
