"""The directory of support: list, page of a supporter, table, and what those who keep it do."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.french import day
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kit import actions_support as actions
from essor.kit import support_list
from essor.kit.access_support import everyone, keeps_support
from essor.kit.enums_aids import LinkState
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.forms_support import SupporterForm
from essor.kit.goals.links import shown_goals
from essor.kit.links_support import address
from essor.kit.models.support import Supporter
from essor.kit.views_aids import dead_words
from essor.territories.models import Territory

PAGE = 24


def authority_of(request: HttpRequest) -> Authority | None:
    """The authority of the frame, None on the common pages."""
    found: Authority | None = getattr(request, "authority", None)
    return found


def home_of(request: HttpRequest) -> Territory | None:
    """The territory of the frame."""
    authority = authority_of(request)
    return authority.territory if authority else None


def person_of(request: HttpRequest) -> User:
    """The person, known to be signed in by the predicate."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _asked(request: HttpRequest) -> tuple[support_list.Asked, int | None]:
    authority = authority_of(request)
    asked = support_list.read(request.GET, home_of(request), may_see_closed=keeps_support(request))
    return asked, authority.pk if authority else None


@access(everyone)
@require_safe
def supporters(request: HttpRequest) -> HttpResponse:
    """Who supports projects, filtered by stage, profile, theme and place."""
    asked, authority_id = _asked(request)
    found = support_list.find(asked, authority_id)
    page = Paginator(found.ids, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Qui accompagne ?"),
        "asked": asked,
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("acteur,acteurs"),
        "facets": found.facets,
        "chips": support_list.chips(asked, request.path),
        "rows": [line(request, each) for each in found.rows(list(page))],
        "place_written": asked.unknown or (asked.place.name if asked.place and not asked.is_home else ""),
        "place_hint": asked.place.name if asked.place and asked.is_home else _("Nom ou code postal"),
        "suggestions_url": reverse("territories:suggestions"),
        "orientation_url": address(request, "orientation"),
        "csv_url": address(request, "support-csv"),
        "add_url": address(request, "supporter-add") if keeps_support(request) else "",
        "import_url": address(request, "supporter-imports") if keeps_support(request) else "",
        "links_url": address(request, "weblinks") if keeps_support(request) else "",
    }
    return render(request, "kit/support/list.html", context)


def line(request: HttpRequest, supporter: Supporter) -> dict[str, Any]:
    """A supporter as lists show it."""
    return {
        "supporter": supporter,
        "url": address(request, "supporter", supporter.pk),
        "roles": words(supporter, Axis.ROLE),
        "stages": words(supporter, Axis.STAGE),
        "where": where(supporter),
    }


def words(supporter: Supporter, axis: Axis) -> list[str]:
    """Labels that a supporter bears on an axis, in the order of the axis."""
    borne = set(supporter.marks_of(axis))
    return [str(label) for code, label in CHOICES[axis].choices if code in borne]


def where(supporter: Supporter) -> str:
    """Where it acts, in words."""
    return supporter.territory.name if supporter.territory else _("Partout en France")


@access(everyone)
@limited("support-csv", "60/h/ip", reading=True, visitors_only=True)
@require_safe
def supporters_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The supporters asked, as a table."""
    found = support_list.find(*_asked(request))
    head = [
        _("Nom"), _("Ce qu’il apporte"), *(str(Axis(axis).label) for axis in CHOICES), _("Conditions"), _("Où"),
        _("Site"), _("Adresse électronique"), _("Téléphone"), _("Contact"), _("Documents"), _("Source"),
        _("Date de la source"), _("Fermé le"),
    ]  # fmt: skip
    return csv_response(
        f"accompagnement-{today().isoformat()}",
        head,
        (_cells(each) for each in found.rows(found.ids)),
    )


def _cells(supporter: Supporter) -> list[Any]:
    return [
        supporter.name, supporter.offer, *(", ".join(words(supporter, Axis(axis))) for axis in CHOICES),
        supporter.conditions, where(supporter), supporter.website, supporter.email, supporter.phone,
        supporter.contact, ", ".join(supporter.documents.splitlines()), supporter.source, supporter.source_day,
        supporter.closed_on,
    ]  # fmt: skip


def _supporter(request: HttpRequest, pk: int) -> Supporter:
    authority = authority_of(request)
    rows = Supporter.objects.known_to(authority.pk if authority else None)
    return get_object_or_404(rows.select_related("territory", "authority").prefetch_related("marks"), pk=pk)


def _may_change(request: HttpRequest, supporter: Supporter) -> bool:
    authority = authority_of(request)
    return keeps_support(request) and supporter.authority_id == (authority.pk if authority else None)


def _own(request: HttpRequest, pk: int) -> Supporter:
    """A supporter kept by this frame: the others are not changed here."""
    rows = Supporter.objects.filter(authority=authority_of(request))
    return get_object_or_404(rows.select_related("territory").prefetch_related("marks"), pk=pk)


@access(everyone)
@require_safe
def supporter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A supporter: what it brings, to whom, when, where, how to reach it, what to prepare, the source."""
    supporter = _supporter(request, pk)
    change = _may_change(request, supporter)
    context = {
        "page_title": supporter.name,
        "crumbs": _crumbs(request, supporter.name),
        "supporter": supporter,
        "kind": ", ".join(words(supporter, Axis.ROLE)),
        "state": _("Fermé") if supporter.closed_on else "",
        "state_tone": "no",
        "facts": list(_facts(supporter)),
        "documents": supporter.documents.splitlines(),
        "is_dead": supporter.link_state == LinkState.DEAD,
        "goals": shown_goals(request, [int(code) for code in supporter.marks_of(Axis.GOAL)]),
        "edit_url": address(request, "supporter-edit", pk) if change else "",
        "close_url": address(request, "supporter-close", pk) if change else "",
        "timeline": audit.entries_for(supporter) if change else [],
    }
    return render(request, "kit/support/supporter.html", context)


