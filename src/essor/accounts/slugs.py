"""Words that no authority may take as its address: they begin common pages, or will."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

AUTHORITY_CONVERTER = "<slug:authority>"

# First words that no route shows or that later rooms will use: an authority's address must never have to change.
ALWAYS_RESERVED: frozenset[str] = frozenset(
    {
        "a-propos",
        "accessibilite",
        "accueil",
        "admin",
        "agenda",
        "aide",
        "api",
        "apparence",
        "assets",
        "atlas",
        "aucune",
        "budget-participatif",
        "catalogue",
        "clauses",
        "compte",
        "connexion",
        "consultations",
        "cooperer",
        "credits",
        "css",
        "deconnexion",
        "demo",
        "demonstration",
        "donnees",
        "essor",
        "fiches",
        "fichiers",
        "financer",
        "health",
        "img",
        "index",
        "indicateurs",
        "inscription",
        "installation",
        "international",
        "js",
        "kit",
        "lever",
        "locaux",
        "login",
        "logout",
        "media",
        "mentions-legales",
        "metrics",
        "monnaie",
        "national",
        "observatoire",
        "open-data",
        "organisation",
        "organisations",
        "plan",
        "plan-du-site",
        "portail",
        "programme",
        "recettes",
        "recherche",
        "registre",
        "regles",
        "robots",
        "sante",
        "search",
        "sitemap",
        "static",
        "statistiques",
        "statut",
        "temps",
        "territoire",
        "territoires",
        "tous",
        "toutes",
        "travaux",
        "vie-privee",
        "well-known",
        "www",
    }
)


def _common_patterns(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    """Routes of the common pages, each cut at its first word or at its first parameter."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if route.startswith(AUTHORITY_CONVERTER):
            continue
        if "/" in route or isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _common_patterns(pattern.url_patterns, route)


@cache
def first_words() -> frozenset[str]:
    """First words of the addresses of all common pages, from the address plan itself."""
    words = {
        route.split("/")[0].split("<")[0].strip("$")
        for route in _common_patterns(get_resolver().url_patterns, "")
    }
    return frozenset(word.lower() for word in words if word)


def is_reserved(slug: str) -> bool:
    """True when a common page begins with this word, or may one day."""
    word = slug.lower()
    return (
        word in ALWAYS_RESERVED
        or word in first_words()
        or any(w.split(".")[0] == word for w in first_words())
    )
