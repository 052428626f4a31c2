"""Installation screens of what editions change: the list, its CSV, comparing again, going back."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import installation_admin
from essor.formats.problems import InputProblem
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.french import day
from essor.registry import comparison, going_back
from essor.registry.comparison import Filter, View
from essor.registry.edition_words import scope_name
from essor.registry.enums import Family
from essor.registry.forms_history import GoingBackForm
from essor.registry.history_words import commune_names, sentence, word
from essor.registry.loading.load import LoadRefused
from essor.registry.models import Edition, Identifier
from essor.registry.models.edition import Difference
from essor.registry.rules_history import FOLLOWED, FOLLOWED_ESTABLISHMENT, ORGANISATION, ChangeKind
from essor.registry.views_editions import person
from essor.territories.models import Territory

PAGE = 10
# The filter's names in the address.
NAMES = {"kind": "nature", "family": "famille", "epci": "intercommunalite", "commune": "commune"}
COLUMNS = {"kind": "kind", "family": "family", "epci": "commune__epci__code", "commune": "commune__code"}


@access(installation_admin)
@require_safe
def edition_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The differences of an edition, filtered by what the address says."""
    edition = get_object_or_404(Edition, pk=pk)
    view = comparison.view_of(edition)
    rows, chosen = comparison.changes_of(edition, view), _read(request)
    page = Paginator(comparison.filtered(rows, chosen), PAGE).get_page(request.GET.get("page"))
    facets = _facets(rows, chosen)
    shown = list(page.object_list)
    context = {
        "page_title": title_of(edition, view),
        "edition": edition,
        "scope": scope_name(edition.scope),
        "lead": f"{scope_name(edition.scope)}, {day(edition.day)}",
        "facets": facets if view is not View.NONE else [],
        "chips": _chips(facets, chosen),
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("différence"),
        "rows": _lines(shown),
        "csv_url": reverse("registry-admin:edition-changes-csv", args=[pk]) + _query(chosen),
        "compare_url": reverse("registry-admin:edition-compare", args=[pk]) if view is View.NONE else "",
    }
    return render(request, "registry/edition_changes.html", context)


def title_of(edition: Edition, view: View) -> str:
    """What the differences are, for a title."""
    return _("Ce que cette édition a changé") if view is View.MADE else _("Ce que cette édition change")


def _read(request: HttpRequest) -> Filter:
    return Filter(**{name: request.GET.get(key, "")[:60].replace("\x00", "") for name, key in NAMES.items()})


def _query(chosen: Filter) -> str:
    pairs = [(key, getattr(chosen, name)) for name, key in NAMES.items() if getattr(chosen, name)]
    return f"?{urlencode(pairs)}" if pairs else ""


def _facets(rows: Any, chosen: Filter) -> list[dict[str, Any]]:
    """Each facet counts what its values would give with the other choices kept."""
    labels = {
        "kind": _("Nature du changement"),
        "family": _("Famille"),
        "epci": _("Intercommunalité"),
        "commune": _("Commune"),
    }
    return [
        {
            "name": NAMES[name],
            "label": label,
            "kind": "select",
            "empty_label": _("Toutes"),
            "options": _options(rows, chosen, name),
        }
        for name, label in labels.items()
    ]


def _options(rows: Any, chosen: Filter, name: str) -> list[dict[str, Any]]:
    kept, value = comparison.filtered(rows, chosen.without(name)), getattr(chosen, name)
    counts = comparison.count_by(kept, COLUMNS[name])
    codes = {code for code in (*counts, value) if code}  # what is chosen stays, even when it gives nothing
    if name in ("kind", "family"):
        choices = ChangeKind.choices() if name == "kind" else Family.choices()
        known = {code: label for code, label in choices if code in codes}
    else:
        places = Territory.objects.filter(kind=name, code__in=codes)
        known = dict(places.order_by("sort_key").values_list("code", "name"))
    return [
        {"value": code, "label": label, "count": counts.get(code, 0), "selected": code == value}
        for code, label in known.items()
    ]


def _chips(facets: list[dict[str, Any]], chosen: Filter) -> list[dict[str, str]]:
    return [
        {
            "name": facet["label"],
            "label": option["label"],
            "remove_url": "." + _query(chosen.without(name)),
        }
        for name, facet in zip(NAMES, facets, strict=True)
        for option in facet["options"]
        if option["selected"]
    ]


