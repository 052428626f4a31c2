"""Addresses by which an authority writes the questions of its orientation."""

from django.urls import URLPattern, path

from essor.kit import views_orientation_questions as views

# Before « orientation/<token>/ », which would take their words for a token.
urlpatterns: list[URLPattern] = [
    path("orientation/questions/", views.questions, name="orientation-questions"),
    path("orientation/questions/ajouter/", views.question_add, name="orientation-question-add"),
    path("orientation/questions/apercu/", views.preview, name="orientation-questions-preview"),
    path("orientation/questions/versions/", views.question_versions, name="orientation-questions-versions"),
    path("orientation/questions/modifier/<slug:code>/", views.question, name="orientation-question"),
]
