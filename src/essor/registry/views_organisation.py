"""The page of an organisation: identity, why it is of the ESS, establishments, history, panels of the levers."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel import audit
from essor.kernel.access import access, everyone
from essor.kernel.french import day
from essor.kernel.lever import levers
from essor.registry import links, organisation_work, perimeter_store, queries, words
from essor.registry import queries_organisation as reads
from essor.registry.access import reads_history_of
from essor.registry.directories.presence import names_by_source, of_editions, presence
from essor.registry.directories.queries import entries_of
from essor.registry.enums import Verdict
from essor.registry.explanations import Explanation, explain
from essor.registry.history_words import Event
from essor.registry.models import DirectoryEntry, Edition, EstablishmentFacts, Identifier, OrganisationTag
from essor.registry.overlay import FORMER_ADDRESS
from essor.registry.people_parts import PeoplePart
from essor.registry.perimeter import Perimeter, PerimeterError, default_perimeter
from essor.registry.provenance import Origin, origin_of
from essor.registry.queries_organisation import Found
from essor.registry.tag_words import labels_of
from essor.registry.views_list import other_name
from essor.territories.models import Territory

ESTABLISHMENTS_SHOWN = 30
ADDRESSES = ("address",)


@access(everyone)
@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """What the register says of an organisation, and why."""
    found = reads.find_organisation(pk)
    if found is None:
        raise Http404(_("Aucune organisation du registre n’a cette adresse."))
    if (moved := organisation_work.merged_away(request, found)) is not None:
        return moved
    edition = queries.edition_in_force()
    if not found.in_force or edition is None:
        return _absent(request, found)
    return render(request, "registry/organisation.html", _context(request, found, edition))


def _absent(request: HttpRequest, found: Found) -> HttpResponse:
    """What remains of an organisation that the edition in force no longer has: its history, for agents."""
    agent = reads_history_of(request, found.organisation.pk)
    context = {
        # It may have left because it asked not to be public: its name stays with agents.
        "page_title": found.facts.name if agent else _("Organisation absente du registre"),
        "timeline": _timeline(request, found) if agent else [],
        "agent": agent,
        "list_url": links.address(request, "list"),
        "canonical_url": links.canonical(request, "organisation", found.organisation.pk),
    }
    return render(request, "registry/organisation_absent.html", context, status=200 if agent else 404)


def _context(request: HttpRequest, found: Found, edition: Edition) -> dict[str, Any]:
    facts, pk = found.facts, found.organisation.pk
    people = PeoplePart(request, found)  # lays corrections and the profile over the facts shown below
    tags = reads.tags_of_organisation(found.organisation)
    perimeter = perimeter_of(edition)
    entries = entries_of(pk)
    why = explanation_of(found, of_editions(tags, entries), edition, perimeter)
    establishments = reads.establishments_of(found.organisation)
    people.lay_on(establishments)
    why = people.contested(why)
    parts = organisation_work.page_parts(request, found, edition.day, establishments)
    labels = labels_of(tag.code for tag in tags)
    everything = request.GET.get("etablissements") == "tous"
    return {
        "page_title": facts.name,
        "crumbs": [
            {"label": _("Registre de l’ESS"), "url": links.address(request, "list")},
            {"label": facts.name, "url": ""},
        ],
        "facts_row": facts,
        "other_name": other_name(facts),
        "activity": words.activity_label(facts.naf),
        "identity": _identity(found, perimeter),
        "purpose": facts.purpose,
        "website": words.safe_website(facts.website),
        "website_words": words.website_words(facts.website),
        "edition": edition,
        "why": why,
        "verdict": why.head(_why_title(facts.verdict), links.address(request, "method") + "#perimetre")
        if why
        else None,
        "why_open": facts.verdict == Verdict.TO_CHECK.value,  # nobody reads the proof of what is plain
        "assessment_url": f"{links.address(request, 'self-assessment')}?siren={found.siren}"
        if found.siren
        else "",
        "tags": [
            {
                **_tag(tag, edition, timezone.localdate(), names_by_source(entries)),
                "label": labels[tag.code],
                **organisation_work.proof_of(tag, parts),
            }
            for tag in tags
        ],
        "presence": presence(entries, contact=not people.hidden.contact),
        "establishments": _establishments(
            establishments if everything else establishments[:ESTABLISHMENTS_SHOWN],
            located=any(source.get("role") == "qpv" for source in edition.manifest.get("sources") or []),
        ),
        "establishment_count": len(establishments),
        "hidden_establishments": 0 if everything else max(0, len(establishments) - ESTABLISHMENTS_SHOWN),
        "timeline": _timeline(request, found, without=ADDRESSES if people.hidden.address else ()),
        "panels": _panels(request, pk),
        **parts,
        **people.context(),
        "canonical_url": links.canonical(request, "organisation", pk),
    }


def perimeter_of(edition: Edition) -> Perimeter:
    """The perimeter that made an edition; the one in force that day when that version is no longer there."""
    found = perimeter_store.find(edition.perimeter_version)
    try:
        return found.perimeter if found else perimeter_store.in_force(edition.day)
    except PerimeterError:
        return default_perimeter()


def explanation_of(
    found: Found, tags: list[OrganisationTag], edition: Edition, perimeter: Perimeter
) -> Explanation | None:
    """Why the organisation is of the ESS; None when the perimeter does not hold on the day of the edition."""
    unit = reads.unit_of(found, tags, edition.day)
    try:
        sources = edition.manifest.get("sources") or []
        return explain(unit, perimeter, edition.day, sources, timezone.localdate())
    except PerimeterError:
        return None


def _identity(found: Found, perimeter: Perimeter) -> list[dict[str, Any]]:
    facts = found.facts
    category = perimeter.category(facts.legal_category)
    naf = f"{words.activity_label(facts.naf)} ({facts.naf})" if facts.naf else ""
    rows: list[tuple[str, Any, str]] = [
        (_("SIREN"), ", ".join(map(words.spaced, found.identifiers.get(Identifier.Scheme.SIREN, []))), ""),
        (_("Numéro RNA"), ", ".join(found.identifiers.get(Identifier.Scheme.RNA, [])), "optional"),
        (_("Forme juridique"), category.label if category else facts.legal_category, ""),
        (_("Activité principale (NAF rév. 2)"), naf, ""),
        (_("Activité principale (NAF 2025)"), facts.naf25, "optional"),
        (_("Secteur"), words.sector_label(facts.sector), ""),
        (_("Création"), day(facts.created_on) if facts.created_on else "", ""),
        (_("Effectif"), facts.size_label, ""),
    ]
    return [{"label": label, "value": value} for label, value, kind in rows if value or kind != "optional"]


def _tag(
    tag: OrganisationTag, edition: Edition, today: date, directories: dict[str, DirectoryEntry]
) -> dict[str, Any]:
    entry = directories.get(tag.source)
    if entry:
        origin: Origin | None = Origin(entry.directory.name, entry.day)
    else:
        origin = origin_of(tag.source, None, edition.manifest.get("sources") or [])
    return {
        "label": words.tag_label(tag.code),
        "since": tag.since,
        "until": tag.until,
        "over": tag.until is not None and tag.until <= today,
        "source": origin.label if origin else "",
        "day": origin.day if origin else None,
    }


def _why_title(verdict: str) -> str:
    return (
        _("Pourquoi elle est à vérifier")
        if verdict == Verdict.TO_CHECK.value
        else _("Pourquoi elle est de l’ESS")
    )


def _establishments(rows: list[EstablishmentFacts], *, located: bool) -> list[dict[str, Any]]:
    """The establishments in words; `located`: the edition knew the outlines of the priority neighbourhoods."""
    codes = [str(each.get("code")) for row in rows for each in row.qpv if each.get("code")]
    names = reads.qpv_names(codes) if codes else {}
    return [
        {
            "facts": row,
            "siret": row.establishment.siret or "",
            "commune_url": _commune_url(row.commune),
            "activity": words.activity_label(row.naf),
            "position": words.position(row.position_quality, row.position_source)
            if row.latitude is not None
            else "",
            "qpv": [_qpv(each, names) for each in row.qpv if isinstance(each, dict)],
            "far_from_qpv": located
            and row.latitude is not None
            and row.position_quality != FORMER_ADDRESS
            and not row.qpv,
        }
        for row in rows
    ]


def _commune_url(commune: Territory | None) -> str:
    return commune.get_absolute_url() if commune else ""


def _qpv(each: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    code, certainty = str(each.get("code") or ""), str(each.get("certainty") or "")
    return {
        "generation": each.get("generation"),
        "relation": str(each.get("relation") or ""),
        "words": words.QPV_RELATIONS.get(str(each.get("relation") or ""), _("Situation inconnue")),
        "code": code,
        "name": names.get(code, ""),
        "doubt": words.QPV_CERTAINTIES.get(certainty, words.QPV_CERTAINTIES["uncertain"]),
    }


def _timeline(request: HttpRequest, found: Found, without: tuple[str, ...] = ()) -> list[Event]:
    """What the editions changed, hidden fields left out; for the authorities that hold it, also what people did."""
    events = reads.history(found.organisation, without)
    if reads_history_of(request, found.organisation.pk):
        events += [
            Event(line.day, line.sentence, line.author, line.reason)
            for line in audit.entries_for(found.organisation)
        ]
        events += organisation_work.absorbed_events(found.organisation)
    return sorted(events, key=lambda event: event.day, reverse=True)


def _panels(request: HttpRequest, pk: int) -> list[dict[str, str]]:
    """The blocks that the levers put here, for those who may see them."""
    shown = []
    for lever in levers():
        for panel in lever.panels:
            data = panel.context(request, pk) if panel.access(request) else None
            if data is not None:
                shown.append({"title": panel.title, "html": render_to_string(panel.template, data, request)})
    return shown
