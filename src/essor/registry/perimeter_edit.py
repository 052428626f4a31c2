"""Writing a version of the perimeter from another one, and telling two versions apart. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from essor.law.wording import french_date
from essor.registry.enums import CategoryKind, Certainty, Family, Tag
from essor.registry.perimeter import ActivityExclusion, LegalCategory, Perimeter


@dataclass(frozen=True)
class CategoryChange:
    """What becomes of a legal category; None leaves the fact as it was in the version one starts from."""

    code: str
    label: str | None = None
    kind: str | None = None
    family: str | None = None
    tags: tuple[str, ...] | None = None
    certainty: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class NewExclusion:
    """An activity to leave out."""

    prefix: str
    families: tuple[str, ...]
    label: str
    certainty: str
    source: str


@dataclass(frozen=True)
class Draft:
    """A version being written."""

    version: str
    valid_from: date
    valid_to: date | None
    note: str
    categories: tuple[CategoryChange, ...] = ()
    removed_exclusions: tuple[str, ...] = ()  # « 94.11Z »
    new_exclusions: tuple[NewExclusion, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One thing that two versions do not say alike; an empty side is an addition or a removal."""

    subject: str
    what: str
    before: str
    after: str


def write(base: Perimeter, draft: Draft) -> Perimeter:
    """The version that the draft makes of `base`. Raises `PerimeterError` with every fault, in French."""
    data = base.to_dict()
    rows = {row["code"]: row for row in data["categories"]}
    for change in draft.categories:
        rows[change.code] = _changed(rows.get(change.code), change)
    exclusions = [row for row in data["exclusions"] if row["prefix"] not in draft.removed_exclusions]
    exclusions += [
        {
            "prefix": rule.prefix,
            "families": list(rule.families),
            "label": rule.label,
            "certainty": rule.certainty,
            "source": rule.source,
        }
        for rule in draft.new_exclusions
    ]
    return Perimeter.from_dict(
        {
            "version": draft.version,
            "valid_from": draft.valid_from,
            "valid_to": draft.valid_to,
            "note": draft.note,
            "categories": list(rows.values()),
            "exclusions": exclusions,
        },
        draft.version,
    )


def _changed(row: Mapping[str, Any] | None, change: CategoryChange) -> dict[str, Any]:
    """A category with what changes; a kind that bears no family loses the one it had."""
    new: dict[str, Any] = dict(row or {"code": change.code, "tags": []})
    for name in ("label", "kind", "family", "certainty", "source"):
        value = getattr(change, name)
        if value is not None:
            new[name] = value
    if change.tags is not None:
        new["tags"] = list(change.tags)
    if new.get("kind") != CategoryKind.BY_STATUS.value:
        new["family"] = None
    return new


def differences(before: Perimeter, after: Perimeter) -> list[Difference]:
    """What changes from one version to the other: dates, categories by code, activities left out by prefix."""
    return [
        *_dates(before, after),
        *_categories(before, after),
        *_exclusions(before, after),
    ]


def _dates(before: Perimeter, after: Perimeter) -> Iterable[Difference]:
    pairs = (
        (_("Début"), before.valid_from, after.valid_from),
        (_("Fin (exclue)"), before.valid_to, after.valid_to),
    )
    for what, old, new in pairs:
        if old != new:
            yield Difference(_("Dates"), what, _said_of_day(old), _said_of_day(new))


def _said_of_day(day: date | None) -> str:
    return french_date(day) if day else _("sans fin")


def _categories(before: Perimeter, after: Perimeter) -> Iterable[Difference]:
    for code in sorted({*before.categories, *after.categories}):
        old, new = before.categories.get(code), after.categories.get(code)
        label = (after.categories if new else before.categories)[code].label
        subject = _("Catégorie %(code)s, %(label)s") % {"code": code, "label": label}
        said_before, said_after = _said_of_category(old), _said_of_category(new)
        for what in dict.fromkeys([*said_before, *said_after]):
            if said_before.get(what, "") != said_after.get(what, ""):
                yield Difference(subject, what, said_before.get(what, ""), said_after.get(what, ""))


def _said_of_category(category: LegalCategory | None) -> dict[str, str]:
    if category is None:
        return {}
    return {
        _("Libellé"): category.label,
        _("Nature"): category.kind.label,
        _("Famille"): category.family.label if category.family else "",
        _("Étiquettes"): ", ".join(tag.label for tag in category.tags),
        _("Certitude"): category.certainty.label,
        _("Source"): category.source,
    }


def _exclusions(before: Perimeter, after: Perimeter) -> Iterable[Difference]:
    old = {rule.prefix: rule for rule in before.exclusions}
    new = {rule.prefix: rule for rule in after.exclusions}
    for prefix in sorted({*old, *new}):
        rule = new.get(prefix) or old[prefix]
        subject = _("Activité %(prefix)s, %(label)s") % {"prefix": prefix, "label": rule.label}
        said_before, said_after = _said_of_exclusion(old.get(prefix)), _said_of_exclusion(new.get(prefix))
        if said_before != said_after:
            yield Difference(subject, _("Exclusion"), said_before, said_after)


def _said_of_exclusion(rule: ActivityExclusion | None) -> str:
    if rule is None:
        return ""
    families = ", ".join(sorted(family.label for family in rule.families))
    return _("exclue pour : %(families)s (%(certainty)s ; %(source)s)") % {
        "families": families,
        "certainty": rule.certainty.label.lower(),
        "source": rule.source,
    }


def succession_problems(perimeter: Perimeter, others: Sequence[Perimeter]) -> list[str]:
    """Why the version cannot stand beside those that exist."""
    problems = []
    if any(other.version == perimeter.version for other in others):
        problems.append(
            _("une version porte déjà le nom « %(name)s » : choisissez-en un autre")
            % {"name": perimeter.version}
        )
    return problems


KIND_CHOICES = CategoryKind.choices()
FAMILY_CHOICES = Family.choices()
TAG_CHOICES = Tag.choices()
CERTAINTY_CHOICES = Certainty.choices()
