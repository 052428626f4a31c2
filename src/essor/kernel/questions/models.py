"""Versions of forms, and the answers given under them."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.questions.definition import Form
from essor.kernel.questions.reading import read_form


@lru_cache(maxsize=128)
def _read(body: str, name: str) -> Form:
    """The form of a body: a list of a thousand responses reads it once."""
    return read_form(json.loads(body), name)


class Unchangeable(RuntimeError):
    """A published version was about to be changed."""


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    """Reads of the versions."""

    def of(self, code: str, owner_id: int | None) -> Self:
        """The versions of a form for an owner (None: the one that Essor comes with), latest first."""
        return self.filter(code=code, owner_id=owner_id).order_by("-version")

    def published(self) -> Self:
        """Those that are or were in force."""
        return self.filter(published_at__isnull=False)


class FormVersion(models.Model):
    """A form as it was published, for ever; or the draft of the next version.

    `owner_id` is the authority that made it its own; `based_on` the version of Essor's form it started from.
    """

    code = models.CharField(_("formulaire"), max_length=60)
    owner_id = models.BigIntegerField(_("collectivité"), null=True)
    version = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("contenu"))
    based_on = models.PositiveIntegerField(_("à partir de la version"), default=0)
    revision = models.PositiveIntegerField(_("révision"), default=1)
    created_at = models.DateTimeField(_("commencé le"))
    published_at = models.DateTimeField(_("publié le"), null=True)
    published_by_id = models.BigIntegerField(_("publié par"), null=True)

    _was_published = False

    objects: ClassVar[FormVersionQuerySet] = FormVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version d’un formulaire")
        verbose_name_plural = _("versions des formulaires")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "owner_id", "version"],
                condition=Q(owner_id__isnull=False),
                name="kernel_form_version",
                violation_error_message=_("Cette version existe déjà."),
            ),
            models.UniqueConstraint(
                fields=["code", "version"],
                condition=Q(owner_id__isnull=True),
                name="kernel_form_version_own",
                violation_error_message=_("Cette version existe déjà."),
            ),
            models.UniqueConstraint(
                fields=["code", "owner_id"],
                condition=Q(published_at__isnull=True),
                name="kernel_form_one_draft",
                violation_error_message=_("Un brouillon existe déjà."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless it is published: answers were given to these very words."""
        if self._was_published:
            raise Unchangeable(str(self))
        super().save(*args, **kwargs)

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        """Remember whether it was published."""
        found = super().from_db(db, field_names, values)
        found._was_published = "published_at" in found.__dict__ and found.published_at is not None
        return found

    def form(self) -> Form:
        """The form, read again from its body."""
        return _read(json.dumps(self.body), f"{self.code} v{self.version}")


class ResponseState(models.TextChoices):
    """States of a response."""

    DRAFT = "draft", _("en cours")
    SUBMITTED = "submitted", _("envoyée")


class ResponseQuerySet(models.QuerySet["Response"]):
    """Reads of the responses."""

    def to(self, code: str) -> Self:
        """Responses to a form, whatever its version."""
        return self.filter(form_version__code=code)

    def submitted(self) -> Self:
        """Those that were sent."""
        return self.filter(state=ResponseState.SUBMITTED)

    def last_moved_before(self, day: date) -> Self:
        """Those that nobody touched since that day."""
        return self.filter(saved_at__date__lt=day)


class Response(models.Model):
    """Answers to a version of a form, saved as one goes.

    `subject` says what it is about, « kit.diagnosis:12 »; `token` is its address for those without an account;
    `marks` keeps, by section, the revision at which it was last changed.
    """

    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="responses")
    subject = models.CharField(_("objet"), max_length=120, blank=True)
    authority_id = models.BigIntegerField(_("collectivité"), null=True)
    respondent_id = models.BigIntegerField(_("personne"), null=True)
    token = models.CharField(_("adresse"), max_length=32, unique=True)
    answers = models.JSONField(_("réponses"), default=dict)
    marks = models.JSONField(_("révisions par partie"), default=dict)
    state = models.CharField(
        _("état"), max_length=10, choices=ResponseState.choices, default=ResponseState.DRAFT
    )
    revision = models.PositiveIntegerField(_("révision"), default=1)
    created_at = models.DateTimeField(_("commencé le"))
    saved_at = models.DateTimeField(_("enregistré le"))
    submitted_at = models.DateTimeField(_("envoyé le"), null=True)

    objects: ClassVar[ResponseQuerySet] = ResponseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("réponse à un formulaire")
        verbose_name_plural = _("réponses aux formulaires")
        indexes = [
            models.Index(fields=["subject"], name="kernel_response_subject"),
            models.Index(fields=["form_version", "state"], name="kernel_response_version"),
            models.Index(fields=["respondent_id"], name="kernel_response_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ResponseState.values),
                name="kernel_response_state_known",
                violation_error_message=_("Cet état de réponse n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(state=ResponseState.DRAFT) | Q(submitted_at__isnull=False),
                name="kernel_response_sent_on",
                violation_error_message=_("Une réponse envoyée a sa date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_version} n° {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == ResponseState.DRAFT


class ResponseFile(models.Model):
    """A file given as an answer; it goes with the response."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="files")
    file = models.OneToOneField("kernel.StoredFile", models.CASCADE, related_name="+")
    question = models.CharField(_("question"), max_length=50)

    class Meta:
        verbose_name = _("pièce d’une réponse")
        verbose_name_plural = _("pièces des réponses")

    def __str__(self) -> str:
        return f"{self.response_id} {self.question}"
