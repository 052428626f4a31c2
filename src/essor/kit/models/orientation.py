"""What project holders asked: codes, a place, what the authority's own questions ask, nobody's name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrientationRequest(models.Model):
    """The answers of a project holder, as codes; the path is worked out again from today's directory each time.

    `form_version` is the one that was answered: an answer keeps the words of its question.
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
    form_version = models.ForeignKey(
        "kernel.FormVersion", on_delete=models.PROTECT, related_name="+", verbose_name=_("questions posées")
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
