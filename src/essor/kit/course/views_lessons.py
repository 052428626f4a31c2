"""The course: its contents, a lesson, its quiz."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.kernel.access import access
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kit.access_course import everyone, sees_counts, signed_in
from essor.kit.course.actions import Standing, read_lesson, record_try, standing_of
from essor.kit.course.forms import QuizForm
from essor.kit.course.lesson import Lesson
from essor.kit.course.library import QUIZ_MINUTES, lessons, quizzes
from essor.kit.course.printing import course_pdf
from essor.kit.course.rules_quiz import Result, asked_on, grade, needed
from essor.kit.course.telling import lesson_texts, told
from essor.kit.fiche_links import address, canonical
from essor.kit.library import fiches
from essor.kit.territory_figures import figures


def lesson_or_404(code: str) -> Lesson:
    """The lesson of a code. Http404, in French, when there is none."""
    try:
        return lessons()[code]
    except KeyError:
        raise Http404(
            _("Cette leçon n’existe pas : choisissez-la dans le sommaire de la formation.")
        ) from None


def standing(request: HttpRequest) -> Standing:
    """Where the person of the request stands; nothing for a visitor."""
    return standing_of(request.user) if request.user.is_authenticated else Standing({})


def rows(request: HttpRequest, known: Standing) -> list[dict[str, Any]]:
    """The lessons with their address, what was done, and the best score."""
    found = []
    for lesson in lessons().values():
        row = known.rows.get(lesson.code)
        state = "passed" if row and row.passed_on else "tried" if row and row.tries else "read" if row else ""
        found.append(
            {
                "lesson": lesson,
                "url": address(request, "kit:lesson", lesson=lesson.code),
                "quiz_url": address(request, "kit:lesson-quiz", lesson=lesson.code),
                "row": row,
                "state": state,
                "questions": len(quizzes()[lesson.code]),
            }
        )
    return found


def minutes_left(known: Standing) -> int:
    """Minutes that the lessons and quizzes left should take, by the lengths written in their files."""
    left = 0
    for lesson in lessons().values():
        row = known.rows.get(lesson.code)
        left += (0 if row else lesson.minutes) + (0 if row and row.passed_on else QUIZ_MINUTES)
    return left


@access(everyone)
@require_safe
def course(request: HttpRequest) -> HttpResponse:
    """The contents of the course, one's own progress, and the game."""
    known = standing(request)
    context = {
        "page_title": _("Se former à l’ESS"),
        "rows": rows(request, known),
        "standing": known,
        "total": len(lessons()),
        "minutes": sum(lesson.minutes + QUIZ_MINUTES for lesson in lessons().values()),
        "left": minutes_left(known),
        "resume": known.next_lesson,
        "resume_url": address(request, "kit:lesson", lesson=known.next_lesson) if known.next_lesson else "",
        "sees_counts": sees_counts(request),
        "canonical_url": canonical(request, "course"),
    }
    return render(request, "kit/course/contents.html", context)


@access(everyone)
@require_safe
def lesson(request: HttpRequest, lesson: str) -> HttpResponse:
    """A lesson to read."""
    shown = lesson_or_404(lesson)
    authority = getattr(request, "authority", None)
    territory = authority.territory if authority else None
    every = list(lessons().values())
    known = standing(request)
    context = lesson_texts(request, shown) | {
        "page_title": shown.title,
        "lesson": shown,
        "total": len(every),
        "rows": rows(request, known),
        "row": known.rows.get(shown.code),
        "figures": figures(fiches()[shown.figures], territory),
        "territory": territory,
        "previous": every[shown.rank - 2] if shown.rank > 1 else None,
        "next": every[shown.rank] if shown.rank < len(every) else None,
        "canonical_url": canonical(request, "lesson", lesson=lesson),
    }
    return render(request, "kit/course/lesson.html", context)


@access(signed_in)
@require_POST
def lesson_read(request: HttpRequest, lesson: str) -> HttpResponse:
    """Note that the lesson is read, and open its quiz."""
    shown = lesson_or_404(lesson)
    read_lesson(request.user, shown.code, today())  # type: ignore[arg-type]
    return HttpResponseRedirect(address(request, "kit:lesson-quiz", lesson=shown.code))


@access(everyone)
@limited("quiz", "120/h/ip", visitors_only=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_quiz(request: HttpRequest, lesson: str) -> HttpResponse:
    """The quiz of a lesson, and its result: kept for people signed in only."""
    shown = lesson_or_404(lesson)
    questions = asked_on(quizzes()[shown.code], today())
    form = QuizForm(questions, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        result = grade(questions, form.given(), today())
        if request.user.is_authenticated:
            record_try(request.user, shown.code, result, today())
        return _result(request, shown, result)
    context = {
        "page_title": _("Quiz : %s") % shown.title,
        "lesson": shown,
        "form": form,
        "needed": needed(len(questions)),
        "out_of": len(questions),
        "row": standing(request).rows.get(shown.code),
        "lesson_url": address(request, "kit:lesson", lesson=shown.code),
    }
    return render(request, "kit/course/quiz.html", context)


def _result(request: HttpRequest, shown: Lesson, result: Result) -> HttpResponse:
    every = list(lessons().values())
    following = every[shown.rank] if shown.rank < len(every) else None
    known = standing(request)
    context = {
        "page_title": _("Résultat : %s") % shown.title,
        "lesson": shown,
        "result": result,
        "needed": needed(result.out_of),
        "nearly": result.score >= needed(result.out_of) - 1,
        "told": [told(request, mark) for mark in result.marks],
        "finished": known.is_finished,
        "following": following,
        "following_url": address(request, "kit:lesson", lesson=following.code) if following else "",
        "quiz_url": address(request, "kit:lesson-quiz", lesson=shown.code),
        "lesson_url": address(request, "kit:lesson", lesson=shown.code),
    }
    return render(request, "kit/course/result.html", context)


@access(everyone)
@limited("kit-pdf", "60/h/ip", reading=True, visitors_only=True)  # each one starts Typst
@require_safe
def lesson_pdf(request: HttpRequest, lesson: str) -> HttpResponse:
    """A lesson as a PDF, to read offline."""
    shown = lesson_or_404(lesson)
    return pdf(course_pdf(request, [shown]), f"lecon-{shown.rank}-{shown.code}")


@access(everyone)
@limited("kit-pdf", "60/h/ip", reading=True, visitors_only=True)
@require_safe
def whole_pdf(request: HttpRequest) -> HttpResponse:
    """The whole course as a PDF."""
    return pdf(course_pdf(request, list(lessons().values())), "formation-ess")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A document to download."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
