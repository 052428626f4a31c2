"""The door of the observatory: find a territory, read its portrait."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access
from essor.observatory.access import everyone


@access(everyone)
@require_safe
def observatory(request: HttpRequest) -> HttpResponse:
    """The door."""
    return render(request, "observatory/home.html", {"page_title": _("Observatoire de l’ESS")})
