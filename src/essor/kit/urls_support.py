"""Addresses of the support of the kit."""

from django.urls import URLPattern, path

from essor.kit import views_aids as aids
from essor.kit import views_orientation as orientation
from essor.kit import views_support as support
from essor.kit.alerts.urls import urlpatterns as alerts
from essor.kit.goals.urls import urlpatterns as goals
from essor.kit.supporter_import.urls import urlpatterns as imports
from essor.kit.weblinks.urls import urlpatterns as weblinks

urlpatterns: list[URLPattern] = [
    *alerts,
    *goals,
    *imports,
    *weblinks,
    path("accompagnement/", support.supporters, name="support"),
    path("accompagnement/csv/", support.supporters_csv, name="support-csv"),
    path("accompagnement/ajouter/", support.supporter_add, name="supporter-add"),
    path("accompagnement/<int:pk>/", support.supporter_page, name="supporter"),
    path("accompagnement/<int:pk>/corriger/", support.supporter_edit, name="supporter-edit"),
    path("accompagnement/<int:pk>/fermer/", support.supporter_close, name="supporter-close"),
    path("aides/", aids.aids, name="aids"),
    path("aides/<int:pk>/", aids.aid_page, name="aid"),
    path("aides/listes/", aids.aid_lists, name="aid-lists"),
    path("aides/listes/<int:pk>/", aids.aid_list, name="aid-list"),
    path("orientation/", orientation.orientation, name="orientation"),
    path("orientation/demandes/", orientation.orientation_requests, name="orientation-requests"),
    path("orientation/demandes/csv/", orientation.orientation_requests_csv, name="orientation-requests-csv"),
    path("orientation/<str:token>/", orientation.orientation_path, name="orientation-path"),
    path("orientation/<str:token>/pdf/", orientation.orientation_pdf, name="orientation-pdf"),
    path("orientation/<str:token>/envoyer/", orientation.orientation_send, name="orientation-send"),
]