def _crumbs(request: HttpRequest, here: str) -> list[dict[str, str]]:
    return [{"label": _("Qui accompagne ?"), "url": address(request, "support")}, {"label": here, "url": ""}]


def _facts(supporter: Supporter) -> Iterator[dict[str, Any]]:
    everyone_words = {Axis.PROFILE: _("Tout le monde"), Axis.THEME: _("Tous les thèmes")}
    for axis in (Axis.STAGE, Axis.PROFILE, Axis.THEME):
        yield {
            "label": axis.label,
            "value": ", ".join(words(supporter, axis)) or everyone_words.get(axis, ""),
        }
    yield {"label": _("Où"), "value": where(supporter)}
    conditions = supporter.conditions
    if supporter.employers_only:
        conditions = f"{conditions} {_('Réservé aux structures qui emploient.')}".strip()
    yield {"label": _("Conditions"), "value": conditions or _("Aucune connue")}
    if supporter.website:
        dead = dead_words(supporter.link_state, supporter.link_checked_on)
        yield {
            "label": _("Site"),
            "value": supporter.website,
            "url": "" if dead else supporter.website,
            "note": dead,
        }
    if supporter.email:
        yield {"label": _("Écrire"), "value": supporter.email, "url": f"mailto:{supporter.email}"}
    for label, value in ((_("Téléphone"), supporter.phone), (_("Contact"), supporter.contact)):
        if value:
            yield {"label": label, "value": value}
    kept_by = supporter.authority.name if supporter.authority else _("Essor")
    note = _("tenu par %(who)s") % {"who": kept_by}
    if supporter.source_day:
        note = _("au %(day)s, tenu par %(who)s") % {"day": day(supporter.source_day), "who": kept_by}
    yield {"label": _("Source"), "value": supporter.source, "note": note}


@access(keeps_support)
@require_http_methods(["GET", "HEAD", "POST"])
def supporter_add(request: HttpRequest) -> HttpResponse:
    """Add a supporter to the directory of the frame."""
    form = SupporterForm(request.POST or None, home=home_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_supporter(person_of(request), authority_of(request), form.said())
            messages.success(request, _("« %(name)s » est dans l’annuaire.") % {"name": made.name})
            return HttpResponseRedirect(address(request, "supporter", made.pk))
        except ValidationError as error:
            _add_errors(form, error)
    return _form_page(request, form, _("Ajouter un acteur"), address(request, "support"))


@access(keeps_support)
@require_http_methods(["GET", "HEAD", "POST"])
def supporter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a supporter."""
    supporter = _own(request, pk)
    form = SupporterForm(request.POST or None, instance=supporter)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_supporter(person_of(request), supporter, form.said())
            messages.success(request, _("La correction est enregistrée."))
            return HttpResponseRedirect(address(request, "supporter", pk))
        except ValidationError as error:
            _add_errors(form, error)
    title = _("Corriger « %(name)s »") % {"name": supporter.name}
    return _form_page(request, form, title, address(request, "supporter", pk))


def _form_page(request: HttpRequest, form: SupporterForm, title: str, cancel_url: str) -> HttpResponse:
    context = {
        "page_title": title,
        "crumbs": _crumbs(request, title),
        "form": form,
        "submit_label": _("Enregistrer"),
        "cancel_url": cancel_url,
    }
    return render(request, "kernel/form_page.html", context)


def _add_errors(form: SupporterForm, error: ValidationError) -> None:
    """Put the errors of an action at the fields that the form has, the others above."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


@access(keeps_support)
@require_POST
def supporter_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a supporter, or open it again."""
    supporter = _own(request, pk)
    try:
        if "rouvrir" in request.POST:
            actions.reopen_supporter(person_of(request), supporter)
            messages.success(request, _("Cet acteur est de nouveau proposé."))
        else:
            actions.close_supporter(person_of(request), supporter, today())
            messages.success(request, _("Cet acteur est fermé : il n’est plus proposé."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(address(request, "supporter", pk))
