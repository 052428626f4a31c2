"""The directory of support as its address asks it: words, codes of the four axes, place; facets with their counts."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from essor.kit.enums_support import CHOICES, PARAMETERS, Axis
from essor.kit.models.support import OPEN_AXES, Supporter, SupporterQuerySet, SupportMark
from essor.kit.places_support import place_asked
from essor.territories.models import Territory

EVERYWHERE = "partout"
MAX_TEXT = 100
FOLDED = OPEN_AXES | {Axis.GOAL}


@dataclass(frozen=True)
class Asked:
    """What the address asks. `unknown` is a place that nobody knows."""

    text: str = ""
    codes: dict[str, list[str]] = field(default_factory=dict)
    place: Territory | None = None
    is_home: bool = False
    unknown: str = ""
    closed: bool = False


def read(query: QueryDict, home: Territory | None, *, may_see_closed: bool = False) -> Asked:
    """Read the address; unknown codes are ignored. `home` limits the list unless another place is asked."""
    codes = {
        axis: [code for code in query.getlist(name) if code in CHOICES[axis].values]
        for axis, name in PARAMETERS.items()
    }
    written = query.get("lieu", "").strip()
    everywhere = written == EVERYWHERE
    found = None if everywhere else place_asked(written)
    is_home = home is not None and not everywhere and found in (None, home)
    return Asked(
        text=query.get("q", "").strip()[:MAX_TEXT],
        codes=codes,
        place=home if is_home else found,
        is_home=is_home,
        unknown=written if written and not everywhere and found is None else "",
        closed=may_see_closed and query.get("fermes") == "oui",
    )


def base(asked: Asked, authority_id: int | None) -> SupporterQuerySet:
    """The supporters that this frame knows, around the place, whose words answer; the axes are left aside."""
    rows: SupporterQuerySet = Supporter.objects.known_to(authority_id)
    if not asked.closed:
        rows = rows.opened()
    if asked.place is not None:
        rows = rows.around(asked.place)
    return rows.matching(asked.text)


@dataclass(frozen=True)
class Found:
    """The supporters that answer, by id in the order of their names, and the choices of each axis."""

    ids: list[int]
    facets: list[dict[str, Any]]

    def rows(self, ids: list[int]) -> list[Supporter]:
        """Those of a page, in its order, with what a line shows."""
        read_rows = Supporter.objects.select_related("territory", "authority").prefetch_related("marks")
        known = read_rows.in_bulk(ids)
        return [known[pk] for pk in ids if pk in known]


Marks = dict[int, dict[str, set[str]]]


def find(asked: Asked, authority_id: int | None) -> Found:
    """What the address gives. A directory has some hundreds of rows: the axes are crossed and counted in memory."""
    order = list(base(asked, authority_id).values_list("pk", flat=True))
    marks: Marks = {pk: {axis: set() for axis in CHOICES} for pk in order}
    read_marks = SupportMark.objects.filter(supporter__in=order)
    for pk, axis, code in read_marks.values_list("supporter_id", "axis", "code"):
        marks[pk][axis].add(code)
    ids = [pk for pk in order if _answers(marks[pk], asked)]
    return Found(ids, [_facet(axis, order, marks, asked) for axis in CHOICES])


def _answers(marks: dict[str, set[str]], asked: Asked, but: str = "") -> bool:
    """Whether it answers on every axis asked, `but` one."""
    return all(
        _serves(marks, axis, set(codes)) for axis, codes in asked.codes.items() if codes and axis != but
    )


def _serves(marks: dict[str, set[str]], axis: str, codes: set[str]) -> bool:
    return bool(marks[axis] & codes) or (axis in OPEN_AXES and not marks[axis])


def _facet(axis: str, order: list[int], marks: Marks, asked: Asked) -> dict[str, Any]:
    rows = [marks[pk] for pk in order if _answers(marks[pk], asked, but=axis)]
    chosen = asked.codes[axis]
    options = [
        {
            "value": code,
            "label": label,
            "count": sum(_serves(each, axis, {code}) for each in rows),
            "selected": code in chosen,
        }
        for code, label in CHOICES[axis].choices
    ]
    facet: dict[str, Any] = {"name": PARAMETERS[axis], "label": Axis(axis).label, "options": options}
    if axis in FOLDED:
        facet["folded"] = not chosen
    return facet


def pairs(asked: Asked) -> list[tuple[str, str]]:
    """The filters as they stand in an address."""
    found_pairs = [("q", asked.text)] if asked.text else []
    found_pairs += [(PARAMETERS[axis], code) for axis, codes in asked.codes.items() for code in codes]
    if asked.place is not None and not asked.is_home:
        found_pairs.append(("lieu", asked.place.ref))
    if asked.closed:
        found_pairs.append(("fermes", "oui"))
    return found_pairs


def chips(asked: Asked, path: str) -> list[dict[str, str]]:
    """The active filters, each with the address that leaves it out."""
    every = pairs(asked)

    def without(pair: tuple[str, str]) -> str:
        return f"{path}?{urlencode([one for one in every if one != pair])}"

    names = {PARAMETERS[axis]: (Axis(axis).label, dict(CHOICES[axis].choices)) for axis in CHOICES}
    shown = []
    for name, value in every:
        if name in names:
            label, words = names[name]
            shown.append({"name": label, "label": words[value], "remove_url": without((name, value))})
        elif name == "q":
            shown.append({"name": _("Mots"), "label": value, "remove_url": without((name, value))})
        elif name == "lieu" and asked.place is not None:
            shown.append({"name": _("Lieu"), "label": asked.place.name, "remove_url": without((name, value))})
        elif name == "fermes":
            shown.append({"name": "", "label": _("Avec les fermés"), "remove_url": without((name, value))})
    return shown
