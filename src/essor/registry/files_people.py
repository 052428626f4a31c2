"""Files of the room: logos that everyone sees, documents that only who handles the request reads."""

from django.http import HttpRequest

from essor.accounts.rights import rights_of
from essor.kernel.files import register_purpose
from essor.kernel.models import StoredFile
from essor.registry.holding import acting_authority
from essor.registry.models import Claim, Correction, ProfileEntry

LOGO = "registry.logo"
LOGO_KINDS = ("png", "jpeg", "webp")
LOGO_MAX_BYTES = 1_048_576
PROOF = "registry.request"
PROOF_KINDS = ("pdf", "png", "jpeg")
PROOF_MAX_BYTES = 5 * 1_048_576


def sees_logo(request: HttpRequest, stored: StoredFile) -> bool:
    """Tout le monde, tant que l’organisation est publique et que le logo est le sien."""
    return ProfileEntry.objects.current().filter(file=stored, organisation__is_public=True).exists()


def sees_proof(request: HttpRequest, stored: StoredFile) -> bool:
    """La personne qui l’a déposé, et les agentes et agents des collectivités qui contiennent l’organisation."""
    if not request.user.is_authenticated:
        return False
    if stored.uploaded_by == request.user.pk:
        return True
    rights = rights_of(request)
    if rights.is_installation_admin:
        return True
    about = Claim.objects.filter(document=stored).values_list("organisation_id", flat=True)
    others = Correction.objects.filter(document=stored).values_list("organisation_id", flat=True)
    ids = about.union(others)
    return any(acting_authority(rights, pk, None) is not None for pk in ids)


register_purpose(LOGO, sees_logo)
register_purpose(PROOF, sees_proof)
