"""The face of the room."""

from django.utils.translation import gettext_lazy as _

from essor.kernel.lever import Entry, Lever
from essor.rulebook.access import everyone, installation_admin, may_keep_notes

VALUES = "rulebook:values"

LEVER = Lever(
    code="rulebook",
    name="Règles et seuils",
    entries=[
        Entry(_("Règles et seuils"), VALUES, "scale", everyone, section="Connaître", public=True),
        Entry(
            _("Poser une question"),
            "rulebook:rules",
            "message-circle",
            everyone,
            section="Connaître",
            under=VALUES,
        ),
        Entry(
            _("Réponses gardées"),
            "rulebook-notes:list",
            "archive",
            may_keep_notes,
            section="Connaître",
            under=VALUES,
        ),
        Entry(
            _("Droit local"),
            "rulebook-admin:local-values",
            "pencil",
            installation_admin,
            section="Administrer",
            framed=False,
        ),
    ],
)
