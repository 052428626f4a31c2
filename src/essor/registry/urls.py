"""Addresses of the register: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern, path

from essor.registry import urls_map
from essor.registry.urls_directories import urlpatterns as directories
from essor.registry.urls_work import urlpatterns as work_patterns
from essor.registry.views_assessment import self_assessment, self_assessment_pdf
from essor.registry.views_claims import claim, claim_proof, claim_withdraw, leave, members, mine
from essor.registry.views_closures import closed, closed_csv
from essor.registry.views_corrections import correct, correction_withdraw, hide, report_error
from essor.registry.views_list import organisation_list
from essor.registry.views_method import method
from essor.registry.views_organisation import organisation
from essor.registry.views_profile import profile_conflict, profile_edit
from essor.registry.views_qpv import qpv, qpv_erase, qpv_file, qpv_result
from essor.registry.views_search import search_edit, search_erase, search_save, search_stop, searches

app_name = "registry"

urlpatterns: list[URLPattern] = [
    path("", organisation_list, name="list"),
    *urls_map.urlpatterns,
    path("fermetures/", closed, name="closures"),
    path("fermetures/csv/", closed_csv, name="closures-csv"),
    path("methode/", method, name="method"),
    path("quartiers-prioritaires/", qpv, name="qpv"),
    path("quartiers-prioritaires/fichier/", qpv_file, name="qpv-file"),
    path("quartiers-prioritaires/resultats/<int:job_id>/", qpv_result, name="qpv-result"),
    path("quartiers-prioritaires/resultats/<int:job_id>/effacer/", qpv_erase, name="qpv-erase"),
    path("suis-je-de-l-ess/", self_assessment, name="self-assessment"),
    path("suis-je-de-l-ess/pdf/", self_assessment_pdf, name="self-assessment-pdf"),
    *directories,
    path("recherches/", searches, name="searches"),
    path("recherches/garder/", search_save, name="search-save"),
    path("recherches/<int:pk>/", search_edit, name="search-edit"),
    path("recherches/<int:pk>/effacer/", search_erase, name="search-erase"),
    path("recherches/arreter/<str:token>/", search_stop, name="search-stop"),
    path("<int:pk>/", organisation, name="organisation"),
    path("<int:pk>/signaler/", report_error, name="report-error"),
    *work_patterns,
    # People's part.
    path("mes-organisations/", mine, name="mine"),
    path("mes-organisations/demandes/<int:claim_id>/retirer/", claim_withdraw, name="claim-withdraw"),
    path(
        "mes-organisations/corrections/<int:correction_id>/retirer/",
        correction_withdraw,
        name="correction-withdraw",
    ),
    path("mes-organisations/preuve/<str:token>/", claim_proof, name="claim-proof"),
    path("<int:pk>/agir/", claim, name="claim"),
    path("<int:pk>/membres/", members, name="members"),
    path("<int:pk>/membres/partir/", leave, name="leave"),
    path("<int:pk>/profil/", profile_edit, name="profile"),
    path("<int:pk>/profil/conflit/", profile_conflict, name="profile-conflict"),
    path("<int:pk>/corriger/", correct, name="correct"),
    path("<int:pk>/masquer/", hide, name="hide"),
]
