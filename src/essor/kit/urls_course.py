"""Addresses of the course and of the game."""

from django.urls import URLPattern, path

from essor.kit.course import views_counts as counts
from essor.kit.course import views_lessons as lessons
from essor.kit.course import views_mine as mine
from essor.kit.game import views as game

urlpatterns: list[URLPattern] = [
    path("se-former/", lessons.course, name="course"),
    path("se-former/formation.pdf", lessons.whole_pdf, name="course-pdf"),
    path("se-former/lecons/<slug:lesson>.pdf", lessons.lesson_pdf, name="lesson-pdf"),
    path("se-former/lecons/<slug:lesson>/", lessons.lesson, name="lesson"),
    path("se-former/lecons/<slug:lesson>/lue/", lessons.lesson_read, name="lesson-read"),
    path("se-former/lecons/<slug:lesson>/quiz/", lessons.lesson_quiz, name="lesson-quiz"),
    path("se-former/ma-progression/", mine.progress, name="course-progress"),
    path("se-former/ma-progression/nom/", mine.naming, name="course-naming"),
    path("se-former/attestation/", mine.attestation, name="attestation"),
    path("se-former/attestation.pdf", mine.attestation_file, name="attestation-pdf"),
    path("se-former/attestation/retirer/", mine.attestation_withdraw, name="attestation-withdraw"),
    path("se-former/verifier/", mine.attestation_check, name="attestation-check"),
    path("se-former/suivi/", counts.followers, name="course-followers"),
    path("se-former/suivi/csv/", counts.followers_csv, name="course-followers-csv"),
    path("se-former/jeu/", game.game, name="game"),
    path("se-former/jeu/cartes.pdf", game.cards_pdf, name="game-pdf"),
    path("se-former/jeu/<slug:code>/", game.play, name="game-play"),
]
