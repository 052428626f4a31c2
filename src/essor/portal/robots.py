"""What search engines may read: the register's pages, not its filters, its forms, nor people's own pages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone

# Pages of the list lead to organisations; any other query is a filter, an order or an export.
ALLOWED = ("/registre/?page=",)
DISALLOWED = (
    "/*?",
    "/compte/",
    "/installation/",
    "/travaux/",
    "/registre/mes-organisations/",
    "/*/demandes/",
    "/*/equipe/",
    "/*/signaler/",
    "/*/agir/",
    "/*/masquer/",
    "/*/corriger/",
    "/*/profil/",
    "/*/membres/",
)


@access(everyone)
@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """The rules for all robots."""
    lines = [
        "User-agent: *",
        *(f"Allow: {each}" for each in ALLOWED),
        *(f"Disallow: {each}" for each in DISALLOWED),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
