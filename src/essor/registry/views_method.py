"""« Comment ce registre est fait »: method, perimeter, sources, counts and limits, for everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone
from essor.registry import links, perimeter_store, queries
from essor.registry.edition_words import funnel, funnel_chart, scope_name, source_rows
from essor.registry.enums import CategoryKind, Family
from essor.registry.perimeter import LegalCategory, Perimeter
from essor.registry.views_organisation import perimeter_of


@access(everyone)
@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the register is made, with what its edition in force says of itself."""
    edition = queries.edition_in_force()
    perimeter = perimeter_of(edition) if edition else perimeter_store.in_force(timezone.localdate())
    steps = funnel(edition.manifest) if edition else []
    context = {
        "page_title": _("Comment ce registre est fait"),
        "edition": edition,
        "scope": scope_name(edition.scope) if edition else "",
        "sources": source_rows(edition.manifest) if edition else [],
        "funnel_chart": funnel_chart(steps),
        "rejected": sum((edition.manifest.get("rejected") or {}).values()) if edition else 0,
        "perimeter": perimeter,
        "by_family": [(family, _of_family(perimeter, family)) for family in Family],
        "companies": _of_kind(perimeter, CategoryKind.COMPANY_FORM),
        "outside": _of_kind(perimeter, CategoryKind.CANNOT_BE_ESS),
        "list_url": links.address(request, "list"),
        "assessment_url": links.address(request, "self-assessment"),
        "canonical_url": links.canonical(request, "method"),
    }
    return render(request, "registry/method.html", context)


def _of_family(perimeter: Perimeter, family: Family) -> list[LegalCategory]:
    return [perimeter.categories[code] for code in perimeter.codes(CategoryKind.BY_STATUS, family)]


def _of_kind(perimeter: Perimeter, kind: CategoryKind) -> list[LegalCategory]:
    return [perimeter.categories[code] for code in perimeter.codes(kind)]
