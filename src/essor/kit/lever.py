"""The face of the room."""

from django.utils.translation import gettext_lazy as _

from essor.accounts.access import agent_of_authority, content_editor
from essor.kernel.lever import Entry, Lever
from essor.kit.access_support import everyone
from essor.kit.adoption.directory_kind import DIRECTORY
from essor.kit.adoption.sectors_kind import SECTORS
from essor.kit.policies.access import keeps_policies

LEVER = Lever(
    code="kit",
    name="Boîte à outils",
    entries=[
        Entry(_("Boîte à outils"), "kit:contents", "lightbulb", everyone, section="Connaître"),
        Entry(_("Recettes"), "kit:recipes", "sparkles", everyone, section="Connaître", under="kit:contents"),
        Entry(_("Se former"), "kit:course", "graduation-cap", everyone, section="Connaître"),
        Entry(_("Qui accompagne ?"), "kit:support", "handshake", everyone, section="Connaître"),
        Entry(
            _("Objectifs (ODD)"), "kit:goals", "target", everyone, section="Connaître", under="kit:contents"
        ),
        Entry(
            _("Aides publiques"), "kit:aids", "hand-coins", everyone, section="Connaître", under="kit:support"
        ),
        Entry(
            _("Demandes d’orientation"),
            "kit:orientation-requests",
            "compass",
            agent_of_authority,
            section="Connaître",
            under="kit:support",
        ),
        Entry(
            _("Recettes adoptées"),
            "kit-authority:adoptions",
            "book-open",
            agent_of_authority,
            section="Connaître",
        ),
        Entry(
            _("Politiques sectorielles"),
            "kit-authority:policies",
            "layers",
            keeps_policies,
            section="Piloter",
        ),
        Entry(
            _("Textes de la boîte à outils"),
            "kit-admin:texts",
            "square-pen",
            content_editor,
            section="Administrer",
            framed=False,
        ),
    ],
    recipe_kinds=(SECTORS, DIRECTORY),
)
