"""The face of the room."""

from essor.kernel.lever import Lever

LEVER = Lever(code="kit", name="Boîte à outils")
