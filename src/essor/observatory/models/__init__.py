"""Tables of the room."""

from essor.observatory.models.area import Area
from essor.observatory.models.official import LoadState, OfficialCell, OfficialLoad, TableKind
from essor.observatory.models.quarter import QuarterFigure

__all__ = ["Area", "LoadState", "OfficialCell", "OfficialLoad", "QuarterFigure", "TableKind"]
