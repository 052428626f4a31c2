"""The atlas: what it holds, its PDF at once, or its preparation when it has many pages."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel import jobs
from essor.kernel.access import access
from essor.kernel.documents import DocumentError
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.observatory.access import everyone
from essor.observatory.atlas import document
from essor.observatory.atlas import jobs as atlas_jobs
from essor.observatory.links import address
from essor.observatory.maps import addresses
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve


def _asked(kind: str, code: str) -> tuple[Territory, list[Territory]]:
    """The territory of the address and those that have their page. Http404."""
    try:
        territory = resolve(f"{kind}:{code}")
        return territory, document.pages_of(territory)
    except (UnknownTerritoryError, document.NoAtlas) as error:
        raise Http404(str(error)) from error


@access(everyone)
@require_http_methods(["GET", "HEAD", "POST"])
def atlas(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """What the atlas holds, and the way to have it. A long one is prepared for a person who is signed in."""
    territory, pages = _asked(kind, code)
    direct = len(pages) <= atlas_jobs.DIRECT_PAGES
    if request.method == "POST" and not direct and request.user.is_authenticated:
        job = jobs.start(atlas_jobs.ATLAS_JOB, {"territory": territory.ref}, actor_id=request.user.pk)
        return redirect("job", job_id=job.pk)
    place = addresses.of_territories(request)
    context: dict[str, Any] = {
        "page_title": document.title_of(territory),
        "lead": atlas_jobs.pages_said(len(pages)),
        "crumbs": [
            {"label": _("Observatoire"), "url": address(request, "observatory")},
            {"label": territory.name, "url": place(territory)},
            {"label": _("Atlas"), "url": ""},
        ],
        "territory": territory,
        "pages": [{"name": each.name, "url": place(each)} for each in pages],
        "direct": direct,
        "pdf_url": address(request, "atlas-pdf", kind, code),
        "map_url": address(request, "map", territoire=territory.ref),
        "kept": None if direct else atlas_jobs.kept(territory),
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}",
    }
    return render(request, "observatory/atlas.html", context)


@access(everyone)
@limited("atlas", "20/m/ip", reading=True, visitors_only=True)
@require_safe
def atlas_pdf(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The PDF of an atlas short enough to be made while one waits; else its page."""
    territory, pages = _asked(kind, code)
    if len(pages) > atlas_jobs.DIRECT_PAGES:
        return redirect(address(request, "atlas", kind, code))
    try:
        made = document.make(territory, today())
    except DocumentError as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{atlas_jobs.file_name(territory)}.pdf"'
    return answer
