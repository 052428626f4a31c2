"""Addresses of the alerts, in an authority's frame: /<authority>/alertes/."""

from django.urls import URLPattern, path

from essor.registry import views_alerts as alerts

app_name = "registry-alerts"

urlpatterns: list[URLPattern] = [
    path("", alerts.alert_list, name="list"),
    path("alertes.csv", alerts.alerts_csv, name="csv"),
    path("abonnement/", alerts.alert_subscription, name="subscription"),
    path("<int:pk>/", alerts.alert_review, name="review"),
]
