"""One's own course: progress, the choice to be named, the attestation; and its verification by anybody."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.models import User
from essor.kernel.access import access
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kit.access_course import everyone, signed_in
from essor.kit.course.actions import (
    choose_naming,
    clean_code,
    issue_attestation,
    standing_of,
    withdraw_attestation,
)
from essor.kit.course.forms import AttestationForm
from essor.kit.course.library import lessons
from essor.kit.course.models import Attestation, CourseChoice
from essor.kit.course.printing import attestation_pdf
from essor.kit.course.views_lessons import minutes_left, pdf, rows
from essor.kit.fiche_links import address


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _attestation(user: User) -> Attestation | None:
    rows = Attestation.objects.filter(user=user, withdrawn_on__isnull=True)
    return rows.select_related("authority").first()


@access(signed_in)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """What one read and passed, the time left, the choice to be named, the attestation."""
    user = _person(request)
    known = standing_of(user)
    attestation = _attestation(user)
    context: dict[str, Any] = {
        "page_title": _("Ma progression"),
        "rows": rows(request, known),
        "standing": known,
        "total": len(lessons()),
        "left": minutes_left(known),
        "resume_url": address(request, "kit:lesson", lesson=known.next_lesson) if known.next_lesson else "",
        "choice": CourseChoice.objects.filter(user=user).first(),
        "attestation": attestation,
        "check_url": _check_url(attestation) if attestation else "",
    }
    return render(request, "kit/course/progress.html", context)


@access(signed_in)
@require_POST
def naming(request: HttpRequest) -> HttpResponse:
    """Allow one's name to be shown to the team, or no longer."""
    named = request.POST.get("named") == "oui"
    choose_naming(_person(request), named, today())
    messages.success(
        request,
        _("L’équipe de votre collectivité peut voir votre nom.")
        if named
        else _("Votre nom n’est montré à personne."),
    )
    return HttpResponseRedirect(address(request, "kit:course-progress"))


@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def attestation(request: HttpRequest) -> HttpResponse:
    """Ask for the attestation, once the ten quizzes are passed."""
    user = _person(request)
    back = address(request, "kit:course-progress")
    if not standing_of(user).is_finished:
        messages.error(request, _("Réussissez d’abord les dix quiz : l’attestation vient ensuite."))
        return HttpResponseRedirect(back)
    authority = getattr(request, "authority", None)
    form = AttestationForm(
        user, request.POST or None, initial={"full_name": user.full_name, "authority": authority}
    )
    if request.method == "POST" and form.is_valid():
        try:
            issue_attestation(user, form.cleaned_data["full_name"], form.cleaned_data["authority"], today())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre attestation est prête."))
            return HttpResponseRedirect(back)
    context = {
        "page_title": _("Recevoir mon attestation"),
        "lead": _(
            "Qui a le code peut vérifier l’attestation : vos initiales et le jour, rien d’autre. "
            "Vous pouvez la retirer quand vous voulez."
        ),
        "form": form,
        "submit_label": _("Recevoir l’attestation"),
        "cancel_url": back,
    }
    return render(request, "kernel/form_page.html", context)


@access(signed_in)
@require_safe
def attestation_file(request: HttpRequest) -> HttpResponse:
    """One's attestation as a PDF."""
    found = _attestation(_person(request))
    if found is None:
        raise Http404(_("Vous n’avez pas d’attestation en cours."))
    return pdf(attestation_pdf(found, _check_url(found)), "attestation-formation-ess")


@access(signed_in)
@require_POST
def attestation_withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw one's attestation."""
    try:
        withdraw_attestation(_person(request), today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Votre attestation est retirée : son code ne répond plus."))
    return HttpResponseRedirect(address(request, "kit:course-progress"))


def _check_url(attestation: Attestation) -> str:
    """The common address that verifies: the one printed must not move with the frame."""
    return f"{settings.PUBLIC_URL}{reverse('kit:attestation-check')}?code={attestation.code}"


@access(everyone)
@limited("attestation-check", "60/h/ip", reading=True, visitors_only=True)
@require_safe
def attestation_check(request: HttpRequest) -> HttpResponse:
    """Verify a code: initials and day, or nothing. A code withdrawn answers like one that never was."""
    typed = request.GET.get("code", "")[:40].replace("\x00", "")
    code = clean_code(typed)
    found = Attestation.objects.filter(code=code, withdrawn_on__isnull=True).first() if code else None
    context = {
        "page_title": _("Vérifier une attestation"),
        "typed": typed,
        "found": found,
    }
    return render(request, "kit/course/check.html", context)
