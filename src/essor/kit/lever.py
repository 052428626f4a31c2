"""The face of the room."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from essor.accounts.access import agent_of_authority, content_editor, signed_in, team_reader
from essor.kernel.access import Predicate
from essor.kernel.lever import Entry, Lever
from essor.kit.access_support import everyone
from essor.kit.adoption.directory_kind import DIRECTORY
from essor.kit.adoption.sectors_kind import SECTORS
from essor.kit.indicator_dimensions import DIMENSIONS
from essor.kit.policies.access import keeps_policies

KIT, COURSE, SUPPORT = "kit:contents", "kit:course", "kit:support"


def _known(label: Any, url_name: str, icon: str, access: Predicate, under: str = "") -> Entry:
    return Entry(label, url_name, icon, access, section="Connaître", under=under)


LEVER = Lever(
    code="kit",
    name="Boîte à outils",
    entries=[
        _known(_("Boîte à outils"), KIT, "lightbulb", everyone),
        _known(_("Recettes"), "kit:recipes", "sparkles", everyone, KIT),
        _known(_("Recettes adoptées"), "kit-authority:adoptions", "book-open", agent_of_authority, KIT),
        _known(_("Objectifs (ODD)"), "kit:goals", "target", everyone, KIT),
        _known(_("Se former"), COURSE, "graduation-cap", everyone),
        _known(_("Jeu : un mandat, dix décisions"), "kit:game", "target", everyone, COURSE),
        _known(_("Qui accompagne ?"), SUPPORT, "handshake", everyone),
        _known(_("Aides publiques"), "kit:aids", "hand-coins", everyone, SUPPORT),
        _known(_("Mes alertes sur les aides"), "kit:aid-alerts", "bell", signed_in, SUPPORT),
        _known(
            _("Demandes d’orientation"), "kit:orientation-requests", "compass", agent_of_authority, SUPPORT
        ),
        Entry(_("Autodiagnostic"), "kit:diagnosis", "compass", team_reader, section="Piloter"),
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
    dimensions=DIMENSIONS,
    recipe_kinds=(SECTORS, DIRECTORY),
)
