"""Sets of roles that the tables of rights use, and the shape of these tables."""

from collections.abc import Callable
from typing import Any

from tests.rights_made import (
    ADMIN,
    AGENT,
    EDITOR,
    ELECTED,
    EXPERT,
    MANAGER,
    ORGANISATION,
    ROLES,
    VISITOR,
    World,
)

# The name of an address, with its namespace → the roles that may see it.
Allowed = dict[str, frozenset[str]]
# An address and its argument, or the argument alone → what makes it.
Arguments = dict[str, Callable[[World], Any]]

EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {VISITOR}
ADMINISTRATION = frozenset({ADMIN})
TEAM = frozenset({AGENT, MANAGER, ELECTED, EXPERT})
TEAM_READERS = frozenset({AGENT, MANAGER, ELECTED, ADMIN})
# Managers of the team, who also are members of it; the author of the thing is another agent in the walk.
TEAM_MANAGERS = frozenset({MANAGER})
EDITORS = frozenset({EDITOR, ADMIN})
MANAGERS = frozenset({MANAGER, ADMIN})
AGENTS = frozenset({AGENT, ADMIN})
WRITERS = frozenset({ORGANISATION, AGENT, ADMIN})
HANDLERS = frozenset({AGENT, ADMIN})
