"""Who an organisation is: a row that never disappears, the numbers that registers gave it, its places.

Acts point to these, never to facts.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.text import sort_key


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations."""

    def visible(self) -> "OrganisationQuerySet":
        """Organisations of the register in force that anybody may see."""
        return self.filter(is_public=True, facts__present=True)


class Organisation(models.Model):
    """One legal or de facto person; its id never changes or disappears."""

    class State(models.TextChoices):
        ACTIVE = "active", _("En activité")
        CLOSED = "closed", _("Fermée")

    name = models.CharField(_("nom"), max_length=300)
    sort_key = models.CharField(max_length=300, db_index=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    closed_on = models.DateField(_("fermée le"), null=True, blank=True)
    is_public = models.BooleanField(default=True)
    # The one that absorbed this duplicate: its page leads there.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                name="organisation_closed_has_a_date",
                condition=Q(state="active", closed_on__isnull=True) | Q(state="closed"),
                violation_error_message=_("Une organisation en activité n’a pas de date de fermeture."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.name)[:300]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Identifier(models.Model):
    """A number that a public register gave to an organisation; unique in its scheme."""

    class Scheme(models.TextChoices):
        SIREN = "siren", _("Siren")
        RNA = "rna", _("RNA")
        OTHER = "other", _("Autre")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme.choices)
    value = models.CharField(max_length=40)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_once_in_its_scheme",
                violation_error_message=_("Cet identifiant appartient déjà à une autre organisation."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class Establishment(models.Model):
    """A place where an organisation works, known by its SIRET when it has one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="establishments")
    siret = models.CharField(max_length=14, unique=True, null=True)  # noqa: DJ001  (unknown, and still unique)

    def __str__(self) -> str:
        return self.siret or f"#{self.pk}"
