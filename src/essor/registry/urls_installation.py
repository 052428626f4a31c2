"""Addresses of the administration of the register, under /installation/registre/."""

from django.urls import URLPattern, path

from essor.registry import views_changes as changes
from essor.registry import views_editions as editions
from essor.registry import views_perimeter as perimeter
from essor.registry import views_search_words as search
from essor.registry.views_build import build, work

app_name = "registry-admin"

urlpatterns: list[URLPattern] = [
    path("editions/", editions.edition_list, name="editions"),
    path("editions/construire/", build, name="build"),
    path("editions/travaux/<int:job_id>/", work, name="work"),
    path("editions/<int:pk>/", editions.edition_page, name="edition"),
    path("editions/<int:pk>/mettre-en-vigueur/", editions.edition_put_in_force, name="edition-put-in-force"),
    path("editions/<int:pk>/lignes-ecartees/", editions.edition_rejected, name="edition-rejected"),
    path("editions/<int:pk>/lignes-ecartees.csv", editions.edition_rejected_csv, name="edition-rejected-csv"),
    path("editions/<int:pk>/changements/", changes.edition_changes, name="edition-changes"),
    path("editions/<int:pk>/changements.csv", changes.edition_changes_csv, name="edition-changes-csv"),
    path("editions/<int:pk>/comparer/", changes.edition_compare, name="edition-compare"),
    path("editions/<int:pk>/revenir/", changes.edition_go_back, name="edition-go-back"),
    path("recherche/", search.search_words, name="search-words"),
    path("recherche/mots/", search.search_words_edit, name="search-words-edit"),
    path("recherche/mots/<int:pk>/retirer/", search.search_words_remove, name="search-words-remove"),
    path("recherche/index/", search.search_rebuild, name="search-rebuild"),
    path("perimetre/", perimeter.perimeters, name="perimeters"),
    path("perimetre/<str:version>/", perimeter.perimeter, name="perimeter"),
    path("perimetre/<str:base>/nouvelle-version/", perimeter.perimeter_new, name="perimeter-new"),
]
