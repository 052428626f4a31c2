"""Duplicates: the pairs to look at, a pair side by side, merging and undoing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import run_form
from essor.kernel.access import access
from essor.registry import actions_merge, links
from essor.registry.access import works_on_register
from essor.registry.forms_work import FindForm, MergeForm, ReasonForm
from essor.registry.models import Merge
from essor.registry.queries_duplicates import Side, proposals, sides
from essor.registry.tag_words import labels_of
from essor.registry.work_pages import frame_of, organisation_at_work, work_address

PAGE_SIZE = 10  # each pair is a decision; on a phone, a few screens


@access(works_on_register)
@require_safe
def duplicates(request: PersonRequest) -> HttpResponse:
    """Pairs of the territory that may be one organisation typed twice."""
    authority = frame_of(request)
    found = proposals(authority)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    known = sides({pk for pair in page.object_list for pk in (pair.first, pair.second)})
    rows = [
        {
            "first": known[pair.first],
            "second": known[pair.second],
            "score": round(pair.score),
            "compare_url": work_address(authority, "merge", pair.first, pair.second),
            "distinct_url": work_address(authority, "merge-distinct", pair.first, pair.second),
        }
        for pair in page.object_list
        if pair.first in known and pair.second in known
    ]
    context = {
        "page_title": _("Doublons possibles"),
        "lead": _(
            "Des noms proches dans une même commune. Regardez chaque paire : rien n’est fusionné sans vous."
        ),
        "rows": rows,
        "page_obj": page,
        "count": len(found),
        "count_words": _("paire,paires"),
    }
    return render(request, "registry/upkeep/duplicates.html", context)


@access(works_on_register)
def find_duplicate(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose the other row of an organisation."""
    organisation = organisation_at_work(request, pk)
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        if other.pk != organisation.pk:
            return HttpResponseRedirect(work_address(frame_of(request), "merge", pk, other.pk))
        form.add_error("other", _("C’est cette fiche : cherchez l’autre."))
    context = {
        "page_title": _("Fusionner avec un doublon"),
        "lead": _("« %(name)s » est saisie deux fois ? Dites quelle est l’autre fiche.")
        % {"name": organisation.name},
        "form": form,
        "submit_label": _("Comparer les deux fiches"),
        "cancel_url": links.address(request, "organisation", pk),
    }
    return render(request, "kernel/form_page.html", context, status=422 if form.errors else 200)


@access(works_on_register)
def compare(request: PersonRequest, first: int, second: int) -> HttpResponse:
    """The two rows side by side, then the merge."""
    pair = [organisation_at_work(request, pk) for pk in (first, second)]
    known = sides([first, second])
    if first == second or any(each.merged_into_id for each in pair):
        raise Http404(_("L’une de ces fiches a déjà été fusionnée."))
    different = actions_merge.different_numbers(*pair)
    shown = [known[pk] for pk in (first, second)]
    choices = [(side.organisation.pk, _choice(side)) for side in shown]
    posted = request.POST if request.method == "POST" else None
    form = MergeForm(posted, choices=choices, different=different, initial={"kept": _best(shown)})

    def act(data: dict[str, Any]) -> None:
        kept, absorbed = pair if data["kept"] == first else pair[::-1]
        actions_merge.merge(
            request.user,
            frame_of(request),
            kept,
            absorbed,
            reason=data["reason"],
            numbers_confirmed=bool(data.get("numbers_confirmed")),
        )

    kept_url = (
        links.address(request, "organisation", form.data.get("kept") or first) if form.is_valid() else ""
    )
    words = labels_of(code for side in shown for code in side.tags)
    return run_form(
        request,
        form,
        act,
        done=kept_url or links.address(request, "organisation", first),
        message=_("Les deux fiches n’en font plus qu’une. La fusion peut être annulée depuis la fiche."),
        template="registry/upkeep/compare.html",
        page_title=_("Est-ce la même organisation ?"),
        sides=shown,
        rows=_rows(shown, words),
        different=different,
        submit_label=_("Fusionner les deux fiches"),
        distinct_url=work_address(frame_of(request), "merge-distinct", first, second),
    )


def _choice(side: Side) -> str:
    return _("%(name)s (fiche n° %(number)s)") % {"name": side.facts.name, "number": side.organisation.pk}


def _best(shown: list[Side]) -> int:
    """The row that is proposed to be kept: that of an edition first, then the oldest."""
    return min(shown, key=lambda side: (side.is_added, side.organisation.pk)).organisation.pk


def _addresses(side: Side) -> str:
    return _("Masquée à la demande d’une personne") if side.address_hidden else " ; ".join(side.addresses)


def _rows(shown: list[Side], words: dict[str, str]) -> list[dict[str, Any]]:
    lines = [
        (_("Nom"), [side.facts.name for side in shown]),
        (_("Numéros"), [", ".join(side.numbers) for side in shown]),
        (_("Commune"), [side.facts.commune.name if side.facts.commune else "" for side in shown]),
        (_("Adresses"), [_addresses(side) for side in shown]),
        (_("Qualification"), [side.facts.get_verdict_display() for side in shown]),
        (_("Étiquettes"), [", ".join(words[code] for code in side.tags) for side in shown]),
        (_("Personnes rattachées"), [str(side.people) for side in shown]),
        (_("D’où elle vient"), [side.facts.get_origin_display() for side in shown]),
    ]
    return [{"label": label, "values": values, "same": values[0] == values[1]} for label, values in lines]


@access(works_on_register)
@require_POST
def distinct(request: PersonRequest, first: int, second: int) -> HttpResponse:
    """Say that the two are two."""
    one, two = (organisation_at_work(request, pk) for pk in (first, second))
    authority = frame_of(request)
    try:
        actions_merge.say_distinct(request.user, authority, one, two)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("C’est noté : cette paire ne sera plus proposée."))
    return HttpResponseRedirect(work_address(authority, "duplicates"))


@access(works_on_register)
def undo(request: PersonRequest, merge_id: int) -> HttpResponse:
    """Undo a merge, with its reason."""
    done = get_object_or_404(Merge.objects.select_related("kept", "absorbed"), pk=merge_id)
    organisation_at_work(request, done.kept_id)
    names = {"kept": done.kept.name, "absorbed": done.absorbed.name}
    return run_form(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda data: actions_merge.undo_merge(request.user, frame_of(request), done, reason=data["reason"]),
        done=links.address(request, "organisation", done.kept_id),
        message=_("La fusion est annulée : les deux fiches sont de retour."),
        template="accounts/danger_form.html",
        page_title=_("Annuler la fusion"),
        lead=_(
            "« %(absorbed)s » retrouvera sa fiche et tout ce qu’elle avait. Ce qui a été ajouté depuis à « %(kept)s » "
            "y restera."
        )
        % names,
        submit_label=_("Annuler la fusion"),
    )
