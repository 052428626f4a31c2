"""Rights of the observatory: who may see each address, and what its arguments are."""

from tests.rights.roles import EVERYONE, Allowed, Arguments

READING = ("observatory",)

ALLOWED: Allowed = {
    f"{space}:{name}": EVERYONE for space in ("observatory", "authority-observatory") for name in READING
}
ARGUMENTS: Arguments = {}
