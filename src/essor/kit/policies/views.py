"""The sector policies of an authority: the list, what is said of each, its order, its end."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import agent_of_authority
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.french import counted
from essor.kit.adoption.views import authority_of
from essor.kit.editing.screens import me
from essor.kit.models.sector_policy import SectorPolicy
from essor.kit.policies import actions
from essor.kit.policies.access import keeps_policies
from essor.kit.policies.forms import MergeForm, PolicyForm
from essor.kit.sectors import sectors


def _url(request: HttpRequest, name: str, **kwargs: object) -> str:
    return reverse(f"kit-authority:{name}", kwargs={"authority": authority_of(request).slug, **kwargs})


@access(keeps_policies)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The list: those that run, in order, then those that were retired."""
    owner = authority_of(request)
    rows = actions.rows_of(owner)
    running = [row for row in rows if row.retired_on is None]
    context = {
        "page_title": _("Politiques sectorielles"),
        "rows": [
            {
                "row": row,
                "seed": sectors()[row.seed].label if row.seed in sectors() else "",
                "edit_url": _url(request, "policy", code=row.code),
                "first": rank == 0,
                "last": rank == len(running) - 1,
            }
            for rank, row in enumerate(running)
        ],
        "retired": [row for row in rows if row.retired_on is not None],
        "is_seed": all(row.pk is None for row in rows),
        "add_url": _url(request, "policy-add"),
        "order_url": _url(request, "policies-order"),
        "reset_url": _url(request, "policies-reset"),
        "export_url": _url(request, "export", kind="sectors", key=str(owner.pk))
        if agent_of_authority(request)
        else "",
        "timeline": audit.entries_of_all([owner, *(row for row in rows if row.pk)], limit=40),
    }
    context["timeline"] = [line for line in context["timeline"] if line.code.startswith("kit.sector.")]
    return render(request, "kit/policies/list.html", context)


@access(keeps_policies)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_add(request: HttpRequest) -> HttpResponse:
    """Add a policy."""
    owner = authority_of(request)
    form = PolicyForm(request.POST or None, authority=owner)
    if request.method == "POST" and form.is_valid():
        done = _try(form, lambda: actions.add(me(request), owner, form.said()))
        if done:
            messages.success(request, _("La politique est ajoutée : les formulaires la proposent."))
            return HttpResponseRedirect(_url(request, "policies"))
    return _form_page(request, form, _("Ajouter une politique"))


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; what refuses goes to the form."""
    try:
        act()
    except ValidationError as error:
        told = error.error_dict if hasattr(error, "error_dict") else {"__all__": [error]}
        for name, errors in told.items():
            form.add_error(name if name in form.fields else None, errors)
        return False
    return True


def _form_page(request: HttpRequest, form: forms.Form, title: str, **more: Any) -> HttpResponse:
    context = {
        "page_title": title,
        "crumbs": [
            {"label": _("Politiques sectorielles"), "url": _url(request, "policies")},
            {"label": title, "url": ""},
        ],
        "form": form,
        "cancel_url": _url(request, "policies"),
        **more,
    }
    return render(request, "kit/policies/form.html", context)


def _row_or_404(request: HttpRequest, code: str) -> tuple[SectorPolicy, list[SectorPolicy]]:
    rows = actions.rows_of(authority_of(request))
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise Http404(_("Cette politique n’est pas dans la liste de votre collectivité."))
    return found, rows


@access(keeps_policies)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """Rename a policy, say who answers for it."""
    owner = authority_of(request)
    row, _rows = _row_or_404(request, code)
    form = PolicyForm(request.POST or None, authority=owner, row=row)
    if request.method == "POST" and form.is_valid():
        done = _try(form, lambda: actions.change(me(request), owner, code, form.said()))
        if done:
            messages.success(request, _("C’est enregistré."))
            return HttpResponseRedirect(_url(request, "policies"))
    return _form_page(
        request,
        form,
        _("Modifier « %s »") % row.label,
        row=row,
        retire_url=_url(request, "policy-retire", code=code),
        merge_url=_url(request, "policy-merge", code=code),
    )


@access(keeps_policies)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a policy, or take it back, after saying what it touches."""
    owner = authority_of(request)
    row, _rows = _row_or_404(request, code)
    form = forms.Form(request.POST if request.method == "POST" else None)
    act = actions.retire if row.retired_on is None else actions.resume
    if request.method == "POST" and _try(form, lambda: act(me(request), owner, code)):
        messages.success(request, _("La liste est à jour."))
        return HttpResponseRedirect(_url(request, "policies"))
    effect = _told_effect(actions.effect_of(owner, code))
    if row.retired_on is None:
        title, label = _("Retirer « %s » ?") % row.label, _("Retirer la politique")
        lead = _("Aucun formulaire ne la proposera plus. %s") % effect
    else:
        title, label = _("Reprendre « %s » ?") % row.label, _("Reprendre la politique")
        lead = _("Les formulaires la proposeront de nouveau. %s") % effect
    return _form_page(request, form, title, lead=lead, submit_label=label)


