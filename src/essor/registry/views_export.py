"""Exports of exactly the set that the list shows, and the page that says what each column holds."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone
from essor.kernel.french import day
from essor.kernel.limits import limited
from essor.registry import links, list_query, queries
from essor.registry.edition_words import scope_name
from essor.registry.exports.columns import COLUMNS
from essor.registry.exports.formats import FORMATS, LICENCE, LICENCE_URL, Notice
from essor.registry.exports.rows import ordered_ids, rows_of
from essor.registry.filters import Filters
from essor.registry.map.page import filters_of, home_of
from essor.registry.models import Edition
from essor.registry.provenance import read_day, source_label


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
    first = request.build_absolute_uri(links.address(request, "organisation", 0)).removesuffix("0/")
    rows = rows_of(ids, filters, lambda pk: f"{first}{pk}/")
    response = StreamingHttpResponse(
        chosen.write(rows, _notice(request, filters, edition, len(ids))), content_type=chosen.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{_filename(filters, edition)}.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _filename(filters: Filters, edition: Edition) -> str:
    """« registre-ess-commune-31555-2026-11-22 »: territory and day."""
    place = filters.place.ref if filters.place else edition.scope
    safe = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in place)
    return f"registre-ess-{safe}-{timezone.localdate().isoformat()}"


def _notice(request: HttpRequest, filters: Filters, edition: Edition, count: int) -> Notice:
    """What was asked, edition, sources with their dates, licence."""
    pairs, scope = list_query.to_pairs(filters, None), scope_name(edition.scope)
    page = request.build_absolute_uri(links.address(request, "list"))
    lines = [
        (_("Territoire"), filters.place.name if filters.place else scope),
        (_("Recherche"), filters.text or _("Aucun mot")),
        (_("Organisations"), str(count)),
        (_("Page de cette liste"), f"{page}?{urlencode(pairs)}" if pairs else page),
        (_("Édition du registre"), f"{scope}, {edition.day.isoformat()}"),
        (_("Téléchargé le"), timezone.localdate().isoformat()),
        (_("Licence"), f"{LICENCE} – {LICENCE_URL}"),
    ]
    for source in edition.manifest.get("sources") or []:
        said = source_label(str(source.get("role", "")))
        on = read_day(source.get("date"))
        lines.append((_("Source"), f"{said}, {day(on)}" if on else said))
    return Notice(_("Registre de l’économie sociale et solidaire"), lines)


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
