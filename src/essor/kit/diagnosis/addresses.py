"""Addresses of the fiches and recipes of a step, in the frame of the request."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join

from essor.kit.diagnosis.grid import NextStep
from essor.kit.library import fiches
from essor.kit.links_support import address
from essor.kit.recipe_library import recipes


def fiche_links(request: HttpRequest, codes: tuple[str, ...]) -> list[dict[str, str]]:
    """Fiches with their titles and addresses."""
    return [
        {"title": f"{code} · {fiches()[code].title}", "url": address(request, "fiche", code)}
        for code in codes
    ]


def recipe_links(request: HttpRequest, codes: tuple[str, ...]) -> list[dict[str, str]]:
    """Recipes with their titles, origins and addresses."""
    return [
        {
            "title": f"{recipes()[code].title} ({recipes()[code].origin})",
            "url": address(request, "recipe", code),
        }
        for code in codes
    ]


def step_links(request: HttpRequest, step: NextStep) -> dict[str, Any]:
    """A step as pages show it: what to do, fiches and recipes with their addresses, apart and in one line."""
    fiches_there, recipes_there = fiche_links(request, step.fiches), recipe_links(request, step.recipes)
    pairs = ((each["url"], each["title"]) for each in (*fiches_there, *recipes_there))
    return {
        "do": step.do,
        "fiches": fiches_there,
        "recipes": recipes_there,
        "line": format_html_join(", ", '<a href="{}">{}</a>', pairs),
    }
