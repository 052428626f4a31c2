"""The list's address, read and written: every filter stands in the URL; unknown values are ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from essor.registry.enums import Family, Tag
from essor.registry.filters import (
    CreationBand,
    Facets,
    Filters,
    Near,
    Quarter,
    Section,
    SizeGroup,
    Sort,
    Value,
    sector_choices,
)
from essor.registry.places import find_near, find_place, find_quarter, find_zone
from essor.registry.tag_words import labels_among
from essor.territories.enums import Kind
from essor.territories.models import Territory

PAGE_SIZES = (25, 50, 100)
EVERYWHERE = "partout"
DEFAULT = "defaut"
MAX_TEXT = 100
DISTANCES = (1, 2, 5, 10, 20, 50)
USUAL_DISTANCE = 10
SHOWN = 12  # values of a long facet that are shown, with those chosen


@dataclass(frozen=True)
class ListQuery:
    """What the address asks: filters, page, places that nobody knows, names of the places chosen by their code."""

    filters: Filters
    page: int
    size: int
    unknown_place: str = ""
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def extra(self) -> list[tuple[str, str]]:
        """Order and size of the page, which a removed filter leaves as they are."""
        sort = self.filters.sort
        extra = [("tri", str(sort.value))] if sort is not self.filters.usual_sort else []
        return [*extra, ("par_page", str(self.size))] if self.size != PAGE_SIZES[0] else extra


def read(query: QueryDict, home: Territory | None, day: date) -> ListQuery:
    """Read the address of the list.

    `home` is the territory of the authority whose frame it is: the list shows it unless another place is asked.
    """
    asked = _asked_place(query)
    place = find_place(asked) if asked and asked != EVERYWHERE else None
    unknown = asked if asked and asked != EVERYWHERE and place is None else ""
    if not asked and home is not None:
        place = find_place(home.ref)
    near, unknown_near = _near(query)
    epcis, epci_names = _territories("epci", Kind.EPCI, query)
    communes, commune_names = _territories("commune", Kind.COMMUNE, query)
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
        near=near,
        zone=find_zone(query.get("zone", "")),
        epcis=epcis,
        communes=communes,
        quarters=_known(query.getlist("qpv"), [code for code, _label in Quarter.choices()]),
        years=_known(query.getlist("creation"), [code for code, _label in CreationBand.choices()]),
        created_in=_year(query.get("cree", "")),
        in_quarter=find_quarter(query.get("quartier", "")),
    )
    filters = replace(filters, sort=_sort(query.get("tri"), filters))
    size = _number(query.get("par_page"), PAGE_SIZES[0])
    return ListQuery(
        filters,
        max(1, _number(query.get("page"), 1)),
        size if size in PAGE_SIZES else PAGE_SIZES[0],
        unknown or unknown_near,
        {**epci_names, **commune_names},
    )


def sorts(filters: Filters) -> list[Sort]:
    """The orders that mean something for these filters."""
    without = {Sort.RELEVANCE: not filters.text, Sort.DISTANCE: filters.near is None}
    return [sort for sort in Sort if not without.get(sort)]


def _sort(asked: str | None, filters: Filters) -> Sort:
    return next((sort for sort in sorts(filters) if sort.value == asked), filters.usual_sort)


def _near(query: QueryDict) -> tuple[Near | None, str]:
    """The point asked, and the words of one that nobody knows."""
    asked = query.get("pres", "").replace("\x00", "").strip()[:MAX_TEXT]
    if not asked:
        return None, ""
    distance = _number(query.get("km"), USUAL_DISTANCE)
    near = find_near(asked, distance if distance in DISTANCES else USUAL_DISTANCE)
    return near, "" if near else asked


def _territories(
    name: str, kind: Kind, query: QueryDict
) -> tuple[tuple[str, ...], dict[tuple[str, str], str]]:
    """The codes of the address that are those of a territory, and their names."""
    asked = [code for code in dict.fromkeys(query.getlist(name)) if code.isalnum() and len(code) <= 9][:SHOWN]
    if not asked:
        return (), {}
    found = dict(Territory.objects.active().filter(kind=kind, code__in=asked).values_list("code", "name"))
    return tuple(code for code in asked if code in found), {(name, code): found[code] for code in found}


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


def _year(text: str) -> int | None:
    """A year of four digits that a calendar has."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and int(text) > 0 else None


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
    pairs += [("epci", value) for value in filters.epcis]
    pairs += [("commune", value) for value in filters.communes]
    pairs += [("qpv", value) for value in filters.quarters]
    pairs += [("creation", value) for value in filters.years]
    pairs += [("cree", str(filters.created_in))] if filters.created_in is not None else []
    pairs += [("quartier", filters.in_quarter.code)] if filters.in_quarter is not None else []
    if filters.employer:
        pairs.append(("employeur", "oui"))
    if filters.near is not None:
        pairs += [("pres", filters.near.ref), ("km", f"{filters.near.kilometres:g}")]
    if filters.zone is not None:
        pairs.append(("zone", filters.zone.ref))
    if filters.section is Section.TO_CHECK:
        pairs.append(("verdict", str(Section.TO_CHECK.value)))
    return pairs


