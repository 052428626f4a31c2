"""Addresses of « Demandes », in an authority's frame alone: /<authority>/demandes/."""

from django.urls import URLPattern, path

from essor.registry import views_hidden_numbers as hidden
from essor.registry import views_requests as views

urlpatterns: list[URLPattern] = [
    path("", views.queue, name="requests"),
    path("masquer-un-numero/", views.hide_number, name="request-hide-number"),
    path("numeros-masques/", hidden.hidden_numbers, name="request-hidden-numbers"),
    path("numeros-masques/<int:pk>/", hidden.hidden_number, name="request-hidden-number"),
    path("rattachement/<int:pk>/", views.request_claim, name="request-claim"),
    path("correction/<int:pk>/", views.request_correction, name="request-correction"),
    path("masquage/<int:pk>/", views.request_hiding, name="request-hiding"),
]
