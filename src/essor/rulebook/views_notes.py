"""The answers that an authority keeps: list, page, printable note, table, and what their authors may do."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.french import day, moment
from essor.kernel.periods import day_of, today
from essor.rulebook.access import may_keep_notes, may_withdraw
from essor.rulebook.actions_notes import Kept, erase_note, keep_note, withdraw_note
from essor.rulebook.asking import WHOLE as WHOLE_CASE
from essor.rulebook.asking import UnreadableCase, answer_of, answer_to, form_of
from essor.rulebook.catalogue import DAY, catalogue
from essor.rulebook.links import address as law_address
from essor.rulebook.models import Note
from essor.rulebook.notes_form import NoteForm, WithdrawForm
from essor.rulebook.printing import note_pdf, pdf_response
from essor.rulebook.rule_form import address_of
from essor.rulebook.shown import differences, rests_on_local_values
from essor.rulebook.views_rules import with_links

PAGE = 25


def _authority(request: HttpRequest) -> Authority:
    found: Authority = request.authority  # type: ignore[attr-defined]
    return found


def _user(request: HttpRequest) -> User:
    found: User = request.user  # type: ignore[assignment]
    return found


def address(note: Note | Authority, name: str, *args: Any) -> str:
    """Address of a page of the notes of an authority."""
    slug = note.slug if isinstance(note, Authority) else note.authority.slug
    return reverse(f"rulebook-notes:{name}", args=(slug, *args))


def _notes(request: HttpRequest) -> QuerySet[Note]:
    return Note.objects.of(_authority(request).pk).select_related(
        "authority", "author", "organisation__facts"
    )


def _note(request: HttpRequest, pk: int) -> Note:
    return get_object_or_404(_notes(request).select_related("withdrawn_by"), pk=pk)


def _found(request: HttpRequest) -> QuerySet[Note]:
    """The notes that the address asks for: words, rule, withdrawn ones or not."""
    rows = _notes(request).matching(request.GET.get("q", "")[:200])
    if request.GET.get("regle") in catalogue():
        rows = rows.filter(rule=request.GET["regle"])
    if request.GET.get("retirees") != "oui":
        rows = rows.filter(withdrawn_at__isnull=True)
    return rows


@access(may_keep_notes)
@require_safe
def note_list(request: HttpRequest) -> HttpResponse:
    """The notes of the authority, latest first."""
    page = Paginator(_found(request), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Réponses gardées"),
        "page_obj": page,
        "count": page.paginator.count,
        "rows": [(note, address(note, "note", note.pk), question_of(note)) for note in page],
        "rules": list(catalogue().values()),
        "query": request.GET.get("q", ""),
        "rule": request.GET.get("regle", ""),
        "withdrawn": request.GET.get("retirees") == "oui",
        "filtered": any(request.GET.get(name) for name in ("q", "regle", "retirees")),
        "csv_url": address(_authority(request), "csv"),
        "rules_url": law_address(request, "rules"),
    }
    return render(request, "rulebook/notes.html", context)


@access(may_keep_notes)
@require_safe
def note_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The notes of the list as a table."""
    head = [
        _("Titre"),
        _("Question"),
        _("Réponse"),
        _("Droit du"),
        _("Référence du dossier"),
        _("Organisation"),
        _("Gardée le"),
        _("Par"),
        _("Retirée le"),
        _("Adresse"),
    ]
    return csv_response(f"reponses-gardees-{today().isoformat()}", head, _lines(request))


def _lines(request: HttpRequest) -> Iterator[Sequence[Any]]:
    for note in _found(request).iterator(chunk_size=500):
        yield (
            note.title,
            question_of(note),
            note.shown["verdict"]["label"],
            note.law_day.isoformat(),
            note.reference,
            organisation_name(note),
            day_of(note.created_at).isoformat(),
            author_name(note),
            day_of(note.withdrawn_at).isoformat() if note.withdrawn_at else "",
            request.build_absolute_uri(address(note, "note", note.pk)),
        )


def question_of(note: Note) -> str:
    """The question as it is asked today; the name of the rule when this version no longer has it."""
    asked = catalogue().get(note.rule)
    return asked.question if asked else note.rule


def organisation_name(note: Note) -> str:
    """Name of the organisation of the register that the note speaks of; empty when there is none."""
    facts = getattr(note.organisation, "facts", None) if note.organisation_id else None
    return facts.name if facts else ""


def author_name(note: Note) -> str:
    """Name of who kept the note."""
    return note.author.full_name if note.author else _("une personne dont le compte n’existe plus")


