"""Addresses of the fiches of the kit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
