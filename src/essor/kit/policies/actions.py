"""What an authority does with its sector policies: rename, add, order, retire, merge, take Essor's list again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, Service, User
from essor.kernel import audit
from essor.kernel.acts import Scope, acts
from essor.kernel.periods import today
from essor.kit.editing.in_force import touch
from essor.kit.models.sector_policy import SectorPolicy
from essor.kit.sectors import sectors

MOST = 80

audit.register("kit.sector.added", gettext_lazy("{actor} a ajouté la politique « {label} »"))
audit.register("kit.sector.changed", gettext_lazy("{actor} a modifié la politique « {label} »"))
audit.register("kit.sector.moved", gettext_lazy("{actor} a changé l’ordre des politiques"))
audit.register("kit.sector.retired", gettext_lazy("{actor} a retiré la politique « {label} »"))
audit.register("kit.sector.resumed", gettext_lazy("{actor} a repris la politique « {label} »"))
audit.register("kit.sector.merged", gettext_lazy("{actor} a fondu la politique « {label} » dans « {into} »"))
audit.register("kit.sector.reset", gettext_lazy("{actor} a repris la liste de politiques d’Essor"))
audit.register(
    "kit.sector.taken",
    gettext_lazy("{actor} a repris une liste de politiques ({added} ajoutées, {renamed} renommées)"),
)


@dataclass(frozen=True)
class Said:
    """What is said of a policy."""

    label: str
    seed: str = ""
    service: Service | None = None


@dataclass(frozen=True)
class Effect:
    """What an act on a policy touches: acts that bear it, by kind of lever."""

    count: int
    levers: tuple[tuple[str, int], ...]


def rows_of(authority: Authority) -> list[SectorPolicy]:
    """The policies of an authority in order, retired ones last; Essor's list, unsaved, when it has none of its own."""
    rows = list(SectorPolicy.objects.filter(authority=authority).select_related("service", "merged_into"))
    rows = rows or _seeded(authority)
    return sorted(rows, key=lambda row: (row.retired_on is not None, row.rank, row.pk or 0))


def _seeded(authority: Authority) -> list[SectorPolicy]:
    return [
        SectorPolicy(authority=authority, code=each.code, label=each.label, seed=each.code, rank=rank)
        for rank, each in enumerate(sectors().values(), 1)
    ]


def effect_of(authority: Authority, code: str) -> Effect:
    """How many acts of the authority bear a policy."""
    counted: dict[str, int] = {}
    for act in acts(Scope(authority_ids=frozenset({authority.pk}))):
        if act.sector_policy == code:
            counted[act.lever] = counted.get(act.lever, 0) + 1
    return Effect(sum(counted.values()), tuple(sorted(counted.items())))


def _own(authority: Authority) -> dict[str, SectorPolicy]:
    """The rows of the authority, made from Essor's list the first time: call it in the transaction of the act."""
    Authority.objects.select_for_update().get(pk=authority.pk)
    rows = SectorPolicy.objects.filter(authority=authority)
    if not rows.exists():
        SectorPolicy.objects.bulk_create(_seeded(authority))
    return {row.code: row for row in rows.select_related("service").order_by("rank", "pk")}


def _get(rows: dict[str, SectorPolicy], code: str) -> SectorPolicy:
    if code not in rows:
        raise ValidationError(
            _("Cette politique n’est plus dans la liste : relisez-la avant de recommencer.")
        )
    return rows[code]


@transaction.atomic
def add(actor: User | None, authority: Authority, said: Said) -> SectorPolicy:
    """Add a policy, last. Raises ValidationError (name taken, list too long, unknown service)."""
    rows = _own(authority)
    if len(rows) >= MOST:
        raise ValidationError(_("Une liste a %(most)s politiques au plus.") % {"most": MOST})
    row = SectorPolicy(
        authority=authority,
        code=_free_code(said.label, rows),
        rank=max((r.rank for r in rows.values()), default=0) + 1,
    )
    _write(row, said)
    _record("kit.sector.added", actor, row)
    return row


def _free_code(label: str, rows: dict[str, SectorPolicy]) -> str:
    base = slugify(label)[:50] or "politique"
    return next(
        code for code in (base, *(f"{base}-{number}" for number in range(2, MOST + 3))) if code not in rows
    )


@transaction.atomic
def change(actor: User | None, authority: Authority, code: str, said: Said) -> SectorPolicy:
    """Rename a policy, say its service, where it stands in Essor's list. Its code stays. Raises ValidationError."""
    row = _get(_own(authority), code)
    _write(row, said)
    _record("kit.sector.changed", actor, row)
    return row


def _write(row: SectorPolicy, said: Said) -> None:
    row.label = " ".join(said.label.split())
    row.seed, row.service = said.seed, said.service
    if row.seed and row.seed not in sectors():
        raise ValidationError({"seed": _("Choisissez une politique de la liste d’Essor.")})
    if row.service is not None and row.service.authority_id != row.authority_id:
        raise ValidationError({"service": _("Choisissez un service de votre collectivité.")})
    row.full_clean()
    row.save()
    touch()


