"""Addresses of the portraits, of the ranking and of the comparison."""

from django.urls import URLPattern, path

from essor.observatory import views_compare as compare
from essor.observatory import views_place as place
from essor.observatory import views_portrait as portrait
from essor.observatory import views_portrait_exports as exports
from essor.observatory import views_ranking as ranking

urlpatterns: list[URLPattern] = [
    path("territoire/<str:kind>/<str:code>/", portrait.portrait, name="portrait"),
    path("territoire/<str:kind>/<str:code>/csv/", exports.portrait_csv, name="portrait-csv"),
    path("territoire/<str:kind>/<str:code>/json/", exports.portrait_json, name="portrait-json"),
    path("territoire/<str:kind>/<str:code>/integrer/", exports.embedded, name="portrait-embed"),
    path("qpv/<str:code>/", place.quarter, name="quarter"),
    path("qpv/<str:code>/csv/", exports.quarter_csv, name="quarter-csv"),
    path("qpv/<str:code>/json/", exports.quarter_json, name="quarter-json"),
    path("zones/<int:pk>/", place.area, name="area"),
    path("zones/<int:pk>/csv/", exports.area_csv, name="area-csv"),
    path("zones/<int:pk>/json/", exports.area_json, name="area-json"),
    path("classement/", ranking.ranking, name="ranking"),
    path("classement/csv/", ranking.ranking_csv, name="ranking-csv"),
    path("comparer/", compare.compare, name="compare"),
    path("comparer/csv/", compare.compare_csv, name="compare-csv"),
]
