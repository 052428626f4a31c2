"""What ties organisations together, and what agents say of their life: successions, groups, closing."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class OrganisationLink(models.Model):
    """A dated tie from an organisation to another; undone rather than erased.

    Succession: `source` is the predecessor, `target` the successor. Group: `source` belongs to `target`.
    """

    class Kind(models.TextChoices):
        MERGER = "merger", _("Fusion")
        SPLIT = "split", _("Scission")
        TRANSFORMATION = "transformation", _("Transformation (changement de forme)")
        TAKEOVER = "takeover", _("Reprise d’activité")
        MEMBER = "member", _("Membre d’une fédération, d’une union ou d’un réseau")
        GROUP = "group", _("Entité d’un même groupe")
        BRANCH = "branch", _("Antenne ou section locale")

    SUCCESSIONS = (Kind.MERGER, Kind.SPLIT, Kind.TRANSFORMATION, Kind.TAKEOVER)
    GROUPS = (Kind.MEMBER, Kind.GROUP, Kind.BRANCH)

    kind = models.CharField(_("nature"), max_length=16, choices=Kind.choices)
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_in")
    day = models.DateField(_("date d’effet"), null=True, blank=True)
    note = models.CharField(_("précision"), max_length=300, blank=True)
    document = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    document_is_public = models.BooleanField(default=False)
    authority = models.ForeignKey("accounts.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)
    undone_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(undone_at__isnull=True),
                name="organisation_link_once",
                violation_error_message=_("Ce lien existe déjà."),
            ),
            models.CheckConstraint(
                name="organisation_link_between_two",
                condition=~Q(source=F("target")),
                violation_error_message=_("Une organisation ne peut pas être liée à elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"

    @property
    def is_succession(self) -> bool:
        """True for what passes from one to the next; False for a group."""
        return self.kind in self.SUCCESSIONS


class StateDeclaration(models.Model):
    """What an agent declared: closed on a day, or running again; the latest one holds."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="state_declarations"
    )
    state = models.CharField(max_length=10, choices=Organisation.State.choices)
    day = models.DateField(_("date"))
    reason = models.TextField(_("motif"))
    source = models.CharField(_("d’où vient l’information"), max_length=200)
    authority = models.ForeignKey("accounts.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now)
    declared_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-declared_at", "-id"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"
