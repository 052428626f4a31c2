"""Addresses of the support of the kit."""

from django.urls import URLPattern, path

from essor.kit import views_support as support

urlpatterns: list[URLPattern] = [
    path("accompagnement/", support.supporters, name="support"),
    path("accompagnement/csv/", support.supporters_csv, name="support-csv"),
    path("accompagnement/ajouter/", support.supporter_add, name="supporter-add"),
    path("accompagnement/<int:pk>/", support.supporter_page, name="supporter"),
    path("accompagnement/<int:pk>/corriger/", support.supporter_edit, name="supporter-edit"),
    path("accompagnement/<int:pk>/fermer/", support.supporter_close, name="supporter-close"),
]
