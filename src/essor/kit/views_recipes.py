"""The recipes: their catalogue, one page each, the file that leaves for another installation."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.accounts.access import agent_of_authority
from essor.kernel.access import access, everyone
from essor.kit import fiche_links as links
from essor.kit import recipe_library as library
from essor.kit.adoption.screens import as_file, body_in_words
from essor.kit.editing.actions import Thing
from essor.kit.editing.views import notice
from essor.kit.library import fiches
from essor.kit.models.content import ContentKind
from essor.kit.recipe import KINDS, Recipe, export
from essor.kit.recipe_kinds import kind_of
from essor.kit.recipe_library import AMOUNTS, Asked, band_of
from essor.kit.words import LEVELS

PAGE = 24


@access(everyone)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All the recipes, or those that answer a search."""
    asked = _asked(request)
    page = Paginator(library.found(asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Recettes"),
        "asked": asked,
        "recipes": [(each, links.address(request, "kit:recipe", code=each.code)) for each in page],
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("recette,recettes"),
        "facets": _facets(asked),
        "chips": _chips(request, asked),
        "contents_url": links.address(request, "kit:contents"),
        "canonical_url": links.canonical(request, "recipes"),
    }
    return render(request, "kit/recipes.html", context)


def _asked(request: HttpRequest) -> Asked:
    def chosen(name: str, known: dict[str, Any]) -> tuple[str, ...]:
        return tuple(code for code in known if code in request.GET.getlist(name))

    return Asked(
        words=" ".join(request.GET.get("q", "").replace("\x00", "").split())[:80],
        fiches=chosen("fiche", fiches()),
        levels=chosen("niveau", LEVELS),
        kinds=chosen("nature", KINDS),
        amounts=chosen("montant", AMOUNTS),
    )


def _facets(asked: Asked) -> list[dict[str, Any]]:
    every = library.recipes().values()
    choices: list[tuple[str, str, bool | None, tuple[str, ...], list[tuple[str, Any, int]]]] = [
        ("nature", _("Nature"), None, asked.kinds, [
            (code, label, sum(each.kind == code for each in every)) for code, label in KINDS.items()
        ]),
        ("montant", _("Montant"), None, asked.amounts, [
            (code, label, sum(band_of(each) == code for each in every))
            for code, (label, _low, _high) in AMOUNTS.items()
        ]),
        ("niveau", _("Niveau de collectivité"), not asked.levels, asked.levels, [
            (code, label, sum(code in each.levels for each in every)) for code, label in LEVELS.items()
        ]),
        ("fiche", _("Fiche"), not asked.fiches, asked.fiches, [
            (code, f"{code} · {fiche.title}", sum(code in each.fiches for each in every))
            for code, fiche in fiches().items()
        ]),
    ]  # fmt: skip
    return [
        {
            "name": name,
            "label": label,
            "folded": folded,
            "options": [
                {"value": code, "label": words, "count": count, "selected": code in chosen}
                for code, words, count in options
                if count
            ],
        }
        for name, label, folded, chosen, options in choices
    ]


def _chips(request: HttpRequest, asked: Asked) -> list[dict[str, str]]:
    chosen = [
        *([("q", asked.words, asked.words, _("Recherche"))] if asked.words else []),
        *(("nature", code, str(KINDS[code]), "") for code in asked.kinds),
        *(("montant", code, str(AMOUNTS[code][0]), "") for code in asked.amounts),
        *(("niveau", code, str(LEVELS[code]), "") for code in asked.levels),
        *(("fiche", code, code, _("Fiche")) for code in asked.fiches),
    ]
    return [
        {"label": label, "name": name, "remove_url": links.without(request, key, value)}
        for key, value, label, name in chosen
    ]


def recipe_or_404(code: str) -> Recipe:
    """The recipe of a code. Http404, in French, when there is none."""
    try:
        return library.recipes()[code]
    except KeyError:
        raise Http404(_("Cette recette n’existe pas : choisissez-la dans le catalogue.")) from None


@access(everyone)
@require_safe
def recipe(request: HttpRequest, code: str) -> HttpResponse:
    """One recipe: who, when, facts and figures, what it needs, its parameters, whether it can be adopted today."""
    shown = recipe_or_404(code)
    kind = kind_of(shown.kind)
    context = {
        "page_title": shown.title,
        "recipe": shown,
        "levels": [LEVELS[each] for each in shown.levels],
        "parameters": [(name.replace("_", " "), _in_words(value)) for name, value in shown.body.items()]
        if kind is None or kind.tell is None
        else [],
        "body": body_in_words(shown) if kind is not None and kind.tell is not None else {},
        "understood": kind is not None,
        "adopt_url": _adopt_url(request, shown),
        "fiches": [(fiches()[each], links.address(request, "kit:fiche", code=each)) for each in shown.fiches],
        "catalogue_url": links.address(request, "kit:recipes"),
        "contents_url": links.address(request, "kit:contents"),
        "json_url": links.address(request, "kit:recipe-json", code=code),
        "yaml_url": links.address(request, "kit:recipe-yaml", code=code),
        "canonical_url": links.canonical(request, "recipe", code=code),
        **notice(request, Thing(ContentKind.RECIPE, code)),
    }
    return render(request, "kit/recipe.html", context)


def _adopt_url(request: HttpRequest, recipe: Recipe) -> str:
    """The page that adopts, for agents in the frame of their authority; "" elsewhere."""
    kind = kind_of(recipe.kind)
    if kind is None or not agent_of_authority(request):
        return ""
    return links.address(request, kind.adopt_url_name, code=recipe.code)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(_in_words(each) for each in value)
    if isinstance(value, dict):
        return " ; ".join(f"{name.replace('_', ' ')} : {_in_words(each)}" for name, each in value.items())
    return (
        f"{value:,}".replace(",", "\u202f").replace(".", ",")
        if isinstance(value, int | float)
        else str(value)
    )


@access(everyone)
@require_safe
def recipe_json(request: HttpRequest, code: str) -> JsonResponse:
    """The recipe as JSON, as `essor recipe show --json` gives it."""
    return JsonResponse(export(recipe_or_404(code)), json_dumps_params={"ensure_ascii": False, "indent": 2})


@access(everyone)
@require_safe
def recipe_yaml(request: HttpRequest, code: str) -> HttpResponse:
    """The recipe as the file that another installation reads."""
    return as_file(recipe_or_404(code))
