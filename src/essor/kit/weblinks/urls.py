"""Addresses of the list of links to mend."""

from django.urls import URLPattern, path

from essor.kit.weblinks import views

urlpatterns: list[URLPattern] = [
    path("liens/", views.weblinks, name="weblinks"),
    path("liens/csv/", views.weblinks_csv, name="weblinks-csv"),
]
