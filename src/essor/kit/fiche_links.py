"""Addresses that the kit leads to, in the frame of the request; rooms of the same floor are reached by name alone."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from essor.kernel.templatetags.essor import framed_url
from essor.kit.fiche import FicheLever


def address(request: HttpRequest, name: str, **kwargs: object) -> str:
    """Address of « room:page » in the frame of the request; "" when no room has it."""
    return str(framed_url(Context({"request": request}), name, **kwargs))


def canonical(request: HttpRequest, name: str, **kwargs: object) -> str:
    """The one absolute address of a page of the kit, whatever the frame it is read in."""
    return request.build_absolute_uri(reverse(f"kit:{name}", kwargs=kwargs))


def law_page(request: HttpRequest) -> Callable[[str], str]:
    """What gives the page of a legal value, "" while the room of the law is not there."""
    return lambda identifier: address(request, "rulebook:value", identifier=identifier)


def target_address(request: HttpRequest) -> Callable[[str], str]:
    """What gives the address of a target written in a fiche: https, fiche:K04, regle:spaser, recette:cit-er-44."""
    return partial(_target, request)


def _target(request: HttpRequest, target: str) -> str:
    kind, _colon, name = target.partition(":")
    if kind == "https":
        return target
    if kind == "fiche":
        return address(request, "kit:fiche", code=name)
    if kind == "recette":
        return address(request, "kit:recipe", code=name)
    return address(request, "rulebook:rule", rule=name) if kind == "regle" else ""


def screen_address(request: HttpRequest, lever: FicheLever) -> str:
    """Where the screen of a lever is; "" while it is to come. « room:page?query » keeps its query."""
    if not lever.screen:
        return ""
    if lever.screen.startswith(("fiche:", "regle:", "recette:")):
        return _target(request, lever.screen)
    name, _mark, query = lever.screen.partition("?")
    url = address(request, name)
    return f"{url}?{query}" if url and query else url


def rule_case(request: HttpRequest, rule: str, case: Mapping[str, str]) -> str:
    """The page of a rule with a case already asked; "" while the room of the law is not there."""
    url = address(request, "rulebook:rule", rule=rule)
    return f"{url}?{urlencode(case)}" if url else ""


def without(request: HttpRequest, key: str, value: str) -> str:
    """This page's address without one filter, from its first page; a search (`q`) goes whole."""
    query = request.GET.copy()
    query.pop("page", None)
    query.setlist(key, [] if key == "q" else [other for other in query.getlist(key) if other != value])
    return f"{request.path}?{query.urlencode()}" if query.urlencode() else request.path
