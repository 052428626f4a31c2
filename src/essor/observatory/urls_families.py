"""Addresses of the families of the law and of INSEE."""

from django.urls import URLPattern, path

from essor.observatory import views_families as views

FAMILIES: list[URLPattern] = [
    path("familles/", views.families, name="families"),
    path("familles/csv/", views.families_csv, name="families-csv"),
    path("familles/correspondance/csv/", views.families_mapping, name="families-mapping"),
]
