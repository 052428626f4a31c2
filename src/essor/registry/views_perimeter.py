"""Installation screens of the perimeter: its versions, one version, writing a new one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import installation_admin
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.text import fold
from essor.registry import perimeter_store
from essor.registry.actions import write_perimeter
from essor.registry.enums import CategoryKind
from essor.registry.forms_perimeter import PerimeterForms
from essor.registry.models import Edition, PerimeterVersion
from essor.registry.perimeter import LegalCategory, Perimeter, PerimeterError
from essor.registry.perimeter_edit import differences, write
from essor.registry.perimeter_store import StoredVersion


@access(installation_admin)
@require_safe
def perimeters(request: HttpRequest) -> HttpResponse:
    """The versions of the perimeter, which one is in force, which editions were built with each."""
    today = timezone.localdate()
    used = list(Edition.objects.values_list("perimeter_version", flat=True))
    in_force = perimeter_store.in_force(today).version
    context = {
        "page_title": _("Périmètre de l’ESS"),
        "versions": [
            {
                "stored": stored,
                "in_force": stored.version == in_force,
                "editions": used.count(stored.version),
                "categories": len(stored.perimeter.categories),
                "exclusions": len(stored.perimeter.exclusions),
            }
            for stored in perimeter_store.versions()
        ],
    }
    return render(request, "registry/perimeters.html", context)


def _stored(version: str) -> StoredVersion:
    found = perimeter_store.find(version)
    if found is None:
        raise Http404(_("Aucune version du périmètre ne porte ce nom."))
    return found


@access(installation_admin)
@require_safe
def perimeter(request: HttpRequest, version: str) -> HttpResponse:
    """One version: its categories, its exclusions, with source and certainty of each."""
    stored = _stored(version)
    row = PerimeterVersion.objects.filter(version=version).first()
    asked = request.GET.get("q", "").strip()[:60]
    context = {
        "page_title": _("Périmètre « %(version)s »") % {"version": version},
        "stored": stored,
        "perimeter": stored.perimeter,
        "in_force": perimeter_store.in_force(timezone.localdate()).version == version,
        "query": asked,
        "groups": groups(stored.perimeter, asked),
        "timeline": audit.entries_for(row) if row else [],
    }
    return render(request, "registry/perimeter.html", context)


def groups(perimeter: Perimeter, asked: str = "") -> list[dict[str, Any]]:
    """The categories by what they say about the ESS, those that answer to a code or a word of the label."""
    words = fold(asked).split()

    def kept(category: LegalCategory) -> bool:
        text = f"{category.code} {fold(category.label)}"
        return all(word in text for word in words)

    shown = [category for _code, category in sorted(perimeter.categories.items()) if kept(category)]
    return [
        {"kind": kind, "categories": mine}
        for kind in CategoryKind
        if (mine := [category for category in shown if category.kind is kind])
    ]


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def perimeter_new(request: HttpRequest, base: str) -> HttpResponse:
    """Write a version from another one: the form, then what changes, then the act."""
    stored = _stored(base)
    if request.method != "POST":
        codes = [code for code in request.GET.getlist("code") if code in stored.perimeter.categories]
        forms = PerimeterForms(stored.perimeter, codes=codes, day=timezone.localdate())
        return _form(request, stored, forms)
    if "plus" in request.POST or "modifier" in request.POST:
        return _form(
            request,
            stored,
            PerimeterForms.again(stored.perimeter, request.POST, request.POST.get("plus", "")),
        )
    forms = PerimeterForms(stored.perimeter, request.POST)
    if not forms.is_valid():
        return _form(request, stored, forms)
    if "enregistrer" in request.POST:
        return _save(request, stored, forms)
    return _review(request, stored, forms)


def _form(
    request: HttpRequest, stored: StoredVersion, forms: PerimeterForms, problems: list[str] | None = None
) -> HttpResponse:
    context = {
        "page_title": _("Nouvelle version du périmètre"),
        "stored": stored,
        "forms": forms,
        "problems": problems or [],
    }
    return render(request, "registry/perimeter_new.html", context)


def _review(request: HttpRequest, stored: StoredVersion, forms: PerimeterForms) -> HttpResponse:
    """What the version would change, before it is written."""
    try:
        new = write(stored.perimeter, forms.draft())
    except PerimeterError as error:
        return _form(request, stored, forms, list(error.problems))
    changes = differences(stored.perimeter, new)
    if not any(change.subject != _("Dates") for change in changes):
        return _form(request, stored, forms, [_("Rien ne change : modifiez une catégorie ou une activité.")])
    context = {
        "page_title": _("Ce qui change"),
        "stored": stored,
        "draft": forms.draft(),
        "changes": changes,
        "answers": [
            (name, value) for name, values in request.POST.lists() for value in values if _is_answer(name)
        ],
    }
    return render(request, "registry/perimeter_review.html", context)


def _is_answer(name: str) -> bool:
    return name not in ("csrfmiddlewaretoken", "plus", "modifier", "enregistrer", "verifier")


def _save(request: HttpRequest, stored: StoredVersion, forms: PerimeterForms) -> HttpResponse:
    try:
        row = write_perimeter(request.user, stored.version, forms.draft())  # type: ignore[arg-type]
    except ValidationError as error:
        return _form(request, stored, forms, error.messages)
    return redirect("registry-admin:perimeter", version=row.version)
