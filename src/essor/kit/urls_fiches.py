"""Addresses of the fiches and recipes of the kit."""

from django.urls import URLPattern, path

from essor.kit import views_fiches, views_recipes

urlpatterns: list[URLPattern] = [
    path("", views_fiches.contents, name="contents"),
    path("boite-a-outils.pdf", views_fiches.whole_pdf, name="whole-pdf"),
    path("fiches/<slug:code>.pdf", views_fiches.fiche_pdf, name="fiche-pdf"),
    path("fiches/<slug:code>/", views_fiches.fiche, name="fiche"),
    path("recettes/", views_recipes.catalogue, name="recipes"),
    path("recettes/<slug:code>.json", views_recipes.recipe_json, name="recipe-json"),
    path("recettes/<slug:code>.yaml", views_recipes.recipe_yaml, name="recipe-yaml"),
    path("recettes/<slug:code>/", views_recipes.recipe, name="recipe"),
]
