"""Addresses of the register: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern, path

from essor.registry.views_assessment import self_assessment, self_assessment_pdf
from essor.registry.views_list import organisation_list
from essor.registry.views_method import method
from essor.registry.views_organisation import organisation, report_error
from essor.registry.views_search import search_edit, search_erase, search_save, search_stop, searches

app_name = "registry"

urlpatterns: list[URLPattern] = [
    path("", organisation_list, name="list"),
    path("methode/", method, name="method"),
    path("suis-je-de-l-ess/", self_assessment, name="self-assessment"),
    path("suis-je-de-l-ess/pdf/", self_assessment_pdf, name="self-assessment-pdf"),
    path("recherches/", searches, name="searches"),
    path("recherches/garder/", search_save, name="search-save"),
    path("recherches/<int:pk>/", search_edit, name="search-edit"),
    path("recherches/<int:pk>/effacer/", search_erase, name="search-erase"),
    path("recherches/arreter/<str:token>/", search_stop, name="search-stop"),
    path("<int:pk>/", organisation, name="organisation"),
    path("<int:pk>/signaler/", report_error, name="report-error"),
]
