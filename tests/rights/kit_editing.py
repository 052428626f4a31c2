"""Rights of the kit's corrections, adoptions and sector policies."""

from typing import Any

from tests import kit_editing_factories as factories
from tests.rights.roles import AGENTS, EDITORS, Allowed, Arguments
from tests.rights_made import ADMIN, AGENT, MANAGER, World

AGENT_ONLY = AGENTS - {ADMIN}
POLICY_PAGES = (
    "policies",
    "policy-add",
    "policies-order",
    "policies-reset",
    "policy",
    "policy-retire",
    "policy-merge",
)
TEXT_PAGES = ("text-edit", "text-versions", "text-go-back", "text-reset", "text-upgrade")

ALLOWED: Allowed = {
    # texts of the kit, corrected for the whole installation
    **{
        f"kit-admin:{name}": EDITORS
        for name in ("texts", "texts-export", "texts-import", "received", "received-recipe", *TEXT_PAGES)
    },
    # what an authority adds, adopts and sends away
    **{
        f"kit-authority:{name}": AGENT_ONLY
        for name in (
            "note",
            "adoptions",
            "adopt",
            "adoption",
            "adoption-renew",
            "adoption-end",
            "export",
            "received",
            "received-recipe",
            "adopt-received",
        )
    },
    **{f"kit-authority:{name}": frozenset({AGENT, MANAGER, ADMIN}) for name in POLICY_PAGES},
}


def _received(world: World) -> Any:
    return world.once("received recipe", factories.ReceivedRecipeFactory)


def _adoption(world: World) -> Any:
    make = lambda: factories.AdoptionFactory(authority=world.authority, code=factories.DIRECTORY)  # noqa: E731
    return world.once("adoption", make)


def _version(world: World) -> Any:
    return world.once("kit version", factories.VersionFactory)


ARGUMENTS: Arguments = {
    **{f"kit-admin:{name}:what": lambda world: "fiches" for name in TEXT_PAGES},
    **{f"kit-admin:{name}:code": lambda world: "K12" for name in TEXT_PAGES},
    "kit-admin:text-go-back:number": lambda world: _version(world).number,
    "kit-admin:received-recipe:pk": lambda world: _received(world).pk,
    "kit-authority:note:code": lambda world: "K12",
    "kit-authority:adopt:code": lambda world: factories.SECTORS,
    **{
        f"kit-authority:{name}:pk": lambda world: _adoption(world).pk
        for name in ("adoption", "adoption-renew", "adoption-end")
    },
    **{
        f"kit-authority:{name}:pk": lambda world: _received(world).pk
        for name in ("received-recipe", "adopt-received")
    },
    "kit-authority:export:kind": lambda world: "sectors",
    "kit-authority:export:key": lambda world: str(world.authority.pk),
    **{
        f"kit-authority:{name}:code": lambda world: "habitat"
        for name in ("policy", "policy-retire", "policy-merge")
    },
}
