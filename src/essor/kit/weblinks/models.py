"""Addresses on the web that were looked at, with what they answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.kit.enums_aids import LinkState


class WebLink(models.Model):
    """An address, whoever gives it: a supporter, an aid, a fiche. `moved_to` is where a permanent redirection leads.

    `failing_since` is the first day of a run of answers that tell nothing for sure (time out, server in trouble): the
    second day in a row, the address is dead.
    """

    url = models.CharField(_("adresse"), max_length=500, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=LinkState, default=LinkState.UNCHECKED)
    told = models.CharField(_("ce qui a été répondu"), max_length=200, blank=True)
    moved_to = models.CharField(_("nouvelle adresse"), max_length=500, blank=True)
    checked_on = models.DateField(_("vérifié le"), null=True, blank=True)
    failing_since = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("lien")
        verbose_name_plural = _("liens")
        indexes = [models.Index(fields=["state"], name="kit_weblink_state")]

    def __str__(self) -> str:
        return self.url
