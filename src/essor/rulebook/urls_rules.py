"""Addresses of the rules of the law."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
