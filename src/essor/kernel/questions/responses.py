"""What people do with a form: start, save a section, submit. The only writer of the responses."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel import audit, files
from essor.kernel.models import StoredFile
from essor.kernel.questions.answers import kept, lacking, missing
from essor.kernel.questions.conditions import is_answered
from essor.kernel.questions.definition import FILE, Question
from essor.kernel.questions.files import PURPOSE
from essor.kernel.questions.models import FormVersion, Response, ResponseFile, ResponseState
from essor.kernel.questions.uses import use_of

audit.register("questions.submit", gettext_lazy("{actor} a envoyé ses réponses à « {title} »"))

ATTEMPTS = 20


class Overtaken(ValueError):
    """These answers changed elsewhere; `response` is as it stands, `questions` are those that differ."""

    def __init__(self, message: str, response: Response, questions: tuple[str, ...]) -> None:
        super().__init__(message)
        self.response, self.questions = response, questions


class Closed(ValueError):
    """The response is submitted: it changes no more. The message is in French."""


class Incomplete(ValueError):
    """Required answers are missing: `questions`. The message is in French."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__(" ".join(f"« {question.label} » : {lacking(question)}" for question in questions))
        self.questions = questions


def start(
    version: FormVersion,
    subject: str = "",
    *,
    respondent_id: int | None = None,
    authority_id: int | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Response:
    """A new response to a version, a draft; `answers` are those already known. Its form must have its use."""
    use_of(version.code)
    now = timezone.now()
    return Response.objects.create(
        form_version=version,
        subject=subject,
        respondent_id=respondent_id,
        authority_id=authority_id,
        token=secrets.token_urlsafe(16),
        answers=dict(answers or {}),
        created_at=now,
        saved_at=now,
    )


def save(response: Response, section: str, values: Mapping[str, Any], revision: int) -> Response:
    """Keep the values of a section, as read by `answers.clean`, over the revision that the person saw.

    Two people on two sections do not hinder each other. `Overtaken` when this very section says something else
    since then: nothing is written over. `Closed` once submitted. Gives the response as it stands.
    """
    for _attempt in range(ATTEMPTS):
        found = Response.objects.select_related("form_version").get(pk=response.pk)
        _open(found)
        changed = tuple(code for code, value in values.items() if found.answers.get(code) != value)
        if not changed:
            return found
        if found.marks.get(section, 0) > revision:
            raise Overtaken(_overtaken(found), found, changed)
        with transaction.atomic():
            if _written(found, section, values):
                _tie_files(found, values)
                return Response.objects.select_related("form_version").get(pk=response.pk)
    raise RuntimeError(f"response {response.pk}: {ATTEMPTS} savings failed")


def _written(found: Response, section: str, values: Mapping[str, Any]) -> bool:
    """Write over the revision just read, and only over it: the database decides between two that come at once."""
    merged = {**found.answers, **values}
    return bool(
        Response.objects.filter(pk=found.pk, revision=found.revision, state=ResponseState.DRAFT).update(
            answers={code: value for code, value in merged.items() if is_answered(value)},
            marks={**found.marks, section: found.revision + 1},
            revision=found.revision + 1,
            saved_at=timezone.now(),
        )
    )


def _open(found: Response) -> None:
    if not found.is_draft:
        raise Closed(_("Ces réponses sont envoyées : elles ne changent plus."))


def _overtaken(found: Response) -> str:
    at = timezone.localtime(found.saved_at)
    return _(
        "Cette partie a changé à %(hour)s, dans un autre onglet ou par une autre personne. Rien n’a été écrasé : "
        "vos réponses sont ci-dessous. Comparez, puis enregistrez de nouveau."
    ) % {"hour": f"{at:%H:%M}"}


def _tie_files(response: Response, values: Mapping[str, Any]) -> None:
    """Tie the files given to the response; forget those that they replace."""
    form = response.form_version.form()
    for code, value in values.items():
        question = form.by_code.get(code)
        if question is None or question.kind != FILE:
            continue
        new = value["id"] if value else None
        for former in ResponseFile.objects.filter(response=response, question=code).select_related("file"):
            if str(former.file_id) != new:
                files.delete(former.file)
        if new and not ResponseFile.objects.filter(response=response, file_id=new).exists():
            given = StoredFile.objects.get(pk=new, purpose=PURPOSE)
            ResponseFile.objects.create(response=response, question=code, file=given)


@transaction.atomic
def submit(response: Response, revision: int, *, actor_id: int | None = None) -> Response:
    """Send the response as the person saw it at `revision`: answers of hidden questions are dropped.

    `Incomplete`, `Overtaken` when it changed since, `Closed` when it is already sent.
    """
    found = Response.objects.select_related("form_version").get(pk=response.pk)
    _open(found)
    form = found.form_version.form()
    lacks = missing(form, found.answers)
    if lacks:
        raise Incomplete(lacks)
    now = timezone.now()
    answers = kept(form, found.answers)
    done = Response.objects.filter(pk=found.pk, revision=revision, state=ResponseState.DRAFT).update(
        state=ResponseState.SUBMITTED, answers=answers, submitted_at=now, saved_at=now, revision=revision + 1
    )
    if not done:
        raise Overtaken(_("Ces réponses ont changé depuis : relisez-les avant de les envoyer."), found, ())
    _drop_hidden_files(found, answers)
    audit.record(
        "questions.submit",
        actor_id=actor_id if actor_id is not None else found.respondent_id,
        subject=found,
        authority_id=found.authority_id,
        data={"title": form.title},
    )
    return Response.objects.select_related("form_version").get(pk=found.pk)


def _drop_hidden_files(response: Response, answers: Mapping[str, Any]) -> None:
    for tied in ResponseFile.objects.filter(response=response).exclude(question__in=answers):
        files.delete(tied.file)


def erase(responses: Any) -> int:
    """Erase responses with their files; gives how many."""
    count = 0
    for response in responses:
        for tied in response.files.select_related("file"):
            files.delete(tied.file)
        response.delete()
        count += 1
    return count
