"""Addresses of the indicators: the same on the common pages and in each authority's frame."""

from django.urls import URLPattern, path

from essor.indicators import views_acts as acts
from essor.indicators import views_api as api
from essor.indicators import views_board as board
from essor.indicators import views_collect as collecting
from essor.indicators import views_everywhere as everywhere
from essor.indicators import views_exports as exports
from essor.indicators import views_indicator as indicator
from essor.indicators import views_list as listing
from essor.indicators import views_tokens as tokens

app_name = "indicators"

urlpatterns: list[URLPattern] = [
    path("", listing.indicators, name="indicators"),
    path("definir/", collecting.define, name="define"),
    path("tableau/", board.board, name="board"),
    path("tableau/<int:pk>/", board.item, name="board-item"),
    path("cibles/<int:pk>/retirer/", board.target_remove, name="target-remove"),
    path("jetons/", tokens.tokens, name="tokens"),
    path("jetons/<int:pk>/revoquer/", tokens.revoke, name="token-revoke"),
    path("<str:code>/", indicator.indicator, name="indicator"),
    path("<str:code>/actes/", acts.acts, name="acts"),
    path("<str:code>/actes/csv/", acts.acts_csv, name="acts-csv"),
    path("<str:code>/valeurs/", api.values, name="values"),
    path("<str:code>/tout/<str:extension>/", everywhere.everywhere, name="everywhere"),
    path("<str:code>/csv/", exports.values_csv, name="values-csv"),
    path("<str:code>/json/", exports.values_json, name="values-json"),
    path("<str:code>/integrer/", exports.embedded, name="embed"),
    path("<str:code>/modifier/", collecting.revise, name="revise"),
    path("<str:code>/collecter/", collecting.collect_value, name="collect"),
    path("<str:code>/collecter/fichier/", collecting.collect_file, name="collect-file"),
    path("<str:code>/collecter/modele/", collecting.model_file, name="collect-model"),
    path("<str:code>/suivre/", board.follow, name="follow"),
    path("<str:code>/cible/", board.target, name="target"),
]
