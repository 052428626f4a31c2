"""The face of the room."""

from django.utils.translation import gettext_lazy as _

from essor.accounts.access import agent_of_authority, team_reader
from essor.kernel.lever import Entry, Lever
from essor.kit.access_support import everyone

LEVER = Lever(
    code="kit",
    name="Boîte à outils",
    entries=[
        Entry(_("Boîte à outils"), "kit:contents", "lightbulb", everyone, section="Connaître"),
        Entry(_("Recettes"), "kit:recipes", "sparkles", everyone, section="Connaître"),
        Entry(_("Qui accompagne ?"), "kit:support", "handshake", everyone, section="Connaître"),
        Entry(_("Aides publiques"), "kit:aids", "hand-coins", everyone, section="Connaître"),
        Entry(
            _("Demandes d’orientation"),
            "kit:orientation-requests",
            "compass",
            agent_of_authority,
            section="Connaître",
        ),
        Entry(_("Autodiagnostic"), "kit:diagnosis", "target", team_reader, section="Piloter"),
    ],
)
