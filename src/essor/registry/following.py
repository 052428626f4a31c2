"""What follows each change of the register: corrections compared with the open data, hidings applied again.

It runs in the transaction of the change: an edition and what it means for people stand or fall together.
"""

from typing import Any

from django.dispatch import receiver

from essor.registry.changes import organisations_changed


@receiver(organisations_changed, dispatch_uid="registry.following")
def follow(sender: Any, ids: frozenset[int] | None, **_kwargs: Any) -> None:
    """Hide again, place what agents added, then close or contest the corrections that the open data answer."""
    from essor.registry.actions_corrections import reconcile
    from essor.registry.actions_privacy import reapply
    from essor.registry.added_positions import place_added

    reapply(ids)
    if ids is not None:
        place_added(ids)
    reconcile(ids)
