"""Addresses of the self-diagnosis."""

from django.urls import URLPattern, path

from essor.kit.diagnosis import views, views_answer, views_results

BASE = "autodiagnostic/"

urlpatterns: list[URLPattern] = [
    path(f"{BASE}", views.campaigns, name="diagnosis"),
    path(f"{BASE}grille/", views.the_grid, name="diagnosis-grid"),
    path(f"{BASE}questionnaire.pdf", views.blank, name="diagnosis-blank"),
    path(f"{BASE}ouvrir/", views.open_campaign, name="diagnosis-open"),
    path(f"{BASE}partage/", views.share, name="diagnosis-share"),
    path(f"{BASE}lien/<str:token>/", views_answer.link, name="diagnosis-link"),
    path(f"{BASE}reponse/<str:token>/", views_answer.answer, name="diagnosis-answer"),
    path(f"{BASE}reponse/<str:token>/fin/", views_answer.review, name="diagnosis-review"),
    path(f"{BASE}reponse/<str:token>/<slug:code>/", views_answer.section, name="diagnosis-section"),
    path(f"{BASE}<int:pk>/", views_results.campaign_page, name="diagnosis-campaign"),
    path(f"{BASE}<int:pk>/repondre/", views_answer.respond, name="diagnosis-respond"),
    path(f"{BASE}<int:pk>/reglages/", views.settings_page, name="diagnosis-settings"),
    path(f"{BASE}<int:pk>/inviter/", views.invite, name="diagnosis-invite"),
    path(f"{BASE}<int:pk>/relancer/", views.remind, name="diagnosis-remind"),
    path(f"{BASE}<int:pk>/arreter/", views.finish, name="diagnosis-finish"),
    path(f"{BASE}<int:pk>/leviers/<slug:code>/", views_results.lever_page, name="diagnosis-lever"),
    path(f"{BASE}<int:pk>/rapport.pdf", views_results.report, name="diagnosis-report"),
    path(f"{BASE}<int:pk>/resultats.csv", views_results.results_csv, name="diagnosis-csv"),
    path(f"{BASE}<int:pk>/questionnaire.pdf", views.campaign_blank, name="diagnosis-questionnaire"),
]
