"""Choices of the self-diagnosis: who answers, where a campaign stands."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """In which quality a person answers."""

    ELECTED = "elected", _("Élue ou élu")
    AGENT = "agent", _("Agente ou agent")
    PARTNER = "partner", _("Partenaire")


class State(models.TextChoices):
    """Where a campaign stands; whether it still takes answers also hangs on its closing day."""

    OPEN = "open", _("En cours")
    AGREED = "agreed", _("Arrêté")


# Several people of a role, as sentences count them: a group that is shown has three people at least.
SEVERAL: dict[str, str | Promise] = {
    Role.ELECTED: _("personnes élues"),
    Role.AGENT: _("agentes et agents"),
    Role.PARTNER: _("partenaires"),
}
STAGES = (1, 2, 3, 4, 5)
# The five stages in a word or two: the described sentence is always the one of the lever.
STAGE_WORDS: dict[int, str | Promise] = {
    1: _("Rien encore"),
    2: _("Premiers pas"),
    3: _("En place"),
    4: _("Organisé"),
    5: _("Reconnu et évalué"),
}
