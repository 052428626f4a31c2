"""A supporter read from a list, before it is compared with the directory: what every form of list gives. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """`key` names it in the list, empty when the list has no names but its own. `place` is in words or a reference,
    empty for the whole of France.
    """

    line: int
    key: str
    values: Mapping[str, Any]
    marks: Mapping[str, tuple[str, ...]]
    place: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.values["name"])
