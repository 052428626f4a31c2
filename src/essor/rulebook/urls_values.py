"""Addresses of the values of the law."""

from django.urls import URLPattern, path

from essor.rulebook import views_changes, views_values

urlpatterns: list[URLPattern] = [
    path("", views_values.values, name="values"),
    path("changements/", views_changes.changes, name="changes"),
    path("changements.atom", views_changes.feed, name="changes-feed"),
    path("valeurs/<str:identifier>.json", views_values.value_json, name="value-json"),
    path("valeurs/<str:identifier>/", views_values.value, name="value"),
]
