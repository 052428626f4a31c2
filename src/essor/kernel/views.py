"""Pages of the house itself: health and errors."""

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from essor.kernel import health
from essor.kernel.access import access, everyone
from essor.kernel.release import version

logger = logging.getLogger("essor.health")


@access(everyone)
@require_safe
@never_cache
def health_page(request: HttpRequest) -> JsonResponse:
    """200 when the installation works, 503 when it does not; the details are for the installation's
    administrators.

    A silent worker does not stop the site: it is told, and leaves 200.
    """
    found = _facts()
    works = bool(found["database"]) and found["migrations"] == 0 and found["disk"] != "full"
    answer: dict[str, Any] = {"status": "ok" if works else "failing"}
    if works and _is_administrator(request):
        answer |= found
    return JsonResponse(answer, status=200 if works else 503)


def _facts() -> dict[str, Any]:
    if not health.database_answers():
        return {"database": False, "migrations": None, "disk": ""}
    now, free = timezone.now(), health.free_disk()
    try:
        pending = len(health.still_pending())
        alive = pending == 0 and health.worker_alive(now)
        clock = pending == 0 and health.clock_alive(now)
    except DatabaseError:
        logger.exception("health")
        return {"database": False, "migrations": None, "disk": ""}
    return {
        "database": True,
        "migrations": pending,
        "worker": "alive" if alive else "silent",
        "clock": "alive" if clock else "silent",
        "disk": "full" if free < health.LOW_DISK // 10 else "low" if free < health.LOW_DISK else "ok",
        "disk_free_bytes": free,
        "version": version(),
    }


def _is_administrator(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated and getattr(user, "is_installation_admin", False))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the page stands alone, the request may be too broken to be read."""
    words = {
        "page_title": _("Demande incompréhensible"),
        "what": _(
            "Votre navigateur a envoyé une demande que le site ne peut pas lire. Rechargez la page et recommencez."
        ),
    }
    return _alone(400, words)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: says the rule, which is the docstring of the predicate."""
    context = {
        "code": 403,
        "page_title": _("Cette page n’est pas pour votre compte"),
        "what": _("Vous devriez y avoir accès ? Demandez-le à la personne qui administre votre équipe."),
        "rule": str(exception),
    }
    return render(request, "kernel/error.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form sent too late or from elsewhere."""
    context = {
        "code": 403,
        "page_title": _("Ce formulaire a expiré"),
        "what": _(
            "Rien n’a été enregistré. "
            "Revenez à la page précédente, rechargez-la, puis envoyez le formulaire de nouveau."
        ),
    }
    return render(request, "kernel/error.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: says what was looked for when the view told it."""
    told = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    context = {
        "code": 404,
        "page_title": _("Page introuvable"),
        "what": told or _("Cette adresse ne mène nulle part : elle a changé, ou elle est mal recopiée."),
    }
    return render(request, "kernel/error.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the page stands alone, neither the database nor the person is asked."""
    words = {
        "page_title": _("Le service a rencontré un problème"),
        "what": _(
            "Ce que vous faisiez n’a peut-être pas été enregistré : "
            "réessayez dans un moment, puis prévenez l’administration."
        ),
    }
    return _alone(500, words)


def _alone(code: int, words: dict[str, str]) -> HttpResponse:
    """An error page that needs nothing that may be broken; without its stylesheet when even that one is
    missing.
    """
    try:
        stylesheet = static("kernel/essor.css")
    except ValueError:
        stylesheet = ""
    page = render_to_string("kernel/error_alone.html", {"code": code, "stylesheet": stylesheet, **words})
    return HttpResponse(page, status=code)
