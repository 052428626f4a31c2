"""Passing every row that points to an organisation to another one, and back: the model graph tells which rows.

A table that a later lever brings follows without a line here.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from essor.registry.models import DistinctPair, Merge, MergedRow, Organisation, OrganisationFacts

# What describes the row itself, or the merge: it stays where it is.
LEFT: tuple[type[models.Model], ...] = (OrganisationFacts, Merge, DistinctPair)


def pointing() -> Iterator[tuple[type[models.Model], "models.ForeignKey[Any, Any]"]]:
    """Every foreign key of the installation to an organisation, hidden ones and those of many-to-many included."""
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            model = relation.related_model
            if isinstance(model, type) and not issubclass(model, LEFT) and not model._meta.proxy:
                yield model, relation.field  # type: ignore[union-attr]


def pass_rows(merge: Merge) -> None:
    """Pass what points to the absorbed organisation to the kept one, remembering each row.

    A row that the kept one already has (same tag of the same source, same member…) stays with the absorbed one.
    """
    remembered = []
    for model, field in pointing():
        rows = model._base_manager.filter(**{field.attname: merge.absorbed_id}).order_by("pk")
        for pk in list(rows.values_list("pk", flat=True)):
            moved = _free(model, field) and _point(model, field, pk, merge.absorbed_id, merge.kept_id)
            remembered.append(
                MergedRow(
                    merge=merge, model=model._meta.label_lower, column=field.name, row=str(pk), moved=moved
                )
            )
    MergedRow.objects.bulk_create(remembered)


def give_back(merge: Merge) -> None:
    """Give back the rows that still are where the merge put them; those that were erased since are let be."""
    for row in merge.rows.filter(moved=True).order_by("-pk"):
        try:
            model = apps.get_model(row.model)
            field: Any = model._meta.get_field(row.column)
        except LookupError:  # the lever that brought the table was removed
            continue
        pk = str(merge.kept_id) if field.primary_key else row.row
        _point(model, field, pk, merge.kept_id, merge.absorbed_id)


def _free(model: type[models.Model], field: "models.ForeignKey[Any, Any]") -> bool:
    """False for a row that other tables know by the organisation's own id: it cannot take another."""
    if not field.primary_key:
        return True
    return not any(
        each.auto_created and not each.concrete for each in model._meta.get_fields(include_hidden=True)
    )


def _point(
    model: type[models.Model], field: "models.ForeignKey[Any, Any]", pk: Any, before: int, after: int
) -> bool:
    """Point a row to another organisation; False when a constraint of its table forbids it, or it is gone."""
    try:
        with transaction.atomic():
            rows = model._base_manager.filter(pk=pk, **{field.attname: before})
            return bool(rows.update(**{field.attname: after}))
    except IntegrityError:
        return False
