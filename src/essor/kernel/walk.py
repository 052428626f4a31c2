"""All the addresses of the installation, for the tests that walk them and for the plan of the site."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from essor.kernel.access import Predicate, predicate_of


@dataclass(frozen=True)
class ViewAddress:
    """An address of the plan: its route, the full name to `reverse`, its parameters by kind of converter, its
    view.
    """

    route: str
    name: str
    parameters: tuple[tuple[str, str], ...]
    view: Any

    @property
    def framed(self) -> bool:
        """Whether it stands under the slug of an authority."""
        return ("authority", "slug") in self.parameters and self.route.startswith("<slug:authority>/")

    @property
    def predicate(self) -> Predicate | None:
        """Who may see it; None is an omission."""
        return predicate_of(self.view, self.name.rpartition(":")[2] or None)


def iter_views() -> Iterator[ViewAddress]:
    """Every address, in the order in which they are tried."""
    yield from _walk(get_resolver().url_patterns, "", "", ())


def _walk(
    patterns: list[URLPattern | URLResolver],
    route: str,
    namespace: str,
    parameters: tuple[tuple[str, str], ...],
) -> Iterator[ViewAddress]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        known = parameters + tuple(
            (name, type(converter).__name__.removesuffix("Converter").lower())
            for name, converter in pattern.pattern.converters.items()
        )
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner, known)
        else:
            yield ViewAddress(here, f"{namespace}{pattern.name or ''}", known, pattern.callback)
