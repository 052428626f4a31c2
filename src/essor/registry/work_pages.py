"""What the screens of agents' work share: the organisation, its address in the frame, who may work on it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.accounts.rights import rights_of
from essor.registry.holding import holds
from essor.registry.models import Organisation, OrganisationFacts
from essor.registry.territory_rights import RULE, working_authority


def frame_of(request: HttpRequest) -> Authority | None:
    """The authority of the address; None on common pages."""
    authority: Authority | None = getattr(request, "authority", None)
    return authority


def work_address(authority: Authority | None, name: str, *args: int | str) -> str:
    """Address of a screen of work, in the frame of the authority, or common for the administration."""
    if authority is None:
        return reverse(f"registry:{name}", args=args)
    return reverse(f"authority-registry:{name}", args=(authority.slug, *args))


def may_work_on(request: HttpRequest, organisation_id: int) -> tuple[bool, Authority | None]:
    """Whether the person may work on the organisation, and for which authority (None: the installation)."""
    if not request.user.is_authenticated:
        return False, None
    mine = working_authority(request, organisation_id)
    if mine is not None:
        return True, mine
    return rights_of(request).is_installation_admin, frame_of(request)


def organisation_at_work(request: HttpRequest, pk: int) -> Organisation:
    """The organisation of a screen of work. 404 when the register has none; 403 out of the person's territory."""
    facts = OrganisationFacts.objects.filter(pk=pk).select_related("organisation", "commune").first()
    if facts is None:
        raise Http404(_("Aucune organisation du registre n’a cette adresse."))
    authority = frame_of(request)
    if not rights_of(request).is_installation_admin and not (authority and holds(authority, pk)):
        raise PermissionDenied(RULE)
    return facts.organisation
