"""What people do with indicators: define, revise, collect, set targets, follow."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.indicators import catalogue, formula
from essor.indicators.definition import Indicator, Observed, canonical
from essor.indicators.enums import Origin, Side
from essor.indicators.models import BoardItem, Collection, CollectToken, Observation, StoredIndicator, Target
from essor.kernel import audit
from essor.territories.models import Territory

audit.register("indicators.defined", gettext_lazy("{actor} a défini l’indicateur « {label} »"))
audit.register(
    "indicators.revised", gettext_lazy("{actor} a publié la version {version} de l’indicateur « {label} »")
)
audit.register(
    "indicators.collected",
    gettext_lazy(
        "{actor} a collecté « {label} » : {new} valeurs nouvelles, {changed} changées, {same} déjà connues"
    ),
)
audit.register(
    "indicators.collected_by_token",
    gettext_lazy(
        "Le jeton « {program} » a collecté « {label} » : "
        "{new} valeurs nouvelles, {changed} changées, {same} déjà connues"
    ),
)
audit.register(
    "indicators.target_set", gettext_lazy("{actor} vise {value} pour « {label} » ({place}) au {day}")
)
audit.register(
    "indicators.target_removed", gettext_lazy("{actor} a retiré la cible de « {label} » ({place})")
)

PREFIX = {Origin.COLLECTED.value: "collecte", Origin.FORMULA.value: "formule"}
BATCH = 1000
WRITTEN = (
    "numerator", "denominator", "units", "largest", "source", "day", "version", "collection", "written_at",
)  # fmt: skip


def define(actor: User | None, authority: Authority | None, values: Mapping[str, Any]) -> StoredIndicator:
    """Make an indicator, of an authority or of the installation. Raises ValidationError."""
    with transaction.atomic():
        row = StoredIndicator(authority=authority, created_by=actor, created_at=timezone.now(), **values)
        row.code = _free_code(row)
        _check(row)
        row.save()
        audit.record(
            "indicators.defined",
            actor_id=actor.pk if actor else None,
            subject=row,
            authority_id=row.authority_id,
            data={"label": row.label},
        )
    return row


def _free_code(row: StoredIndicator) -> str:
    """« collecte.tonnes_reemployees »; a number tells homonyms apart."""
    base = slugify(row.label).replace("-", "_")[:60].strip("_")
    if not base or not base[0].isalnum():
        raise ValidationError({"label": _("Donnez un nom fait de lettres.")})
    code = f"{PREFIX[row.origin]}.{base}"
    taken = set(StoredIndicator.objects.filter(code__startswith=code).values_list("code", flat=True))
    return next(
        name for name in (code, *(f"{code}_{n}" for n in range(2, len(taken) + 3))) if name not in taken
    )


def revise(actor: User, code: str, values: Mapping[str, Any], change: str) -> StoredIndicator:
    """Publish a new version of a definition; the former stays, and values keep the version under which they came.

    ValidationError when nothing says what changes, or when values would lose their meaning.
    """
    if not change.strip():
        raise ValidationError({"change": _("Dites ce qui change dans cette version.")})
    with transaction.atomic():
        before = StoredIndicator.objects.select_for_update().get(code=code, is_current=True)
        before.is_current = False
        before.save(update_fields=["is_current"])
        row = StoredIndicator(
            authority=before.authority,
            code=code,
            origin=before.origin,
            version=before.version + 1,
            created_by=actor,
            created_at=timezone.now(),
            change=change.strip(),
            **{name: value for name, value in values.items() if name != "origin"},
        )
        _check_values(before, row)
        _check(row)
        row.save()
        audit.record(
            "indicators.revised",
            actor_id=actor.pk,
            subject=row,
            authority_id=row.authority_id,
            data={"label": row.label, "version": row.version},
        )
    return row


def _check_values(before: StoredIndicator, row: StoredIndicator) -> None:
    """A unit or a denominator that changes would make the values already collected say something else."""
    if not Observation.objects.filter(code=before.code).exists():
        return
    same = (before.unit, bool(before.denominator), before.periodicity, before.factor)
    if (row.unit, bool(row.denominator), row.periodicity, row.factor) != same:
        raise ValidationError(
            _(
                "Des valeurs sont déjà collectées : l’unité, le rythme et la présence d’un dénominateur "
                "ne changent plus. Définissez un autre indicateur."
            )
        )


def _check(row: StoredIndicator) -> None:
    row.full_clean(exclude=["code", "sort_key"])
    if row.origin != Origin.FORMULA.value:
        row.formula, row.constants = "", []
        return
    known = catalogue.everything()
    try:
        tree = formula.parse(row.formula)
        strange = [code for code in row.constants if code not in formula.codes(tree)]
        if strange:
            raise ValidationError(
                {"constants": _("« %(code)s » n’est pas dans la formule.") % {"code": strange[0]}}
            )
        unknown = [code for code in formula.codes(tree) if code not in known and code != row.code]
        if unknown:
            raise formula.FormulaError(
                _("« %(code)s » n’est le code d’aucun indicateur : chaque page d’indicateur dit le sien.")
                % {"code": unknown[0]}
            )
        formula.check_cycles(
            row.code, row.formula, {code: each.formula for code, each in known.items() if each.formula}
        )
        formula.check_unit(tree, row.unit, lambda code: known[code].unit)
        # Who reads the result reads what it is made of.
        closed = [known[code] for code in formula.codes(tree) if not known[code].is_public]
        if any(row.is_public or each.authority_id != row.authority_id for each in closed):
            raise formula.FormulaError(
                _(
                    "« %(label)s » n’est pas publié : une formule qui le lit ne peut pas l’être, ni servir ailleurs."
                )
                % {"label": closed[0].label}
            )
    except formula.FormulaError as error:
        raise ValidationError({"formula": str(error)}) from error


def collect(
    actor: User | None,
    indicator: Indicator,
    cells: Sequence[Observed],
    source: str,
    day: date | None,
    file_name: str = "",
    token: CollectToken | None = None,
) -> dict[str, int]:
    """Write collected values, each with its provenance; gives how many are new, changed, already known.

    The same values from the same source change nothing. Without `day`, what is new or changes bears today's, and the
    same values sent another day change nothing either. ValidationError when the source is missing or the day to come.
    """
    if indicator.origin is not Origin.COLLECTED:
        raise ValidationError(_("Cet indicateur est calculé : ses valeurs ne se collectent pas."))
    if not source.strip():
        raise ValidationError({"source": _("Dites d’où viennent les valeurs.")})
    any_day, day = day is None, day or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"day": _("La date de la source est dans l’avenir.")})
    with transaction.atomic():
        # The current version, locked: two collections at once come one after the other.
        StoredIndicator.objects.select_for_update().get(code=indicator.code, is_current=True)
        given = Collection.objects.create(
            code=indicator.code,
            source=source.strip(),
            day=day,
            file_name=file_name,
            token=token,
            by=actor,
            at=timezone.now(),
        )
        counts = _write(indicator, cells, given, any_day=any_day)
        if not counts["new"] + counts["changed"]:
            given.delete()
            return counts
        given.counts = counts
        given.save(update_fields=["counts"])
        audit.record(
            "indicators.collected_by_token" if token else "indicators.collected",
            actor_id=actor.pk if actor else None,
            subject=given,
            authority_id=indicator.authority_id,
            data={"label": indicator.label, **counts, **({"program": token.name} if token else {})},
        )
    return counts


def _write(
    indicator: Indicator, cells: Iterable[Observed], given: Collection, *, any_day: bool = False
) -> dict[str, int]:
    known = {
        (row.start, row.end, row.territory_id, row.parts): row
        for row in Observation.objects.filter(code=indicator.code)
    }
    made: list[Observation] = []
    changed: list[Observation] = []
    same = 0
    for cell in cells:
        key = (cell.span.start, cell.span.end, cell.territory_id, canonical(cell.parts))
        row = known.get(key)
        figures = (cell.numerator, cell.denominator, cell.units, cell.largest, given.source, given.day)
        if row is None:
            row = Observation(
                code=indicator.code, start=key[0], end=key[1], territory_id=key[2], parts=key[3]
            )
            made.append(row)
        elif (row.numerator, row.denominator, row.units, row.largest, row.source, row.day) == figures or (
            any_day and (row.numerator, row.denominator, row.units, row.largest, row.source) == figures[:5]
        ):
            same += 1
            continue
        else:
            changed.append(row)
        row.numerator, row.denominator, row.units, row.largest, row.source, row.day = figures
        row.version, row.collection, row.written_at = indicator.version, given, given.at
    Observation.objects.bulk_create(made, batch_size=BATCH)
    Observation.objects.bulk_update(changed, WRITTEN, batch_size=100)
    return {"new": len(made), "changed": len(changed), "same": same}


def set_target(
    actor: User, authority: Authority, indicator: Indicator, territory: Territory, value: Decimal, day: date
) -> Target:
    """Say what the authority wants by a day; one target a day, the last said. Raises ValidationError."""
    with transaction.atomic():
        target, _made = Target.objects.update_or_create(
            authority=authority, code=indicator.code, territory=territory, day=day, defaults={"value": value}
        )
        audit.record(
            "indicators.target_set",
            actor_id=actor.pk,
            subject=target,
            authority_id=authority.pk,
            data={"label": indicator.label, "place": territory.name, "value": value, "day": day},
        )
    return target


def remove_target(actor: User, target: Target, indicator: Indicator) -> None:
    """Take a target away."""
    with transaction.atomic():
        audit.record(
            "indicators.target_removed",
            actor_id=actor.pk,
            subject=target,
            authority_id=target.authority_id,
            data={"label": indicator.label, "place": target.territory.name},
        )
        target.delete()


def follow(actor: User, authority: Authority, code: str, territory: Territory) -> BoardItem:
    """Put an indicator last on the person's board; nothing changes when it is there."""
    last = BoardItem.objects.filter(user=actor, authority=authority).aggregate(last=Max("position"))["last"]
    item, _made = BoardItem.objects.get_or_create(
        user=actor,
        authority=authority,
        code=code,
        territory=territory,
        defaults={"position": (last or 0) + 1},
    )
    return item


def set_thresholds(item: BoardItem, low: Decimal | None, high: Decimal | None) -> None:
    """Set the thresholds of an indicator followed; the next look tells what is out of them. Raises ValidationError."""
    if low is not None and high is not None and low > high:
        raise ValidationError(_("Le seuil bas est au-dessus du seuil haut."))
    item.low, item.high, item.side = low, high, Side.INSIDE.value
    item.save(update_fields=["low", "high", "side"])


def unfollow(item: BoardItem) -> None:
    """Take an indicator off the board."""
    item.delete()


@transaction.atomic
def move_up(item: BoardItem) -> None:
    """Change places with the indicator before it; the first stays first."""
    rows = list(BoardItem.objects.select_for_update().filter(user=item.user_id, authority=item.authority_id))
    place = next(rank for rank, row in enumerate(rows) if row.pk == item.pk)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for rank, row in enumerate(rows, 1):
        row.position = rank
    BoardItem.objects.bulk_update(rows, ["position"])
