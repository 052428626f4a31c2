"""Which state of the register the map shows: a short text that changes with the edition, each change and each day."""

import hashlib
from datetime import date
from typing import Any

from django.db.models import Subquery

from essor.registry.changes import organisations_changed
from essor.registry.models import Edition, SearchState, ShownVersion


def current(day: date) -> str:
    """The version in one query; empty while no edition is in force. The day counts: tags end."""
    rows = Edition.objects.filter(state=Edition.State.IN_FORCE)
    rows = rows.annotate(
        shown=Subquery(ShownVersion.objects.values("number")[:1]),
        # The index follows a change by a second or two: tiles drawn from the one before must not last.
        indexed=Subquery(SearchState.objects.values("version")[:1]),
    )
    found = rows.values_list("pk", "loaded_at", "shown", "indexed").first()
    if found is None:
        return ""
    pk, loaded_at, shown, indexed = found
    said = f"{pk} {loaded_at.isoformat() if loaded_at else ''} {shown or 0} {indexed or 0} {day.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _changed(sender: object, **_said: Any) -> None:
    ShownVersion.count_up()


def listen() -> None:
    """From now on each change of the register makes a new version."""
    organisations_changed.connect(_changed, dispatch_uid="registry.map.version")
