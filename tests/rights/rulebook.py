"""Rights of the law: who may see each address, and what its arguments are."""

from tests.rights.roles import ADMINISTRATION, EVERYONE, TEAM, TEAM_MANAGERS, Allowed, Arguments
from tests.rights_made import _local_value, _note

ALLOWED: Allowed = {
    # questions to the law, open to all; the answers that an authority keeps are its own
    **{
        f"{space}:{name}": EVERYONE
        for space in ("rulebook", "authority-rulebook")
        for name in ("rules", "rule", "rule-json", "rule-pdf")
    },
    "rulebook-notes:list": TEAM,
    "rulebook-notes:csv": TEAM,
    "rulebook-notes:keep": TEAM,
    "rulebook-notes:note": TEAM,
    "rulebook-notes:pdf": TEAM,
    "rulebook-notes:withdraw": TEAM_MANAGERS,
    "rulebook-notes:erase": TEAM_MANAGERS,
    # the values of the law
    **{
        f"{space}:{name}": EVERYONE
        for space in ("rulebook", "authority-rulebook")
        for name in ("values", "value", "value-json", "changes", "changes-feed")
    },
    "rulebook-admin:local-values": ADMINISTRATION,
    "rulebook-admin:local-parameter-new": ADMINISTRATION,
    "rulebook-admin:local-value-new": ADMINISTRATION,
    "rulebook-admin:local-value-withdraw": ADMINISTRATION,
}

ARGUMENTS: Arguments = {
    "rule": lambda world: "scic_reserves",
    **{
        f"rulebook-notes:{name}:pk": lambda world: _note(world).pk
        for name in ("note", "pdf", "withdraw", "erase")
    },
    "identifier": lambda world: "procurement.no_publicity.supplies_services",
    "rulebook-admin:local-value-withdraw:pk": lambda world: _local_value(world).pk,
}
