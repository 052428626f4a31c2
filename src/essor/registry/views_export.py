"""Exports of exactly the set that the list shows, and the page that says what each column holds."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel import jobs
from essor.kernel.access import access, everyone
from essor.kernel.limits import limited
from essor.registry import links, list_query, queries
from essor.registry.exports.about import filename, notice
from essor.registry.exports.columns import COLUMNS
from essor.registry.exports.formats import FORMATS, LICENCE
from essor.registry.exports.rows import ordered_ids, rows_of
from essor.registry.exports.workbook import EXPORT_JOB, WORKBOOKS, is_large
from essor.registry.map.page import filters_of, home_of


@access(everyone)
@limited("export", "60/m/ip,600/h/ip", reading=True, visitors_only=True)
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse | StreamingHttpResponse:
    """The set of the address in one format, by name."""
    chosen, edition = FORMATS.get(extension), queries.edition_in_force()
    if chosen is None or edition is None:
        raise Http404(
            _("Cet export n’existe pas : choisissez CSV, XLSX, ODS ou GeoJSON sur la page du registre.")
        )
    filters = filters_of(request.GET, home_of(request))
    ids = ordered_ids(filters)
    if is_large(extension, len(ids)):
        return HttpResponseRedirect(_prepare_address(request, extension))
    first = request.build_absolute_uri(links.address(request, "organisation", 0)).removesuffix("0/")
    rows = rows_of(ids, filters, lambda pk: f"{first}{pk}/")
    response = StreamingHttpResponse(
        chosen.write(rows, lambda: notice(filters, edition, len(ids), _list_address(request))),
        content_type=chosen.content_type,
    )
    response["Content-Disposition"] = f'attachment; filename="{filename(filters, edition)}.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _list_address(request: HttpRequest) -> str:
    return request.build_absolute_uri(links.address(request, "list"))


def _prepare_address(request: HttpRequest, extension: str) -> str:
    return f"{links.address(request, 'export-prepare', extension)}?{request.GET.urlencode()}"


@access(everyone)
@require_http_methods(["GET", "HEAD", "POST"])
def export_prepare(request: HttpRequest, extension: str) -> HttpResponse:
    """A large workbook: what it will hold; a person who is signed in has it made in the background."""
    chosen, edition = FORMATS.get(extension), queries.edition_in_force()
    if chosen is None or extension not in WORKBOOKS or edition is None:
        raise Http404(_("Cet export n’existe pas : choisissez XLSX ou ODS sur la page du registre."))
    filters = filters_of(request.GET, home_of(request))
    if request.method == "POST" and request.user.is_authenticated:
        first = request.build_absolute_uri(links.address(request, "organisation", 0)).removesuffix("0/")
        params = {
            "extension": extension,
            "query": urlencode(list_query.to_pairs(filters, None)),
            "page": _list_address(request),
            "first": first,
        }
        return redirect("job", job_id=jobs.start(EXPORT_JOB, params, actor_id=request.user.pk).pk)
    query = request.GET.urlencode()
    context = {
        "page_title": _("Préparer un grand classeur"),
        "crumbs": [
            {"label": _("Registre de l’ESS"), "url": f"{links.address(request, 'list')}?{query}"},
            {"label": _("Préparer un grand classeur"), "url": ""},
        ],
        "count": queries.count(filters),
        "label": chosen.label,
        "csv_url": f"{links.address(request, 'export', 'csv')}?{query}",
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}",
    }
    return render(request, "registry/export_prepare.html", context)


@access(everyone)
@require_safe
def export_columns(request: HttpRequest) -> HttpResponse:
    """What each column of the exports holds."""
    context = {
        "page_title": _("Colonnes des exports"),
        "crumbs": [
            {"label": _("Registre de l’ESS"), "url": links.address(request, "list")},
            {"label": _("Colonnes des exports"), "url": ""},
        ],
        "columns": COLUMNS,
        "licence": LICENCE,
        "canonical_url": links.canonical(request, "export-columns"),
    }
    return render(request, "registry/export_columns.html", context)
