"""Addresses of the map and of the exports, among those of the register."""

from django.urls import URLPattern, path

from essor.registry.views_contact import contact_card
from essor.registry.views_export import export, export_columns, export_prepare
from essor.registry.views_list import organisation_list
from essor.registry.views_map import embed_code, embedded_map, map_place, map_tile

urlpatterns: list[URLPattern] = [
    path("carte/", organisation_list, name="map"),
    path("carte/integrer/", embedded_map, name="map-embed"),
    path("carte/integrer/code/", embed_code, name="map-embed-code"),
    path("carte/<slug:version>/<int:z>/<int:x>/<int:y>.mvt", map_tile, name="map-tile"),
    path("carte/lieu/<slug:place>/", map_place, name="map-place"),
    path("<int:pk>/contact.vcf", contact_card, name="contact"),
    path("exports/colonnes/", export_columns, name="export-columns"),
    path("exports/preparer.<slug:extension>", export_prepare, name="export-prepare"),
    path("exports/registre.<slug:extension>", export, name="export"),
]
