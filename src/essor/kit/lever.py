"""The face of the room."""

from django.utils.translation import gettext_lazy as _

from essor.kernel.access import everyone
from essor.kernel.lever import Entry, Lever

LEVER = Lever(
    code="kit",
    name="Boîte à outils",
    entries=[
        Entry(_("Boîte à outils"), "kit:contents", "book-open", everyone, section="Connaître"),
        Entry(_("Recettes"), "kit:recipes", "list-checks", everyone, section="Connaître"),
    ],
)
