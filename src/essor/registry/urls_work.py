"""Addresses of agents' work on organisations, among those of the register in both frames."""

from django.urls import URLPattern, path

from essor.registry import views_duplicates as duplicates
from essor.registry import views_links as links
from essor.registry import views_tags as tags
from essor.registry.views_additions import add

urlpatterns: list[URLPattern] = [
    path("ajouter/", add, name="add"),
    path("doublons/", duplicates.duplicates, name="duplicates"),
    path("doublons/<int:first>/<int:second>/", duplicates.compare, name="merge"),
    path("doublons/<int:first>/<int:second>/distinctes/", duplicates.distinct, name="merge-distinct"),
    path("fusions/<int:merge_id>/annuler/", duplicates.undo, name="merge-undo"),
    path("<int:pk>/doublon/", duplicates.find_duplicate, name="merge-find"),
    path("<int:pk>/relier/", links.link_add, name="link-add"),
    path("liens/<int:link_id>/retirer/", links.link_undo, name="link-undo"),
    path("<int:pk>/etat/", links.state, name="state"),
    path("<int:pk>/etiqueter/", tags.tag_put, name="tag-put"),
    path("etiquettes/", tags.tag_renewals, name="tag-renewals"),
    path("etiquettes.csv", tags.tag_renewals_csv, name="tag-renewals-csv"),
    path("etiquettes/<int:tag_id>/renouveler/", tags.tag_renew, name="tag-renew"),
    path("etiquettes/<int:tag_id>/terminer/", tags.tag_withdraw, name="tag-withdraw"),
    path("labels/", tags.labels, name="labels"),
    path("labels/<int:label_id>/retirer/", tags.label_retire, name="label-retire"),
]
