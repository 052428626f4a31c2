"""Files of the room: the logos of authorities, which everyone sees."""

from django.http import HttpRequest

from essor.kernel.files import register_purpose
from essor.kernel.models import StoredFile

LOGO = "accounts.logo"
LOGO_KINDS = ("png", "jpeg", "webp")
LOGO_MAX_BYTES = 1_048_576


def sees_logo(request: HttpRequest, stored: StoredFile) -> bool:
    """Tout le monde : le logo d’une collectivité est public."""
    return True


register_purpose(LOGO, sees_logo)
