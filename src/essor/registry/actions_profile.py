"""Writing the profile of an organisation; each change keeps its author, its day, and what it replaces."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts.models import Authority, User
from essor.accounts.rights import Rights
from essor.kernel import audit, files
from essor.kernel.periods import day_of
from essor.registry import changes, profile_rules
from essor.registry.actions_claims import is_member
from essor.registry.files_people import LOGO, LOGO_KINDS, LOGO_MAX_BYTES
from essor.registry.holding import acting_authority
from essor.registry.models import Organisation, OrganisationFacts, ProfileEntry, ProfileField
from essor.registry.profiles import fact_of

_CHECKS = {
    ProfileField.PHONE: profile_rules.phone,
    ProfileField.WEBSITE: profile_rules.website,
    ProfileField.LINKS: profile_rules.links,
    ProfileField.KEYWORDS: profile_rules.keywords,
}


def must_write(user: User, organisation: Organisation, now: datetime) -> tuple[bool, Authority | None]:
    """(by a member, for which authority); PermissionDenied for anybody else."""
    if is_member(user.pk, organisation.pk, day_of(now)):
        return True, None
    rights = Rights(user.pk, day_of(now))
    authority = acting_authority(rights, organisation.pk, None)
    if authority is None and not rights.is_installation_admin:
        raise PermissionDenied(
            _("Les membres de l’organisation et les agents de son territoire écrivent sa page.")
        )
    return False, authority


def clean(field: str, value: str) -> str:
    """The text as it is kept; ValidationError in French on the field."""
    plain = profile_rules.tidy(value)
    try:
        plain = _CHECKS[ProfileField(field)](plain) if field in _CHECKS else plain
    except profile_rules.Refused as error:
        raise ValidationError({field: str(error)}) from error
    if field == ProfileField.EMAIL and plain:
        try:
            validate_email(plain)
        except ValidationError as error:
            raise ValidationError({field: error.messages}) from error
    if len(plain) > 4000:
        raise ValidationError({field: _("4 000 signes au plus.")})
    return plain


@transaction.atomic
def write_profile(
    user: User,
    organisation: Organisation,
    values: Mapping[str, str],
    *,
    logo: "File[bytes] | None" = None,
    seen: int | None = None,
    now: datetime | None = None,
) -> list[str]:
    """Write the fields that change (an empty text removes one); gives their codes.

    `seen` is the id of the last entry that the form showed: a field that another person wrote since is refused, with
    what they wrote, so that nothing is lost in silence. A logo needs its alternative text (`values["logo"]`).
    """
    now = now or timezone.now()
    by_member, authority = must_write(user, organisation, now)
    cleaned = {field: clean(field, value) for field, value in values.items() if field in ProfileField.values}
    # One writer at a time on an organisation.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = {row.field: row for row in ProfileEntry.objects.current().filter(organisation=organisation)}
    changed = {
        field: value
        for field, value in cleaned.items()
        if value != (current[field].value if field in current else "")
    }
    if logo is not None:
        changed[ProfileField.LOGO] = cleaned.get(ProfileField.LOGO, "")
        if not changed[ProfileField.LOGO]:
            raise ValidationError({"logo": _("Décrivez le logo en quelques mots, pour qui ne le voit pas.")})
    elif changed.get(ProfileField.LOGO) and ProfileField.LOGO not in current:
        raise ValidationError({"logo": _("Choisissez le fichier du logo.")})
    _refuse_overwriting(current, changed, seen)
    if not changed:
        return []
    facts = OrganisationFacts.objects.filter(pk=organisation.pk).first()
    for field, value in changed.items():
        former = current.get(field)
        if former is not None:
            former.replaced_at = now
            former.save(update_fields=["replaced_at"])
        if not value:
            continue
        file = former.file if former is not None and field == ProfileField.LOGO else None
        if field == ProfileField.LOGO and logo is not None:
            file = files.store(
                logo, purpose=LOGO, allowed=LOGO_KINDS, max_bytes=LOGO_MAX_BYTES, uploaded_by=user.pk
            )
        ProfileEntry.objects.create(
            organisation=organisation, field=field, value=value, file=file, fact_seen=fact_of(field, facts),
            written_by=user, written_for=authority, by_member=by_member, written_at=now,
        )  # fmt: skip
    _record("registry.profile.written", user, authority, organisation, list(changed))
    changes.tell([organisation.pk])
    return list(changed)


def _refuse_overwriting(
    current: Mapping[str, ProfileEntry], changed: Mapping[str, str], seen: int | None
) -> None:
    if seen is None:
        return
    newer = {field: current[field] for field in changed if field in current and current[field].pk > seen}
    if newer:
        told = _(
            "Une autre personne a changé cette rubrique entre-temps. Elle dit maintenant : « %(value)s »."
        )
        raise ValidationError({field: told % {"value": row.value[:200]} for field, row in newer.items()})


def _record(
    code: str, user: User, authority: Authority | None, organisation: Organisation, fields: list[str]
) -> None:
    labels = ", ".join(str(ProfileField(field).label).lower() for field in fields)
    audit.record(
        code,
        actor_id=user.pk,
        subject=organisation,
        authority_id=authority.pk if authority else None,
        data={"fields": labels[:200]},
    )


@transaction.atomic
def settle_conflict(
    user: User, organisation: Organisation, field: str, *, keep: bool, now: datetime | None = None
) -> None:
    """Keep what the profile says although the open data changed, or let the open data speak again."""
    now = now or timezone.now()
    _by_member, authority = must_write(user, organisation, now)
    row = ProfileEntry.objects.current().filter(organisation=organisation, field=field).first()
    facts = OrganisationFacts.objects.filter(pk=organisation.pk).first()
    if row is None:
        raise ValidationError(_("Le profil ne dit plus rien de cette rubrique."))
    if keep:
        row.fact_seen = fact_of(field, facts)
        row.save(update_fields=["fact_seen"])
    else:
        row.replaced_at = now
        row.save(update_fields=["replaced_at"])
    _record(
        "registry.profile.kept" if keep else "registry.profile.taken", user, authority, organisation, [field]
    )
    changes.tell([organisation.pk])