def chips(asked: ListQuery, home: Territory | None) -> list[dict[str, str]]:
    """The active filters in words, each with the address of the list without it."""
    filters, extra = asked.filters, asked.extra
    pairs = to_pairs(filters, home)
    found: list[dict[str, str]] = []
    for pair in pairs:
        if pair[0] in ("verdict", "km") or pair == ("territoire", EVERYWHERE):
            continue
        rest = [other for other in pairs if other != pair and (pair[0] != "pres" or other[0] != "km")]
        if pair[0] == "territoire" and home is not None:
            rest.append(("territoire", EVERYWHERE))
        found.append(_chip(*_words(pair, asked), rest, extra))
    if home is not None and filters.place is not None and filters.place.ref == home.ref:
        found.append(_chip(_("Territoire"), filters.place.name, [*pairs, ("territoire", EVERYWHERE)], extra))
    return found


def _chip(
    name: str, label: str, rest: Sequence[tuple[str, str]], extra: Sequence[tuple[str, str]]
) -> dict[str, str]:
    return {"name": name, "label": label, "remove_url": "?" + urlencode([*rest, *extra])}


def _words(pair: tuple[str, str], asked: ListQuery) -> tuple[str, str]:
    name, value = pair
    place, near = asked.filters.place, asked.filters.near
    if name == "q":
        return _("Recherche"), f"« {value} »"
    if name == "territoire":
        return _("Territoire"), place.name if place else value
    if name == "pres" and near is not None:
        return _("Distance"), near_words(near)
    if name == "zone":
        return _("Carte"), _("dans la zone choisie")
    if name == "cree":
        return _("Créées en"), value
    if name == "quartier" and asked.filters.in_quarter is not None:
        return _("Quartier prioritaire"), asked.filters.in_quarter.name
    if name == "employeur":
        return "", _("Employeuses seulement")
    choices: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {
        "famille": (_("Famille"), Family.choices()),
        "secteur": (_("Secteur"), sector_choices()),
        "taille": (_("Effectif"), SizeGroup.choices()),
        "etiquette": (_("Étiquette"), _tags([value])),
        "epci": (_("Intercommunalité"), [(value, asked.names.get(pair, value))]),
        "commune": (_("Commune"), [(value, asked.names.get(pair, value))]),
        "qpv": (_("Quartier prioritaire"), Quarter.choices()),
        "creation": (_("Création"), CreationBand.choices()),
    }
    label, known = choices[name]
    return label, dict(known)[value]


def near_words(near: Near) -> str:
    """« à moins de 5 km d’Auterive »."""
    return _("à moins de %(km)s km %(place)s") % {"km": f"{near.kilometres:g}", "place": near.of_name}


def facet_groups(facets: Facets) -> list[dict[str, Any]]:
    """The facets as the page shows them, the most used first and the others folded; of the communes, those with
    most organisations.
    """
    return [
        _group("secteur", _("Secteur d’activité"), facets.sectors),
        _group("etiquette", _("Étiquette"), facets.tags),
        _group("famille", _("Famille"), facets.families, marks=True),
        _group("taille", _("Effectif"), facets.sizes),
        _folded("epci", _("Intercommunalité"), _first(facets.epcis)),
        _folded("commune", _("Commune"), _first(facets.communes)),
        _folded("qpv", _("Quartier prioritaire"), facets.quarters),
        _folded("creation", _("Année de création"), facets.years),
    ]


def _first(values: Sequence[Value]) -> list[Value]:
    """The first values, and all those chosen. A facet of one value that nobody chose says nothing."""
    if len(values) == 1 and not values[0].selected:
        return []
    return [value for rank, value in enumerate(values) if rank < SHOWN or value.selected]


def _group(name: str, label: str, options: Sequence[Value], *, marks: bool = False) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "marks": marks}


def _folded(name: str, label: str, options: Sequence[Value]) -> dict[str, Any]:
    """A group that opens on demand; already open when one of its values is chosen."""
    return _group(name, label, options) | {"folded": not any(option.selected for option in options)}
