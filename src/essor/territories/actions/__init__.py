"""What changes the tables of territories: the reference division, the COG, outlines, priority neighbourhoods.

Each action runs in one transaction, leaves what is already the same, and writes one entry of the log.
"""

from essor.territories.actions.cog import load_cog
from essor.territories.actions.files import load_file
from essor.territories.actions.outlines import load_outlines
from essor.territories.actions.qpv import load_qpv
from essor.territories.actions.reference import load_reference
from essor.territories.actions.report import LoadReport
from essor.territories.actions.zonings import load_zoning

__all__ = [
    "LoadReport",
    "load_cog",
    "load_file",
    "load_outlines",
    "load_qpv",
    "load_reference",
    "load_zoning",
]
