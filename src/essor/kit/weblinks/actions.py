"""What people do with the addresses of the kit: have them looked at."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel import audit, jobs
from essor.kernel.models import Job

JOB = "kit.weblinks"

audit.register("kit.weblinks.asked", gettext_lazy("{actor} a demandé la vérification des liens"))


def check_links(actor: User | None, authority: Authority | None, *, again: bool = False) -> Job:
    """Look at the addresses that a frame keeps: this goes out on the web. `again`: also those looked at this week."""
    params = {"authority": authority.pk if authority else None, "again": again}
    job = jobs.start(
        JOB, params, actor_id=actor.pk if actor else None, authority_id=authority.pk if authority else None
    )
    audit.record(
        "kit.weblinks.asked",
        actor_id=actor.pk if actor else None,
        subject=job,
        authority_id=authority.pk if authority else None,
    )
    return job


def is_switched_on() -> bool:
    """Whether the administration wants the addresses looked at every week (ESSOR_CHECK_LINKS)."""
    return bool(settings.CHECK_LINKS)
