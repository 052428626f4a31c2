"""Addresses of the house itself; their first words are reserved."""

from django.urls import URLPattern, path

from essor.kernel import file_views, job_views, views, views_theme

urlpatterns: list[URLPattern] = [
    path("sante/", views.health_page, name="health"),
    path("theme/<slug:slug>/<slug:version>.css", views_theme.theme_css, name="theme"),
    path("fichiers/<uuid:file_id>/", file_views.serve_file, name="file"),
    path("travaux/<int:job_id>/", job_views.job_page, name="job"),
    path("travaux/<int:job_id>/etat.json", job_views.job_state, name="job-state"),
    path("travaux/<int:job_id>/annuler/", job_views.job_cancel, name="job-cancel"),
    path("travaux/<int:job_id>/relancer/", job_views.job_retry, name="job-retry"),
]
