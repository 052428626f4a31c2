"""Address of the home of the installation."""

from django.urls import URLPattern, path

from essor.portal import views

urlpatterns: list[URLPattern] = [path("", views.home, name="home")]
