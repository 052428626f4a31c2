"""Address of the home of the installation."""

from django.urls import URLPattern, path

from essor.portal import views
from essor.portal.robots import robots

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("robots.txt", robots, name="robots"),
]
