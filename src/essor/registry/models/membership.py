"""Who may act for an organisation, from a day to another."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.claim import Claim
from essor.registry.models.identity import Organisation


class OrganisationMembershipQuerySet(models.QuerySet["OrganisationMembership"]):
    """Reads of memberships."""

    def on(self, day: date) -> "OrganisationMembershipQuerySet":
        """Memberships that hold on the day (periods are half-open)."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class OrganisationMembership(models.Model):
    """A person who may act for an organisation, from a day to another."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="organisation_memberships"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # How it was proved, and the domain of the address that proved it: what the person writes may prove others, or not.
    way = models.CharField(max_length=10, choices=Claim.Way, blank=True)
    proof_domain = models.CharField(max_length=254, blank=True)

    objects = OrganisationMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_membership_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                violation_error_message=_("La fin doit être après le début."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organisation_id}"
