"""Duplicates: merging two rows of one person, undoing it, saying that two that look alike are two."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.models import Authority
from essor.kernel import audit
from essor.kernel.periods import today
from essor.registry import changes, merge_rows
from essor.registry.directories.apply import refresh_tags
from essor.registry.models import (
    Directory,
    DistinctPair,
    Identifier,
    Merge,
    Organisation,
    OrganisationFacts,
)
from essor.registry.territory_rights import must_work_on, told_name

audit.register(
    "registry.merge.done",
    gettext_lazy("{actor} a fusionné avec cette fiche celle de « {name} » (n° {absorbed})"),
)
audit.register(
    "registry.merge.undone",
    gettext_lazy("{actor} a annulé la fusion de cette fiche avec celle de « {name} » (n° {absorbed})"),
)
audit.register(
    "registry.merge.distinct",
    gettext_lazy("{actor} a dit que cette organisation et « {name} » (n° {other}) sont deux organisations"),
)


def merge(
    actor: Actor,
    authority: Authority | None,
    kept: Organisation,
    absorbed: Organisation,
    *,
    reason: str,
    numbers_confirmed: bool = False,
) -> Merge:
    """Merge two rows of the same person: `kept` receives everything that `absorbed` has, whose page leads there.

    `numbers_confirmed`: the actor knows that the two bear different SIREN. Raises `PermissionDenied` when the actor
    may not work on both, `ValidationError` when they cannot be merged.
    """
    must_work_on(actor, authority, [kept.pk, absorbed.pk], today())
    with transaction.atomic():
        kept, absorbed = _locked(kept.pk, absorbed.pk)
        _must_be_mergeable(kept, absorbed, numbers_confirmed=numbers_confirmed)
        done = Merge.objects.create(
            kept=kept,
            absorbed=absorbed,
            absorbed_was_present=absorbed.facts.present,
            authority=authority,
            merged_by_id=actor_id(actor),
            reason=reason.strip(),
        )
        merge_rows.pass_rows(done)
        Organisation.objects.filter(pk=absorbed.pk).update(merged_into=kept)
        OrganisationFacts.objects.filter(pk=absorbed.pk).update(present=False)
        _refresh_tags(kept, absorbed)
        _record("registry.merge.done", actor, done, reason)
        changes.tell([kept.pk, absorbed.pk])
    return done


def undo_merge(actor: Actor, authority: Authority | None, done: Merge, *, reason: str) -> None:
    """Give back to the absorbed row what it had; what was added to the kept one since stays there.

    Raises `PermissionDenied` when the actor may not work on the kept one, `ValidationError` when it was undone, when
    the kept one was itself merged since, or without reason.
    """
    must_work_on(actor, authority, [done.kept_id], today())
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi vous annulez cette fusion.")})
    with transaction.atomic():
        kept, absorbed = _locked(done.kept_id, done.absorbed_id)
        done = Merge.objects.select_for_update().get(pk=done.pk)
        if done.undone_at is not None:
            raise ValidationError(_("Cette fusion a déjà été annulée."))
        if kept.merged_into_id is not None:
            raise ValidationError(
                _(
                    "La fiche gardée a été fusionnée à son tour avec une autre : annulez d’abord cette fusion-là."
                )
            )
        merge_rows.give_back(done)
        Organisation.objects.filter(pk=absorbed.pk).update(merged_into=None)
        OrganisationFacts.objects.filter(pk=absorbed.pk).update(present=done.absorbed_was_present)
        _refresh_tags(kept, absorbed)
        done.undone_at = timezone.now()
        done.undone_by_id = actor_id(actor)
        done.undone_reason = reason.strip()
        done.save(update_fields=["undone_at", "undone_by_id", "undone_reason"])
        _record("registry.merge.undone", actor, done, reason)
        changes.tell([kept.pk, absorbed.pk])


def say_distinct(
    actor: Actor, authority: Authority | None, first: Organisation, second: Organisation
) -> DistinctPair:
    """Say that two organisations that look alike are two: they are no longer proposed."""
    must_work_on(actor, authority, [first.pk, second.pk], today())
    low, high = sorted((first, second), key=lambda each: each.pk)
    if low.pk == high.pk:
        raise ValidationError(_("C’est la même fiche."))
    with transaction.atomic():
        pair, created = DistinctPair.objects.get_or_create(
            first=low, second=high, defaults={"said_by_id": actor_id(actor)}
        )
        if created:
            audit.record(
                "registry.merge.distinct",
                actor_id=actor_id(actor),
                subject=low,
                authority_id=authority.pk if authority else None,
                data={"name": told_name(high), "other": high.pk},
            )
    return pair


def _locked(first: int, second: int) -> tuple[Organisation, Organisation]:
    """Both rows, locked in the order of their ids so that two merges never wait for each other."""
    rows = Organisation.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[first], found[second]


def _refresh_tags(kept: Organisation, absorbed: Organisation) -> None:
    """Bring the tags that directories give in line with their entries, which passed from one to the other."""
    ids = [kept.pk, absorbed.pk]
    for directory in Directory.objects.filter(entries__organisation__in=ids).distinct():
        refresh_tags(directory, ids)


def _must_be_mergeable(kept: Organisation, absorbed: Organisation, *, numbers_confirmed: bool) -> None:
    if kept.pk == absorbed.pk:
        raise ValidationError(_("Choisissez deux fiches différentes."))
    for each in (kept, absorbed):
        if each.merged_into_id is not None:
            raise ValidationError(
                _("« %(name)s » (n° %(number)s) a déjà été fusionnée avec une autre fiche.")
                % {"name": each.name, "number": each.pk}
            )
        if not OrganisationFacts.objects.filter(pk=each.pk).exists():
            raise ValidationError(_("« %(name)s » n’est pas au registre.") % {"name": each.name})
    if not (kept.is_public and absorbed.is_public):
        raise ValidationError(_("Une fiche qui n’est pas publique ne se fusionne pas."))
    if not kept.facts.present:
        raise ValidationError(_("La fiche à garder n’est plus au registre : gardez l’autre."))
    agent = OrganisationFacts.Origin.AGENT
    if kept.facts.origin == agent and absorbed.facts.origin != agent:
        raise ValidationError(
            _("Gardez « %(name)s » : les données publiques la décrivent, et chaque édition la met à jour.")
            % {"name": absorbed.name}
        )
    if different_numbers(kept, absorbed) and not numbers_confirmed:
        raise ValidationError(
            {
                "numbers_confirmed": _(
                    "Ces deux fiches ont des SIREN différents : en principe, ce sont deux personnes morales. Si "
                    "l’une a succédé à l’autre, enregistrez plutôt une succession."
                )
            }
        )


def different_numbers(first: Organisation, second: Organisation) -> bool:
    """True when both have a SIREN: they are never the same, as a SIREN belongs to one row."""
    owners = Identifier.objects.filter(scheme=Identifier.Scheme.SIREN, organisation__in=[first, second])
    return owners.values("organisation").distinct().count() == 2


def _record(code: str, actor: Actor, done: Merge, reason: str) -> None:
    audit.record(
        code,
        actor_id=actor_id(actor),
        subject=done.kept,
        authority_id=done.authority_id,
        data={"name": told_name(done.absorbed), "absorbed": done.absorbed_id},
        reason=reason.strip(),
    )
