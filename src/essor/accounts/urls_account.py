"""Addresses of one's account, under /compte/."""

from django.urls import URLPattern, URLResolver, include, path

from essor.accounts import views_account as views
from essor.accounts import views_signup as signup

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.account, name="account"),
    path("profil/", views.profile, name="account-profile"),
    path("mes-donnees/", views.export, name="account-export"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("inscription/", signup.sign_up, name="sign-up"),
    path("inscription/<str:token>/", signup.sign_up_open, name="sign-up-open"),
    path("", include("essor.accounts.urls_signin")),
]
