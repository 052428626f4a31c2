"""Versions of a form: the one that Essor comes with, an authority's own, its draft, going back. The only writer."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel import audit
from essor.kernel.questions.definition import Form
from essor.kernel.questions.models import FormVersion
from essor.kernel.questions.reading import export, read_form
from essor.kernel.questions.uses import use_of

audit.register(
    "questions.publish", gettext_lazy("{actor} a publié la version {version} du formulaire « {title} »")
)


class Refused(ValueError):
    """The version cannot be published; the message, in French, says why."""


class Overtaken(ValueError):
    """Someone else changed the draft meanwhile; the message, in French, says what to do."""


def package_version(form: Form) -> FormVersion:
    """The version of the form that Essor comes with, kept the first time that it is used."""
    use_of(form.code)
    body = export(form)
    latest = FormVersion.objects.of(form.code, None).first()
    if latest is not None and latest.body == body:
        return latest
    now = timezone.now()
    number = max(form.version, latest.version + 1 if latest else 0)
    try:
        with transaction.atomic():
            return FormVersion.objects.create(
                code=form.code, version=number, body=body, created_at=now, published_at=now
            )
    except IntegrityError:  # another process kept it first
        return FormVersion.objects.of(form.code, None).published()[0]


def in_force(form: Form, owner_id: int | None) -> FormVersion:
    """The version that people answer: the authority's last published one, else that of Essor (`form`)."""
    own = FormVersion.objects.of(form.code, owner_id).published().first() if owner_id is not None else None
    return own or package_version(form)


def draft_of(code: str, owner_id: int) -> FormVersion | None:
    """The draft of an authority, None when it has none."""
    return FormVersion.objects.of(code, owner_id).filter(published_at__isnull=True).first()


def open_draft(form: Form, owner_id: int) -> FormVersion:
    """The authority's draft, made from the version in force when there is none."""
    found = draft_of(form.code, owner_id)
    if found is not None:
        return found
    current = in_force(form, owner_id)
    based_on = current.version if current.owner_id is None else current.based_on
    number = _next(form.code, owner_id)
    body = {**current.body, "version": number}
    try:
        with transaction.atomic():
            return FormVersion.objects.create(
                code=form.code,
                owner_id=owner_id,
                version=number,
                body=body,
                based_on=based_on,
                created_at=timezone.now(),
            )
    except IntegrityError:  # a colleague opened it at the same moment
        return FormVersion.objects.of(form.code, owner_id).filter(published_at__isnull=True)[0]


def _next(code: str, owner_id: int) -> int:
    last = FormVersion.objects.of(code, owner_id).first()
    return last.version + 1 if last else 1


def change_draft(draft: FormVersion, form: Form, revision: int) -> FormVersion:
    """Keep the draft as `form`. `Overtaken` when it changed since `revision`; `FormError` when it does not hold."""
    body = export(form)
    read_form(body, str(form.title))
    changed = FormVersion.objects.filter(pk=draft.pk, revision=revision, published_at__isnull=True).update(
        body=body, revision=revision + 1
    )
    if not changed:
        raise Overtaken(
            _("Une autre personne a modifié ce brouillon entre-temps. Relisez-le, puis recommencez.")
        )
    return FormVersion.objects.get(pk=draft.pk)


@transaction.atomic
def publish(draft: FormVersion, actor_id: int | None) -> FormVersion:
    """Put the draft in force; what was answered before keeps its version. `Refused` in French."""
    form = draft.form()
    check = use_of(form.code).check
    refusals = check(form) if check else []
    if refusals:
        raise Refused(" ".join(refusals))
    now = timezone.now()
    done = FormVersion.objects.filter(pk=draft.pk, revision=draft.revision, published_at__isnull=True).update(
        published_at=now, published_by_id=actor_id
    )
    if not done:
        raise Refused(_("Ce brouillon a changé, ou il est déjà publié : relisez-le."))
    _told(draft, form, actor_id)
    return FormVersion.objects.get(pk=draft.pk)


@transaction.atomic
def go_back(form: Form, owner_id: int, actor_id: int | None) -> FormVersion:
    """Publish again, as a new version of the authority, the form that Essor comes with; its draft is dropped."""
    package = package_version(form)
    discard(form.code, owner_id)
    now = timezone.now()
    number = _next(form.code, owner_id)
    found = FormVersion.objects.create(
        code=form.code,
        owner_id=owner_id,
        version=number,
        body={**package.body, "version": number},
        based_on=package.version,
        created_at=now,
        published_at=now,
        published_by_id=actor_id,
    )
    _told(found, form, actor_id)
    return found


def discard(code: str, owner_id: int) -> None:
    """Drop the draft of an authority, if any."""
    FormVersion.objects.of(code, owner_id).filter(published_at__isnull=True).delete()


def _told(version: FormVersion, form: Form, actor_id: int | None) -> None:
    audit.record(
        "questions.publish",
        actor_id=actor_id,
        subject=version,
        authority_id=version.owner_id,
        data={"version": version.version, "title": form.title},
    )
