"""Who brings the lists of aids. Reading the aids is open to all."""

from django.http import HttpRequest

from essor.accounts.access import content_editor


def imports_aids(request: HttpRequest) -> bool:
    """Les personnes chargées des contenus communs, et l’administration de l’installation, sur les pages communes."""
    return getattr(request, "authority", None) is None and content_editor(request)
