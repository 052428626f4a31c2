"""Addresses of the kit in the administration of the installation, under /installation/boite-a-outils/."""

from django.urls import URLPattern, path

from essor.kit.adoption import views_received as received
from essor.kit.editing import views as editing
from essor.kit.editing import views_exchange as exchange
from essor.kit.editing import views_versions as versions

app_name = "kit-admin"

urlpatterns: list[URLPattern] = [
    path("", editing.text_list, name="texts"),
    path("corrections.zip", exchange.texts_export, name="texts-export"),
    path("importer/", exchange.texts_import, name="texts-import"),
    path("recettes-recues/", received.received, name="received"),
    path("recettes-recues/<int:pk>/", received.received_recipe, name="received-recipe"),
    path("<slug:what>/<slug:code>/corriger/", editing.text_edit, name="text-edit"),
    path("<slug:what>/<slug:code>/versions/", versions.text_versions, name="text-versions"),
    path(
        "<slug:what>/<slug:code>/versions/<int:number>/reprendre/", versions.text_go_back, name="text-go-back"
    ),
    path("<slug:what>/<slug:code>/texte-d-essor/", versions.text_reset, name="text-reset"),
    path("<slug:what>/<slug:code>/comparer/", versions.text_upgrade, name="text-upgrade"),
]
