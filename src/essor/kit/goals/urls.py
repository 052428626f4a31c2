"""Addresses of the goals of sustainable development."""

from django.urls import URLPattern, path

from essor.kit.goals import views

urlpatterns: list[URLPattern] = [
    path("odd/", views.goals, name="goals"),
    path("odd/csv/", views.goals_csv, name="goals-csv"),
    path("odd/<int:number>/", views.goal, name="goal"),
    path("aides/<int:pk>/odd/", views.aid_goals, name="aid-goals"),
]
