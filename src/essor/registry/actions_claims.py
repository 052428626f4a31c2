"""Acting for an organisation: asked, proved by a link, accepted or refused by an authority, left, passed on."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.actions.invitations import hash_of, new_token
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.accounts.models.user import fold_email
from essor.accounts.rights import Rights
from essor.kernel import audit, files
from essor.kernel.periods import day_of, today
from essor.registry import domains, people_mail, sentences_people, transitions
from essor.registry.files_people import PROOF, PROOF_KINDS, PROOF_MAX_BYTES
from essor.registry.holding import holds
from essor.registry.models import (
    Claim,
    Organisation,
    OrganisationFacts,
    OrganisationMembership,
    ProfileEntry,
    ProfileField,
)
from essor.registry.workflow import move

LINK_DAYS = timedelta(days=7)
MOST_OPEN = 5
MOST_A_MONTH = 10
MOST_REFUSED = 2
REFUSED_WITHIN = timedelta(days=180)

sentences_people.register_all()


def is_member(user_id: int, organisation_id: int, day: date) -> bool:
    """True when the person acts for the organisation on the day."""
    rows = OrganisationMembership.objects.on(day)
    return rows.filter(user_id=user_id, organisation_id=organisation_id).exists()


def must_decide(actor: Actor, authority: Authority | None, organisation: Organisation, day: date) -> None:
    """Refuse who is neither an agent of an authority that holds the organisation, nor an administrator."""
    if actor is None:
        return
    rights = Rights(actor.pk, day)
    if rights.is_installation_admin:
        return
    if authority is None or not rights.has(authority.pk, AGENT) or not holds(authority, organisation.pk):
        raise PermissionDenied(
            _("Une agente ou un agent d’une collectivité dont le territoire contient l’organisation décide.")
        )


def proof_domains(organisation: Organisation, day: date | None = None) -> frozenset[str]:
    """The domains that prove one is of the organisation: its website's and its known address's, never shared ones.

    They come from the open data, from agents, and from members of the day whom an agent accepted, or who proved it by
    a domain that does not come from members: a person who left, or whom another member invited, proves nobody.
    """
    facts = OrganisationFacts.objects.filter(pk=organisation.pk)
    found = {domains.site_domain(each) for each in facts.values_list("website", flat=True)}
    said = ProfileEntry.objects.current().filter(
        organisation=organisation, field__in=[ProfileField.WEBSITE, ProfileField.EMAIL]
    )
    by_members: dict[int, set[str]] = {}
    for field, value, by_member, author in said.values_list("field", "value", "by_member", "written_by"):
        domain = domains.site_domain(value) if field == ProfileField.WEBSITE else domains.mail_domain(value)
        if not by_member:
            found.add(domain)
        elif author:
            by_members.setdefault(author, set()).add(domain)
    if by_members:
        sure = Q(way=Claim.Way.AGENT) | Q(
            way=Claim.Way.EMAIL, proof_domain__in=[each for each in found if each]
        )
        members = OrganisationMembership.objects.on(day or today()).filter(organisation=organisation)
        confirmed = members.filter(sure, user__in=list(by_members)).values_list("user", flat=True)
        found.update(*(by_members[author] for author in set(confirmed)))
    return frozenset(each for each in found if each)


def _check_may_ask(user: User, organisation: Organisation, now: datetime) -> None:
    """ValidationError when the person already acts for it, asked already, or asked too much."""
    if not organisation.is_public:
        raise ValidationError(_("Cette organisation n’a pas de page publique."))
    if is_member(user.pk, organisation.pk, day_of(now)):
        raise ValidationError(_("Vous agissez déjà pour cette organisation."))
    mine = Claim.objects.filter(user=user)
    running = mine.filter(state__in=[Claim.State.PROVING, Claim.State.WAITING])
    if running.filter(organisation=organisation).exists():
        raise ValidationError(
            _("Votre demande est déjà en cours : retirez-la d’abord pour en faire une autre.")
        )
    if (
        running.count() >= MOST_OPEN
        or mine.filter(created_at__gt=now - timedelta(days=30)).count() >= MOST_A_MONTH
    ):
        raise ValidationError(_("Vous avez trop de demandes en cours ou récentes : attendez leur réponse."))
    refused = mine.filter(organisation=organisation, state=Claim.State.REFUSED)
    if refused.filter(decided_at__gt=now - REFUSED_WITHIN).count() >= MOST_REFUSED:
        raise ValidationError(
            _("Deux demandes ont été refusées : écrivez à la collectivité avant d’en faire une autre.")
        )


def _create(claim: Claim) -> Claim:
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("Votre demande est déjà en cours.")) from error
    way = str(claim.get_way_display()).lower()
    audit.record(
        "registry.claim.asked", actor_id=claim.user_id, subject=claim.organisation, data={"way": way}
    )
    return claim


@transaction.atomic
def ask_by_email(
    user: User, organisation: Organisation, email: str, job_title: str = "", *, now: datetime | None = None
) -> Claim:
    """Send a link to an address of the organisation's own domain; opening it is the proof."""
    now = now or timezone.now()
    email = fold_email(email)
    validate_email(email)
    _check_may_ask(user, organisation, now)
    if not domains.proves(email, proof_domains(organisation, day_of(now))):
        raise ValidationError(
            {
                "email": _(
                    "Cette adresse n’est pas du domaine de l’organisation : écrivez-en une autre, "
                    "ou demandez l’accord d’une collectivité."
                )
            }
        )
    token = new_token()
    claim = _create(
        Claim(
            organisation=organisation, user=user, created_by=user, way=Claim.Way.EMAIL, state=Claim.State.PROVING,
            proof_email=email, job_title=job_title, token_hash=hash_of(token), token_expires_at=now + LINK_DAYS,
            created_at=now,
        )
    )  # fmt: skip
    people_mail.post_link(email, organisation, token)
    return claim


