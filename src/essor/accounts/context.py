"""What every template may read of the person and of the frame."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from essor.accounts.models import Membership
from essor.accounts.rights import Rights, rights_of


def _memberships(rights: Rights) -> list[Membership]:
    """Running memberships of the person, by authority name, for the menu that leads from one authority to another."""
    if rights.user_id is None:
        return []
    rows = Membership.objects.on(rights.day).filter(user_id=rights.user_id)
    return list(rows.select_related("authority").order_by("authority__sort_key"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """`authority` (None on common pages) and its logo, `rights`, `memberships` (running, read only where shown)."""
    if not hasattr(request, "user"):  # an error before sign-in was read
        return {"authority": None, "rights": None, "memberships": []}
    rights = rights_of(request)
    authority = getattr(request, "authority", None)
    logo = getattr(authority, "logo_id", None)
    return {
        "authority": authority,
        "authority_logo_url": reverse("file", kwargs={"file_id": logo}) if logo else "",
        "rights": rights,
        "memberships": SimpleLazyObject(lambda: _memberships(rights)),
    }
