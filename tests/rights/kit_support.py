"""Rights of the support ecosystem of the kit: alerts, links, lists of supporters, goals."""

from tests import kit_factories
from tests.rights.roles import EDITORS, EVERYONE, SIGNED_IN, Allowed, Arguments
from tests.rights_made import AGENT, World, _person

FRAMES = (("kit", False), ("authority-kit", True))
KEEPING = (
    "weblinks",
    "weblinks-csv",
    "supporter-imports",
    "supporter-sample",
    "supporter-inclusion",
    "supporter-import",
)
OPEN = (
    "aid-alert-new",
    "aid-alert-confirm",
    "aid-alert-open",
    "aid-alert-stop",
    "goals",
    "goals-csv",
    "goal",
)
MINE = ("aid-alerts", "aid-alert", "aid-alert-erase")


def _alert(world: World, *, framed: bool) -> int:
    # Another person's alert is not found, which its own tests show; here, who may ask at all.
    authority = world.authority if framed else None
    make = lambda: kit_factories.AidAlertFactory(user=_person(world), authority=authority)  # noqa: E731
    return int(world.once(f"aid alert {framed}", make).pk)


def _alert_token(world: World, *, framed: bool) -> str:
    authority = world.authority if framed else None
    make = lambda: kit_factories.AidAlertFactory(email="visiteur@example.org", authority=authority)  # noqa: E731
    return str(world.once(f"aid alert of a visitor {framed}", make).token)


def _list(world: World, *, framed: bool) -> int:
    authority = world.authority if framed else None
    make = lambda: kit_factories.SupporterImportFactory(authority=authority)  # noqa: E731
    return int(world.once(f"list of supporters {framed}", make).pk)


ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space, _framed in FRAMES for name in OPEN},
    **{f"{space}:{name}": SIGNED_IN for space, _framed in FRAMES for name in MINE},
    **{f"kit:{name}": EDITORS for name in (*KEEPING, "aid-goals")},
    **{f"authority-kit:{name}": frozenset({AGENT}) for name in KEEPING},
    "authority-kit:aid-goals": frozenset(),
}

ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:pk": lambda world, framed=framed: _alert(world, framed=framed)
        for space, framed in FRAMES
        for name in ("aid-alert", "aid-alert-erase")
    },
    **{
        f"{space}:{name}:token": lambda world, framed=framed: _alert_token(world, framed=framed)
        for space, framed in FRAMES
        for name in ("aid-alert-confirm", "aid-alert-open", "aid-alert-stop")
    },
    **{
        f"{space}:supporter-import:pk": lambda world, framed=framed: _list(world, framed=framed)
        for space, framed in FRAMES
    },
    **{f"{space}:goal:number": lambda world: 8 for space, _framed in FRAMES},
    **{
        f"{space}:aid-goals:pk": lambda world: world.once("aid", kit_factories.AidFactory).pk
        for space, _framed in FRAMES
    },
}
