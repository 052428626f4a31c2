"""The words of tags, those that authorities name included."""

from collections.abc import Iterable

from essor.registry.enums import Tag
from essor.registry.models import LocalLabel

LABEL = "label:"  # before the number of an authority's label, in the code of its tags


AUTHORITY = "authority:"  # before the number of the authority, in the source of a tag that it put
INSTALLATION = "installation"


def put_by_people(source: str) -> bool:
    """True for the source of a tag that people put; False for those of editions."""
    return source == INSTALLATION or source.startswith(AUTHORITY)


def labels_among(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, words) of the authorities' labels among these codes, by name; no query when there is none."""
    wanted = [code.removeprefix(LABEL) for code in codes if code.startswith(LABEL)]
    numbers = [int(number) for number in wanted if number.isascii() and number.isdigit() and len(number) < 10]
    if not numbers:
        return []
    return [(label.code, label.name) for label in LocalLabel.objects.filter(pk__in=numbers)]


def labels_of(codes: Iterable[str]) -> dict[str, str]:
    """The words of each code (the code itself when nobody knows it); one query when there are authorities' labels."""
    wanted = set(codes)
    known = dict(Tag.choices()) | dict(labels_among(wanted))
    return {code: known.get(code, code) for code in wanted}


def label_of(code: str) -> str:
    """The words of one code."""
    return labels_of([code])[code]
