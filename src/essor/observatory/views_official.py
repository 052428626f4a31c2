"""Screens of the official tables: those loaded, giving one, what it changes, withdrawing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.models import User
from essor.formats import flores, urssaf
from essor.formats.problems import InputProblem
from essor.indicators import links as indicator_links
from essor.kernel import french, jobs
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.periods import day_of
from essor.kernel.uploads import on_disk
from essor.observatory import actions_official as actions
from essor.observatory.access import everyone, installation_admin
from essor.observatory.forms_official import TableForm
from essor.observatory.jobs_official import JOB, LARGE
from essor.observatory.links import address
from essor.observatory.models import LoadState, OfficialLoad, TableKind
from essor.observatory.official import BY_CODE
from essor.observatory.quarter_figures import label_of
from essor.observatory.views_zonings import zonings_in_force

MAX_BYTES = 30 << 20
TONES = {
    LoadState.GIVEN: "wait",
    LoadState.RUNNING: "wait",
    LoadState.IN_FORCE: "ok",
    LoadState.WITHDRAWN: "neutral",
}
MODELS = {TableKind.FLORES: flores, TableKind.URSSAF: urssaf}
LISTED = 100
CHANGES = (
    ("new", gettext_lazy("Valeurs nouvelles")),
    ("changed", gettext_lazy("Valeurs changées")),
    ("hidden", gettext_lazy("Valeurs que la source rend secrètes")),
    ("same", gettext_lazy("Pareilles")),
    ("older", gettext_lazy("Laissées : un millésime plus récent les dit déjà")),
    ("refused", gettext_lazy("Lignes ou cases refusées")),
)


@access(everyone)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The official tables in force, with their vintage and what they feed; administrators see all of them."""
    admin = installation_admin(request)
    rows = OfficialLoad.objects.select_related("by").defer("refused", "notes")
    rows = rows if admin else rows.filter(state=LoadState.IN_FORCE)
    shown = list(rows[:LISTED])
    context = {
        "page_title": _("Sources officielles"),
        "lead": _(
            "Les tableaux publiés par l’Insee et l’Urssaf que cette installation a chargés, avec leur millésime."
        ),
        "count": len(shown),
        "count_words": _("tableau,tableaux"),
        "rows": [_line(request, row, admin=admin) for row in shown],
        "load_url": address(request, "load") if admin else "",
        "zonings": zonings_in_force(),
        "zonings_url": address(request, "zonings") if admin else "",
        "references_url": address(request, "references"),
        "crumbs": _crumbs(request),
    }
    return render(request, "observatory/official/sources.html", context)


def _crumbs(request: HttpRequest, here: str = "") -> list[dict[str, str]]:
    crumbs = [{"label": _("Observatoire"), "url": address(request, "observatory")}]
    crumbs.append({"label": _("Sources officielles"), "url": address(request, "sources") if here else ""})
    return [*crumbs, {"label": here, "url": ""}] if here else crumbs


def _line(request: HttpRequest, row: OfficialLoad, *, admin: bool) -> dict[str, Any]:
    return {
        "row": row,
        "url": address(request, "release", row.pk),
        "state": row.get_state_display(),
        "tone": TONES[LoadState(row.state)],
        "kept": french.number(row.counts.get("cells", 0)),
        "refused": french.number(row.counts.get("refused", 0)),
        "places": french.number(row.counts.get("places", 0)),
        "who": _who(row) if admin else "",
        "feeds": _feeds(request, row)[:4],
        "more": max(0, len(row.codes) - 4),
    }


def _who(row: OfficialLoad) -> str:
    when = french.day(day_of(row.loaded_at or row.given_at))
    return _("%(who)s, le %(when)s") % {
        "who": str(row.by) if row.by else _("ligne de commande"),
        "when": when,
    }


def _feeds(request: HttpRequest, row: OfficialLoad) -> list[dict[str, str]]:
    """The indicators, or the figures of quarters, that a table feeds."""
    if row.kind == TableKind.QUARTERS:
        return [{"label": label_of(code), "url": ""} for code in row.codes]
    return [
        {"label": BY_CODE[code].label, "url": indicator_links.address(request, "indicator", code)}
        for code in row.codes
        if code in BY_CODE
    ]


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Take a table; nothing is in force before it was looked at."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = _given(request, form)
            return HttpResponseRedirect(address(request, "release", row.pk))
        except InputProblem as problem:
            form.add_error("file", str(problem))
        except ValidationError as error:
            told = error.message_dict if hasattr(error, "error_dict") else {"file": error.messages}
            for name, texts in told.items():
                form.add_error(name if name in form.fields else None, texts)
    context = {
        "page_title": _("Charger un tableau officiel"),
        "lead": _("Vous verrez ce que le tableau change avant que rien ne soit écrit."),
        "form": form,
        "submit_label": _("Regarder ce qu’il change"),
        "cancel_url": address(request, "sources"),
        "models": [
            {"label": kind.label, "url": address(request, "table-model", kind.value)} for kind in MODELS
        ],
    }
    return render(request, "observatory/official/give.html", context)


