"""Addresses of the law in the administration of the installation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
