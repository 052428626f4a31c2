"""What the tests of the search share."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from essor.registry import queries
from essor.registry.filters import Filters, Sort
from essor.registry.search import reader, writer

DAY = date(2026, 11, 22)
ALL = Filters(day=DAY)
Find = Callable[..., list[str]]


@pytest.fixture
def index(db: None) -> Iterator[Callable[[], None]]:
    """Makes the index from what the test wrote; what the process has open is forgotten at the end."""
    yield lambda: writer.rebuild() and None
    reader.forget()


@pytest.fixture
def find(index: Callable[[], None]) -> Find:
    """Names that a text gives, in order, once the index is made."""

    def names(text: str = "", **choices: object) -> list[str]:
        if writer.state() is None:
            index()
        filters = replace(ALL, text=text, **choices)
        filters = replace(filters, sort=choices.get("sort") or filters.usual_sort)
        assert isinstance(filters.sort, Sort)
        total = queries.facets(filters).total
        assert len(queries.matching_ids(filters)) == total == queries.count(filters)
        rows = queries.search_page(filters, total, 0, 1000)
        assert len(rows) == total
        return [row.name for row in rows]

    return names
