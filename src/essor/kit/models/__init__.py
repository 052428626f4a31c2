"""Tables of the room."""

from essor.kit.models.support import Supporter, SupportMark

__all__ = ["SupportMark", "Supporter"]
