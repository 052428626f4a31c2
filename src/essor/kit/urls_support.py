"""Addresses of the support of the kit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
