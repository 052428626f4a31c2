"""What people's part adds to the page of an organisation: profile, corrections, conflicts, what one may do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.rights import rights_of
from essor.registry import overlay, profile_rules, profiles, words
from essor.registry.access import ORGANISATION, ORGANISATION_MEMBER
from essor.registry.explanations import Explanation
from essor.registry.holding import acting_authority
from essor.registry.models import CorrectedField, Correction, EstablishmentFacts, ProfileEntry, ProfileField
from essor.registry.overlay import Hidden
from essor.registry.queries_organisation import Found

TEXTS = (ProfileField.DESCRIPTION, ProfileField.ACTIVITY, ProfileField.OFFER, ProfileField.NEEDS)
CONTACTS = (ProfileField.EMAIL, ProfileField.PHONE)


class PeoplePart:
    """What people wrote of one organisation, read once for a page, laid over what the open data say."""

    def __init__(self, request: HttpRequest, found: Found) -> None:
        self.request, self.found = request, found
        pk = found.organisation.pk
        self.corrections: Sequence[Correction] = overlay.standing_of(pk)
        self.entries = profiles.entries_of(pk)
        self.hidden: Hidden = overlay.hidden_of([pk]).get(pk, overlay.NOTHING_HIDDEN)
        self.conflicts = profiles.conflicts(self.entries, found.facts)
        self.communes = overlay.corrected_communes(self.corrections)
        overlay.lay_on_facts(found.facts, self.corrections, self.communes)
        if self.hidden.contact:
            found.facts.website = ""
        elif ProfileField.WEBSITE in self.entries:
            found.facts.website = self.entries[ProfileField.WEBSITE].value

    def lay_on(self, places: Sequence[EstablishmentFacts]) -> None:
        """Write corrected addresses on the establishments to show, take hidden ones away."""
        overlay.lay_on_places(places, self.corrections, self.hidden, self.communes)

    def contested(self, why: Explanation | None) -> Explanation | None:
        """The explanation of the sources, headed by what an authority says against it."""
        said = next((row for row in self.corrections if row.field == CorrectedField.NOT_ESS), None)
        if why is None or said is None:
            return why
        by = said.decided_for.name if said.decided_for else _("l’administration de l’installation")
        summary = _("%(by)s a retenu qu’elle n’est pas de l’ESS : une personne doit vérifier.") % {"by": by}
        if said.reason:
            summary = f"{summary} {_('Motif : %(reason)s') % {'reason': said.reason}}"
        return replace(why, summary=summary[:1].upper() + summary[1:], next_steps=())

    def context(self) -> dict[str, Any]:
        """What the templates of people's part read; the page includes them."""
        request, pk = self.request, self.found.organisation.pk
        rights = rights_of(request)
        member = (
            ORGANISATION_MEMBER in rights.roles_on(ORGANISATION, pk)
            if request.user.is_authenticated
            else False
        )
        writes = request.user.is_authenticated and (
            member
            or rights.is_installation_admin
            or acting_authority(rights, pk, getattr(request, "authority", None)) is not None
        )
        shown = {
            field: entry
            for field, entry in self.entries.items()
            if not (self.hidden.contact and field in (*CONTACTS, ProfileField.WEBSITE, ProfileField.LINKS))
        }
        percent, _lacking = profile_rules.completeness({f: e.value for f, e in self.entries.items()})
        return {
            "profile": profile_panel({f: e.value for f, e in shown.items()}, shown) if shown else None,
            "profile_percent": percent,
            "corrections": overlay.notes(overlay.told(self.corrections, self.hidden)),
            "conflicts": self.conflicts if writes else [],
            "is_member": member,
            "writes": writes,
            "address_hidden": self.hidden.address,
        }


def profile_panel(
    values: Mapping[str, str], entries: Mapping[str, ProfileEntry] | None = None
) -> dict[str, Any]:
    """The profile as the page shows it, from its texts; `entries` add who wrote and when, and the logo."""
    entries = entries or {}
    latest = max((entry.written_at for entry in entries.values()), default=None)
    logo = entries.get(ProfileField.LOGO)
    return {
        "texts": [
            {"label": "" if field == ProfileField.DESCRIPTION else field.label, "text": values[field]}
            for field in TEXTS
            if values.get(field)
        ],
        "keywords": [word for word in values.get(ProfileField.KEYWORDS, "").split(", ") if word],
        "email": values.get(ProfileField.EMAIL, ""),
        "phone": values.get(ProfileField.PHONE, ""),
        "phone_link": values.get(ProfileField.PHONE, "").replace(" ", ""),
        "hours": values.get(ProfileField.HOURS, ""),
        "languages": values.get(ProfileField.LANGUAGES, ""),
        "links": [
            {"url": url, "words": words.website_words(url)}
            for url in values.get(ProfileField.LINKS, "").split("\n")
            if words.safe_website(url)
        ],
        "logo_url": reverse("file", args=[logo.file_id]) if logo and logo.file_id else "",
        "logo_alt": logo.value if logo else "",
        "latest": latest,
        "by": _authors(entries),
    }


def _authors(entries: Mapping[str, ProfileEntry]) -> str:
    """« dit par l’organisation », and by which authorities an agent wrote for it."""
    said = [_("l’organisation")] if any(entry.by_member for entry in entries.values()) else []
    others = {
        entry.written_for.name if entry.written_for else _("l’administration de l’installation")
        for entry in entries.values()
        if not entry.by_member
    }
    return " ; ".join([*said, *sorted(others)])


def is_association(found: Found) -> bool:
    """True for an association: its names and statutes go through another door than a company's."""
    return found.facts.legal_category.startswith("92")


def correctable(found: Found, places: Sequence[EstablishmentFacts]) -> list[dict[str, str]]:
    """The facts that can be corrected, each with what the open data say of it in words."""
    place = places[0] if places else None
    commune = (place.commune if place else None) or found.facts.commune
    names = {commune.code: commune.name} if commune else {}
    return [
        {
            "field": field.value,
            "label": str(field.label),
            "now": overlay.said(field, overlay.fact(field, found.facts, place), names),
        }
        for field in CorrectedField
        if field != CorrectedField.OTHER
    ]
