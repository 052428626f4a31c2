"""Adopting a recipe, and what an authority adopted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import agent_of_authority
from essor.accounts.models import Authority
from essor.accounts.queries import names_of
from essor.kernel import audit
from essor.kernel.access import access
from essor.kit import fiche_links as links
from essor.kit.adoption import actions
from essor.kit.adoption.files import digest_of
from essor.kit.adoption.forms import ExportForm
from essor.kit.adoption.screens import as_file, between, body_in_words, thing_page
from essor.kit.editing.screens import me
from essor.kit.front_matter import ContentError
from essor.kit.models.adoption import Adoption, AdoptionState, RecipeOrigin
from essor.kit.recipe import KINDS, Recipe, recipe_of
from essor.kit.recipe_kinds import RecipeKind, kind_of, kinds
from essor.kit.recipe_library import recipes


def authority_of(request: HttpRequest) -> Authority:
    """The authority of the frame, known to be there by the address."""
    found = getattr(request, "authority", None)
    assert isinstance(found, Authority)  # noqa: S101
    return found


def _url(request: HttpRequest, name: str, **kwargs: object) -> str:
    return reverse(f"kit-authority:{name}", kwargs={"authority": authority_of(request).slug, **kwargs})


@access(agent_of_authority)
@require_safe
def adoptions(request: HttpRequest) -> HttpResponse:
    """What the authority adopted, what it may send away, what it may adopt."""
    owner = authority_of(request)
    rows = list(Adoption.objects.filter(authority=owner).select_related("authority"))
    received = actions.received_by(owner)
    mine = {row.code for row in rows if row.state == AdoptionState.RUNNING}
    context = {
        "page_title": _("Recettes adoptées"),
        "rows": [
            {
                "adoption": row,
                "title": row.recipe.get("title", row.code),
                "kind": KINDS.get(row.kind, row.kind),
                "later": actions.later_of(row, received) is not None,
                "url": _url(request, "adoption", pk=row.pk),
            }
            for row in rows
        ],
        "adoptable": [
            (each, links.address(request, "kit:recipe", code=each.code))
            for each in recipes().values()
            if kind_of(each.kind) is not None and each.code not in mine
        ],
        "sendable": [
            (label, _url(request, "export", kind=kind.code, key=key))
            for kind in kinds()
            if kind.things and kind.export
            for key, label in kind.things(owner)
        ],
        "received_url": _url(request, "received"),
        "catalogue_url": links.address(request, "kit:recipes"),
    }
    return render(request, "kit/adoption/adoptions.html", context)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """Adopt a recipe of the catalogue: what it will do, then do it."""
    recipe = recipes().get(code)
    if recipe is None:
        raise Http404(_("Cette recette n’existe pas : choisissez-la dans le catalogue."))
    back = links.address(request, "kit:recipe", code=code)
    return adopt_page(request, recipe, RecipeOrigin.PACKAGE, back)


def adopt_page(request: HttpRequest, recipe: Recipe, origin: str, back: str) -> HttpResponse:
    """The page that says what adopting does, and its button."""
    owner = authority_of(request)
    kind = kind_of(recipe.kind)
    if kind is None or kind.adopt is None:
        raise Http404(_("Essor ne sait pas encore faire tourner ce genre de dispositif."))
    known = Adoption.objects.filter(authority=owner, code=recipe.code, state=AdoptionState.RUNNING).first()
    if known is not None:
        return HttpResponseRedirect(_url(request, "adoption", pk=known.pk))
    if request.method == "POST":
        try:
            made = actions.adopt(me(request), owner, recipe, origin)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("« %s » est à vous : modifiez-la librement.") % recipe.title)
            return HttpResponseRedirect(_url(request, "adoption", pk=made.pk))
    context = {
        "page_title": _("Adopter « %s »") % recipe.title,
        "recipe": recipe,
        "kind": kind,
        "body": body_in_words(recipe),
        "cancel_url": back,
        "crumbs": [
            {"label": _("Recettes"), "url": links.address(request, "kit:recipes")},
            {"label": recipe.title, "url": back},
            {"label": _("Adopter"), "url": ""},
        ],
    }
    return render(request, "kit/adoption/adopt.html", context)


def _adoption(request: HttpRequest, pk: int) -> Adoption:
    return get_object_or_404(
        Adoption.objects.select_related("authority"), authority=authority_of(request), pk=pk
    )


@access(agent_of_authority)
@require_safe
def adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """One adoption: what was copied, the thing, a later version if there is one."""
    row = _adoption(request, pk)
    recipe = _recipe(row)
    later = actions.later_of(row)
    kind = kind_of(row.kind)
    names = names_of({row.adopted_by_id}) if row.adopted_by_id else {}
    context: dict[str, Any] = {
        "page_title": recipe.title if recipe else row.code,
        "kind": KINDS.get(row.kind, row.kind),
        "state": row.get_state_display(),
        "state_tone": "ok" if row.state == AdoptionState.RUNNING else "neutral",
        "crumbs": [
            {"label": _("Recettes adoptées"), "url": _url(request, "adoptions")},
            {"label": recipe.title if recipe else row.code, "url": ""},
        ],
        "adoption": row,
        "author": names.get(row.adopted_by_id or 0, _("le système")),
        "recipe": recipe,
        "body": body_in_words(recipe) if recipe else {},
        "later": later,
        "later_digest": digest_of(later) if later else "",
        "differences": between(recipe, later) if recipe and later else [],
        "effect": kind.effect if kind else "",
        "thing_url": thing_page(request, row.kind) if actions.thing_of(row) else "",
        "export_url": _url(request, "export", kind=row.kind, key=row.thing.partition(":")[2])
        if kind and kind.export
        else "",
        "renew_url": _url(request, "adoption-renew", pk=pk),
        "end_url": _url(request, "adoption-end", pk=pk),
        "timeline": audit.entries_for(row),
    }
    return render(request, "kit/adoption/adoption.html", context)


def _recipe(row: Adoption) -> Recipe | None:
    """The recipe as it was adopted; None when this version of Essor reads it no more."""
    try:
        return recipe_of(row.recipe, row.code)
    except ContentError:
        return None


@access(agent_of_authority)
@require_POST
def adoption_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the later version that was compared, or leave it."""
    row, digest = _adoption(request, pk), request.POST.get("digest", "")
    try:
        if "prendre" in request.POST:
            actions.renew(me(request), row, digest)
            messages.success(request, _("La version suivante est reprise."))
        else:
            actions.leave(me(request), row, digest)
            messages.success(request, _("Vous gardez la vôtre. La prochaine version vous sera proposée."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(_url(request, "adoption", pk=pk))


@access(agent_of_authority)
@require_POST
def adoption_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the recipe is no longer followed."""
    try:
        actions.end(me(request), _adoption(request, pk))
        messages.success(request, _("L’adoption est terminée ; ce que la recette a fait reste."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(_url(request, "adoption", pk=pk))


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Send a thing of the authority away as a recipe: fill what others need, then the file."""
    owner = authority_of(request)
    known = kind_of(kind)
    if known is None or known.find is None or known.export is None:
        raise Http404(_("Essor ne sait pas faire partir ce genre de chose."))
    thing = known.find(owner, key)
    if thing is None:
        raise Http404(_("Il n’y a rien à faire partir."))
    adopted = Adoption.objects.filter(authority=owner, kind=kind, state=AdoptionState.RUNNING).first()
    form = ExportForm(
        request.POST or None,
        kind=known,
        authority=owner,
        thing=thing,
        initial=_initial(known, owner, adopted),
    )
    if request.method == "POST" and form.is_valid():
        fiches = tuple(adopted.recipe.get("fiches") or ()) if adopted else known.fiches
        try:
            return as_file(actions.export_thing(me(request), owner, known, key, form.filled(fiches)))
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "page_title": _("Faire partir comme recette"),
        "lead": _("Un fichier que toute autre collectivité peut adopter, sous licence ouverte Etalab 2.0."),
        "form": form,
        "submit_label": _("Télécharger la recette"),
        "cancel_url": _url(request, "adoptions"),
    }
    return render(request, "kernel/form_page.html", context)


def _initial(kind: RecipeKind, owner: Authority, adopted: Adoption | None) -> dict[str, Any]:
    title = f"{KINDS[kind.code]} — {owner.name}"
    if adopted is None:
        return {"title": title[:120]}
    return {"title": title[:120], "summary": adopted.recipe.get("summary", "")}
