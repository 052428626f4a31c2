"""Addresses of the register: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern, path

from essor.registry import urls_map
from essor.registry.views_assessment import self_assessment, self_assessment_pdf
from essor.registry.views_list import organisation_list
from essor.registry.views_method import method
from essor.registry.views_organisation import organisation, report_error

app_name = "registry"

urlpatterns: list[URLPattern] = [
    path("", organisation_list, name="list"),
    *urls_map.urlpatterns,
    path("methode/", method, name="method"),
    path("suis-je-de-l-ess/", self_assessment, name="self-assessment"),
    path("suis-je-de-l-ess/pdf/", self_assessment_pdf, name="self-assessment-pdf"),
    path("<int:pk>/", organisation, name="organisation"),
    path("<int:pk>/signaler/", report_error, name="report-error"),
]