@transaction.atomic
def ask_agents(
    user: User,
    organisation: Organisation,
    job_title: str,
    message: str = "",
    document: "File[bytes] | None" = None,
    *,
    now: datetime | None = None,
) -> Claim:
    """Ask an authority of the territory, with one's function and, if any, a document that shows it."""
    now = now or timezone.now()
    _check_may_ask(user, organisation, now)
    if not job_title.strip():
        raise ValidationError({"job_title": _("Dites votre fonction dans l’organisation.")})
    stored = None
    if document is not None:
        stored = files.store(
            document, purpose=PROOF, allowed=PROOF_KINDS, max_bytes=PROOF_MAX_BYTES, uploaded_by=user.pk
        )
    return _create(
        Claim(
            organisation=organisation, user=user, created_by=user, way=Claim.Way.AGENT, state=Claim.State.WAITING,
            job_title=job_title.strip(), message=message.strip(), document=stored, created_at=now,
        )
    )  # fmt: skip


@transaction.atomic
def invite_colleague(
    user: User, organisation: Organisation, email: str, *, now: datetime | None = None
) -> Claim:
    """A member invites a colleague: who opens the link with an account at that address acts for the organisation."""
    now = now or timezone.now()
    email = fold_email(email)
    validate_email(email)
    if not is_member(user.pk, organisation.pk, day_of(now)):
        raise PermissionDenied(_("Seuls les membres de l’organisation invitent."))
    if (
        OrganisationMembership.objects.on(day_of(now))
        .filter(organisation=organisation, user__email=email)
        .exists()
    ):
        raise ValidationError({"email": _("Cette personne agit déjà pour l’organisation.")})
    sent = Claim.objects.filter(
        organisation=organisation, way=Claim.Way.INVITATION, created_at__gt=now - timedelta(days=1)
    )
    if sent.count() >= MOST_A_MONTH:
        raise ValidationError(_("Trop d’invitations en un jour : recommencez demain."))
    Claim.objects.filter(
        organisation=organisation, proof_email=email, way=Claim.Way.INVITATION, state=Claim.State.PROVING
    ).update(state=Claim.State.WITHDRAWN, decided_at=now)
    token = new_token()
    claim = Claim.objects.create(
        organisation=organisation, created_by=user, way=Claim.Way.INVITATION, state=Claim.State.PROVING,
        proof_email=email, token_hash=hash_of(token), token_expires_at=now + LINK_DAYS, created_at=now,
    )  # fmt: skip
    people_mail.post_link(email, organisation, token, invited_by=user.full_name)
    audit.record("registry.member.invited", actor_id=user.pk, subject=organisation)
    return claim


