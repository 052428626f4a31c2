"""What an authority does with a campaign: open it, correct it, invite, remind, share. Agreeing is `actions_agree`."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.kernel.questions.models import FormVersion, ResponseState
from essor.kernel.questions.responses import start
from essor.kernel.questions.versions import change_draft, open_draft, package_version, publish
from essor.kit.diagnosis import mail
from essor.kit.diagnosis.enums import Role, State
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import Campaign, Respondent, SharingConsent
from essor.kit.diagnosis.questionnaire import CODE, restricted, whole_form

MOST_RESPONDENTS = 300
DAYS_BETWEEN_REMINDERS = 2

audit.register("kit.diagnosis.opened", gettext_lazy("{actor} a ouvert l’autodiagnostic « {title} »"))
audit.register(
    "kit.diagnosis.corrected", gettext_lazy("{actor} a changé le titre ou le dernier jour de « {title} »")
)
audit.register(
    "kit.diagnosis.invited", gettext_lazy("{actor} a invité à répondre à « {title} » (invitations : {count})")
)
audit.register(
    "kit.diagnosis.reminded",
    gettext_lazy("Les personnes qui n’ont pas fini « {title} » ont été relancées ({count})"),
)
audit.register(
    "kit.diagnosis.shared",
    gettext_lazy("{actor} a accepté que les stades convenus comptent, sans nom, dans les médianes"),
)
audit.register(
    "kit.diagnosis.unshared",
    gettext_lazy("{actor} a retiré les stades convenus des médianes partagées"),
)


@dataclass(frozen=True)
class Opening:
    """What is asked: title, last day to answer, levers kept, and why the others are not."""

    title: str
    closes_on: date
    levers: Sequence[str]
    left_out: Mapping[str, str] = field(default_factory=dict)


def open_campaign(
    actor: User, authority: Authority, asked: Opening, day: date, *, now: datetime | None = None
) -> Campaign:
    """Open a campaign. Raises ValidationError: no lever, a lever unknown, a last day in the past, one still open."""
    kept = [code for code in grid().levers if code in set(asked.levers)]
    if not kept or set(asked.levers) - set(kept):
        raise ValidationError(_("Gardez au moins un levier, parmi ceux de la grille."))
    if asked.closes_on < day:
        raise ValidationError(_("Le dernier jour pour répondre est passé : choisissez un jour à venir."))
    with transaction.atomic():
        Authority.objects.select_for_update().get(pk=authority.pk)
        if Campaign.objects.of(authority.pk).filter(state=State.OPEN).exists():
            raise ValidationError(
                _("Un autodiagnostic est déjà en cours : arrêtez-le avant d’en ouvrir un autre.")
            )
        version = _published(actor, authority, kept)
        campaign = Campaign(
            authority=authority,
            title=asked.title,
            opened_on=day,
            closes_on=asked.closes_on,
            levers=kept,
            left_out={code: asked.left_out.get(code, "") for code in grid().levers if code not in kept},
            form_version=version,
            link=secrets.token_urlsafe(16),
        )
        campaign.full_clean()
        campaign.save()
        _record("kit.diagnosis.opened", actor, campaign, now)
    return campaign


def _published(actor: User, authority: Authority, kept: list[str]) -> FormVersion:
    """The questionnaire of these levers: that of Essor when all are kept, else a version of the authority."""
    whole = whole_form()
    if len(kept) == len(grid().levers):
        return package_version(whole)
    draft = open_draft(whole, authority.pk)
    form = replace(restricted(whole, kept), version=draft.version)
    return publish(change_draft(draft, form, draft.revision), actor.pk)


def correct_campaign(actor: User, campaign: Campaign, title: str, closes_on: date) -> None:
    """Change its title or its last day, while it is not agreed. Raises ValidationError."""
    with transaction.atomic():
        locked = locked_open(campaign)
        locked.title, locked.closes_on = title, closes_on
        locked.full_clean()
        locked.save()
        _record("kit.diagnosis.corrected", actor, locked)


def locked_open(campaign: Campaign) -> Campaign:
    """The campaign, locked, still open. Call it in a transaction. ValidationError when it is agreed."""
    locked = Campaign.objects.select_for_update().select_related("authority").get(pk=campaign.pk)
    if locked.is_agreed:
        raise ValidationError(_("Cet autodiagnostic est arrêté : il ne change plus."))
    return locked


@dataclass(frozen=True)
class Invited:
    """Who to invite: members of the team with their role, addresses of outsiders with theirs."""

    members: Sequence[tuple[User, str]] = ()
    outsiders: Sequence[tuple[str, str]] = ()


def invite(actor: User, campaign: Campaign, invited: Invited, day: date) -> int:
    """Invite by e-mail; those invited already are left as they are. Gives how many are new. Raises ValidationError."""
    with transaction.atomic():
        locked = _answerable(campaign, day)
        known_users = set(locked.respondents.values_list("user_id", flat=True))
        known_emails = set(locked.respondents.values_list("email", flat=True))
        new = [
            _join(locked, role, day, user=user)
            for user, role in dict(invited.members).items()
            if user.pk not in known_users
        ]
        new += [
            _join(locked, role, day, email=email)
            for email, role in {email.lower(): role for email, role in invited.outsiders}.items()
            if email not in known_emails
        ]
        for respondent in new:
            mail.invitation(locked, respondent)
        if new:
            _record("kit.diagnosis.invited", actor, locked, count=len(new))
    return len(new)


def join_by_link(campaign: Campaign, role: str, day: date) -> Respondent:
    """Someone who has the link to share begins to answer, in a role, without a name. Raises ValidationError."""
    with transaction.atomic():
        return _join(_answerable(campaign, day), role, day)


def join_member(campaign: Campaign, user: User, role: str, day: date) -> Respondent:
    """A member of the team begins to answer, invited or not; the same person twice is one respondent."""
    with transaction.atomic():
        locked = _answerable(campaign, day)
        known = locked.respondents.filter(user=user).select_related("response").first()
        return known or _join(locked, role, day, user=user)


def _answerable(campaign: Campaign, day: date) -> Campaign:
    locked = locked_open(campaign)
    if not locked.takes_answers(day):
        raise ValidationError(_("Le dernier jour pour répondre est passé."))
    return locked


def _join(
    campaign: Campaign, role: str, day: date, *, user: User | None = None, email: str = ""
) -> Respondent:
    if role not in Role.values:
        raise ValidationError(_("Dites en quelle qualité vous répondez."))
    if campaign.respondents.count() >= MOST_RESPONDENTS:
        raise ValidationError(
            _("Cet autodiagnostic a déjà %(most)s personnes : il n’en accepte pas plus.")
            % {"most": MOST_RESPONDENTS}
        )
    response = start(
        campaign.form_version,
        f"{CODE}:{campaign.pk}",
        respondent_id=user.pk if user else None,
        authority_id=campaign.authority_id,
    )
    return Respondent.objects.create(
        campaign=campaign, role=role, user=user, email=email, response=response, invited_on=day
    )


def remind(campaign: Campaign, day: date, actor: User | None = None) -> int:
    """Write again to those with an address who have not finished, once in two days at most. Gives how many."""
    with transaction.atomic():
        locked = _answerable(campaign, day)
        before = day - timedelta(days=DAYS_BETWEEN_REMINDERS)
        waiting = [
            each
            for each in locked.respondents.filter(response__state=ResponseState.DRAFT).select_related(
                "user", "response"
            )
            if mail.address_of(each) and max(each.invited_on, each.reminded_on or each.invited_on) <= before
        ]
        for respondent in waiting:
            mail.reminder(locked, respondent)
        Respondent.objects.filter(pk__in=[each.pk for each in waiting]).update(reminded_on=day)
        if waiting:
            _record("kit.diagnosis.reminded", actor, locked, count=len(waiting))
    return len(waiting)


def share(actor: User, authority: Authority, day: date) -> None:
    """Let the agreed stages count, without a name, in the medians of others; doing it twice changes nothing."""
    with transaction.atomic():
        _consent, made = SharingConsent.objects.get_or_create(authority=authority, defaults={"given_on": day})
        if made:
            audit.record(
                "kit.diagnosis.shared", actor_id=actor.pk, subject=authority, authority_id=authority.pk
            )


def unshare(actor: User, authority: Authority) -> None:
    """Take the agreed stages back from the medians."""
    with transaction.atomic():
        gone, _details = SharingConsent.objects.filter(authority=authority).delete()
        if gone:
            audit.record(
                "kit.diagnosis.unshared", actor_id=actor.pk, subject=authority, authority_id=authority.pk
            )


def _record(
    code: str, actor: User | None, campaign: Campaign, at: datetime | None = None, **more: int
) -> None:
    audit.record(
        code,
        actor_id=actor.pk if actor else None,
        subject=campaign,
        authority_id=campaign.authority_id,
        data={"title": campaign.title, **more},
        at=at,
    )
