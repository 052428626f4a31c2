"""Addresses of the observatory: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern, path

from essor.observatory import urls_maps, urls_official, urls_portrait
from essor.observatory import views_home as home
from essor.observatory.urls_families import FAMILIES

app_name = "observatory"

urlpatterns: list[URLPattern] = [
    path("", home.observatory, name="observatory"),
    *FAMILIES,
    *urls_official.urlpatterns,
    *urls_maps.urlpatterns,
    *urls_portrait.urlpatterns,
]
