"""Choices of the room: kinds of authorities, roles of the house, states of an invitation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuthorityKind(models.TextChoices):
    """What kind of public body an authority is."""

    REGION = "region", _("Région")
    DEPARTEMENT = "departement", _("Département")
    METROPOLE = "metropole", _("Métropole")
    EPCI = "epci", _("Intercommunalité")
    EPT = "ept", _("Établissement public territorial")
    COMMUNE = "commune", _("Commune")
    SYNDICAT = "syndicat", _("Syndicat mixte ou PETR")
    STATE = "etat", _("Service de l’État")
    OTHER = "autre", _("Autre organisme public")


class InstallationRoleKind(models.TextChoices):
    """Roles over the whole installation."""

    ADMINISTRATOR = "administrator", _("Administration de l’installation")
    EDITOR = "editor", _("Rédaction des contenus communs")


class Theme(models.TextChoices):
    """How light the screens are: value of the cookie `theme`, which the page reads before it is drawn."""

    AUTO = "auto", _("Comme mon appareil")
    LIGHT = "clair", _("Clair")
    DARK = "sombre", _("Sombre")


class InvitationState(models.TextChoices):
    """Where an invitation stands on a day; computed from its dates, never stored."""

    PENDING = "pending", _("En attente")
    ACCEPTED = "accepted", _("Acceptée")
    EXPIRED = "expired", _("Expirée")
    REVOKED = "revoked", _("Annulée")


# Roles in an authority that are not granted by a lever. `elected` is never granted: it is held through a mandate.
AGENT = "agent"
ELECTED = "elected"
EXPERT = "expert"
MANAGER = "manager"
