"""What editors do with the goals of an aid: correct those that its words proposed."""

from django.db import transaction
from django.utils.translation import gettext_lazy

from essor.accounts.models import User
from essor.kernel import audit
from essor.kit.models.aids import Aid

audit.register("kit.aid.goals", gettext_lazy("{actor} a corrigé les ODD de « {name} »"))


def correct_goals(actor: User, aid: Aid, carried: str) -> None:
    """Write the goals of an aid (`kernel.goals.written`); the next list leaves them as they are."""
    with transaction.atomic():
        locked = Aid.objects.select_for_update().get(pk=aid.pk)
        locked.goal_codes, locked.goals_corrected = carried, True
        locked.save(update_fields=["goal_codes", "goals_corrected"])
        audit.record("kit.aid.goals", actor_id=actor.pk, subject=locked, data={"name": locked.name[:100]})
