"""What project holders asked: codes and a place, nobody's name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrientationRequest(models.Model):
    """The answers of a project holder, as codes; the path is worked out again from today's directory each time.

    `token` is the address of the path. `territory` is never smaller than an intercommunalité: the answers of a
    small commune could tell who gave them.
    """

    token = models.CharField(max_length=32, unique=True)
    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    territory = models.ForeignKey(
        "territories.Territory", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answers = models.JSONField(_("réponses"))
    unmet = models.JSONField(_("besoins sans réponse"), default=list)
    asked_on = models.DateField(_("demandé le"))

    class Meta:
        verbose_name = _("demande d’orientation")
        ordering = ["-asked_on", "-pk"]
        indexes = [models.Index(fields=["authority", "asked_on"], name="kit_orientation_asked")]

    def __str__(self) -> str:
        return f"{self.asked_on}"
