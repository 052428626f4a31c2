"""Addresses of the law: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern

from essor.rulebook.urls_rules import urlpatterns as rules
from essor.rulebook.urls_values import urlpatterns as values

app_name = "rulebook"

urlpatterns: list[URLPattern] = [*values, *rules]
