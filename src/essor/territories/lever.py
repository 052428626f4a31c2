"""The face of the territories: one common page, open to everyone."""

from django.utils.translation import gettext_lazy as _

from essor.kernel.access import everyone
from essor.kernel.lever import Entry, Lever

LEVER = Lever(
    code="territories",
    name="Territoires",
    entries=[
        Entry(_("Territoires"), "territories:index", "map", everyone, section="Connaître", framed=False),
    ],
)
