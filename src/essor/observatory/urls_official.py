"""Addresses of the official tables and of the published figures."""

from django.urls import URLPattern, path

from essor.observatory import views_official as official
from essor.observatory import views_references as references
from essor.observatory import views_zonings

urlpatterns: list[URLPattern] = [
    path("sources/", official.sources, name="sources"),
    path("sources/charger/", official.give, name="load"),
    path("sources/zonages/", views_zonings.zonings, name="zonings"),
    path("sources/modele/<slug:kind>/", official.table_model, name="table-model"),
    path("sources/<int:pk>/", official.release, name="release"),
    path("sources/<int:pk>/decider/", official.decide, name="release-decide"),
    path("reperes/", references.references, name="references"),
    path("reperes/csv/", references.references_csv, name="references-csv"),
    path("reperes/json/", references.references_json, name="references-json"),
]
