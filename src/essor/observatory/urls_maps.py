"""Addresses of the maps, the drawn areas and the atlas."""

from django.urls import URLPattern, path

from essor.observatory import views_map as maps

urlpatterns: list[URLPattern] = [
    path("carte/", maps.map_page, name="map"),
    path("carte/carte.svg", maps.map_svg, name="map-svg"),
    path("carte/carte.csv", maps.map_csv, name="map-csv"),
    path("carte/integree/", maps.map_embed, name="map-embed"),
]