def find_proof(token: str, now: datetime) -> Claim | None:
    """The request that this link proves now; None when it was used, withdrawn or is too old."""
    rows = Claim.objects.select_related("organisation", "created_by", "user")
    return rows.filter(token_hash=hash_of(token), state=Claim.State.PROVING, token_expires_at__gt=now).first()


@transaction.atomic
def prove(token: str, user: User, *, now: datetime | None = None) -> OrganisationMembership:
    """Use the link of a message: the person who asked, or who was invited, acts for the organisation."""
    now = now or timezone.now()
    claim = find_proof(token, now)
    if claim is None:
        raise ValidationError(_("Ce lien ne fonctionne plus : faites une nouvelle demande."))
    mine = claim.user_id == user.pk if claim.user_id else claim.proof_email == user.email
    if not mine:
        raise ValidationError(
            _("Ce lien est pour un autre compte : déconnectez-vous, puis connectez-vous avec le bon.")
        )
    move(claim, transitions.CLAIM, "prove", decided_at=now, decided_by=user, user=user, token_hash="")
    code = "registry.member.joined" if claim.way == Claim.Way.INVITATION else "registry.claim.proved"
    audit.record(code, actor_id=user.pk, subject=claim.organisation)
    return _join(claim, user, now)


def _join(claim: Claim, user: User, now: datetime) -> OrganisationMembership:
    day = day_of(now)
    if is_member(user.pk, claim.organisation_id, day):
        raise ValidationError(_("Cette personne agit déjà pour cette organisation."))
    membership = OrganisationMembership.objects.create(
        user=user,
        organisation=claim.organisation,
        valid_from=day,
        way=claim.way,
        proof_domain=domains.domain_of(claim.proof_email) if claim.way == Claim.Way.EMAIL else "",
    )
    people_mail.tell_members(
        claim.organisation,
        day,
        _("%(person)s agit désormais pour « %(name)s »")
        % {"person": user.full_name, "name": claim.organisation.name[:100]},
        [_("Si ce n’est pas normal, prévenez votre collectivité.")],
        but=user.pk,
    )
    return membership


@transaction.atomic
def accept_claim(
    actor: Actor, authority: Authority | None, claim: Claim, reason: str = "", *, now: datetime | None = None
) -> OrganisationMembership:
    """An agent accepts: the person acts for the organisation from today; asker, members, other authorities are told."""
    now = now or timezone.now()
    must_decide(actor, authority, claim.organisation, day_of(now))
    _decide(actor, authority, claim, "accept", reason, now)
    person = _person(claim)
    membership = _join(claim, person, now)
    people_mail.post(
        person.email,
        _("Vous agissez pour « %(name)s »") % {"name": claim.organisation.name[:100]},
        [_("Votre demande est acceptée : complétez la page de l’organisation quand vous voulez."), reason],
        label=_("Voir la page"),
        url=people_mail.page_of(claim.organisation),
    )
    tell_others(claim.organisation, authority, actor, now, _("demande d’agir pour l’organisation acceptée"))
    return membership


@transaction.atomic
def refuse_claim(
    actor: Actor, authority: Authority | None, claim: Claim, reason: str, *, now: datetime | None = None
) -> None:
    """An agent refuses, with a reason that is sent to who asked."""
    now = now or timezone.now()
    must_decide(actor, authority, claim.organisation, day_of(now))
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi : la personne le lira.")})
    _decide(actor, authority, claim, "refuse", reason, now)
    people_mail.post(
        _person(claim).email,
        _("Votre demande pour « %(name)s » est refusée") % {"name": claim.organisation.name[:100]},
        [_("Motif : %(reason)s") % {"reason": reason}],
    )
    tell_others(claim.organisation, authority, actor, now, _("demande d’agir pour l’organisation refusée"))


