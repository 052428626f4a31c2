"""Rights of the official tables and of the published figures."""

from django.utils import timezone

from essor.observatory.models import LoadState, OfficialLoad
from tests.rights.roles import ADMINISTRATION, EVERYONE, Allowed, Arguments
from tests.rights_made import World

SPACES = ("observatory", "authority-observatory")
READING = ("sources", "release", "references", "references-csv", "references-json")
KEEPING = ("load", "zonings", "table-model", "release-decide")

ALLOWED: Allowed = {
    **{f"{space}:{name}": EVERYONE for space in SPACES for name in READING},
    **{f"{space}:{name}": ADMINISTRATION for space in SPACES for name in KEEPING},
}


def _release(world: World) -> int:
    def make() -> OfficialLoad:
        return OfficialLoad.objects.create(
            kind="flores", state=LoadState.IN_FORCE, source="Essai", vintage=2020, day=timezone.localdate(),
            file_name="essai.csv", sha256="0" * 64, given_at=timezone.now(), loaded_at=timezone.now(),
            codes=["flores.effectifs"], counts={"new": 3, "refused": 1},
        )  # fmt: skip

    return int(world.once("official table", make).pk)


ARGUMENTS: Arguments = {
    **{f"{space}:{name}:pk": _release for space in SPACES for name in ("release", "release-decide")},
    **{f"{space}:table-model:kind": lambda _world: "flores" for space in SPACES},
}