def _lines(rows: list[Any]) -> list[dict[str, Any]]:
    """The differences in words; a new organisation has no page yet."""
    communes = commune_names(rows)
    return [
        {
            "row": row,
            "name": _name(row),
            "kind": row.get_kind_display(),
            "sentence": sentence(row, communes),
            "commune": row.commune.name if row.commune else "",
            "url": reverse("registry:organisation", args=[row.organisation_id])
            if row.organisation_id
            else "",
        }
        for row in rows
    ]


def _name(row: Any) -> str:
    return row.organisation.name if row.organisation_id else row.name


@access(installation_admin)
@require_safe
def edition_changes_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The differences shown, as a CSV that spreadsheets open."""
    edition = get_object_or_404(Edition, pk=pk)
    rows = comparison.filtered(comparison.changes_of(edition, comparison.view_of(edition)), _read(request))
    head = [
        _("Nature"),
        "SIREN",
        "SIRET",
        _("Nom"),
        _("Famille"),
        _("Code commune"),
        _("Commune"),
        _("Champ"),
        _("Avant"),
        _("Après"),
    ]
    return csv_response(f"changements-{edition.code}", head, _csv_rows(rows))


def _csv_rows(rows: Any) -> Iterator[list[Any]]:
    """A batch at a time, so that numbers and names of communes cost one query each."""
    families, labels = (
        dict(Family.choices()),
        {"presence": _("présence"), **FOLLOWED_ESTABLISHMENT, **FOLLOWED},
    )
    batch: list[Difference] = []
    for row in rows.iterator(2000):
        batch.append(row)
        if len(batch) == 2000:
            yield from _csv_batch(batch, families, labels)
            batch = []
    yield from _csv_batch(batch, families, labels)


def _csv_batch(rows: list[Any], families: dict[str, str], labels: dict[str, str]) -> Iterator[list[Any]]:
    communes = commune_names(rows)
    ids = {row.organisation_id for row in rows if row.organisation_id}
    sirens = dict(
        Identifier.objects.filter(organisation__in=ids, scheme=Identifier.Scheme.SIREN).values_list(
            "organisation_id", "value"
        )
    )
    for row in rows:
        yield [
            row.get_kind_display(),
            sirens.get(row.organisation_id) or getattr(row, "siren", ""),
            "" if row.subject == ORGANISATION else row.subject,
            _name(row),
            families.get(row.family, ""),
            row.commune.code if row.commune else "",
            row.commune.name if row.commune else "",
            labels.get(row.field, row.field),
            word(row.field, row.before, communes),
            word(row.field, row.after, communes),
        ]


@access(installation_admin)
@require_POST
def edition_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the edition with the register again, in the background."""
    edition = get_object_or_404(Edition, pk=pk)
    job = going_back.start_comparison(actor_id=person(request), edition=edition)
    return redirect("registry-admin:work", job_id=job.pk)


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def edition_go_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back from this edition, in force, to the one before: what it will undo, why, then the work begins."""
    edition = get_object_or_404(Edition, pk=pk)
    problem, to = _way_back(edition)
    form = GoingBackForm(request.POST if request.method == "POST" else None)
    if to is not None and request.method == "POST" and form.is_valid():
        job = going_back.start_going_back(
            actor_id=person(request), to=to, undoing=edition, reason=form.cleaned_data["reason"]
        )
        return redirect("registry-admin:work", job_id=job.pk)
    rows = comparison.changes_of(edition, View.MADE)
    context = {
        "page_title": _("Revenir à l’édition précédente"),
        "edition": edition,
        "scope": scope_name(edition.scope),
        "to": to,
        "problem": problem,
        "counts": comparison.said_counts(comparison.count_by_kind(rows)),
        "form": form,
    }
    return render(request, "registry/edition_go_back.html", context, status=422 if form.errors else 200)


def _way_back(edition: Edition) -> tuple[str, Edition | None]:
    """The edition to go back to, or why there is none."""
    if edition.state != Edition.State.IN_FORCE:
        return _("Cette édition n’est pas en vigueur : il n’y a rien à défaire."), None
    try:
        to = going_back.target()
        going_back.check_files(to)
    except (LoadRefused, InputProblem) as error:
        return str(error), None
    return "", to
