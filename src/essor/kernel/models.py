"""Tables of the kernel: the audit log, background jobs, files, e-mails to send, and what periodic work last
did.
"""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

# Tables of the kernel too: Django looks for them here.
from essor.kernel.questions import models as _questions  # noqa: F401


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads of the audit log."""

    def about(self, kind: str, identifier: str) -> Self:
        """Entries whose subject is this thing, latest first."""
        return self.filter(subject_kind=kind, subject_id=identifier).order_by("-at", "-id")


class AuditEntry(models.Model):
    """One act that someone did. Only ever added: triggers refuse changes on both databases (`triggers.py`)."""

    at = models.DateTimeField(_("moment"))
    actor_id = models.BigIntegerField(_("personne"), null=True)
    authority_id = models.BigIntegerField(_("collectivité"), null=True)
    code = models.CharField(_("acte"), max_length=80)
    subject_kind = models.CharField(_("genre d’objet"), max_length=60)
    subject_id = models.CharField(_("objet"), max_length=64)
    data = models.JSONField(_("données"), default=dict)
    reason = models.TextField(_("motif"), blank=True, max_length=2000)

    objects: ClassVar[AuditQuerySet] = AuditQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("trace d’un acte")
        verbose_name_plural = _("journal des actes")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="kernel_audit_subject"),
            models.Index(fields=["authority_id", "-at"], name="kernel_audit_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_kind}:{self.subject_id}"


class JobState(models.TextChoices):
    """States of a job; `jobs.TRANSITIONS` says how one leads to another."""

    QUEUED = "queued", _("en attente")
    RUNNING = "running", _("en cours")
    DONE = "done", _("terminé")
    FAILED = "failed", _("échoué")
    CANCELLED = "cancelled", _("annulé")


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of the jobs."""

    def open(self) -> Self:
        """Those that wait or run."""
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def silent_since(self, moment: datetime) -> Self:
        """Those that run and gave no sign of life since."""
        return self.filter(state=JobState.RUNNING, heartbeat_at__lt=moment)


class Job(models.Model):
    """A work in the background: what to do, where it stands, what came out of it."""

    kind = models.CharField(_("genre"), max_length=60)
    params = models.JSONField(_("paramètres"), default=dict)
    state = models.CharField(_("état"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    step = models.CharField(_("étape"), max_length=200, blank=True)
    done = models.BigIntegerField(_("fait"), default=0)
    total = models.BigIntegerField(_("à faire"), null=True)
    checkpoint = models.JSONField(_("point de reprise"), default=dict)
    result = models.JSONField(_("résultat"), default=dict)
    error = models.TextField(_("erreur"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    cancel_asked = models.BooleanField(_("annulation demandée"), default=False)
    actor_id = models.BigIntegerField(_("personne"), null=True)
    authority_id = models.BigIntegerField(_("collectivité"), null=True)
    retry_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="retries", verbose_name=_("reprise de")
    )
    created_at = models.DateTimeField(_("demandé le"))
    started_at = models.DateTimeField(_("commencé le"), null=True)
    step_started_at = models.DateTimeField(_("étape commencée le"), null=True)
    heartbeat_at = models.DateTimeField(_("signe de vie"), null=True)
    finished_at = models.DateTimeField(_("fini le"), null=True)
    # Which run holds the job, in which process; a run that lost the job may write nothing more.
    run_token = models.CharField(max_length=32, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    task_id = models.CharField(max_length=40, blank=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="kernel_job_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values),
                name="kernel_job_state_known",
                violation_error_message=_("Cet état de travail n’existe pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} n° {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class StoredFile(models.Model):
    """A file that someone gave, private: only `files.serve` gives it, after the predicate of its purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(_("empreinte"), max_length=64, db_index=True)
    name = models.CharField(_("nom"), max_length=120)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.BigIntegerField(_("taille en octets"))
    purpose = models.CharField(_("usage"), max_length=60)
    authority_id = models.BigIntegerField(_("collectivité"), null=True)
    uploaded_by = models.BigIntegerField(_("déposé par"), null=True)
    created_at = models.DateTimeField(_("déposé le"))

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        indexes = [models.Index(fields=["purpose", "authority_id"], name="kernel_file_purpose")]

    def __str__(self) -> str:
        return self.name


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Reads of the outbox."""

    def due(self, now: datetime) -> Self:
        """Those to try now, oldest first."""
        return self.filter(sent_at__isnull=True, next_try__lte=now).order_by("next_try", "id")


class OutboxMessage(models.Model):
    """An e-mail to send. `next_try` empty and `sent_at` empty: given up."""

    to = models.EmailField(_("adresse"))
    subject = models.CharField(_("objet"), max_length=200)
    text = models.TextField(_("texte"))
    html = models.TextField(_("texte mis en forme"))
    created_at = models.DateTimeField(_("écrit le"))
    next_try = models.DateTimeField(_("prochain essai"), null=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    last_error = models.CharField(_("dernière erreur"), max_length=200, blank=True)

    objects: ClassVar[OutboxQuerySet] = OutboxQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("message à envoyer")
        verbose_name_plural = _("messages à envoyer")
        indexes = [models.Index(fields=["sent_at", "next_try"], name="kernel_outbox_due")]

    def __str__(self) -> str:
        return f"message n° {self.pk}"


class Beat(models.Model):
    """The last sign of life of a periodic work or of a worker."""

    name = models.CharField(_("nom"), max_length=100, primary_key=True)
    slot = models.DateTimeField(_("échéance prise"))
    started_at = models.DateTimeField(_("commencé le"), null=True)
    finished_at = models.DateTimeField(_("fini le"), null=True)
    failures = models.PositiveSmallIntegerField(_("échecs de suite"), default=0)
    message = models.CharField(_("résultat"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("signe de vie")
        verbose_name_plural = _("signes de vie")

    def __str__(self) -> str:
        return self.name
