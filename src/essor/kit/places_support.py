"""The territory that a person names: « Muret (commune:31395) » as suggested, a reference, a name, a postal code."""

import re

from essor.territories import queries
from essor.territories.models import Territory

_WRITTEN = re.compile(r".*\((france|[a-z]+:\w+)\)", re.IGNORECASE)
MAX_ASKED = 100


def place_asked(text: str) -> Territory | None:
    """The likeliest territory, None when none answers to it."""
    asked = text.strip()[:MAX_ASKED]
    if not asked:
        return None
    written = _WRITTEN.fullmatch(asked)
    ref = written[1] if written else asked
    if ref.lower() == "france" or ":" in ref:
        try:
            return queries.resolve(ref)
        except (LookupError, ValueError, Territory.DoesNotExist):
            return None
    return next(iter(queries.search(asked, limit=1)), None)


class Places:
    """Places as the answers of a form: kept as a reference, « commune:31395 », shown by their name."""

    def resolve(self, typed: str) -> str | None:
        """The reference of the likeliest territory."""
        found = place_asked(typed)
        return found.ref if found else None

    def name(self, code: str) -> str:
        """The name of the territory; the reference itself when none answers to it."""
        try:
            return queries.resolve(code).name
        except (LookupError, ValueError, Territory.DoesNotExist):
            return code


PLACES = Places()
