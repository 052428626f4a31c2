"""The face of the room."""

from django.utils.translation import gettext_lazy as _

from essor.kernel.access import everyone
from essor.kernel.lever import Entry, Lever
from essor.rulebook.access_notes import may_keep_notes

LEVER = Lever(
    code="rulebook",
    name="Règles et seuils",
    entries=[
        Entry(_("Que dit le droit ?"), "rulebook:rules", "scale", everyone, section="Connaître", public=True),
        Entry(_("Réponses gardées"), "rulebook-notes:list", "archive", may_keep_notes, section="Connaître"),
    ],
)
