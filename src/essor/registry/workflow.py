"""Moving a request from a state to another: one statement decides, so that two people never both do it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from essor.registry.transitions import Step, step


def move(row: models.Model, table: Sequence[Step], act: str, **values: Any) -> None:
    """Make the step, with the values that go with it; ValidationError when another person was faster."""
    state: str = row.state  # type: ignore[attr-defined]
    found = step(table, state, act)
    manager = type(row)._default_manager
    if found is None or not manager.filter(pk=row.pk, state=state).update(state=found.end, **values):
        raise ValidationError(
            _(
                "Cette demande n’attend plus cette décision : une autre personne l’a traitée. Rechargez la page."
            )
        )
    for name, value in {"state": found.end, **values}.items():
        setattr(row, name, value)
