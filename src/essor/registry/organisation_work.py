"""What agents' work adds to the page of an organisation: who added it, its state, its ties, what one may do."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.kernel import audit
from essor.kernel.french import day
from essor.kernel.periods import day_of
from essor.registry import links
from essor.registry.history_words import Event
from essor.registry.models import (
    EstablishmentFacts,
    Merge,
    Organisation,
    OrganisationAddition,
    OrganisationFacts,
    OrganisationLink,
    OrganisationTag,
    TagProof,
)
from essor.registry.queries_links import Ties, contradicted, ties_of
from essor.registry.queries_organisation import Found
from essor.registry.work_pages import may_work_on, work_address

MERGED = "fusion"  # in the address: the number of the row from which one comes


def merged_away(request: HttpRequest, found: Found) -> HttpResponse | None:
    """The way to the row that absorbed this one; None when it was not merged.

    A permanent redirection that browsers do not keep: the merge can be undone.
    """
    kept = found.organisation.merged_into_id
    if kept is None:
        return None
    address = links.address(request, "organisation", kept)
    response = HttpResponsePermanentRedirect(f"{address}?{MERGED}={found.organisation.pk}")
    response["Cache-Control"] = "no-cache"
    return response


def page_parts(
    request: HttpRequest, found: Found, edition_day: date, places: Sequence[EstablishmentFacts]
) -> dict[str, Any]:
    """The context of the templates of `registry/upkeep/` on the page."""
    organisation = found.organisation
    works, authority = may_work_on(request, organisation.pk)
    ties = ties_of(organisation, places)
    return {
        "added": _added(found),
        "closing": _closing(organisation, edition_day),
        "ties": _shown(request, ties, works=works, authority=authority),
        "works": works,
        "working_authority": authority,
        "acts": _acts(organisation, authority) if works else [],
        "merges": _merges(request, organisation, authority) if works else [],
    }


def _added(found: Found) -> dict[str, Any] | None:
    addition: OrganisationAddition | None = getattr(found.organisation, "addition", None)
    if addition is None:
        return None
    authority = addition.authority.name if addition.authority else _("l’administration de l’installation")
    return {
        "words": _("Ajoutée par %(authority)s, le %(day)s")
        % {"authority": authority, "day": day(day_of(addition.added_at))},
        "statement": addition.statement,
        "source": addition.source,
        "taken_over": found.facts.origin == OrganisationFacts.Origin.EDITION,
    }


def _closing(organisation: Organisation, edition_day: date) -> dict[str, Any] | None:
    if organisation.state != Organisation.State.CLOSED:
        return None
    said = organisation.state_declarations.select_related("authority").first()
    return {
        "day": organisation.closed_on,
        "source": said.source if said else "",
        "reason": said.reason if said else "",
        "authority": said.authority.name if said and said.authority else "",
        "contradicted": contradicted(organisation, edition_day),
    }


def _shown(request: HttpRequest, ties: Ties, *, works: bool, authority: Authority | None) -> dict[str, Any]:
    def lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {
                "words": tie.words,
                "name": tie.other.name,
                "url": links.address(request, "organisation", tie.other.pk),
                "after": tie.after,
                "document": _document(
                    tie.link, mine=works and (authority is None or tie.link.authority_id == authority.pk)
                ),
                "undo_url": work_address(authority, "link-undo", tie.link.pk) if works else "",
            }
            for tie in rows
        ]

    return {
        "any": bool(ties),
        "told": [*lines(ties.successions), *lines(ties.groups)],
        "siblings": [(each.name, links.address(request, "organisation", each.pk)) for each in ties.siblings],
        "neighbours": [(each, links.address(request, "organisation", each.pk)) for each in ties.neighbours],
    }


def _document(proof: OrganisationLink | TagProof, *, mine: bool) -> str:
    """Address of what proves a tie or a tag: for everyone when it is public, else for the authority that gave it."""
    seen = proof.document_id and (proof.document_is_public or mine)
    return reverse("file", args=[proof.document_id]) if seen else ""


def _acts(organisation: Organisation, authority: Authority | None) -> list[dict[str, str]]:
    """What an agent may do here, in the frame of their authority."""
    closed = organisation.state == Organisation.State.CLOSED
    acts = (
        ("tag-put", _("Mettre une étiquette"), "tag"),
        ("link-add", _("Relier à une autre organisation"), "link"),
        ("state", _("Noter la reprise d’activité") if closed else _("Noter la fermeture"), "archive"),
        ("merge-find", _("Fusionner avec un doublon"), "copy"),
    )
    return [
        {"url": work_address(authority, name, organisation.pk), "label": label, "icon": icon}
        for name, label, icon in acts
    ]


def _merges(
    request: HttpRequest, organisation: Organisation, authority: Authority | None
) -> list[dict[str, Any]]:
    """Merges in force of which the organisation is the kept row; the one that one comes from is marked."""
    rows = Merge.objects.filter(kept=organisation, undone_at__isnull=True).select_related("absorbed")
    comes_from = request.GET.get(MERGED, "")
    return [
        {
            "name": row.absorbed.name,
            "number": str(row.absorbed_id),
            "day": day_of(row.merged_at),
            "undo_url": work_address(authority, "merge-undo", row.pk),
            "here": comes_from == str(row.absorbed_id),
        }
        for row in rows.order_by("-merged_at")
    ]


def absorbed_events(organisation: Organisation) -> list[Event]:
    """What people did on the rows that were merged into this one: their log does not move."""
    keys = [f"registry.organisation:{pk}" for pk in organisation.absorbed.values_list("pk", flat=True)]
    return [Event(line.day, line.sentence, line.author, line.reason) for line in audit.entries_of_all(keys)]


def proof_of(tag: OrganisationTag, parts: dict[str, Any]) -> dict[str, Any]:
    """What the page says of the proof of a tag, beside the words of the tag; empty for a tag of an edition."""
    proof: TagProof | None = getattr(tag, "proof", None)
    if proof is None:
        return {}
    works, authority = parts["works"], parts["working_authority"]
    mine = works and (authority is None or proof.authority_id == authority.pk)
    return {
        "source": proof.origin,
        "number": proof.number,
        "authority": proof.authority.name if proof.authority else "",
        "document": _document(proof, mine=mine),
        "renew_url": work_address(authority, "tag-renew", tag.pk) if mine else "",
        "withdraw_url": work_address(authority, "tag-withdraw", tag.pk) if mine else "",
    }