@transaction.atomic
def order(actor: User | None, authority: Authority, codes: Sequence[str]) -> None:
    """Put the policies in this order; those that are not named follow, in theirs."""
    rows = _own(authority)
    named = [code for code in dict.fromkeys(codes) if code in rows]
    ordered = [*named, *(code for code in rows if code not in named)]
    for rank, code in enumerate(ordered, 1):
        rows[code].rank = rank
    SectorPolicy.objects.bulk_update(rows.values(), ["rank"])
    touch()
    audit.record(
        "kit.sector.moved",
        actor_id=actor.pk if actor else None,
        subject=authority,
        authority_id=authority.pk,
    )


@transaction.atomic
def retire(actor: User | None, authority: Authority, code: str) -> None:
    """No form offers it any more; acts that bear it keep it. Raises ValidationError when it is retired already."""
    rows = _own(authority)
    row = _get(rows, code)
    if row.retired_on is not None:
        raise ValidationError(_("Cette politique est déjà retirée."))
    if sum(each.retired_on is None for each in rows.values()) == 1:
        raise ValidationError(_("C’est la dernière politique de la liste : ajoutez-en une autre avant."))
    row.retired_on = today()
    row.save(update_fields=["retired_on"])
    touch()
    _record("kit.sector.retired", actor, row)


@transaction.atomic
def resume(actor: User | None, authority: Authority, code: str) -> None:
    """Forms offer it again, by itself. Raises ValidationError when it runs, or when its name was taken."""
    row = _get(_own(authority), code)
    if row.retired_on is None:
        raise ValidationError(_("Cette politique n’est pas retirée."))
    row.retired_on, row.merged_into = None, None
    row.full_clean()
    row.save()
    touch()
    _record("kit.sector.resumed", actor, row)


@transaction.atomic
def merge(actor: User | None, authority: Authority, code: str, into: str) -> None:
    """Retire a policy in favour of another: what bears the first is read as the second. No act is rewritten.

    Raises ValidationError when they are the same, or when the second one does not run.
    """
    rows = _own(authority)
    row, other = _get(rows, code), _get(rows, into)
    if row.pk == other.pk or other.retired_on is not None:
        raise ValidationError(_("Choisissez une autre politique, en service."))
    row.retired_on = row.retired_on or today()
    row.merged_into = other
    row.full_clean()
    row.save()
    SectorPolicy.objects.filter(authority=authority, merged_into=row).update(merged_into=other)
    touch()
    audit.record(
        "kit.sector.merged",
        actor_id=actor.pk if actor else None,
        subject=row,
        authority_id=authority.pk,
        data={"label": row.label, "into": other.label},
    )


@transaction.atomic
def reset(actor: User | None, authority: Authority) -> None:
    """Take Essor's list again: its names and its order; own policies are retired, the services stay."""
    rows = _own(authority)
    # Two policies may have exchanged their names: all step aside before they take theirs again.
    SectorPolicy.objects.filter(authority=authority, retired_on__isnull=True).update(retired_on=today())
    for rank, each in enumerate(sectors().values(), 1):
        row = rows.pop(each.code, None) or SectorPolicy(authority=authority, code=each.code)
        row.label, row.seed, row.rank, row.retired_on, row.merged_into = (
            each.label,
            each.code,
            rank,
            None,
            None,
        )
        row.save()
    for rank, row in enumerate(rows.values(), len(sectors()) + 1):
        SectorPolicy.objects.filter(pk=row.pk).update(rank=rank)
    touch()
    audit.record(
        "kit.sector.reset",
        actor_id=actor.pk if actor else None,
        subject=authority,
        authority_id=authority.pk,
    )


@transaction.atomic
def take(actor: User | None, authority: Authority, said: Sequence[tuple[str, Said]]) -> None:
    """Take a list written elsewhere: (code, what is said), in order. A known code is renamed, a new one added, the
    policies that it does not have are retired; services stay. Raises ValidationError.
    """
    rows = _own(authority)
    wanted = dict(said)
    added = sum(code not in rows for code in wanted)
    renamed = sum(code in rows and rows[code].label != each.label for code, each in wanted.items())
    for row in rows.values():
        if row.code not in wanted and row.retired_on is None:
            row.retired_on = today()
            row.save(update_fields=["retired_on"])
    # Two policies may exchange their names: those that run step aside before they take the new ones.
    SectorPolicy.objects.filter(authority=authority, code__in=wanted).update(retired_on=today())
    for rank, (code, each) in enumerate(wanted.items(), 1):
        row = rows.get(code) or SectorPolicy(authority=authority, code=code)
        row.rank, row.retired_on, row.merged_into = rank, None, None
        _write(row, Said(each.label, each.seed, row.service))
    audit.record(
        "kit.sector.taken",
        actor_id=actor.pk if actor else None,
        subject=authority,
        authority_id=authority.pk,
        data={"added": added, "renamed": renamed},
    )


def _record(code: str, actor: User | None, row: SectorPolicy) -> None:
    audit.record(
        code,
        actor_id=actor.pk if actor else None,
        subject=row,
        authority_id=row.authority_id,
        data={"label": row.label},
    )
