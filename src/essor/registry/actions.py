"""What administrators do in the register by hand: versions of the perimeter, people attached to organisations."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id, must_administer
from essor.accounts.models import User
from essor.kernel import audit
from essor.registry import perimeter_store
from essor.registry.models import Claim, Organisation, OrganisationMembership, PerimeterVersion
from essor.registry.perimeter import PerimeterError
from essor.registry.perimeter_edit import Draft, differences, succession_problems, write

audit.register(
    "registry.perimeter.written",
    gettext_lazy(
        "{actor} a écrit la version « {version} » du périmètre de l’ESS, à partir de « {base} » ({changes} changements)"
    ),
)


def write_perimeter(actor: User, base: str, draft: Draft) -> PerimeterVersion:
    """Store a version of the perimeter made from `base`, with its reason, and log it.

    Raises `PermissionDenied` unless the actor administers the installation, `ValidationError` when the version
    cannot be used.
    """
    if not actor.is_installation_admin:
        raise PermissionDenied(_("Seule l’administration de l’installation modifie le périmètre."))
    if not draft.note.strip():
        raise ValidationError({"note": _("Dites pourquoi vous changez le périmètre.")})
    try:
        start = perimeter_store.get(base)
        perimeter = write(start, draft)
    except PerimeterError as error:
        raise ValidationError(list(error.problems)) from error
    problems = succession_problems(perimeter, [stored.perimeter for stored in perimeter_store.versions()])
    changed = differences(start, perimeter)
    if not any(change.subject != _("Dates") for change in changed):
        problems.append(_("rien ne change : modifiez au moins une catégorie ou une activité"))
    if problems:
        raise ValidationError(problems)
    try:
        with transaction.atomic():
            row = PerimeterVersion.objects.create(
                version=perimeter.version,
                valid_from=perimeter.valid_from,
                body=perimeter.to_dict(),
                note=draft.note.strip(),
                created_by_id=actor.pk,
            )
            audit.record(
                "registry.perimeter.written",
                actor_id=actor.pk,
                subject=row,
                data={"version": perimeter.version, "base": base, "changes": len(changed)},
                reason=draft.note.strip(),
            )
    except IntegrityError as error:
        raise ValidationError(_("Une version porte déjà ce nom : choisissez-en un autre.")) from error
    return row


audit.register(
    "registry.member.attached", gettext_lazy("{actor} a rattaché une personne à cette organisation")
)


@transaction.atomic
def attach_person(
    actor: Actor, organisation: Organisation, user: User, *, day: date
) -> OrganisationMembership:
    """Let a person act for an organisation from the day; ValidationError when they already do.

    Raises `PermissionDenied` unless the actor administers the installation (None: the installation itself).
    """
    must_administer(actor, day)
    if OrganisationMembership.objects.on(day).filter(user=user, organisation=organisation).exists():
        raise ValidationError(_("Cette personne agit déjà pour cette organisation."))
    membership = OrganisationMembership.objects.create(
        user=user, organisation=organisation, valid_from=day, way=Claim.Way.AGENT
    )
    audit.record("registry.member.attached", actor_id=actor_id(actor), subject=organisation)
    return membership
