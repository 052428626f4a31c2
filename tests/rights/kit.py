"""Rights of the kit: who may see each address, and what its arguments are."""

from tests import kit_factories
from tests.rights.roles import EDITORS, EVERYONE, Allowed, Arguments
from tests.rights_made import AGENT, _path_token, _supporter

SUPPORT_KEEPING = ("supporter-add", "supporter-edit", "supporter-close")

ALLOWED: Allowed = {
    # the kit: fiches and recipes, open to all
    **{
        f"{space}:{name}": EVERYONE
        for space in ("kit", "authority-kit")
        for name in (
            "contents",
            "whole-pdf",
            "fiche",
            "fiche-pdf",
            "recipes",
            "recipe",
            "recipe-json",
            "recipe-yaml",
        )
    },
    # the support ecosystem
    **{
        f"{space}:{name}": EVERYONE
        for space in ("kit", "authority-kit")
        for name in ("support", "support-csv", "supporter", "aids", "aid")
    },
    **{
        f"{space}:{name}": EVERYONE
        for space in ("kit", "authority-kit")
        for name in ("orientation", "orientation-path", "orientation-pdf", "orientation-send")
    },
    **{f"kit:{name}": frozenset() for name in ("orientation-requests", "orientation-requests-csv")},
    **{
        f"authority-kit:{name}": frozenset({AGENT})
        for name in ("orientation-requests", "orientation-requests-csv")
    },
    "kit:aid-lists": EDITORS,
    "kit:aid-list": EDITORS,
    "authority-kit:aid-lists": frozenset(),
    "authority-kit:aid-list": frozenset(),
    **{f"kit:{name}": EDITORS for name in SUPPORT_KEEPING},
    **{f"authority-kit:{name}": frozenset({AGENT}) for name in SUPPORT_KEEPING},
}

ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:code": lambda world, code=code: code
        for space in ("kit", "authority-kit")
        for name, code in (
            ("fiche", "K12"),
            ("fiche-pdf", "K12"),
            ("recipe", "cit-er-44"),
            ("recipe-json", "cit-er-44"),
            ("recipe-yaml", "cit-er-44"),
        )
    },
    **{
        f"{space}:{name}:token": lambda world, framed=framed: _path_token(world, framed=framed)
        for space, framed in (("kit", False), ("authority-kit", True))
        for name in ("orientation-path", "orientation-pdf", "orientation-send")
    },
    **{
        f"{space}:aid:pk": lambda world: world.once("aid", kit_factories.AidFactory).pk
        for space in ("kit", "authority-kit")
    },
    **{
        f"{space}:aid-list:pk": lambda world: world.once("aid list", kit_factories.AidImportFactory).pk
        for space in ("kit", "authority-kit")
    },
    **{
        f"kit:{name}:pk": lambda world: _supporter(world, framed=False).pk
        for name in ("supporter", "supporter-edit", "supporter-close")
    },
    **{
        f"authority-kit:{name}:pk": lambda world: _supporter(world, framed=True).pk
        for name in ("supporter", "supporter-edit", "supporter-close")
    },
}
