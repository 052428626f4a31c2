"""Rights of the self-diagnosis: who may see each address, and what its arguments are."""

from typing import Any

from tests import diagnosis_factories
from tests.rights.roles import EVERYONE, TEAM_READERS, Allowed, Arguments
from tests.rights_made import AGENT, ELECTED, World

READ = (
    "diagnosis", "diagnosis-campaign", "diagnosis-lever", "diagnosis-report", "diagnosis-csv",
    "diagnosis-questionnaire",
)  # fmt: skip
WRITTEN = (
    "diagnosis-open", "diagnosis-share", "diagnosis-settings", "diagnosis-invite", "diagnosis-remind",
    "diagnosis-finish",
)  # fmt: skip
LINKS = ("diagnosis-link", "diagnosis-answer", "diagnosis-section", "diagnosis-review")
OPEN = ("diagnosis-grid", "diagnosis-blank")

ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space in ("kit", "authority-kit") for name in OPEN},
    **{f"kit:{name}": frozenset() for name in (*READ, *WRITTEN, *LINKS, "diagnosis-respond")},
    **{f"authority-kit:{name}": TEAM_READERS for name in READ},
    **{f"authority-kit:{name}": frozenset({AGENT}) for name in WRITTEN},
    **{f"authority-kit:{name}": EVERYONE for name in LINKS},
    "authority-kit:diagnosis-respond": frozenset({AGENT, ELECTED}),
}


def _campaign(world: World) -> Any:
    return world.once("diagnosis", lambda: diagnosis_factories.campaign_of(world.authority))


def _token(world: World) -> str:
    """The address of an outsider who answered something."""

    def made() -> Any:
        return diagnosis_factories.answered(_campaign(world), "partner", {"portage": "3"})

    return str(world.once("respondent", made).response.token)


ARGUMENTS: Arguments = {
    **{
        f"{space}:{name}:pk": lambda world: _campaign(world).pk
        for space in ("kit", "authority-kit")
        for name in (*READ[1:], *WRITTEN[2:], "diagnosis-respond")
    },
    **{
        f"{space}:diagnosis-link:token": lambda world: _campaign(world).link
        for space in ("kit", "authority-kit")
    },
    **{
        f"{space}:{name}:token": _token
        for space in ("kit", "authority-kit")
        for name in ("diagnosis-answer", "diagnosis-section", "diagnosis-review")
    },
    **{f"{space}:diagnosis-lever:code": lambda world: "portage" for space in ("kit", "authority-kit")},
    **{f"{space}:diagnosis-section:code": lambda world: "porter" for space in ("kit", "authority-kit")},
}
