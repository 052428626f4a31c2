"""Rights of the page of families: open to all, as every published figure."""

from tests.rights.roles import EVERYONE, Allowed, Arguments

READING = ("families", "families-csv", "families-mapping")

ALLOWED: Allowed = {
    f"{space}:{name}": EVERYONE for space in ("observatory", "authority-observatory") for name in READING
}
ARGUMENTS: Arguments = {}
