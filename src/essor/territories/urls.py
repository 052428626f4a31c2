"""Addresses of the territories: common pages, open to everyone."""

from django.urls import path

from essor.territories import views
from essor.territories.views_backdrop import backdrop_tile

app_name = "territories"
urlpatterns = [
    path("", views.index, name="index"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path(
        "fond/<slug:version>/<slug:kind>/<slug:code>/<int:z>/<int:x>/<int:y>.mvt",
        backdrop_tile,
        name="backdrop",
    ),
    path("<slug:kind>/<slug:code>/", views.territory, name="territory"),
]
