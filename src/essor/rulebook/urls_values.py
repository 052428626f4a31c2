"""Addresses of the values of the law."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
