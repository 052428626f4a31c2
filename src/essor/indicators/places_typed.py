"""Territories that a file names: each looked for once, references of communes and others in few queries."""

from essor.indicators.forms import find_territory


class Places:
    """The ids of the territories of one file."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def resolve(self, written: str) -> int:
        """The id of a territory by its reference or its whole name. LookupError, in French, when there is none."""
        if written not in self._known:
            self._known[written] = find_territory(written).pk
        return self._known[written]
