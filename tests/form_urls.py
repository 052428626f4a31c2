"""The site, and the pages of one form answered step by step: what a room makes of the engine."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from essor.config import urls as site
from essor.kernel.access import access, everyone
from essor.kernel.questions.flow import Journey, review_page, section_page
from essor.kernel.questions.models import Response

JOURNEY = Journey(
    section_url=lambda code: f"/essai/{code}/", review_url="/essai/", leave_url="/", submit_label="Envoyer"
)


def _response() -> Response:
    return Response.objects.select_related("form_version").get()


@access(everyone)
def part(request: HttpRequest, code: str) -> HttpResponse:
    """A part of the form."""
    return section_page(request, _response(), code, JOURNEY)


@access(everyone)
def review(request: HttpRequest) -> HttpResponse:
    """Everything said."""
    return review_page(request, _response(), JOURNEY, lambda done: "/essai/")


urlpatterns = [path("essai/", review), path("essai/<slug:code>/", part), path("", include(site.urlpatterns))]
handler403, handler404, handler500 = site.handler403, site.handler404, site.handler500