def _told_effect(effect: actions.Effect) -> str:
    if not effect.count:
        return _("Aucun acte de votre collectivité ne la porte pour l’instant.")
    told = counted(effect.count, _("acte la porte,actes la portent"))
    return _("%s : rien n’y est réécrit, ils gardent son nom.") % told


@access(keeps_policies)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge a policy into another, after saying what it will change."""
    owner = authority_of(request)
    row, rows = _row_or_404(request, code)
    others = [each for each in rows if each.retired_on is None and each.code != code]
    form = MergeForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        if _try(form, lambda: actions.merge(me(request), owner, code, into)):
            messages.success(request, _("« %s » est fondue dans l’autre politique.") % row.label)
            return HttpResponseRedirect(_url(request, "policies"))
    effect = actions.effect_of(owner, code)
    told = (
        counted(effect.count, _("acte sera lu,actes seront lus"))
        + _(" sous l’autre politique, sans être réécrits.")
        if effect.count
        else _("Aucun acte ne la porte : rien d’autre ne change.")
    )
    return _form_page(
        request,
        form,
        _("Fondre « %s » dans une autre politique") % row.label,
        lead=_("« %(label)s » quittera les formulaires. %(told)s Vous pourrez la reprendre.")
        % {"label": row.label, "told": told},
        submit_label=_("Fondre les deux"),
    )


@access(keeps_policies)
@require_POST
def policies_order(request: HttpRequest) -> HttpResponse:
    """Move a policy up or down."""
    owner = authority_of(request)
    codes = [row.code for row in actions.rows_of(owner) if row.retired_on is None]
    code = request.POST.get("code", "")
    if code in codes:
        place = codes.index(code)
        other = place + (1 if "descendre" in request.POST else -1)
        if 0 <= other < len(codes):
            codes[place], codes[other] = codes[other], codes[place]
            actions.order(me(request), owner, codes)
    return HttpResponseRedirect(f"{_url(request, 'policies')}#{code if code in codes else 'liste'}")


@access(keeps_policies)
@require_http_methods(["GET", "HEAD", "POST"])
def policies_reset(request: HttpRequest) -> HttpResponse:
    """Take Essor's list again, after saying what it will change."""
    owner = authority_of(request)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _try(form, lambda: actions.reset(me(request), owner)):
        messages.success(request, _("La liste est de nouveau celle d’Essor."))
        return HttpResponseRedirect(_url(request, "policies"))
    own = [
        row.label for row in actions.rows_of(owner) if row.code not in sectors() and row.retired_on is None
    ]
    lead = _("Les noms et l’ordre redeviennent ceux d’Essor ; les services responsables restent.")
    if own:
        lead = f"{lead} {_('Seront retirées, sans être effacées : %s.') % ', '.join(own)}"
    return _form_page(
        request,
        form,
        _("Reprendre la liste d’Essor ?"),
        lead=lead,
        submit_label=_("Reprendre la liste d’Essor"),
    )
