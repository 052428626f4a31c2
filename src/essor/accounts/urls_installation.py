"""Addresses of the administration of the installation, under /installation/."""

from django.urls import URLPattern, path

from essor.accounts import views_installation as views
from essor.accounts import views_people

urlpatterns: list[URLPattern] = [
    path("", views.dashboard, name="installation"),
    path("journal/", views.audit_journal, name="installation-journal"),
    path("collectivites/nouvelle/", views.authority_add, name="installation-authority-add"),
    path("collectivites/<slug:slug>/", views.authority_edit, name="installation-authority"),
    path("comptes/", views_people.people, name="installation-people"),
    path("comptes/<int:pk>/", views_people.person, name="installation-person"),
    path("comptes/<int:pk>/roles/", views_people.role_add, name="installation-role-add"),
    path("comptes/<int:pk>/desactiver/", views_people.deactivate, name="installation-person-deactivate"),
    path("comptes/<int:pk>/reactiver/", views_people.reactivate, name="installation-person-reactivate"),
    path(
        "comptes/<int:pk>/double-authentification/",
        views_people.reset_second_factor,
        name="installation-person-second-factor",
    ),
    path("roles/<int:pk>/fin/", views_people.role_end, name="installation-role-end"),
]
