"""Rights of the indicators: who may see each address, and what its arguments are."""

from typing import Any

from tests.indicator_factories import BoardItemFactory, IndicatorFactory, ObservationFactory, TargetFactory
from tests.rights.roles import EDITORS, EVERYONE, Allowed, Arguments
from tests.rights_made import AGENT, World

READING = ("indicators", "indicator", "values-csv", "values-json", "embed")
KEEPING = ("define", "revise", "collect", "collect-file", "collect-model")
OWN = ("board", "board-item", "target-remove", "follow", "target")

ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space in ("indicators", "authority-indicators") for name in READING},
    **{f"indicators:{name}": EDITORS for name in KEEPING},
    **{f"authority-indicators:{name}": frozenset({AGENT}) for name in KEEPING},
    **{f"indicators:{name}": frozenset() for name in OWN},
    **{f"authority-indicators:{name}": frozenset({AGENT}) for name in OWN},
}


def _code(world: World, *, framed: bool) -> str:
    """An indicator with a series, of the authority in its frame, of the installation elsewhere."""

    def make() -> Any:
        row = IndicatorFactory(authority=world.authority if framed else None)
        for number in (2020, 2021):
            ObservationFactory(code=row.code, territory=world.authority.territory, number=number)
        return row

    return str(world.once(f"indicator {framed}", make).code)


def _item(world: World) -> int:
    agent = world.people[AGENT]

    def make() -> Any:
        return BoardItemFactory(
            user=agent,
            authority=world.authority,
            territory=world.authority.territory,
            code=_code(world, framed=True),
        )

    return int(world.once("board item", make).pk)


def _target(world: World) -> int:
    def make() -> Any:
        return TargetFactory(
            authority=world.authority, territory=world.authority.territory, code=_code(world, framed=True)
        )

    return int(world.once("target", make).pk)


ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:code": lambda world, framed=framed: _code(world, framed=framed)
        for space, framed in (("indicators", False), ("authority-indicators", True))
        for name in (*READING[1:], *KEEPING[1:], "follow", "target")
    },
    **{f"{space}:board-item:pk": _item for space in ("indicators", "authority-indicators")},
    **{f"{space}:target-remove:pk": _target for space in ("indicators", "authority-indicators")},
}
