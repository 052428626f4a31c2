"""Pages by which an authority writes its own version of a form: questions, one question, preview, versions.

The room's views check who may, then call these with a `Desk`. Nothing changes for those who answer until a version
is published.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from essor.kernel.questions import editing, versions
from essor.kernel.questions.definition import Form, Question
from essor.kernel.questions.django_form import SectionForm
from essor.kernel.questions.editor_form import QuestionForm
from essor.kernel.questions.kinds import kind_labels
from essor.kernel.questions.models import FormVersion
from essor.kernel.questions.reading import FormError
from essor.kernel.questions.uses import use_of
from essor.kernel.questions.words import condition_words

PUBLISH, DISCARD, BACK_TO_PACKAGE = "publier", "abandonner", "revenir"
UP, DOWN, REMOVE = "monter", "descendre", "retirer"


@dataclass(frozen=True)
class Desk:
    """Where a form is written: the form of the package, for whom, the addresses.

    `question_url` takes the code of a question, `add_url` that of a section. `kinds` are those offered; `locked` the
    questions whose words alone may change; `most` how many questions there may be; `settle` what is done to the form
    at each change, such as making texts private.
    """

    package: Form
    owner_id: int
    questions_url: str
    question_url: Callable[[str], str]
    add_url: Callable[[str], str]
    preview_url: str
    versions_url: str
    public_url: str
    kinds: Sequence[str] = ()
    locked: frozenset[str] = frozenset()
    most: int = 300
    advice: str = ""
    settle: Callable[[Form], Form] = lambda form: form
    context: Mapping[str, Any] = field(default_factory=dict)


def current(desk: Desk) -> tuple[FormVersion, bool]:
    """What is being written, or what is in force when nothing is; and whether it is a draft."""
    draft = versions.draft_of(desk.package.code, desk.owner_id)
    return (draft, True) if draft else (versions.in_force(desk.package, desk.owner_id), False)


def questions_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The questions in order; moving and taking away one, publishing, dropping the draft."""
    if request.method == "POST":
        return _act(request, desk)
    version, is_draft = current(desk)
    form = version.form()
    count = len(form.by_code)
    context = {
        "page_title": _("Les questions posées"),
        "whole": form,
        "revision": version.revision,
        "is_draft": is_draft,
        "sections": [_listed(desk, form, section) for section in form.sections],
        "changes": _changes(desk, form) if is_draft else [],
        "problems": _problems(form) if is_draft else [],
        "count": count,
        "most": desk.most,
        "full": count >= desk.most,
        "advice": desk.advice,
        "desk": desk,
        **desk.context,
    }
    return render(request, "kernel/questions/editor.html", context)


def _listed(desk: Desk, form: Form, section: Any) -> dict[str, Any]:
    labels = kind_labels()
    rows = [
        {
            "question": question,
            "kind": labels[question.kind],
            "when": condition_words(form, question.when) if question.when else "",
            "locked": question.code in desk.locked,
            "url": desk.question_url(question.code),
            "is_first": place == 0,
            "is_last": place == len(section.questions) - 1,
        }
        for place, question in enumerate(section.questions)
    ]
    return {"section": section, "rows": rows, "add_url": desk.add_url(section.code)}


def _changes(desk: Desk, form: Form) -> list[str]:
    return editing.differences(versions.in_force(desk.package, desk.owner_id).form(), form)


def _problems(form: Form) -> list[str]:
    check = use_of(form.code).check
    return check(form) if check else []


def _act(request: HttpRequest, desk: Desk) -> HttpResponse:
    sent = request.POST
    try:
        if PUBLISH in sent:
            _publish(request, desk)
        elif DISCARD in sent:
            versions.discard(desk.package.code, desk.owner_id)
            messages.success(request, _("Le brouillon est abandonné : rien n’a changé pour le public."))
        else:
            _edit_list(request, desk)
    except (FormError, versions.Refused, versions.Overtaken) as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(desk.questions_url)


def _publish(request: HttpRequest, desk: Desk) -> None:
    draft = versions.draft_of(desk.package.code, desk.owner_id)
    if draft is None or str(draft.revision) != request.POST.get("revision"):
        raise versions.Refused(_("Ce brouillon a changé, ou il est déjà publié : relisez-le."))
    done = versions.publish(draft, request.user.pk)
    messages.success(
        request,
        _("La version %(number)s est en ligne. Les réponses déjà données gardent leur version.")
        % {"number": done.version},
    )


