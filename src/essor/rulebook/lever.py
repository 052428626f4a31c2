"""The face of the room."""

from essor.kernel.lever import Lever

LEVER = Lever(code="rulebook", name="Règles et seuils")
