"""Models of the room."""

from essor.rulebook.models.local_value import LocalLegalValue

__all__ = ["LocalLegalValue"]
