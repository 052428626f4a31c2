"""Personal data of the room: why, on what ground, how long, how they are erased and given back."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel import files
from essor.kernel.models import StoredFile
from essor.kernel.periods import PARIS
from essor.kernel.retention import Retention, Row, register
from essor.registry.models import (
    Claim,
    Correction,
    HidingRequest,
    OrganisationMembership,
    ProfileEntry,
)

# A decision may be contested for two months, then before a judge: documents and addresses are kept a year.
AFTER_DECISION = timedelta(days=365)
UNDECIDED = timedelta(days=2 * 365)
LINKS = timedelta(days=180)
FORMER_TEXTS = timedelta(days=3 * 365)
_TASK = _("Mission d’intérêt public (RGPD, article 6.1.e)")
_DUTY = _("Obligation légale (RGPD, articles 6.1.c et 21)")


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(0), PARIS)


def _drop_files(ids: Iterable[object]) -> int:
    found = list(StoredFile.objects.filter(pk__in=[each for each in ids if each]))
    for stored in found:
        files.delete(stored)
    return len(found)


def tidy_claims(day: date) -> int:
    """Close links too old, erase closed requests and their documents a year after, unopened links after six months."""
    from essor.registry.actions_claims import lapse

    now = _moment(day)
    done = lapse(now)
    old = Claim.objects.filter(
        Q(decided_at__lt=now - AFTER_DECISION)
        | Q(created_at__lt=now - UNDECIDED)
        | Q(state=Claim.State.LAPSED, decided_at__lt=now - LINKS)
    )
    _drop_files(list(old.values_list("document_id", flat=True)))
    return done + old.delete()[0]


def tidy_corrections(day: date) -> int:
    """Erase what names people a year after the decision: reporter's address, document, words of evidence.

    What a correction changes and its reason stay as long as it is shown; reports in words are erased whole.
    """
    before = _moment(day) - AFTER_DECISION
    reports = Correction.objects.filter(field="other").filter(
        Q(decided_at__lt=before) | Q(closed_at__lt=before) | Q(created_at__lt=before - AFTER_DECISION)
    )
    done = reports.delete()[0]
    old = Correction.objects.filter(Q(decided_at__lt=before) | Q(closed_at__lt=before))
    old = old.exclude(reporter_email="", evidence="", document__isnull=True)
    documents = list(old.values_list("document_id", flat=True))
    done += old.update(reporter_email="", evidence="", document=None)
    _drop_files(documents)
    return done


def tidy_hidings(day: date) -> int:
    """Erase who asked, and why, a year after the decision; the hiding itself holds until it is lifted."""
    before = _moment(day) - AFTER_DECISION
    over = [HidingRequest.State.REFUSED, HidingRequest.State.LIFTED]
    done = HidingRequest.objects.filter(state__in=over, decided_at__lt=before).delete()[0]
    rows = HidingRequest.objects.filter(decided_at__lt=before, state=HidingRequest.State.ACCEPTED)
    rows = rows.exclude(requester_email="", user__isnull=True, ground="")
    return done + rows.update(requester_email="", user=None, ground="")


def tidy_profiles(day: date) -> int:
    """Erase the texts of profiles three years after they were replaced, with logos that nothing shows."""
    old = ProfileEntry.objects.filter(replaced_at__lt=_moment(day) - FORMER_TEXTS)
    kept = ProfileEntry.objects.exclude(pk__in=old.values("pk")).filter(file__isnull=False).values("file")
    logos = list(old.exclude(file__in=kept).values_list("file_id", flat=True))
    done = old.delete()[0]
    _drop_files(logos)
    return done


def _claims(user_id: int) -> Iterable[Row]:
    rows = Claim.objects.filter(Q(user_id=user_id) | Q(created_by_id=user_id)).select_related("organisation")
    return (
        {
            "organisation": row.organisation.name,
            "preuve": row.get_way_display(),
            "état": row.get_state_display(),
            "fonction": row.job_title,
            "message": row.message,
            "adresse donnée": row.proof_email,
            "demandée le": row.created_at,
            "décidée le": row.decided_at,
            "motif": row.reason,
        }
        for row in rows.order_by("created_at")
    )


def _corrections(user_id: int) -> Iterable[Row]:
    rows = Correction.objects.filter(author_id=user_id).select_related("organisation")
    return (
        {
            "organisation": row.organisation.name,
            "fait": row.get_field_display(),
            "proposé": row.value,
            "ce qui le montre": row.evidence,
            "état": row.get_state_display(),
            "proposée le": row.created_at,
            "motif": row.reason,
        }
        for row in rows.order_by("created_at")
    )


def _hidings(user_id: int) -> Iterable[Row]:
    rows = HidingRequest.objects.filter(user_id=user_id).select_related("organisation")
    return (
        {
            "organisation": row.organisation.name if row.organisation else "",
            "portée": row.get_scope_display(),
            "raisons": row.ground,
            "état": row.get_state_display(),
            "demandée le": row.created_at,
        }
        for row in rows.order_by("created_at")
    )


def _memberships(user_id: int) -> Iterable[Row]:
    rows = OrganisationMembership.objects.filter(user_id=user_id).select_related("organisation")
    return (
        {"organisation": row.organisation.name, "début": row.valid_from, "fin": row.valid_to}
        for row in rows.order_by("valid_from")
    )


def _texts(user_id: int) -> Iterable[Row]:
    rows = ProfileEntry.objects.filter(written_by_id=user_id).select_related("organisation")
    return (
        {
            "organisation": row.organisation.name,
            "rubrique": row.get_field_display(),
            "texte": row.value,
            "écrit le": row.written_at,
        }
        for row in rows.order_by("written_at")
    )


register(
    Retention(
        model="registry.OrganisationMembership",
        fields=("user",),
        purpose=_("Savoir qui agit pour chaque organisation, à la date de chaque acte"),
        legal_basis=_TASK,
        kept=_("Comme le compte"),
        export=_memberships,
    )
)
register(
    Retention(
        model="registry.Claim",
        fields=("user", "proof_email", "job_title", "message", "document"),
        purpose=_("Vérifier qu’une personne est bien de l’organisation pour laquelle elle veut agir"),
        legal_basis=_TASK,
        kept=_("Un an après la réponse ; six mois pour un lien jamais ouvert ; deux ans sans réponse"),
        apply=tidy_claims,
        export=_claims,
    )
)
register(
    Retention(
        model="registry.Correction",
        fields=("author", "reporter_email", "evidence", "document"),
        purpose=_("Corriger le registre, et répondre à qui a signalé l’erreur"),
        legal_basis=_TASK,
        kept=_("Un an après la réponse ; la correction elle-même, tant qu’elle s’affiche"),
        apply=tidy_corrections,
        export=_corrections,
    )
)
register(
    Retention(
        model="registry.HidingRequest",
        fields=("user", "requester_email", "ground"),
        purpose=_("Ne plus montrer ce qu’une personne a demandé de masquer"),
        legal_basis=_DUTY,
        kept=_("Un an après la réponse pour la personne ; le masquage, jusqu’à ce qu’il soit levé"),
        apply=tidy_hidings,
        export=_hidings,
    )
)
register(
    Retention(
        model="registry.ProfileEntry",
        fields=("written_by", "value"),
        purpose=_("Présenter l’organisation au public, et savoir qui a écrit quoi"),
        legal_basis=_TASK,
        kept=_("Tant que la page les montre, puis trois ans"),
        apply=tidy_profiles,
        export=_texts,
    )
)