@access(may_keep_notes)
@require_POST
def note_keep(request: HttpRequest, rule: str) -> HttpResponse:
    """Keep the answer to the case sent; the form again when its own fields hold something to correct."""
    if rule not in catalogue():
        raise Http404
    form = NoteForm(request.POST)
    try:
        answer = answer_to(form_of(request, catalogue()[rule]))
    except UnreadableCase as error:
        raise Http404(str(error)) from None
    if answer is None or answer.raw is None:
        messages.error(request, _("Ce cas n’a pas de réponse à garder : posez la question à nouveau."))
        return HttpResponseRedirect(law_address(request, "rule", rule))
    if form.is_valid():
        said = Kept(form.cleaned_data["title"], form.cleaned_data["reference"], form.cleaned_data["siren"])
        note = keep_note(_user(request), _authority(request), answer, said)
        messages.success(request, _("Réponse gardée. Elle ne changera plus, même si le droit change."))
        return HttpResponseRedirect(address(note, "note", note.pk))
    context = {
        "page_title": _("Garder cette réponse"),
        "form": form,
        "whole": request.POST.get(WHOLE_CASE, answer.as_json),
        "answer": answer,
        "cancel_url": f"{law_address(request, 'rule', rule)}?{answer.address}",
        "submit_label": _("Garder la réponse"),
    }
    return render(request, "rulebook/note_keep.html", context, status=422)


@access(may_keep_notes)
@require_safe
def note_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A note: the answer as it was given, and what the law of today would say."""
    note = _note(request, pk)
    context = {
        "page_title": note.title,
        "kind": question_of(note),
        "note": note,
        "shown": with_links(request, note.shown) | {"law_day": note.law_day},
        "facts": note_facts(note),
        "today": _today(note),
        "timeline": [
            {"day": line.day, "sentence": line.sentence, "author": line.author, "reason": line.reason}
            for line in audit.entries_for(note)
        ],
        "may_withdraw": may_withdraw(request, note),
        "pdf_url": address(note, "pdf", note.pk),
        "withdraw_url": address(note, "withdraw", note.pk),
        "erase_url": address(note, "erase", note.pk),
        "list_url": address(note, "list"),
        "again_url": _again(request, note),
    }
    return render(request, "rulebook/note.html", context)


def _again(request: HttpRequest, note: Note) -> str:
    """Address of the same question, filled in with the case of the note."""
    if note.rule not in catalogue():
        return ""
    query = address_of(catalogue()[note.rule].rule.input_schema, note.given)
    return f"{law_address(request, 'rule', note.rule)}?{query}"


def note_facts(note: Note) -> list[dict[str, str]]:
    """Who kept the note, when, for which file and organisation, until when."""
    facts = [
        {"label": _("Gardée le"), "value": moment(note.created_at)},
        {"label": _("Par"), "value": author_name(note)},
        {"label": _("Droit du"), "value": day(note.law_day)},
    ]
    if note.reference:
        facts.append({"label": _("Dossier"), "value": note.reference})
    if note.withdrawn_at:
        withdrawn = f"{day(note.withdrawn_at)} : {note.withdrawn_because}"
        facts.append({"label": _("Retirée le"), "value": withdrawn})
    if note.organisation_id:
        facts.append({"label": _("Organisation"), "value": organisation_name(note)})
    facts.append({"label": _("Conservée jusqu’au"), "value": day(note.kept_until)})
    return facts


def _today(note: Note) -> dict[str, Any]:
    """What the law of today says of the same case: the same, or what differs, or why it does not answer."""
    asked = catalogue().get(note.rule)
    if asked is None:
        return {"refusal": _("cette question n’est plus posée dans cette version.")}
    given = {**note.given, DAY: today().isoformat()}
    try:
        now = answer_of(asked, given)
    except ValueError as error:  # the form of the rule has changed since
        return {"refusal": str(error)}
    if now.raw is None:
        return {"refusal": now.refusal}
    return {
        "verdict": now.shown["verdict"],
        "changes": differences(note.shown, now.shown),
        "local": rests_on_local_values(now.shown),
    }


@access(may_keep_notes)
@require_safe
def note_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The printable note, with the answer as it was given."""
    note = _note(request, pk)
    content = note_pdf(
        request,
        title=note.title,
        rule=_("%s · réponse retirée") % question_of(note) if note.withdrawn_at else question_of(note),
        case=note.case,
        shown=note.shown,
        about=note_facts(note),
    )
    return pdf_response(content, f"note-{note.pk}-{note.law_day.isoformat()}")


_NOT_YOURS = gettext_lazy(
    "Seules la personne qui a gardé la réponse et les responsables de l’équipe la retirent."
)


@access(may_keep_notes)
@require_http_methods(["GET", "HEAD", "POST"])
def note_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a note no longer counts, and why."""
    note = _note(request, pk)
    if not may_withdraw(request, note):
        raise PermissionDenied(_NOT_YOURS)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_note(_user(request), note, form.cleaned_data["reason"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Réponse retirée : elle reste lisible, avec votre motif."))
        return HttpResponseRedirect(address(note, "note", note.pk))
    context = {
        "page_title": _("Retirer « %s »") % note.title,
        "lead": _("La réponse restera lisible, marquée comme retirée."),
        "form": form,
        "submit_label": _("Retirer cette réponse"),
        "cancel_url": address(note, "note", note.pk),
    }
    return render(request, "kernel/form_page.html", context, status=422 if form.errors else 200)


@access(may_keep_notes)
@require_POST
def note_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase a note for good."""
    note = _note(request, pk)
    if not may_withdraw(request, note):
        raise PermissionDenied(_NOT_YOURS)
    erase_note(_user(request), note)
    messages.success(request, _("Réponse effacée."))
    return HttpResponseRedirect(address(_authority(request), "list"))
