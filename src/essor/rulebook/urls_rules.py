"""Addresses of the rules of the law."""

from django.urls import URLPattern, path

from essor.rulebook import views_rules as rules

urlpatterns: list[URLPattern] = [
    path("regles/", rules.rule_list, name="rules"),
    path("regles/<slug:rule>/", rules.rule_page, name="rule"),
    path("regles/<slug:rule>.json", rules.rule_json, name="rule-json"),
    path("regles/<slug:rule>.pdf", rules.rule_pdf, name="rule-pdf"),
]
