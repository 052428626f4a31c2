"""Questions to the law: the list of rules, a rule with its form and its answer, the answer as JSON and as a PDF."""

from collections.abc import Iterator
from typing import Any

from django.forms import BoundField, RadioSelect
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel.access import access
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kernel.questions.widgets import rows_pressed
from essor.rulebook.access import everyone, may_keep_notes
from essor.rulebook.asking import (
    OTHER_DAY,
    Answer,
    UnreadableCase,
    answer_to,
    form_again,
    form_of,
    on_another_day,
)
from essor.rulebook.catalogue import DAY, Asked, by_field, catalogue
from essor.rulebook.links import address, pages_of
from essor.rulebook.notes_form import NoteForm
from essor.rulebook.printing import note_pdf, pdf_response
from essor.rulebook.rule_form import RuleForm, address_of, edited, when_words
from essor.rulebook.shown import Shown, differences, rests_on_local_values


@access(everyone)
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """The questions that the law answers, by field of action."""
    context = {
        "page_title": _("Poser une question au droit"),
        "fields": [
            (field, [(asked, address(request, "rule", asked.name)) for asked in rules])
            for field, rules in by_field()
        ],
    }
    return render(request, "rulebook/rules.html", context)


def _asked(name: str) -> Asked:
    try:
        return catalogue()[name]
    except KeyError:
        raise Http404(_("Cette règle n’existe pas : choisissez-la dans la liste des questions.")) from None


@access(everyone)
@limited("rule", "300/h/ip", visitors_only=True)  # cases too long for an address are posted
@require_http_methods(["GET", "HEAD", "POST"])
def rule_page(request: HttpRequest, rule: str) -> HttpResponse:
    """A question: its form, and the answer beside it once it is asked."""
    asked = _asked(rule)
    sent = request.POST if request.method == "POST" else request.GET
    if rows_pressed(sent):
        form = RuleForm(asked, edited(sent), {}, bound=False)
        return _page(request, form, None, None)
    try:
        form = form_of(request, asked)
    except UnreadableCase as error:
        raise Http404(str(error)) from None
    answer = answer_to(form)
    other = on_another_day(answer, sent.get(OTHER_DAY, "")) if answer else None
    if answer and answer.address:
        wanted = answer.address + (f"&{OTHER_DAY}={other.day.isoformat()}" if other else "")
        if request.method == "POST" or request.META["QUERY_STRING"] != wanted:
            return HttpResponseRedirect(f"{address(request, 'rule', asked.name)}?{wanted}")
    return _page(request, form_again(answer) if answer else form, answer, other)


def _page(request: HttpRequest, form: RuleForm, answer: Answer | None, other: Answer | None) -> HttpResponse:
    asked = form.asked
    title = asked.question
    context: dict[str, Any] = {
        "page_title": f"{_('Erreur')} · {title}" if form.errors else title,
        "heading": title,
        "asked": asked,
        "form": form,
        "groups": groups(form),
        "answer": answer,
        "list_url": address(request, "rules"),
        "page_url": address(request, "rule", asked.name),
        "examples": [
            (case, f"?{address_of(asked.rule.input_schema, case.input)}") for case in asked.examples
        ],
    }
    if answer is not None:
        context |= answered(request, answer, other)
    return render(request, "rulebook/rule.html", context)


def answered(request: HttpRequest, answer: Answer, other: Answer | None) -> dict[str, Any]:
    """What the page of an answer adds: how to share it, print it, keep it, and read it on another day."""
    query = f"?{answer.address}" if answer.address else ""
    page = address(request, "rule", answer.asked.name)
    both = sorted((one for one in (answer, other) if one is not None), key=lambda one: one.day)
    sides = [side(request, one) for one in both]
    context: dict[str, Any] = {
        "sides": sides,
        "shown": sides[both.index(answer)],
        "changes": _changes(both),
        "other": other,
        "share_url": request.build_absolute_uri(page + query) if query else "",
        "pdf_url": address(request, "rule-pdf", answer.asked.name),
        "json_url": address(request, "rule-json", answer.asked.name) + query if query else "",
        "has_day": DAY in answer.asked.rule.input_schema["properties"],
    }
    if answer.raw is not None and may_keep_notes(request):
        initial = {"title": answer.asked.question}
        context["note_form"] = NoteForm(initial=initial)
    return context


def _changes(both: list[Answer]) -> list[dict[str, str]] | None:
    """What differs from the older day to the later one; None when one of them has no answer."""
    if len(both) < 2 or any(one.raw is None for one in both):
        return None
    return differences(both[0].shown, both[1].shown)


