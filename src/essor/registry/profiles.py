"""Reads of profiles: what people wrote, by whom, when; what they say to the search."""

from collections.abc import Iterable
from typing import Any

from essor.registry import profile_rules
from essor.registry.models import Organisation, OrganisationFacts, ProfileEntry, ProfileField

# What a search may find an organisation by.
SEARCHED = (
    ProfileField.DESCRIPTION,
    ProfileField.ACTIVITY,
    ProfileField.OFFER,
    ProfileField.KEYWORDS,
    ProfileField.NEEDS,
)


def search_text(ids: Iterable[int]) -> dict[int, str]:
    """Public words of the profiles of these organisations, by id, in one query; those without profile are absent."""
    rows = (
        ProfileEntry.objects.current()
        .filter(organisation__in=list(ids), organisation__is_public=True, field__in=SEARCHED)
        .order_by("organisation_id", "pk")
        .values_list("organisation_id", "value")
    )
    found: dict[int, list[str]] = {}
    for organisation_id, value in rows:
        found.setdefault(organisation_id, []).append(value)
    return {key: "\n".join(values) for key, values in found.items()}


def entries_of(organisation_id: int) -> dict[str, ProfileEntry]:
    """What the profile says now, by field."""
    rows = ProfileEntry.objects.current().filter(organisation=organisation_id)
    found = {row.field: row for row in rows.select_related("written_by", "written_for", "file")}
    return {field: found[field] for field in ProfileField.values if field in found}


def fact_of(field: str, facts: OrganisationFacts | None) -> str:
    """What the open data say of a field of the profile; empty when they know nothing of it."""
    return facts.website if facts is not None and field == ProfileField.WEBSITE else ""


def conflicts(entries: dict[str, ProfileEntry], facts: OrganisationFacts) -> list[dict[str, Any]]:
    """Where the open data changed and disagree with what people wrote."""
    return [
        {
            "field": field,
            "label": entry.get_field_display(),
            "mine": entry.value,
            "fact": fact_of(field, facts),
        }
        for field, entry in entries.items()
        if fact_of(field, facts)
        and profile_rules.disagrees(entry.value, fact_of(field, facts), entry.fact_seen)
    ]


def history_of(organisation: Organisation, field: str) -> list[ProfileEntry]:
    """All that was written in a field, latest first."""
    rows = ProfileEntry.objects.filter(organisation=organisation, field=field)
    return list(rows.select_related("written_by").order_by("-written_at", "-pk"))
