"""The same page on a common address and in an authority's frame, as config/urls.py does."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    """An empty page."""
    return HttpResponse()


room = ([path("<int:pk>/", nothing, name="page")], "registry")
urlpatterns = [
    path("seule/", nothing, name="alone"),
    path("registre/", include(room, namespace="registry")),
    path("<slug:authority>/registre/", include(room, namespace="authority-registry")),
]
