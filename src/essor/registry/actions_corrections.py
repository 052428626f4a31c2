"""Corrections of open data: reported, proposed, decided, then followed from an edition to the next."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.models import Authority, User
from essor.kernel import audit, files
from essor.kernel.periods import day_of
from essor.registry import changes, merged, people_mail, transitions
from essor.registry.actions_claims import must_decide, tell_others
from essor.registry.actions_profile import must_write
from essor.registry.corrected_state import bears, close, put_proposed_tag, reopen
from essor.registry.enums import SizeBand
from essor.registry.files_people import PROOF, PROOF_KINDS, PROOF_MAX_BYTES
from essor.registry.models import (
    SAID_ONCE,
    CorrectedField,
    Correction,
    Establishment,
    EstablishmentFacts,
    Organisation,
    OrganisationFacts,
)
from essor.registry.nomenclatures import naf_label, normalise_naf
from essor.registry.overlay import OF_A_PLACE, YES, fact, same
from essor.registry.profile_rules import Refused, tidy, website
from essor.registry.queries_tags import proven_codes
from essor.registry.workflow import move
from essor.territories.enums import Kind
from essor.territories.models import Territory

OPEN = (Correction.State.WAITING, Correction.State.ACCEPTED, Correction.State.DISPUTED)
MOST_WAITING = 20


def clean_value(field: str, value: str) -> str:
    """The value as it is kept and compared; ValidationError in French."""
    plain = " ".join(tidy(value).split())
    if field in (CorrectedField.CLOSED, CorrectedField.NOT_ESS):
        return YES
    if field == CorrectedField.OTHER:
        return ""
    if not plain:
        raise ValidationError({"value": _("Écrivez ce qui est juste.")})
    if field == CorrectedField.ACTIVITY:
        code = normalise_naf(plain)
        if not code or not naf_label(code):
            raise ValidationError(
                {
                    "value": _("« %(code)s » n’est pas un code NAF : écrivez par exemple 88.99B.")
                    % {"code": plain}
                }
            )
        return code
    if field == CorrectedField.TAG and plain not in proven_codes():
        raise ValidationError({"value": _("Choisissez une étiquette de la liste.")})
    if field == CorrectedField.SIZE and SizeBand.of(plain) is None:
        raise ValidationError({"value": _("Choisissez une tranche d’effectif.")})
    if (
        field == CorrectedField.COMMUNE
        and not Territory.objects.filter(kind=Kind.COMMUNE, code=plain).exists()
    ):
        raise ValidationError({"value": _("Aucune commune n’a ce code.")})
    if field == CorrectedField.WEBSITE:
        try:
            return website(plain)
        except Refused as error:
            raise ValidationError({"value": str(error)}) from error
    if len(plain) > 300:
        raise ValidationError({"value": _("300 signes au plus.")})
    return plain


def head_office(organisation: Organisation) -> Establishment | None:
    """The establishment whose address is corrected when none is named: the head office, else the first."""
    rows = EstablishmentFacts.objects.filter(present=True, establishment__organisation=organisation)
    found = merged.in_order(rows.select_related("establishment"))
    return found[0].establishment if found else None


def _what(field: str) -> dict[str, str]:
    return {"what": str(CorrectedField(field).label).lower()}


def _facts(organisation: Organisation) -> OrganisationFacts | None:
    rows = OrganisationFacts.objects.select_related("organisation", "commune")
    return rows.filter(pk=organisation.pk).first()


def _place(establishment: Establishment | None) -> EstablishmentFacts | None:
    if establishment is None:
        return None
    return EstablishmentFacts.objects.select_related("commune").filter(pk=establishment.pk).first()


def _store(document: "File[bytes] | None", user: User) -> object:
    if document is None:
        return None
    return files.store(
        document, purpose=PROOF, allowed=PROOF_KINDS, max_bytes=PROOF_MAX_BYTES, uploaded_by=user.pk
    )


@transaction.atomic
def propose(
    user: User,
    organisation: Organisation,
    field: str,
    value: str,
    evidence: str,
    *,
    establishment: Establishment | None = None,
    document: "File[bytes] | None" = None,
    now: datetime | None = None,
) -> Correction:
    """A member or an agent of the territory says what a fact should be, with what shows it."""
    now = now or timezone.now()
    by_member, _authority = must_write(user, organisation, now)
    value = clean_value(field, value)
    if not evidence.strip() and document is None:
        raise ValidationError({"evidence": _("Dites ce qui le montre : un document, une adresse, une date.")})
    if field in OF_A_PLACE:
        establishment = establishment or head_office(organisation)
        if establishment is not None and establishment.organisation_id != organisation.pk:
            raise ValidationError({"establishment": _("Cet établissement est d’une autre organisation.")})
    else:
        establishment = None
    before = fact(field, _facts(organisation), _place(establishment))
    if field != CorrectedField.OTHER and same(field, before, value):
        raise ValidationError({"value": _("C’est déjà ce que disent les données publiques.")})
    if field == CorrectedField.TAG and bears(organisation, value):
        raise ValidationError({"value": _("L’organisation porte déjà cette étiquette.")})
    mine = Correction.objects.filter(organisation=organisation, state=Correction.State.WAITING)
    if (
        mine.filter(author=user, field=field, establishment=establishment)
        .exclude(field=CorrectedField.OTHER)
        .exclude(Q(field=CorrectedField.TAG) & ~Q(value=value))
        .exists()
    ):
        raise ValidationError(_("Vous avez déjà proposé une correction de ce fait : retirez-la d’abord."))
    if mine.count() >= MOST_WAITING:
        raise ValidationError(_("Trop de corrections attendent déjà pour cette organisation."))
    correction = Correction.objects.create(
        organisation=organisation, establishment=establishment, field=field, before=before, value=value,
        evidence=evidence.strip(), document=_store(document, user), author=user, created_at=now,
        origin=Correction.Origin.MEMBER if by_member else Correction.Origin.AGENT,
    )  # fmt: skip
    audit.record("registry.correction.proposed", actor_id=user.pk, subject=organisation, data=_what(field))
    return correction


@transaction.atomic
def report(
    organisation: Organisation,
    field: str,
    text: str,
    email: str = "",
    *,
    user: User | None = None,
    now: datetime | None = None,
) -> Correction:
    """Anybody says in words that something is wrong; the address, if any, only serves to answer."""
    text = tidy(text)[:2000]
    if len(text) < 10:
        raise ValidationError({"text": _("Dites en une phrase ce qui est faux et ce qui est juste.")})
    if email:
        validate_email(email)
    waiting = Correction.objects.filter(organisation=organisation, state=Correction.State.WAITING)
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(_("Beaucoup de signalements attendent déjà pour cette organisation."))
    correction = Correction.objects.create(
        organisation=organisation, field=CorrectedField.OTHER, before=field[:100], evidence=text, author=user,
        reporter_email=email, created_at=now or timezone.now(), origin=Correction.Origin.VISITOR,
    )  # fmt: skip
    audit.record(
        "registry.correction.reported",
        actor_id=user.pk if user else None,
        subject=organisation,
        data=_what(CorrectedField.OTHER),
    )
    return correction


@transaction.atomic
def accept_correction(
    actor: Actor,
    authority: Authority | None,
    row: Correction,
    reason: str = "",
    *,
    now: datetime | None = None,
) -> None:
    """An agent accepts: pages show the correction until the open data say the same. The former one is dropped."""
    now = now or timezone.now()
    must_decide(actor, authority, row.organisation, day_of(now))
    if row.field not in SAID_ONCE:
        former = Correction.objects.standing().filter(
            organisation=row.organisation_id, field=row.field, establishment=row.establishment_id
        )
        former.update(state=Correction.State.DROPPED, closed_at=now)
    try:
        with transaction.atomic():
            _decide(actor, authority, row, "accept", reason, now)
    except IntegrityError as error:
        raise ValidationError(_("Une autre correction de ce fait vient d’être acceptée.")) from error
    if row.field == CorrectedField.CLOSED:
        close(actor, authority, row, reason)
    if row.field == CorrectedField.TAG:
        put_proposed_tag(actor, authority, row)
    _answer(row, _("acceptée"), reason)
    changes.tell([row.organisation_id])
    _tell(row, authority, actor, now, _("correction acceptée (%(what)s)"))


@transaction.atomic
def refuse_correction(
    actor: Actor, authority: Authority | None, row: Correction, reason: str, *, now: datetime | None = None
) -> None:
    """An agent refuses, with a reason that is sent to who asked."""
    now = now or timezone.now()
    must_decide(actor, authority, row.organisation, day_of(now))
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi : la personne le lira.")})
    _decide(actor, authority, row, "refuse", reason, now)
    _answer(row, _("refusée"), reason)
    _tell(row, authority, actor, now, _("correction refusée (%(what)s)"))


@transaction.atomic
def settle_dispute(
    actor: Actor, authority: Authority | None, row: Correction, reason: str, *, keep: bool, now: datetime | None = None
) -> None:  # fmt: skip
    """An agent keeps an accepted correction although an edition says a third thing, or drops it."""
    now = now or timezone.now()
    must_decide(actor, authority, row.organisation, day_of(now))
    values = {"before": row.contradiction, "contradiction": ""} if keep else {"closed_at": now}
    move(
        row, transitions.CORRECTION, "keep" if keep else "drop", reason=reason.strip() or row.reason, **values
    )
    _record(
        "registry.correction.kept" if keep else "registry.correction.dropped", actor, authority, row, reason
    )
    if row.field == CorrectedField.CLOSED and not keep:
        reopen(actor, authority, row, reason, day_of(now))
    changes.tell([row.organisation_id])


@transaction.atomic
def withdraw_correction(user: User, row: Correction, *, now: datetime | None = None) -> None:
    """Who proposed a correction takes it back."""
    if row.author_id != user.pk:
        raise PermissionDenied(_("Seule la personne qui a proposé la correction la retire."))
    move(row, transitions.CORRECTION, "withdraw", closed_at=now or timezone.now())
    audit.record(
        "registry.correction.withdrawn", actor_id=user.pk, subject=row.organisation, data=_what(row.field)
    )


def _decide(
    actor: Actor, authority: Authority | None, row: Correction, act: str, reason: str, now: datetime
) -> None:
    move(
        row,
        transitions.CORRECTION,
        act,
        decided_at=now,
        decided_by=actor,
        decided_for=authority,
        reason=reason.strip(),
        # What the agent saw: a later edition is compared with it.
        before=row.before if row.field == CorrectedField.OTHER else _now(row),
        closed_at=now if act == "refuse" or row.field in SAID_ONCE else None,
    )
    code = "registry.correction.accepted" if act == "accept" else "registry.correction.refused"
    _record(code, actor, authority, row, reason)


def _now(row: Correction) -> str:
    return fact(row.field, _facts(row.organisation), _place(row.establishment))


def _record(code: str, actor: Actor, authority: Authority | None, row: Correction, reason: str) -> None:
    audit.record(
        code,
        actor_id=actor_id(actor),
        subject=row.organisation,
        authority_id=authority.pk if authority else None,
        data=_what(row.field),
        reason=reason.strip(),
    )


def _tell(row: Correction, authority: Authority | None, actor: Actor, now: datetime, said: str) -> None:
    tell_others(row.organisation, authority, actor, now, said % _what(row.field))


def _answer(row: Correction, outcome: str, reason: str) -> None:
    to = row.author.email if row.author else row.reporter_email
    people_mail.post(
        to,
        _("Votre correction est %(outcome)s") % {"outcome": outcome},
        [
            _("À propos de « %(name)s » : %(what)s.") % {"name": row.organisation.name, **_what(row.field)},
            reason.strip(),
        ],
        label=_("Voir la page"),
        url=people_mail.page_of(row.organisation),
    )


def reconcile(ids: Iterable[int] | None, *, now: datetime | None = None) -> tuple[int, int]:
    """Compare the running corrections with the open data, in the transaction that changed them.

    What the open data now say by themselves is closed; an accepted correction that they contradict by a third value
    waits for an agent. Gives (closed, contradicted); touches nothing else.
    """
    now = now or timezone.now()
    rows = Correction.objects.filter(state__in=OPEN).exclude(field__in=SAID_ONCE)
    if ids is not None:
        rows = rows.filter(organisation__in=list(ids))
    found = list(rows.select_related("organisation", "author"))
    if not found:
        return 0, 0
    facts = {
        each.pk: each
        for each in OrganisationFacts.objects.select_related("organisation", "commune").filter(
            pk__in={row.organisation_id for row in found}
        )
    }
    places = {
        each.pk: each
        for each in EstablishmentFacts.objects.select_related("commune").filter(
            pk__in={row.establishment_id for row in found if row.establishment_id}
        )
    }
    absorbed = disputed = 0
    for row in found:
        current = fact(row.field, facts.get(row.organisation_id), places.get(row.establishment_id or 0))
        if row.field == CorrectedField.CLOSED and row.state == Correction.State.ACCEPTED:
            # The state comes from this correction: only the open data can take it over, or an agent undo it.
            closed = row.organisation.state == Organisation.State.CLOSED
            described = row.organisation_id in facts and facts[row.organisation_id].present
            if described and not closed:
                move(row, transitions.CORRECTION, "drop", closed_at=now)
                _record("registry.correction.dropped", None, None, row, "")
            if described:
                continue
        if same(row.field, current, row.value):
            absorbed += 1
            _absorb(row, now)
        elif row.state == Correction.State.ACCEPTED and current and not same(row.field, current, row.before):
            disputed += 1
            move(row, transitions.CORRECTION, "dispute", contradiction=current)
            _record("registry.correction.disputed", None, None, row, "")
        elif row.state == Correction.State.DISPUTED and current and current != row.contradiction:
            Correction.objects.filter(pk=row.pk).update(contradiction=current)
    return absorbed, disputed


def _absorb(row: Correction, now: datetime) -> None:
    waiting = row.state == Correction.State.WAITING
    move(row, transitions.CORRECTION, "absorb", closed_at=now)
    _record("registry.correction.absorbed", None, None, row, "")
    if waiting:
        _answer(row, _("reprise par les données publiques"), "")
