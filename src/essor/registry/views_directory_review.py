"""The confirmation, row by row, of what a directory says: fast at the keyboard, plain without JavaScript."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from essor.kernel.access import access
from essor.registry import links
from essor.registry.directories import actions, queries
from essor.registry.directories.access import imports_directories
from essor.registry.directories.queries import DECISION, OUTCOME
from essor.registry.directories.rules import Reason
from essor.registry.models import Directory, DirectoryRow, OrganisationFacts
from essor.registry.views_directories import crumbs, directory_of, person_of
from essor.registry.words import safe_website, tag_label, website_words

PAGE = 10
REASONS = {
    Reason.SAME_NAME: gettext_lazy("même nom"),
    Reason.CLOSE_NAME: gettext_lazy("nom très proche"),
    Reason.SOME_WORDS: gettext_lazy("des mots en commun"),
    Reason.INITIALS: gettext_lazy("les initiales concordent"),
    Reason.SAME_COMMUNE: gettext_lazy("même commune"),
    Reason.SAME_DEPARTEMENT: gettext_lazy("autre commune du département"),
    Reason.PLACE_UNKNOWN: gettext_lazy("lieu inconnu"),
    Reason.IDENTIFIER: gettext_lazy("même numéro"),
}
# In the address → (decision, outcome or none, label of the tab).
TABS: dict[str, tuple[str, str, Any]] = {
    "identifiant": (DECISION.PENDING, OUTCOME.IDENTIFIER, gettext_lazy("Par leur identifiant")),
    "sures": (DECISION.PENDING, OUTCOME.SURE, gettext_lazy("Propositions sûres")),
    "a-choisir": (DECISION.PENDING, OUTCOME.CHOOSE, gettext_lazy("À choisir")),
    "sans-proposition": (DECISION.PENDING, OUTCOME.NONE, gettext_lazy("Sans proposition")),
    "confirmees": (DECISION.CONFIRMED, "", gettext_lazy("Confirmées")),
    "absentes": (DECISION.ABSENT, "", gettext_lazy("Absentes du registre")),
    "a-ajouter": (DECISION.LATER, "", gettext_lazy("À ajouter plus tard")),
    "ecartees": (DECISION.REFUSED, "", gettext_lazy("Écartées")),
}


@access(imports_directories)
@require_safe
@never_cache
def directory_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of one tab, a page at a time."""
    directory = directory_of(request, pk)
    counts = queries.counts_of([directory])[directory.pk]
    numbers = {
        name: counts.waiting.get(outcome, 0)
        if decision == DECISION.PENDING
        else counts.decided.get(decision, 0)
        for name, (decision, outcome, _label) in TABS.items()
    }
    asked = request.GET.get("voir", "")
    if asked not in TABS:
        asked = next((name for name, number in numbers.items() if number), "identifiant")
    decision, outcome, _label = TABS[asked]
    page = Paginator(queries.rows_to_review(directory, decision, outcome), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_title": _("Confirmer les rapprochements"),
        "crumbs": crumbs(
            request, _("Confirmer"), (directory.name, links.address(request, "directory", directory.pk))
        ),
        "directory": directory,
        "counts": counts,
        "tabs": [
            {
                "label": label,
                "url": f"?{urlencode({'voir': name})}",
                "current": name == asked,
                "count": numbers[name],
            }
            for name, (_decision, _outcome, label) in TABS.items()
        ],
        "asked": asked,
        "pending": decision == DECISION.PENDING,
        "identified": numbers["identifiant"],
        "lines": cards(list(page.object_list)),
        "page_obj": page,
    }
    return render(request, "registry/directories/review.html", context)


def cards(rows: Sequence[DirectoryRow]) -> list[dict[str, Any]]:
    """The rows with their candidates in words; one query whatever their number."""
    ids = [each["organisation"] for row in rows for each in row.candidates]
    ids += [row.organisation_id for row in rows if row.organisation_id]
    facts = queries.summaries(ids)
    return [_card(row, facts) for row in rows]


def _card(row: DirectoryRow, facts: dict[int, OrganisationFacts]) -> dict[str, Any]:
    values = row.values
    place = " ".join(filter(None, (values.get("postal_code"), values.get("commune"))))
    website = safe_website(values.get("website", ""))
    chosen = row.organisation_id and facts.get(row.organisation_id)
    return {
        "row": row,
        "pending": row.decision == DECISION.PENDING,
        "other_name": values.get("other_name", ""),
        "number": values.get("siret") or values.get("siren") or values.get("rna", ""),
        "address": ", ".join(filter(None, (values.get("address"), place))),
        "website": website,
        "website_words": website_words(website),
        "kind": values.get("kind", ""),
        "tags": [tag_label(code) for code in row.tags],
        "candidates": [
            {
                "id": each["organisation"],
                "facts": facts[each["organisation"]],
                "score": each["score"],
                "reasons": ", ".join(str(REASONS[Reason(reason)]) for reason in each["reasons"]),
            }
            for each in row.candidates
            if each["organisation"] in facts
        ],
        "chosen": chosen,
    }


@access(imports_directories)
@require_POST
def directory_decide(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    """A decision on a row: the id of the organisation, or a word; HTMX takes the card alone."""
    directory = directory_of(request, pk)
    row = get_object_or_404(
        DirectoryRow.objects.select_related("directory__authority"), pk=row_id, directory=directory
    )
    problem = ""
    try:
        row = _decide(request, directory, row)
    except ValidationError as error:
        problem = " ".join(error.messages)
    if request.headers.get("HX-Request") == "true":
        line = cards([row])[0] | {"problem": problem}
        context = {"line": line, "directory": directory, "asked": request.POST.get("voir", "")}
        return render(request, "registry/directories/card.html", context)
    if problem:
        messages.error(request, problem)
    return _back(request, directory)


def _decide(request: HttpRequest, directory: Directory, row: DirectoryRow) -> DirectoryRow:
    choice = request.POST.get("choix", "")
    person = person_of(request)
    if choice == "siren":
        organisation = actions.organisation_of_siren(directory, request.POST.get("siren", ""))
        return actions.decide(person, row, DECISION.CONFIRMED, organisation)
    if choice.isascii() and choice.isdigit() and len(choice) < 19:
        return actions.decide(person, row, DECISION.CONFIRMED, int(choice))
    return actions.decide(person, row, choice)


def _back(request: HttpRequest, directory: Directory) -> HttpResponse:
    asked = request.POST.get("voir", "")
    query = f"?{urlencode({'voir': asked})}" if asked in TABS else ""
    return redirect(links.address(request, "directory-review", directory.pk) + query)


@access(imports_directories)
@require_POST
def directory_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm at once the rows that their number recognises."""
    directory = directory_of(request, pk)
    number = actions.accept_identified(person_of(request), directory)
    messages.success(request, _("Lignes confirmées : %(number)s.") % {"number": number})
    return redirect(links.address(request, "directory-review", directory.pk))
