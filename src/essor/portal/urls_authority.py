"""Addresses of an authority's homes: public, and for those who work there."""

from django.urls import URLPattern, path

from essor.portal import views

urlpatterns: list[URLPattern] = [
    path("", views.authority_home, name="authority-home"),
    path("accueil/", views.agent_home, name="agent-home"),
]
