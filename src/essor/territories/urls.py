"""Addresses of the territories: common pages, open to everyone."""

from django.urls import path

from essor.territories import views

app_name = "territories"
urlpatterns = [
    path("", views.index, name="index"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("<slug:kind>/<slug:code>/", views.territory, name="territory"),
]
