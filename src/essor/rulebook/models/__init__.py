"""Tables of the room."""

from essor.rulebook.models.note import Note

__all__ = ["Note"]
