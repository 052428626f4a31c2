"""Addresses of the kit that exist in an authority's frame only: its notes, its policies, the recipes it adopts."""

from django.urls import URLPattern, path

from essor.kit.adoption import views as adoption
from essor.kit.adoption import views_received as received
from essor.kit.editing import views_notes as notes
from essor.kit.policies import views as policies

app_name = "kit-authority"

urlpatterns: list[URLPattern] = [
    path("fiches/<slug:code>/chez-nous/", notes.note, name="note"),
    path("adoptions/", adoption.adoptions, name="adoptions"),
    path("adoptions/ajouter/<slug:code>/", adoption.adopt, name="adopt"),
    path("adoptions/<int:pk>/", adoption.adoption, name="adoption"),
    path("adoptions/<int:pk>/suite/", adoption.adoption_renew, name="adoption-renew"),
    path("adoptions/<int:pk>/terminer/", adoption.adoption_end, name="adoption-end"),
    path("adoptions/faire-partir/<slug:kind>/<slug:key>/", adoption.export, name="export"),
    path("recettes-recues/", received.received, name="received"),
    path("recettes-recues/<int:pk>/", received.received_recipe, name="received-recipe"),
    path("recettes-recues/<int:pk>/adopter/", received.adopt_received, name="adopt-received"),
    path("politiques/", policies.policies, name="policies"),
    path("politiques/ajouter/", policies.policy_add, name="policy-add"),
    path("politiques/ordre/", policies.policies_order, name="policies-order"),
    path("politiques/reprendre/", policies.policies_reset, name="policies-reset"),
    path("politiques/modifier/<slug:code>/", policies.policy, name="policy"),
    path("politiques/modifier/<slug:code>/retirer/", policies.policy_retire, name="policy-retire"),
    path("politiques/modifier/<slug:code>/fondre/", policies.policy_merge, name="policy-merge"),
]
