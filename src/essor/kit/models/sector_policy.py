"""The list of sector policies of each authority: what all its acts are filed under."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.accounts.validators import validate_impersonal


class SectorPolicy(models.Model):
    """A sector policy of an authority. Its `code` never changes: acts bear it.

    `seed` is the policy of Essor's list that it belongs to, for figures of several authorities; "" when none.
    A policy that acts may bear is retired on a day, never erased; `merged_into` says which one goes on for it.
    """

    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, related_name="sector_policies"
    )
    code = models.SlugField(_("code"), max_length=60)
    label = models.CharField(_("nom"), max_length=120, validators=[validate_impersonal])
    rank = models.PositiveSmallIntegerField(_("ordre"))
    seed = models.CharField(_("politique de la liste d’Essor"), max_length=60, blank=True)
    service = models.ForeignKey(
        "accounts.Service",
        verbose_name=_("service responsable"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    retired_on = models.DateField(_("retirée le"), null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("politique sectorielle")
        verbose_name_plural = _("politiques sectorielles")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "code"],
                name="kit_sector_policy_code",
                violation_error_message=_("Une autre politique porte déjà ce code."),
            ),
            models.UniqueConstraint(
                fields=["authority", "label"],
                condition=Q(retired_on__isnull=True),
                name="kit_sector_policy_label",
                violation_error_message=_("Une autre politique porte déjà ce nom."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(retired_on__isnull=False),
                name="kit_sector_policy_merged_is_retired",
                violation_error_message=_("Une politique fondue dans une autre est retirée."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
