"""Addresses of the alerts on aids."""

from django.urls import URLPattern, path

from essor.kit.alerts import views

urlpatterns: list[URLPattern] = [
    path("aides/alertes/", views.mine, name="aid-alerts"),
    path("aides/alertes/nouvelle/", views.alert_new, name="aid-alert-new"),
    path("aides/alertes/<int:pk>/", views.alert_edit, name="aid-alert"),
    path("aides/alertes/<int:pk>/effacer/", views.alert_erase, name="aid-alert-erase"),
    path("aides/alertes/confirmer/<str:token>/", views.alert_confirm, name="aid-alert-confirm"),
    path("aides/alertes/gerer/<str:token>/", views.alert_open, name="aid-alert-open"),
    path("aides/alertes/arreter/<str:token>/", views.alert_stop, name="aid-alert-stop"),
]
