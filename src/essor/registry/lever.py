"""The face of the register."""

from django.utils.translation import gettext_lazy as _

from essor.kernel.lever import Entry, Lever, Role
from essor.registry.access import (
    ORGANISATION_MEMBER,
    everyone,
    handles_requests,
    installation_admin,
    signed_in_outside_frames,
)

LEVER = Lever(
    code="registry",
    name="Registre",
    entries=[
        Entry(
            _("Registre de l’ESS"), "registry:list", "book-open", everyone, section="Connaître", public=True
        ),
        Entry(
            _("Suis-je de l’ESS ?"),
            "registry:self-assessment",
            "circle-help",
            everyone,
            section="Connaître",
            public=True,
        ),
        Entry(_("Demandes"), "requests", "inbox", handles_requests, section="Connaître"),
        Entry(_("Mes organisations"), "registry:mine", "building-2", signed_in_outside_frames),
        Entry(
            _("Éditions du registre"), "registry-admin:editions", "database", installation_admin, framed=False
        ),
        Entry(
            _("Périmètre de l’ESS"), "registry-admin:perimeters", "scale", installation_admin, framed=False
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
