"""Addresses of the lists of supporters."""

from django.urls import URLPattern, path

from essor.kit.supporter_import import views

urlpatterns: list[URLPattern] = [
    path("accompagnement/listes/", views.table_import, name="supporter-imports"),
    path("accompagnement/listes/exemple/", views.sample_csv, name="supporter-sample"),
    path("accompagnement/listes/data-inclusion/", views.inclusion_import, name="supporter-inclusion"),
    path("accompagnement/listes/<int:pk>/", views.supporter_import, name="supporter-import"),
]
