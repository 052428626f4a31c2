"""Rights of the course and the game of the kit."""

from tests.rights.roles import EVERYONE, SIGNED_IN, Allowed, Arguments
from tests.rights_made import ADMIN, AGENT, MANAGER

SPACES = ("kit", "authority-kit")
OPEN = (
    "course",
    "course-pdf",
    "lesson",
    "lesson-pdf",
    "lesson-quiz",
    "attestation-check",
    "game",
    "game-play",
    "game-pdf",
)
MINE = (
    "lesson-read",
    "course-progress",
    "course-naming",
    "attestation",
    "attestation-pdf",
    "attestation-withdraw",
)
COUNTS = ("course-followers", "course-followers-csv")

ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space in SPACES for name in OPEN},
    **{f"{space}:{name}": SIGNED_IN for space in SPACES for name in MINE},
    **{f"kit:{name}": frozenset() for name in COUNTS},
    **{f"authority-kit:{name}": frozenset({AGENT, MANAGER, ADMIN}) for name in COUNTS},
}

ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:lesson": lambda world: "acheter"
        for space in SPACES
        for name in ("lesson", "lesson-pdf", "lesson-read", "lesson-quiz")
    },
    **{f"{space}:game-play:code": lambda world: "departement-K7Q2M" for space in SPACES},
}
