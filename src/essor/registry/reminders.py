"""Before a tag put by an authority ends: an e-mail to its agents, 60 then 15 days before, once each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, RoleGrant
from essor.accounts.models.dated import running
from essor.kernel import french, outbox
from essor.kernel.periods import day_of
from essor.kernel.tick import every
from essor.registry.models import TagProof, TagReminder
from essor.registry.tag_words import labels_of

DELAYS = (60, 15)
TEMPLATE = "accounts/mail/message"


@every("night", "registry.tags")
def remind(now: datetime) -> int:
    """Remind each authority of the tags that end soon; gives how many tags were told."""
    return remind_on(day_of(now))


def remind_on(day: date) -> int:
    """The reminders of a day: a tag is told once for each delay and each end; of two delays passed, the nearer.

    Gives how many tags were told.
    """
    told = 0
    for authority_id, proofs in _due(day).items():
        with transaction.atomic():
            authority = Authority.objects.select_for_update().get(pk=authority_id)
            fresh = [proof for proof in proofs if _first_time(proof, day)]
            if fresh:
                _post(authority, fresh, day)
                told += len(fresh)
    return told


def delay_of(until: date, day: date) -> int | None:
    """The delay that a tag ending on `until` has reached on the day; None when it is too early, or over."""
    left = (until - day).days
    return min((delay for delay in DELAYS if 0 < left <= delay), default=None)


def _due(day: date) -> dict[int, list[TagProof]]:
    rows = TagProof.objects.filter(
        authority__isnull=False,
        tag__until__gt=day,
        tag__until__lte=day + timedelta(days=max(DELAYS)),
        tag__organisation__merged_into__isnull=True,
    )
    found: dict[int, list[TagProof]] = defaultdict(list)
    for proof in rows.select_related("tag__organisation").order_by("tag__until", "pk"):
        found[int(proof.authority_id or 0)].append(proof)
    return found


def _first_time(proof: TagProof, day: date) -> bool:
    until = proof.tag.until
    delay = delay_of(until, day) if until else None
    if delay is None:
        return False
    _row, made = TagReminder.objects.get_or_create(proof=proof, until=until, days=delay)
    return made


def _post(authority: Authority, proofs: Iterable[TagProof], day: date) -> None:
    """One message an agent, with every tag; nobody to tell is no error: the screen shows them."""
    rows = list(proofs)
    words = labels_of(proof.tag.code for proof in rows)
    lines = [
        _("%(name)s : « %(tag)s », jusqu’au %(day)s.")
        % {
            "name": proof.tag.organisation.name,
            "tag": words[proof.tag.code],
            "day": french.day(proof.tag.until),
        }
        for proof in rows
        if proof.tag.until
    ]
    path = reverse("authority-registry:tag-renewals", args=[authority.slug])
    for email in _agents(authority, day):
        outbox.post(
            email,
            _("Étiquettes à renouveler : %(authority)s") % {"authority": authority.name},
            TEMPLATE,
            {
                "heading": _("Des étiquettes arrivent à leur fin"),
                "paragraphs": lines,
                "action_label": _("Voir les étiquettes à renouveler"),
                "action_url": f"{settings.PUBLIC_URL}{path}",
                "note": _(
                    "Une étiquette finie reste sur la fiche, marquée comme telle, et quitte les filtres."
                ),
            },
        )


def _agents(authority: Authority, day: date) -> list[str]:
    grants = RoleGrant.objects.on(day).filter(
        running(day, "membership__"),
        role=AGENT,
        membership__authority=authority,
        membership__user__is_active=True,
    )
    return sorted(set(grants.values_list("membership__user__email", flat=True)))
