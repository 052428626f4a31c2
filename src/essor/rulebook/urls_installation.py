"""Addresses of the law in the administration of the installation, under /installation/droit/."""

from django.urls import URLPattern, path

from essor.rulebook import views_local

app_name = "rulebook-admin"

urlpatterns: list[URLPattern] = [
    path("", views_local.local_values, name="local-values"),
    path("parametre/", views_local.parameter_new, name="local-parameter-new"),
    path("valeur/", views_local.value_new, name="local-value-new"),
    path("<int:pk>/retirer/", views_local.value_withdraw, name="local-value-withdraw"),
]
