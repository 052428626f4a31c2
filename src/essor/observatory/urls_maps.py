"""Addresses of the maps, the drawn areas and the atlas."""

from django.urls import URLPattern, path

from essor.observatory import views_areas as areas
from essor.observatory import views_atlas as atlas
from essor.observatory import views_map as maps

urlpatterns: list[URLPattern] = [
    path("carte/", maps.map_page, name="map"),
    path("carte/carte.svg", maps.map_svg, name="map-svg"),
    path("carte/carte.csv", maps.map_csv, name="map-csv"),
    path("carte/integree/", maps.map_embed, name="map-embed"),
    path("zones/", areas.areas, name="areas"),
    path("zones/nouvelle/", areas.area_new, name="area-new"),
    path("zones/<int:pk>/modifier/", areas.area_edit, name="area-edit"),
    path("zones/<int:pk>/supprimer/", areas.area_remove, name="area-remove"),
    path("zones/<int:pk>/zone.geojson", areas.area_geojson, name="area-geojson"),
    path("atlas/<str:kind>/<str:code>/", atlas.atlas, name="atlas"),
    path("atlas/<str:kind>/<str:code>/atlas.pdf", atlas.atlas_pdf, name="atlas-pdf"),
]