def _edit_list(request: HttpRequest, desk: Desk) -> None:
    sent = request.POST
    draft = versions.open_draft(desk.package, desk.owner_id)
    form = draft.form()
    moves: dict[str, Callable[[str], Form]] = {
        UP: lambda code: editing.move(form, code, -1),
        DOWN: lambda code: editing.move(form, code, 1),
        REMOVE: lambda code: editing.remove(form, _free(desk, code)),
    }
    for name, edit in moves.items():
        if sent.get(name) in form.by_code:
            versions.change_draft(draft, desk.settle(edit(sent[name])), draft.revision)


def _free(desk: Desk, code: str) -> str:
    if code in desk.locked:
        raise FormError(_("Cette question ne se retire pas : le service en a besoin."))
    return code


def question_page(request: HttpRequest, desk: Desk, *, code: str = "", section: str = "") -> HttpResponse:
    """Write a question: the one of that code, or a new one at the end of a section."""
    version, is_draft = current(desk)
    whole = version.form()
    question = whole.by_code.get(code)
    if (code and question is None) or (section and whole.section(section) is None):
        raise Http404
    if question is None and len(whole.by_code) >= desk.most:
        messages.error(request, _too_many(desk))
        return HttpResponseRedirect(desk.questions_url)
    fields = QuestionForm(whole, question, request.POST or None, kinds=desk.kinds, locked=code in desk.locked)
    if request.method == "POST" and fields.is_valid() and _written(request, desk, fields, section):
        return HttpResponseRedirect(desk.questions_url)
    context = {
        "page_title": _("Modifier la question") if question else _("Ajouter une question"),
        "lead": desk.advice,
        "form": fields,
        "revision": version.revision if is_draft else 0,
        "submit_label": _("Garder dans le brouillon"),
        "cancel_url": desk.questions_url,
        **desk.context,
    }
    return render(request, "kernel/questions/editor_question.html", context)


def _too_many(desk: Desk) -> str:
    return _("Ce formulaire a %(most)s questions au plus : retirez-en une avant d’en ajouter une autre.") % {
        "most": desk.most
    }


def _written(request: HttpRequest, desk: Desk, fields: QuestionForm, section: str) -> bool:
    """Keep the question in the draft; False, with the reason on the form, when it cannot be."""
    draft = versions.open_draft(desk.package, desk.owner_id)
    seen = request.POST.get("revision")
    fresh = draft.revision == 1 and seen == "0"  # the draft has just been opened from what was seen
    if not fresh and seen != str(draft.revision):
        fields.add_error(
            None, _("Une autre personne a modifié ce brouillon entre-temps. Relisez-le, puis recommencez.")
        )
        return False
    made = fields.made()
    try:
        changed = (
            editing.change(draft.form(), made)
            if fields.question
            else editing.add(draft.form(), section, made)
        )
        settled = desk.settle(changed)
        refused = _own_problems(settled, made, draft.form())
        if refused:
            raise FormError(refused)
        versions.change_draft(draft, settled, draft.revision)
    except (FormError, versions.Overtaken) as refusal:
        fields.add_error(None, str(refusal))
        return False
    return True


def _own_problems(form: Form, made: Question, before: Form) -> str:
    """What the room refuses of this change; what it refused before is for the page of questions."""
    known = set(_problems(before))
    return " ".join(problem for problem in _problems(form) if problem not in known)


def preview_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form as people will see it; nothing is kept."""
    version, is_draft = current(desk)
    form = version.form()
    context = {
        "page_title": _("Aperçu : %(title)s") % {"title": form.title},
        "whole": form,
        "is_draft": is_draft,
        "forms": [SectionForm(form, section, {}, prefix=section.code) for section in form.sections],
        "back_url": desk.questions_url,
        **desk.context,
    }
    return render(request, "kernel/questions/preview.html", context)


def versions_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The versions published, what each changed, and the way back to the package's."""
    package = versions.package_version(desk.package)
    if request.method == "POST":
        if BACK_TO_PACKAGE in request.POST:
            versions.go_back(desk.package, desk.owner_id, request.user.pk)
            messages.success(request, _("Les questions d’Essor sont de nouveau en ligne."))
        return HttpResponseRedirect(desk.versions_url)
    own = list(FormVersion.objects.of(desk.package.code, desk.owner_id).published())
    before = [*own[1:], package]
    rows = [
        {
            "version": version,
            "in_force": version == own[0],
            "changes": editing.differences(former.form(), version.form()),
        }
        for version, former in zip(own, before, strict=False)
    ]
    context = {
        "page_title": _("Les versions des questions"),
        "rows": rows,
        "package": package,
        "differs": bool(own) and own[0].form().sections != package.form().sections,
        "newer": bool(own) and own[0].based_on < package.version,
        "back_url": desk.questions_url,
        **desk.context,
    }
    return render(request, "kernel/questions/versions.html", context)
