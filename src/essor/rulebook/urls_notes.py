"""Addresses of the answers that an authority keeps: /<authority>/droit/notes/."""

from django.urls import URLPattern, path

from essor.rulebook import views_notes as notes

app_name = "rulebook-notes"

urlpatterns: list[URLPattern] = [
    path("", notes.note_list, name="list"),
    path("notes.csv", notes.note_csv, name="csv"),
    path("garder/<slug:rule>/", notes.note_keep, name="keep"),
    path("<int:pk>/", notes.note_page, name="note"),
    path("<int:pk>.pdf", notes.note_print, name="pdf"),
    path("<int:pk>/retirer/", notes.note_withdraw, name="withdraw"),
    path("<int:pk>/effacer/", notes.note_erase, name="erase"),
]
