"""Files of the room: what proves a tag or a succession, private unless the authority makes it public."""

from django.http import HttpRequest

from essor.accounts.enums import AGENT
from essor.accounts.rights import rights_of
from essor.kernel.files import register_purpose
from essor.kernel.models import StoredFile
from essor.registry.models import OrganisationLink, TagProof

PROOF = "registry.proof"
PROOF_KINDS = ("pdf", "png", "jpeg", "odt", "docx")


def reads_proof(request: HttpRequest, stored: StoredFile) -> bool:
    """Tout le monde quand la pièce et les organisations qu’elle cite sont publiques ; sinon la collectivité qui l’a déposée, et l’administration."""  # noqa: E501 - a rule is one sentence
    if (
        TagProof.objects.filter(
            document=stored, document_is_public=True, tag__organisation__is_public=True
        ).exists()
        or OrganisationLink.objects.filter(
            document=stored,
            document_is_public=True,
            undone_at__isnull=True,
            source__is_public=True,
            target__is_public=True,
        ).exists()
    ):
        return True
    if not request.user.is_authenticated:
        return False
    rights = rights_of(request)
    return rights.is_installation_admin or rights.has(stored.authority_id, AGENT)


register_purpose(PROOF, reads_proof)
