"""Who buys, as callers may say it: the level of an authority names a local buyer."""

from collections.abc import Callable
from typing import Any

from essor.law.rules.competence_grounds import Level

LOCAL_WORDS = frozenset({"local", "local_authority", *(code for code, _label in Level.choices())})


def local_as(code: str) -> Callable[[Any], Any]:
    """Reads « departement », « commune »… as `code`; anything else stays as it is."""

    def read(raw: Any) -> Any:
        return code if isinstance(raw, str) and raw in LOCAL_WORDS else raw

    return read