def side(request: HttpRequest, answer: Answer) -> Shown:
    """An answer as the template reads it: its texts lead to the pages of the values of the law."""
    if answer.raw is None:
        return {"day": answer.day.isoformat(), "law_day": answer.day, "refusal": answer.refusal}
    return with_links(request, answer.shown) | {"law_day": answer.day}


def with_links(request: HttpRequest, shown: Shown) -> Shown:
    """The answer for a template: each text with the address of the value it gives, each cell with its column."""
    page = pages_of(request)
    references = [
        row | {"url": page(row["parameter"]) if row["parameter"] else ""} for row in shown["references"]
    ]
    tables = [table | {"cells": [_cells(table, row) for row in table["rows"]]} for table in shown["tables"]]
    return shown | {"references": references, "tables": tables, "local": rests_on_local_values(shown)}


def _cells(table: Shown, row: list[str]) -> list[Shown]:
    return [column | {"text": text} for column, text in zip(table["columns"], row, strict=True)]


# ── The form, in groups ──


def groups(form: RuleForm) -> dict[str, Any]:
    """The fields in the order of the form: those asked first, then those folded under « Préciser »."""
    first = list(_items(form, form.asked.first))
    rest = list(_items(form, [name for name in form.schema["properties"] if name not in form.asked.first]))
    said = any(_is_said(item) for item in rest)
    return {"first": first, "rest": rest, "open": said}


def _items(form: RuleForm, names: Any) -> Iterator[dict[str, Any]]:
    tables = {table.name: table for table in form.tables}
    for name in names:
        if name in tables:
            yield {"table": tables[name], "when": ""}
            continue
        for key in form.main.fields:
            if key == name or key == f"{name}_autres":
                field = form.main[key]
                yield {"field": field, "when": _when(form, name), "short": _is_short(field)}


def _is_short(field: BoundField) -> bool:
    """Do the choices fit in one line, as yes and no do?"""
    choices = getattr(field.field, "choices", ())
    return isinstance(field.field.widget, RadioSelect) and all(
        len(str(label)) < 16 for _code, label in choices
    )


def _when(form: RuleForm, name: str) -> str:
    """The condition under which a field matters, as the script reads it."""
    return when_words(form.asked.when.get(name, {}))


def _is_said(item: dict[str, Any]) -> bool:
    field = item.get("field")
    if field is None:
        return any(row.form.is_bound for row in item["table"].rows)
    if field.errors:
        return True
    return bool(field.form.is_bound and field.field.has_changed(field.initial, field.data))


# ── Other forms of the answer ──


@access(everyone)
@limited("rule-json", "600/h/ip", reading=True, visitors_only=True)
@require_safe
def rule_json(request: HttpRequest, rule: str) -> JsonResponse:
    """The answer as `essor law rule NAME --json` gives it; 400 with the problems when the case cannot be read."""
    asked = _asked(rule)
    try:
        form = form_of(request, asked)
    except UnreadableCase as error:
        return _json({"problems": [str(error)]}, 400)
    if not form.bound:
        return _json({"name": asked.name, "title": asked.rule.title, "input": asked.rule.input_schema})
    answer = answer_to(form)
    if answer is None:
        return _json({"problems": problems(form)}, 400)
    if answer.raw is None:
        return _json({"problems": [answer.refusal]}, 422)
    return _json(answer.raw)


def _json(content: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def problems(form: RuleForm) -> list[str]:
    """Everything to correct, one sentence a fault, each with the words of its field."""
    found = list(form.refused)
    for part, title in [
        (form.main, ""),
        *((row.form, table.title) for table in form.tables for row in table.rows),
    ]:
        for name, errors in part.errors.items():
            label = part.fields[name].label if name in part.fields else title
            found += [f"{label} : {error}" for error in errors]
    return found


@access(everyone)
@limited("pdf", "60/h/ip", reading=True, visitors_only=True)  # each one starts Typst
@require_http_methods(["GET", "HEAD", "POST"])
def rule_pdf(request: HttpRequest, rule: str) -> HttpResponse:
    """The printable note of an answer; the form again when the case cannot be read."""
    asked = _asked(rule)
    try:
        answer = answer_to(form_of(request, asked))
    except UnreadableCase as error:
        raise Http404(str(error)) from None
    if answer is None or answer.raw is None:
        return HttpResponseRedirect(address(request, "rule", asked.name))
    content = note_pdf(
        request, title=asked.question, rule=asked.rule.title, case=answer.case, shown=answer.shown
    )
    return pdf_response(content, f"{asked.name}-{today().isoformat()}")
