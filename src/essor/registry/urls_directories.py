"""Addresses of the partner directories, under `annuaires/` of the register, in both frames."""

from django.urls import URLPattern, path

from essor.registry import views_directories as views
from essor.registry import views_directory_review as review

urlpatterns: list[URLPattern] = [
    path("annuaires/", views.directories, name="directories"),
    path("annuaires/ajouter/", views.directory_new, name="directory-new"),
    path("annuaires/<int:pk>/", views.directory, name="directory"),
    path("annuaires/<int:pk>/colonnes/", views.directory_mapping, name="directory-mapping"),
    path("annuaires/<int:pk>/travaux/<int:job_id>/", views.directory_work, name="directory-work"),
    path("annuaires/<int:pk>/confirmer/", review.directory_review, name="directory-review"),
    path("annuaires/<int:pk>/confirmer/identifiants/", review.directory_accept, name="directory-accept"),
    path("annuaires/<int:pk>/lignes/<int:row_id>/", review.directory_decide, name="directory-decide"),
]
