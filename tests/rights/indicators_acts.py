"""Rights of the acts behind figures, of the tokens of programs and of the files of all territories."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.indicator_factories import TokenFactory
from tests.rights.indicators import _code
from tests.rights.roles import EDITORS, EVERYONE, Allowed, Arguments
from tests.rights_made import AGENT, World

SPACES = ("indicators", "authority-indicators")
# `values` answers 401 by itself: no session opens it, whoever asks.
READING = ("acts", "acts-csv", "everywhere", "values")
KEEPING = ("tokens", "token-revoke")

ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space in SPACES for name in READING},
    **{f"indicators:{name}": EDITORS for name in KEEPING},
    **{f"authority-indicators:{name}": frozenset({AGENT}) for name in KEEPING},
}


def _token(world: World, *, framed: bool) -> int:
    def make() -> Any:
        day = timezone.localdate() + timedelta(days=30)
        return TokenFactory(authority=world.authority if framed else None, expires_on=day)

    return int(world.once(f"collect token {framed}", make).pk)


ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:code": lambda world, framed=framed: _code(world, framed=framed)
        for space, framed in zip(SPACES, (False, True), strict=True)
        for name in READING
    },
    **{f"{space}:everywhere:extension": lambda _world: "csv" for space in SPACES},
    **{
        f"{space}:token-revoke:pk": lambda world, framed=framed: _token(world, framed=framed)
        for space, framed in zip(SPACES, (False, True), strict=True)
    },
}
