"""What the views of people's part share: the organisation of an address, its frame, a form that runs an action."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.registry import links
from essor.registry.models import Organisation
from essor.registry.queries_organisation import Found, find_organisation


def found_or_404(pk: int) -> Found:
    """A public organisation of the register in force."""
    found = find_organisation(pk)
    if found is None or not found.in_force:
        raise Http404(_("Aucune organisation du registre n’a cette adresse."))
    return found


def frame(request: HttpRequest, organisation: Organisation, title: str, **more: Any) -> dict[str, Any]:
    """Title, way back and canonical address of a page about an organisation."""
    url = links.address(request, "organisation", organisation.pk)
    return {
        "page_title": title,
        "organisation": organisation,
        "organisation_url": url,
        "cancel_url": url,
        "crumbs": [
            {"label": _("Registre de l’ESS"), "url": links.address(request, "list")},
            {"label": organisation.name, "url": url},
            {"label": title, "url": ""},
        ],
        **more,
    }


def authority_of(request: HttpRequest) -> Authority | None:
    """The authority of the address; None on common pages."""
    found: Authority | None = getattr(request, "authority", None)
    return found
