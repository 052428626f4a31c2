"""The course and the attestation as PDF."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from essor.kernel.documents import render_pdf
from essor.kernel.french import day as in_french
from essor.kernel.periods import today
from essor.kit import legal_values, markdown
from essor.kit.course.lesson import Lesson
from essor.kit.course.library import quizzes
from essor.kit.course.models import Attestation
from essor.kit.course.rules_quiz import Kind, Question, asked_on, shown_order
from essor.kit.course.telling import expected, plain
from essor.kit.library import fiches


def course_pdf(request: HttpRequest, lessons: list[Lesson]) -> bytes:
    """The PDF of these lessons, with their quizzes and, at the end, the answers of today."""
    authority = getattr(request, "authority", None)
    whole = len(lessons) != 1
    data = {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": _("Formation courte à l’ESS"),
        "lead": _("Dix leçons de dix minutes, à lire où l’on veut.") if whole else lessons[0].summary,
        "day": _("droit au %s") % in_french(today()),
        "whole": whole,
        "lessons": [_lesson(each) for each in lessons],
    }
    title = _("Comprendre et soutenir l’ESS en dix leçons") if whole else lessons[0].title
    return render_pdf("kit/course.typ", data, title)


def _lesson(lesson: Lesson) -> dict[str, Any]:
    write = legal_values.as_text(today(), today())
    questions = asked_on(quizzes()[lesson.code], today())
    return {
        "rank": lesson.rank,
        "title": lesson.title,
        "summary": lesson.summary,
        "objective": lesson.objective,
        "minutes": lesson.minutes,
        "points": markdown.to_data(lesson.points, write),
        "body": markdown.to_data(lesson.body, write),
        "tomorrow": markdown.to_data(lesson.tomorrow, write),
        "example": {
            "who": lesson.example.who,
            "when": lesson.example.when,
            "body": markdown.to_data(markdown.parse(lesson.example.text), write),
            "source": lesson.example.source.text,
        },
        "further": [f"{code}. {fiches()[code].title}" for code in lesson.further],
        "questions": [_question(question) for question in questions],
        "answers": [" ; ".join(expected(question)) for question in questions],
    }


def _question(question: Question) -> dict[str, Any]:
    order = shown_order(question)
    if question.kind is Kind.ORDER:
        return {"ask": question.ask, "options": [question.items[rank] for rank in order]}
    return {"ask": question.ask, "options": [plain(question.options[rank].text) for rank in order]}


def attestation_pdf(attestation: Attestation, check_url: str) -> bytes:
    """The attestation to keep or print."""
    data = {
        "authority": attestation.authority.name if attestation.authority else "Essor",
        "demo": settings.DEMO,
        "kind": _("Attestation de formation"),
        "name": attestation.full_name,
        "body": attestation.authority.name if attestation.authority else "",
        "given_on": in_french(attestation.day),
        "code": attestation.code,
        "check_url": check_url,
    }
    return render_pdf("kit/attestation.typ", data, _("Formation courte à l’économie sociale et solidaire"))
