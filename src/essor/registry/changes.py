"""What changed in the register, told to whatever is derived from it: search index, tiles, alerts.

Told inside the transaction that makes the change, so that what a listener writes stands or falls with it.
"""

from collections.abc import Iterable

from django.dispatch import Signal

# Sent with `ids`: frozenset of organisations, or None when an edition changed them all.
organisations_changed = Signal()


def tell(ids: Iterable[int] | None) -> None:
    """Say that these organisations changed (None: all may have). To be called in the transaction of the change."""
    organisations_changed.send(sender=None, ids=None if ids is None else frozenset(ids))
