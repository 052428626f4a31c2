"""The face of the room, and the indicators that the register computes."""

from django.utils.translation import gettext_lazy as _

from essor.indicators.access import agent_of_authority, everyone
from essor.indicators.dimensions import DIMENSIONS
from essor.indicators.from_register import INDICATORS
from essor.kernel.lever import Entry, Lever

LIST = "indicators:indicators"

LEVER = Lever(
    code="indicators",
    name="Indicateurs",
    entries=[
        Entry(_("Indicateurs"), LIST, "chart-line", everyone, section="Piloter"),
        Entry(
            _("Mon tableau"),
            "indicators:board",
            "list-checks",
            agent_of_authority,
            section="Piloter",
            under=LIST,
        ),
    ],
    indicators=INDICATORS,
    dimensions=DIMENSIONS,
)
