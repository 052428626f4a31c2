"""The face of the room."""

from django.utils.translation import gettext_lazy as _

from essor.kernel.lever import Entry, Lever
from essor.observatory.access import everyone
from essor.observatory.official import INDICATORS

HOME = "observatory:observatory"

LEVER = Lever(
    code="observatory",
    name="Observatoire",
    entries=[
        Entry(_("Observatoire"), HOME, "chart-column", everyone, section="Connaître", public=True),
        Entry(_("Repères"), "observatory:references", "book-open", everyone, section="Connaître", under=HOME),
        Entry(
            _("Sources officielles"),
            "observatory:sources",
            "database",
            everyone,
            section="Connaître",
            under=HOME,
        ),
    ],
    indicators=INDICATORS,
)
