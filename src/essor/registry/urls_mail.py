"""Addresses that only messages give: they work without signing in."""

from django.urls import URLPattern, path

from essor.registry.views_alerts import unsubscribe

urlpatterns: list[URLPattern] = [
    path("alertes/desabonnement/<str:token>/", unsubscribe, name="alerts-unsubscribe"),
]
