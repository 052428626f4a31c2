"""Accounts that people open by themselves: the address first proves itself by a link."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignUp(models.Model):
    """An address to which a link was sent to open an account. Only the hash of the link is kept."""

    email = models.EmailField(_("adresse électronique"))
    token_hash = models.CharField(max_length=64, unique=True)
    next_path = models.CharField(_("page où revenir"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("demandé le"))
    expires_at = models.DateTimeField(_("expire le"))
    used_at = models.DateTimeField(_("utilisé le"), null=True)

    class Meta:
        verbose_name = _("ouverture de compte")
        verbose_name_plural = _("ouvertures de compte")

    def __str__(self) -> str:
        return f"inscription {self.pk}"
