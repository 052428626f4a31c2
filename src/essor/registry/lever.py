"""The face of the register."""

from django.utils.translation import gettext_lazy as _

from essor.accounts.access import agent_of_authority, content_editor, signed_in
from essor.kernel.lever import Entry, Lever, Role
from essor.registry.access import (
    ORGANISATION_MEMBER,
    everyone,
    handles_requests,
    installation_admin,
    signed_in_outside_frames,
    works_on_register,
)
from essor.registry.directories.access import imports_directories

REGISTER = "registry:list"
UPKEEP, SETTINGS = "Tenir le registre", "Administrer"

LEVER = Lever(
    code="registry",
    name="Registre",
    entries=[
        Entry(_("Registre de l’ESS"), REGISTER, "book-open", everyone, section="Connaître", public=True),
        Entry(
            _("Suis-je de l’ESS ?"),
            "registry:self-assessment",
            "circle-help",
            everyone,
            section="Connaître",
            public=True,
            under=REGISTER,
        ),
        Entry(
            _("Quartiers prioritaires"),
            "registry:qpv",
            "map-pin",
            everyone,
            section="Connaître",
            under=REGISTER,
        ),
        Entry(
            _("Mes recherches"), "registry:searches", "save", signed_in, section="Connaître", under=REGISTER
        ),
        Entry(_("Mes organisations"), "registry:mine", "building-2", signed_in_outside_frames),
        Entry(_("Demandes"), "requests", "inbox", handles_requests, section=UPKEEP),
        Entry(_("Alertes"), "registry-alerts:list", "bell", agent_of_authority, section=UPKEEP),
        Entry(_("Doublons"), "registry:duplicates", "copy", works_on_register, section=UPKEEP),
        Entry(_("Étiquettes"), "registry:tag-renewals", "tag", works_on_register, section=UPKEEP),
        Entry(_("Annuaires"), "registry:directories", "list-checks", imports_directories, section=UPKEEP),
        Entry(
            _("Éditions"),
            "registry-admin:editions",
            "database",
            installation_admin,
            section=SETTINGS,
            framed=False,
        ),
        Entry(
            _("Mots de la recherche"),
            "registry-admin:search-words",
            "search",
            content_editor,
            section=SETTINGS,
            framed=False,
        ),
        Entry(
            _("Périmètre de l’ESS"),
            "registry-admin:perimeters",
            "scale",
            installation_admin,
            section=SETTINGS,
            framed=False,
        ),
    ],
    roles=[
        Role(
            ORGANISATION_MEMBER,
            _("Membre d’une organisation"),
            _("Agir au nom d’une organisation du registre, pendant la durée du rattachement."),
            scope="organisation",
        )
    ],
)