def _person(claim: Claim) -> User:
    """Who asked; an invitation that nobody opened has nobody, and is not decided by agents."""
    if claim.user is None:
        raise ValidationError(_("Cette invitation n’a pas encore été ouverte."))
    return claim.user


def _decide(
    actor: Actor, authority: Authority | None, claim: Claim, act: str, reason: str, now: datetime
) -> None:
    done = {"decided_at": now, "decided_by": actor, "decided_for": authority, "reason": reason.strip()}
    move(claim, transitions.CLAIM, act, **done)
    audit.record(
        "registry.claim.accepted" if act == "accept" else "registry.claim.refused",
        actor_id=actor_id(actor),
        subject=claim.organisation,
        authority_id=authority.pk if authority else None,
        reason=reason.strip(),
    )


def tell_others(
    organisation: Organisation, authority: Authority | None, actor: Actor, now: datetime, what: str
) -> None:
    for other in people_mail.tell_other_authorities(organisation, authority, day_of(now), what):
        audit.record(
            "registry.claim.told",
            actor_id=actor_id(actor),
            subject=other,
            authority_id=other.pk,
            data={"what": what, "organisation": organisation.pk},
        )


@transaction.atomic
def withdraw_claim(user: User, claim: Claim, *, now: datetime | None = None) -> None:
    """Who asked no longer asks."""
    if claim.user_id != user.pk:
        raise PermissionDenied(_("Seule la personne qui a demandé retire sa demande."))
    move(claim, transitions.CLAIM, "withdraw", decided_at=now or timezone.now(), token_hash="")
    audit.record("registry.claim.withdrawn", actor_id=user.pk, subject=claim.organisation)


@transaction.atomic
def leave(user: User, organisation: Organisation, *, now: datetime | None = None) -> None:
    """A member stops acting for the organisation from today; the others are told."""
    _end(user, user, organisation, "registry.member.left", None, now or timezone.now())


@transaction.atomic
def remove_member(
    actor: User, authority: Authority | None, organisation: Organisation, user: User, reason: str
) -> None:
    """An agent ends a membership, with a reason: the person and the other members are told."""
    now = timezone.now()
    must_decide(actor, authority, organisation, day_of(now))
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi : la personne le lira.")})
    _end(actor, user, organisation, "registry.member.removed", authority, now, reason.strip())
    people_mail.post(
        user.email,
        _("Vous n’agissez plus pour « %(name)s »") % {"name": organisation.name[:100]},
        [_("Motif : %(reason)s") % {"reason": reason.strip()}],
    )


def _end(
    actor: User, user: User, organisation: Organisation, code: str, authority: Authority | None, now: datetime,
    reason: str = "",
) -> None:  # fmt: skip
    day = day_of(now)
    rows = OrganisationMembership.objects.on(day).filter(user=user, organisation=organisation)
    # A period has at least a day: one that began today is taken back, the log remembers it.
    if not (rows.filter(valid_from=day).delete()[0] + rows.filter(valid_from__lt=day).update(valid_to=day)):
        raise ValidationError(_("Cette personne n’agit pas pour cette organisation."))
    audit.record(
        code, actor_id=actor.pk, subject=organisation, authority_id=authority.pk if authority else None, reason=reason
    )  # fmt: skip
    people_mail.tell_members(
        organisation,
        day,
        _("%(person)s n’agit plus pour « %(name)s »")
        % {"person": user.full_name, "name": organisation.name[:100]},
        [],
        but=user.pk,
    )


def lapse(now: datetime) -> int:
    """Close the requests whose link was not opened in time; gives how many."""
    rows = Claim.objects.filter(state=Claim.State.PROVING, token_expires_at__lte=now)
    return rows.update(state=Claim.State.LAPSED, decided_at=now, token_hash="")
