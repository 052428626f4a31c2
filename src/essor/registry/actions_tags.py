"""Tags that people put, with what proves them; labels that authorities name."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority
from essor.accounts.rights import Rights
from essor.kernel import audit, files, french
from essor.kernel.models import StoredFile
from essor.kernel.periods import today
from essor.registry import changes
from essor.registry.enums import Tag
from essor.registry.files import PROOF, PROOF_KINDS
from essor.registry.models import LocalLabel, Organisation, OrganisationTag, TagProof
from essor.registry.tag_words import AUTHORITY, INSTALLATION, LABEL, label_of
from essor.registry.territory_rights import RULE, must_work_on

audit.register("registry.tag.put", gettext_lazy("{actor} a mis l’étiquette « {tag} » ({until})"))
audit.register("registry.tag.renewed", gettext_lazy("{actor} a renouvelé l’étiquette « {tag} » ({until})"))
audit.register("registry.tag.withdrawn", gettext_lazy("{actor} a mis fin à l’étiquette « {tag} »"))
audit.register("registry.label.named", gettext_lazy("{actor} a créé le label « {label} »"))
audit.register("registry.label.retired", gettext_lazy("{actor} a retiré le label « {label} » de la liste"))


@dataclass(frozen=True)
class Proof:
    """What proves a tag: where it is known from, a number, a file. `until` is the first day it no longer holds."""

    origin: str
    since: date | None = None
    until: date | None = None
    number: str = ""
    upload: Any = None
    document_is_public: bool = False


def source_of(authority: Authority | None) -> str:
    """The source of the tags that an authority puts; one tag of a kind for an authority and an organisation."""
    return f"{AUTHORITY}{authority.pk}" if authority else INSTALLATION


def put_tag(
    actor: Actor, authority: Authority | None, organisation: Organisation, code: str, proof: Proof
) -> OrganisationTag:
    """Put a tag (a code of `Tag`, or of a label of the authority) on an organisation, with its proof.

    Raises `PermissionDenied` for an organisation out of the territory, `ValidationError` for an unknown tag, one that
    the authority already put, or dates in the wrong order.
    """
    must_work_on(actor, authority, [organisation.pk], today())
    label = _label(code, authority)
    _check_proof(proof)
    try:
        with transaction.atomic():
            tag = put_row(
                organisation,
                code,
                authority,
                origin=proof.origin.strip(),
                actor=actor,
                since=proof.since,
                until=proof.until,
                number=proof.number.strip(),
                document=_store(proof.upload, authority, actor),
                document_is_public=proof.document_is_public,
            )
            _record("registry.tag.put", actor, authority, tag, label)
    except IntegrityError as error:
        raise ValidationError(
            {"code": _("Votre collectivité a déjà mis cette étiquette : modifiez-la plutôt.")}
        ) from error
    return tag


def put_row(
    organisation: Organisation,
    code: str,
    authority: Authority | None,
    *,
    origin: str,
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
    number: str = "",
    document: StoredFile | None = None,
    document_is_public: bool = False,
) -> OrganisationTag:
    """The rows of a tag and of its proof, without check: for the actions of this room, in their transaction."""
    tag = OrganisationTag.objects.create(
        organisation=organisation, code=code, source=source_of(authority), since=since, until=until
    )
    TagProof.objects.create(
        tag=tag,
        origin=origin[:200],
        number=number[:60],
        document=document,
        document_is_public=document_is_public,
        authority=authority,
        put_by_id=actor_id(actor),
    )
    return tag


def renew_tag(
    actor: Actor,
    authority: Authority | None,
    tag: OrganisationTag,
    proof: Proof,
    *,
    seen: int | None = None,
) -> None:
    """Change the validity and the proof of a tag; without a new file, the former one stays.

    `seen` is the version of the proof that the form showed. Raises `PermissionDenied` when another authority put it,
    `ValidationError` for dates in the wrong order, or when somebody changed the tag since.
    """
    _must_own(actor, authority, tag)
    _check_proof(proof)
    with transaction.atomic():
        tag, kept = _taken(tag, seen)
        tag.since, tag.until = proof.since, proof.until
        tag.save(update_fields=["since", "until"])
        kept.origin, kept.number = proof.origin.strip()[:200], proof.number.strip()[:60]
        kept.document = _store(proof.upload, authority, actor) or kept.document
        kept.document_is_public = proof.document_is_public
        kept.version += 1
        kept.save(update_fields=["origin", "number", "document", "document_is_public", "version"])
        _record("registry.tag.renewed", actor, authority, tag, label_of(tag.code))


def _taken(tag: OrganisationTag, seen: int | None) -> tuple[OrganisationTag, TagProof]:
    """The tag and its proof as they are now, held until the end of the transaction: one writer at a time."""
    tag = OrganisationTag.objects.select_for_update().get(pk=tag.pk)
    proof = TagProof.objects.get(tag=tag)
    if seen is not None and proof.version != seen:
        raise ValidationError(
            _(
                "Une autre personne a modifié cette étiquette entre-temps : elle vaut maintenant %(until)s, d’après "
                "« %(origin)s ». Rien n’est enregistré. Rouvrez « Renouveler » pour partir de ce qu’elle a écrit."
            )
            % {"until": _validity(tag), "origin": proof.origin}
        )
    return tag, proof


def _validity(tag: OrganisationTag) -> str:
    return _("jusqu’au %(day)s") % {"day": french.day(tag.until)} if tag.until else _("sans date de fin")


def withdraw_tag(actor: Actor, authority: Authority | None, tag: OrganisationTag, *, reason: str) -> None:
    """End a tag today: it stays, as ended. Raises `PermissionDenied` when another authority put it."""
    _must_own(actor, authority, tag)
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi vous retirez cette étiquette.")})
    with transaction.atomic():
        tag, kept = _taken(tag, None)
        kept.version += 1
        kept.save(update_fields=["version"])
        tag.until = min(tag.until or today(), today())
        tag.save(update_fields=["until"])
        _record("registry.tag.withdrawn", actor, authority, tag, label_of(tag.code), reason)


def name_label(actor: Actor, authority: Authority, name: str, description: str) -> LocalLabel:
    """Name a label that the authority gives; a retired one of the same name comes back."""
    _must_be_agent(actor, authority)
    clean = " ".join(name.split())
    if not clean:
        raise ValidationError({"name": _("Donnez un nom au label.")})
    if audit.PERSONAL_VALUES.search(clean):
        raise ValidationError(
            {"name": _("Un nom ne contient ni adresse électronique ni numéro de téléphone.")}
        )
    if LocalLabel.objects.filter(authority=authority, name__iexact=clean, is_active=True).exists():
        raise ValidationError({"name": _("Un label porte déjà ce nom.")})
    with transaction.atomic():
        label, _made = LocalLabel.objects.update_or_create(
            authority=authority,
            name=clean,
            defaults={"description": description.strip(), "is_active": True},
        )
        _record_label("registry.label.named", actor, label)
    return label


def retire_label(actor: Actor, label: LocalLabel) -> None:
    """Take a label out of the list; the tags that bear it stay."""
    _must_be_agent(actor, label.authority)
    with transaction.atomic():
        if LocalLabel.objects.filter(pk=label.pk, is_active=True).update(is_active=False):
            _record_label("registry.label.retired", actor, label)


def _label(code: str, authority: Authority | None) -> str:
    if code.startswith(LABEL):
        pk = code.removeprefix(LABEL)
        rows = LocalLabel.objects.filter(authority=authority, is_active=True)
        found = rows.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None
        if found:
            return found.name
    elif code in {str(tag.value) for tag in Tag}:
        return Tag(code).label
    raise ValidationError({"code": _("Choisissez une étiquette de la liste.")})


def _check_proof(proof: Proof) -> None:
    if not proof.origin.strip():
        raise ValidationError({"origin": _("Dites d’où vient l’information : arrêté, convention, annuaire…")})
    if proof.since and proof.until and proof.until <= proof.since:
        raise ValidationError({"until": _("La fin doit être après le début.")})


def _store(upload: Any, authority: Authority | None, actor: Actor) -> StoredFile | None:
    if not upload:
        return None
    return files.store(
        upload,
        purpose=PROOF,
        allowed=PROOF_KINDS,
        authority_id=authority.pk if authority else None,
        uploaded_by=actor_id(actor),
    )


def _must_own(actor: Actor, authority: Authority | None, tag: OrganisationTag) -> None:
    must_work_on(actor, authority, [tag.organisation_id], today())
    proof = TagProof.objects.filter(tag=tag).first()
    if proof is None:
        raise PermissionDenied(_("Cette étiquette vient des données publiques : une édition la met à jour."))
    administers = actor is None or Rights(actor.pk, today()).is_installation_admin
    if not administers and proof.authority_id != (authority.pk if authority else None):
        raise PermissionDenied(_("Seule la collectivité qui a mis cette étiquette la modifie."))


def _must_be_agent(actor: Actor, authority: Authority) -> None:
    if actor is not None:
        rights = Rights(actor.pk, today())
        if not (rights.has(authority.pk, AGENT) or rights.is_installation_admin):
            raise PermissionDenied(RULE)


def _record(
    code: str, actor: Actor, authority: Authority | None, tag: OrganisationTag, label: str, reason: str = ""
) -> None:
    audit.record(
        code,
        actor_id=actor_id(actor),
        subject=tag.organisation,
        authority_id=authority.pk if authority else None,
        data={"tag": label, "until": _validity(tag)},
        reason=reason.strip(),
    )
    changes.tell([tag.organisation_id])


def _record_label(code: str, actor: Actor, label: LocalLabel) -> None:
    audit.record(
        code,
        actor_id=actor_id(actor),
        subject=label,
        authority_id=label.authority_id,
        data={"label": label.name},
    )
