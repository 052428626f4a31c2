"""Models of the room: values that the installation adds to the law, answers that authorities keep."""

from essor.rulebook.models.local_value import LocalLegalValue
from essor.rulebook.models.note import Note

__all__ = ["LocalLegalValue", "Note"]