def _given(request: HttpRequest, form: TableForm) -> OfficialLoad:
    upload: UploadedFile = form.cleaned_data["file"]
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError({"file": _("Ce fichier dépasse 30 Mo : coupez-le par année ou par niveau.")})
    actor = request.user if isinstance(request.user, User) else None
    with on_disk(upload) as path:
        return actions.give(actor, path, **form.asked())


@access(installation_admin)
@require_safe
def table_model(request: HttpRequest, kind: str) -> HttpResponse:
    """A table to start from, with invented lines."""
    module = MODELS.get(TableKind(kind)) if kind in TableKind.values else None
    if module is None:
        raise Http404(_("Ce modèle n’existe pas."))
    answer: HttpResponse = csv_response(f"modele-{kind}", module.MODEL, module.SAMPLE)  # type: ignore[assignment]
    return answer


@access(everyone)
@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One table: what it says, what it changes or changed, what was refused."""
    admin = installation_admin(request)
    row = get_object_or_404(OfficialLoad.objects.select_related("by"), pk=pk)
    if not admin and row.state not in (LoadState.IN_FORCE, LoadState.WITHDRAWN):
        raise Http404(_("Ce tableau n’est pas en vigueur."))
    counts = row.counts
    context = {
        "page_title": str(row),
        "row": row,
        "crumbs": _crumbs(request, str(row)),
        "state": row.get_state_display(),
        "state_tone": TONES[LoadState(row.state)],
        "facts": _facts(row, admin=admin),
        "changes": [
            {"label": label, "value": french.number(counts.get(name, 0)), "is_zero": not counts.get(name)}
            for name, label in CHANGES
        ],
        "feeds": _feeds(request, row),
        "refused": row.refused if admin else [],
        "refused_count": counts.get("refused", 0),
        "decide_url": address(request, "release-decide", row.pk) if admin else "",
        "may_load": admin and row.state == LoadState.GIVEN and actions.changes(row),
        "nothing": _why_nothing(row) if row.state == LoadState.GIVEN and not actions.changes(row) else "",
        "may_leave": admin and row.state == LoadState.GIVEN,
        "may_withdraw": admin and row.state == LoadState.IN_FORCE,
    }
    return render(request, "observatory/official/release.html", context)


def _why_nothing(row: OfficialLoad) -> str:
    if row.counts.get("older"):
        return _("Un tableau plus récent, en vigueur, dit déjà ces valeurs : les siennes restent.")
    if row.counts.get("same"):
        return _("Toutes les valeurs de ce tableau sont déjà là.")
    return _("Ce tableau n’a aucune valeur à prendre : voyez ce qui est refusé.")


def _facts(row: OfficialLoad, *, admin: bool) -> list[dict[str, Any]]:
    facts = [
        {"label": _("Source"), "value": row.source},
        {"label": _("Millésime"), "value": str(row.vintage)},
        {"label": _("Date de publication"), "value": french.day(row.day)},
        {"label": _("Territoires couverts"), "value": french.number(row.counts.get("places", 0))},
        {"label": _("Lignes lues"), "value": french.number(row.counts.get("lines", 0))},
        {
            "label": _("Valeurs secrètes"),
            "value": french.number(row.counts.get("secret", 0)),
            "note": _("Elles restent sans valeur, jamais à zéro."),
        },
    ]
    if admin:
        facts += [{"label": _("Fichier"), "value": row.file_name}, {"label": _("Par"), "value": _who(row)}]
    return facts


@access(installation_admin)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Load a table that was looked at, leave it, or withdraw it."""
    row = get_object_or_404(OfficialLoad, pk=pk)
    actor = request.user
    assert isinstance(actor, User)  # noqa: S101  # the predicate wants a signed-in person
    try:
        match request.POST.get("geste", ""):
            case "charger":
                return _load(request, actor, row)
            case "laisser":
                actions.leave(row)
                messages.success(request, _("Le tableau est laissé : rien n’a changé."))
                return HttpResponseRedirect(address(request, "sources"))
            case "retirer":
                actions.withdraw(actor, row)
                messages.success(
                    request, _("Le tableau est retiré : les chiffres sont ceux des autres tableaux.")
                )
            case _:
                messages.error(request, _("Choisissez ce qu’il faut faire de ce tableau."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(address(request, "release", pk))


def _load(request: HttpRequest, actor: User, row: OfficialLoad) -> HttpResponse:
    if row.counts.get("lines", 0) > LARGE:
        job = jobs.start(JOB, {"load": row.pk}, actor_id=actor.pk)
        return HttpResponseRedirect(reverse("job", args=[job.pk]))
    done = actions.load(actor.pk, row.pk)
    counts = done.counts
    messages.success(
        request,
        _("Tableau chargé : %(new)s valeurs nouvelles, %(changed)s changées.")
        % {"new": french.number(counts["new"]), "changed": french.number(counts["changed"])},
    )
    return HttpResponseRedirect(address(request, "release", row.pk))
