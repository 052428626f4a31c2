"""What people do with the directory of support: add, correct, close, open again; what the package brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.kernel.text import fold, sort_key
from essor.kit.enums_aids import LinkState
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.models.support import Supporter, SupportMark

audit.register(
    "kit.supporter.added", gettext_lazy("{actor} a ajouté « {name} » à l’annuaire de l’accompagnement")
)
audit.register("kit.supporter.corrected", gettext_lazy("{actor} a corrigé « {name} »"))
audit.register("kit.supporter.closed", gettext_lazy("{actor} a fermé « {name} » : il n’est plus proposé"))
audit.register("kit.supporter.reopened", gettext_lazy("{actor} a rouvert « {name} »"))

Marks = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Described:
    """What is said of a supporter: the values of its fields, and its codes by axis."""

    values: Mapping[str, Any]
    marks: Marks = field(default_factory=dict)


def add_supporter(actor: User, authority: Authority | None, said: Described) -> Supporter:
    """Add a supporter to the directory of an authority, or of the installation. Raises ValidationError."""
    supporter = Supporter(authority=authority)
    with transaction.atomic():
        write(supporter, said)
        _record("kit.supporter.added", actor, supporter)
    return supporter


def correct_supporter(actor: User, supporter: Supporter, said: Described) -> None:
    """Correct it; an upgrade of Essor then leaves it as it is. Raises ValidationError."""
    with transaction.atomic():
        locked = Supporter.objects.select_for_update().get(pk=supporter.pk)
        locked.is_corrected = bool(locked.code or locked.origin_key)
        write(locked, said)
        _record("kit.supporter.corrected", actor, locked)


def close_supporter(actor: User, supporter: Supporter, day: date) -> None:
    """It helps no more: no list and no path proposes it. ValidationError when it is closed already."""
    _switch(actor, supporter, day, "kit.supporter.closed", _("Cet acteur est déjà fermé."))


def reopen_supporter(actor: User, supporter: Supporter) -> None:
    """It helps again. ValidationError when it was not closed, or when another one took its name."""
    _switch(actor, supporter, None, "kit.supporter.reopened", _("Cet acteur n’est pas fermé."))


def _switch(actor: User, supporter: Supporter, day: date | None, code: str, already: str) -> None:
    with transaction.atomic():
        locked = Supporter.objects.select_for_update().get(pk=supporter.pk)
        if (locked.closed_on is None) == (day is None):
            raise ValidationError(already)
        locked.closed_on = day
        locked.is_corrected = bool(locked.code or locked.origin_key)
        locked.updated_at = timezone.now()
        locked.validate_constraints()
        locked.save()
        _record(code, actor, locked)


def write(supporter: Supporter, said: Described) -> None:
    """Write what is said, once checked, with its codes. Call it in a transaction. Raises ValidationError."""
    website = supporter.website
    for name, value in said.values.items():
        setattr(supporter, name, value)
    if supporter.website != website:
        supporter.link_state, supporter.link_checked_on = LinkState.UNCHECKED, None
    _check_marks(said.marks)
    supporter.updated_at = timezone.now()
    supporter.search_text = search_text(supporter)
    supporter.sort_key = sort_key(supporter.name)
    supporter.full_clean()
    supporter.save()
    wanted = {(axis, code) for axis, codes in said.marks.items() for code in codes}
    known = {(mark.axis, mark.code): mark.pk for mark in supporter.marks.all()}
    SupportMark.objects.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
    SupportMark.objects.bulk_create(
        SupportMark(supporter=supporter, axis=axis, code=code) for axis, code in sorted(wanted - known.keys())
    )


def search_text(supporter: Supporter) -> str:
    """The words in which it is looked for, folded."""
    return fold(" ".join((supporter.name, supporter.offer, supporter.conditions)))


def _check_marks(marks: Marks) -> None:
    for axis, codes in marks.items():
        unknown = sorted(set(codes) - set(CHOICES[axis].values))
        if unknown:
            raise ValidationError(
                _("« %(code)s » n’est pas connu pour « %(axis)s ».")
                % {"code": unknown[0], "axis": Axis(axis).label}
            )
    for axis in (Axis.ROLE, Axis.STAGE):
        if not marks.get(axis):
            raise ValidationError(
                _("Choisissez au moins une réponse pour « %(axis)s ».") % {"axis": Axis(axis).label}
            )


def _record(code: str, actor: User, supporter: Supporter) -> None:
    audit.record(
        code,
        actor_id=actor.pk,
        subject=supporter,
        authority_id=supporter.authority_id,
        data={"name": supporter.name},
    )
