"""Addresses of the register: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern, path

from essor.registry.urls_directories import urlpatterns as directories
from essor.registry.urls_work import urlpatterns as work_patterns
from essor.registry.views_assessment import self_assessment, self_assessment_pdf
from essor.registry.views_list import organisation_list
from essor.registry.views_method import method
from essor.registry.views_organisation import organisation, report_error
from essor.registry.views_qpv import qpv, qpv_file

app_name = "registry"

urlpatterns: list[URLPattern] = [
    path("", organisation_list, name="list"),
    path("methode/", method, name="method"),
    path("quartiers-prioritaires/", qpv, name="qpv"),
    path("quartiers-prioritaires/fichier/", qpv_file, name="qpv-file"),
    path("suis-je-de-l-ess/", self_assessment, name="self-assessment"),
    path("suis-je-de-l-ess/pdf/", self_assessment_pdf, name="self-assessment-pdf"),
    *directories,
    path("<int:pk>/", organisation, name="organisation"),
    path("<int:pk>/signaler/", report_error, name="report-error"),
    *work_patterns,
]
