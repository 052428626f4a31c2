"""Recipes that came as files: those of the authority of the frame, or those of the installation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import agent_of_authority, content_editor
from essor.accounts.models import Authority
from essor.kernel.access import access
from essor.kit.adoption import actions
from essor.kit.adoption.files import LARGEST
from essor.kit.adoption.forms import FileForm
from essor.kit.adoption.screens import between, body_in_words
from essor.kit.adoption.views import adopt_page
from essor.kit.editing.screens import me
from essor.kit.front_matter import ContentError
from essor.kit.models.adoption import ReceivedRecipe, RecipeOrigin
from essor.kit.recipe import KINDS
from essor.kit.recipe_kinds import kind_of


def receives(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité ; sur les pages communes, les personnes chargées des contenus."""
    if getattr(request, "authority", None) is None:
        return content_editor(request)
    return agent_of_authority(request)


def _url(request: HttpRequest, name: str, **kwargs: object) -> str:
    owner: Authority | None = getattr(request, "authority", None)
    if owner is None:
        return reverse(f"kit-admin:{name}", kwargs=kwargs)
    return reverse(f"kit-authority:{name}", kwargs={"authority": owner.slug, **kwargs})


@access(receives)
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest) -> HttpResponse:
    """The recipes received, and a file to give."""
    owner: Authority | None = getattr(request, "authority", None)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            found = actions.receive(me(request), owner, upload.name, upload.read(LARGEST + 1))
        except ContentError as error:
            form.add_error("file", str(error))
        else:
            told = _("« %s » est reçue.") if found.is_new else _("« %s » était déjà là : rien n’a changé.")
            messages.success(request, told % found.row.title)
            return HttpResponseRedirect(_url(request, "received-recipe", pk=found.row.pk))
    context = {
        "page_title": _("Recettes reçues"),
        "lead": _("Les dispositifs d’autres collectivités, venus sous forme de fichier."),
        "form": form,
        "submit_label": _("Lire la recette"),
        "rows": [
            {
                "row": row,
                "kind": KINDS.get(row.kind, row.kind),
                "url": _url(request, "received-recipe", pk=row.pk),
                "version": row.recipe.get("version", 1),
                "origin": row.recipe.get("origin", ""),
            }
            for row in actions.received_by(owner)
        ],
    }
    return render(request, "kit/adoption/received.html", context)


def _row(request: HttpRequest, pk: int) -> ReceivedRecipe:
    owner: Authority | None = getattr(request, "authority", None)
    found = next((each for each in actions.received_by(owner) if each.pk == pk), None)
    if found is None:
        raise Http404(_("Cette recette n’a pas été reçue ici."))
    return found


@access(receives)
@require_safe
def received_recipe(request: HttpRequest, pk: int) -> HttpResponse:
    """A recipe received: what it says, what it changes from the one received before."""
    row = _row(request, pk)
    owner: Authority | None = getattr(request, "authority", None)
    earlier = [
        each
        for each in actions.received_by(owner)
        if each.code == row.code and each.pk != row.pk and each.received_at <= row.received_at
    ]
    try:
        recipe, fault = actions.recipe_of_row(row), ""
        before = actions.recipe_of_row(earlier[0]) if earlier else None
    except ContentError as error:
        recipe, before, fault = None, None, str(error)
    kind = kind_of(row.kind)
    context = {
        "page_title": row.title,
        "kind": KINDS.get(row.kind, row.kind),
        "crumbs": [
            {"label": _("Recettes reçues"), "url": _url(request, "received")},
            {"label": row.title, "url": ""},
        ],
        "row": row,
        "recipe": recipe,
        "fault": fault,
        "body": body_in_words(recipe) if recipe else {},
        "before": before,
        "differences": between(before, recipe) if before and recipe else [],
        "adopt_url": _url(request, "adopt-received", pk=pk)
        if owner and recipe and kind and kind.adopt
        else "",
        "in_frame": owner is not None,
        "adoptable": bool(kind and kind.adopt),
    }
    return render(request, "kit/adoption/received_recipe.html", context)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt_received(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt a recipe received."""
    row = _row(request, pk)
    back = _url(request, "received-recipe", pk=pk)
    try:
        recipe = actions.recipe_of_row(row)
    except ContentError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(back)
    return adopt_page(request, recipe, RecipeOrigin.FILE, back)
