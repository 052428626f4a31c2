"""Rights of the questions of the orientation: the agents of the authority, and nobody on the common pages."""

from tests.rights.roles import Allowed, Arguments
from tests.rights_made import AGENT

PAGES = (
    "orientation-questions",
    "orientation-question-add",
    "orientation-question",
    "orientation-questions-preview",
    "orientation-questions-versions",
)

ALLOWED: Allowed = {
    **{f"kit:{name}": frozenset() for name in PAGES},
    **{f"authority-kit:{name}": frozenset({AGENT}) for name in PAGES},
}

ARGUMENTS: Arguments = {
    f"{space}:orientation-question:code": lambda world: "stage" for space in ("kit", "authority-kit")
}
