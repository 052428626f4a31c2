"""The list's address, read and written: every filter stands in the URL; unknown values are ignored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from essor.registry.enums import Family, Tag
from essor.registry.filters import Facets, Filters, Place, Section, SizeGroup, Sort, Value, sector_choices
from essor.registry.places import find_place
from essor.registry.tag_words import labels_among
from essor.territories.models import Territory

PAGE_SIZES = (25, 50, 100)
EVERYWHERE = "partout"
DEFAULT = "defaut"
MAX_TEXT = 100


@dataclass(frozen=True)
class ListQuery:
    """What the address asks: filters, page, and a place that nobody knows."""

    filters: Filters
    page: int
    size: int
    unknown_place: str = ""


def read(query: QueryDict, home: Territory | None, day: date) -> ListQuery:
    """Read the address of the list.

    `home` is the territory of the authority whose frame it is: the list shows it unless another place is asked.
    """
    asked = _asked_place(query)
    place = find_place(asked) if asked and asked != EVERYWHERE else None
    unknown = asked if asked and asked != EVERYWHERE and place is None else ""
    if not asked and home is not None:
        place = find_place(home.ref)
    filters = Filters(
        day=day,
        text=" ".join(query.get("q", "").replace("\x00", "").split())[:MAX_TEXT],
        place=place,
        families=_known(query.getlist("famille"), [code for code, _label in Family.choices()]),
        sectors=_known(query.getlist("secteur"), [code for code, _label in sector_choices()]),
        sizes=_known(query.getlist("taille"), [code for code, _label in SizeGroup.choices()]),
        tags=_known(query.getlist("etiquette"), [code for code, _label in _tags(query.getlist("etiquette"))]),
        employer=query.get("employeur") == "oui",
        section=Section.TO_CHECK if query.get("verdict") == Section.TO_CHECK.value else Section.REGISTER,
        sort=next((sort for sort in Sort if sort.value == query.get("tri")), Sort.NAME),
    )
    size = _number(query.get("par_page"), PAGE_SIZES[0])
    return ListQuery(
        filters, max(1, _number(query.get("page"), 1)), size if size in PAGE_SIZES else PAGE_SIZES[0], unknown
    )


def _asked_place(query: QueryDict) -> str:
    """What is asked last: without JavaScript, the list of places comes after the field it replaces."""
    asked = next((text for text in reversed(query.getlist("territoire")) if text.strip()), "").strip()
    return "" if asked == DEFAULT else asked[:MAX_TEXT]


def _tags(asked: Sequence[str]) -> list[tuple[str, str]]:
    """The tags of the trade, and the labels of authorities among those asked."""
    return [*Tag.choices(), *labels_among(asked)]


def _known(given: Sequence[str], choices: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in dict.fromkeys(given) if value in choices)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default


def to_pairs(filters: Filters, home: Territory | None) -> list[tuple[str, str]]:
    """The filters as the pairs of the shortest address that gives them back, order and pages left aside."""
    pairs = [("q", filters.text)] if filters.text else []
    if filters.place is None and home is not None:
        pairs.append(("territoire", EVERYWHERE))
    elif filters.place is not None and (home is None or filters.place.ref != home.ref):
        pairs.append(("territoire", filters.place.ref))
    pairs += [("famille", value) for value in filters.families]
    pairs += [("secteur", value) for value in filters.sectors]
    pairs += [("taille", value) for value in filters.sizes]
    pairs += [("etiquette", value) for value in filters.tags]
    if filters.employer:
        pairs.append(("employeur", "oui"))
    if filters.section is Section.TO_CHECK:
        pairs.append(("verdict", str(Section.TO_CHECK.value)))
    return pairs


def chips(filters: Filters, home: Territory | None, extra: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The active filters in words, each with the address of the list without it; `extra` (order, size) is kept."""
    pairs = to_pairs(filters, home)
    found: list[dict[str, str]] = []
    for pair in pairs:
        if pair[0] == "verdict" or pair == ("territoire", EVERYWHERE):
            continue
        rest = [other for other in pairs if other != pair]
        if pair[0] == "territoire" and home is not None:
            rest.append(("territoire", EVERYWHERE))
        found.append(_chip(*_words(pair, filters), rest, extra))
    if home is not None and filters.place is not None and filters.place.ref == home.ref:
        found.append(_chip(_("Territoire"), filters.place.name, [*pairs, ("territoire", EVERYWHERE)], extra))
    return found


def _chip(
    name: str, label: str, rest: Sequence[tuple[str, str]], extra: Sequence[tuple[str, str]]
) -> dict[str, str]:
    return {"name": name, "label": label, "remove_url": "?" + urlencode([*rest, *extra])}


def _words(pair: tuple[str, str], filters: Filters) -> tuple[str, str]:
    name, value = pair
    place: Place | None = filters.place
    if name == "q":
        return _("Recherche"), f"« {value} »"
    if name == "territoire":
        return _("Territoire"), place.name if place else value
    if name == "employeur":
        return "", _("Employeuses seulement")
    choices: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {
        "famille": (_("Famille"), Family.choices()),
        "secteur": (_("Secteur"), sector_choices()),
        "taille": (_("Effectif"), SizeGroup.choices()),
        "etiquette": (_("Étiquette"), _tags([value])),
    }
    label, known = choices[name]
    return label, dict(known)[value]


def facet_groups(facets: Facets) -> list[dict[str, Any]]:
    """The facets as the page shows them, the longest folded after the others."""
    return [
        _group("famille", _("Famille"), facets.families, marks=True),
        _group("secteur", _("Secteur d’activité"), facets.sectors),
        _group("taille", _("Effectif"), facets.sizes),
        _group("etiquette", _("Étiquette"), facets.tags),
    ]


def _group(name: str, label: str, options: Sequence[Value], *, marks: bool = False) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "marks": marks}
