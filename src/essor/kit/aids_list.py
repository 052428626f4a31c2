"""The list of aids as its address asks it: words, audiences, themes, natures, goals, place; facets with their counts.

Saved alerts keep the same address: what the list shows is what they tell.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kit.enums_aids import Audience, Nature
from essor.kit.enums_support import Goal, Theme
from essor.kit.models.aids import Aid, AidQuerySet
from essor.kit.models.support import touching
from essor.kit.places_support import place_asked
from essor.territories.enums import Kind
from essor.territories.models import Territory

MAX_TEXT = 100
NEW_DAYS, SOON_DAYS = 30, 30
# Name in the address → column, choices, label.
CODED: dict[str, tuple[str, Any, Any]] = {
    "pour": ("audience_codes", Audience, gettext_lazy("Pour qui")),
    "theme": ("theme_codes", Theme, gettext_lazy("Thème")),
    "nature": ("kind_codes", Nature, gettext_lazy("Nature")),
    "odd": ("goal_codes", Goal, gettext_lazy("Objectif de développement durable")),
}
YES: dict[str, Any] = {
    "appels": gettext_lazy("Appels à projets"),
    "nouvelles": gettext_lazy("Nouvelles depuis 30 jours"),
    "bientot": gettext_lazy("Ferment d’ici 30 jours"),
    "closes": gettext_lazy("Closes"),
}
# How lists say « everywhere in France », as `place_key` holds it.
EVERYWHERE = (
    "",
    "france",
    "france entiere",
    "france metropolitaine",
    "national",
    "nationale",
    "toute la france",
)


@dataclass(frozen=True)
class Asked:
    """What the address asks: words, codes by facet, lists, yes-or-no filters, place (`unknown`: nobody knows it)."""

    text: str = ""
    codes: dict[str, list[str]] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    yes: frozenset[str] = frozenset()
    place: Territory | None = None
    unknown: str = ""


def read(query: QueryDict) -> Asked:
    """Read the address; unknown codes are ignored."""
    written = query.get("lieu", "").strip()
    place = place_asked(written)
    return Asked(
        text=query.get("q", "").strip()[:MAX_TEXT],
        codes={
            name: [code for code in dict.fromkeys(query.getlist(name)) if code in choices.values]
            for name, (_column, choices, _label) in CODED.items()
        },
        lists=[name[:100] for name in query.getlist("liste")[:20]],
        yes=frozenset(name for name in YES if query.get(name) == "oui"),
        place=place,
        unknown=written[:MAX_TEXT] if written and place is None else "",
    )


def pairs(asked: Asked) -> list[tuple[str, str, str]]:
    """The filters as they stand in an address: name, value, words."""
    found = [("q", asked.text, asked.text)] if asked.text else []
    for name, (_column, choices, _label) in CODED.items():
        found += [(name, code, str(choices(code).label)) for code in asked.codes.get(name, [])]
    found += [("liste", name, name) for name in asked.lists]
    if asked.place is not None:
        found.append(("lieu", asked.place.ref, asked.place.name))
    return found + [(name, "oui", str(label)) for name, label in YES.items() if name in asked.yes]


def address_of(asked: Asked) -> str:
    """The query of an address that asks the same, nothing unknown in it."""
    return urlencode([(name, value) for name, value, _words in pairs(asked)])


def in_words(asked: Asked) -> str:
    """What is asked, in words."""
    return ", ".join(words for _name, _value, words in pairs(asked)) or _("toutes les aides")


def chips(asked: Asked, path: str) -> list[dict[str, str]]:
    """The active filters, each with the address that leaves it out."""
    every = pairs(asked)
    return [
        {
            "label": words,
            "remove_url": f"{path}?{urlencode([(n, v) for n, v, _w in every if (n, v) != (name, value)])}",
        }
        for name, value, words in every
    ]


def found(asked: Asked, day: date, but: str = "") -> AidQuerySet:
    """The aids that answer on a day, `but` one filter."""
    rows: AidQuerySet = Aid.objects.matching(asked.text)
    rows = rows.closed_on(day) if "closes" in asked.yes else rows.open_on(day)
    if "appels" in asked.yes:
        rows = rows.filter(is_call=True)
    if "nouvelles" in asked.yes:
        rows = rows.new_since(day - timedelta(days=NEW_DAYS))
    if "bientot" in asked.yes:
        rows = rows.closing_by(day + timedelta(days=SOON_DAYS))
    for name, (column, _choices, _label) in CODED.items():
        if asked.codes.get(name) and but != name:
            rows = rows.with_codes(column, asked.codes[name])
    if asked.lists and but != "liste":
        rows = rows.filter(source__in=asked.lists)
    return rows.filter(near(asked.place)) if asked.place is not None else rows


def near(place: Territory) -> Q:
    """Aids of the whole of France, and those whose perimeter is, holds or lies in the place.

    A perimeter is known by its name: two territories of the same name are both taken.
    """
    keys = set(Aid.objects.order_by().values_list("place_key", flat=True).distinct()) - set(EVERYWHERE)
    named: dict[int, str] = {}
    for start in range(0, len(keys), 500):
        some = sorted(keys)[start : start + 500]
        rows = Territory.objects.active().filter(sort_key__in=some).exclude(kind=Kind.FRANCE)
        named |= dict(rows.values_list("pk", "sort_key"))
    around = touching(place, set(named)) if named else set()
    return Q(place_key__in=[*EVERYWHERE, *sorted({named[pk] for pk in around})])


def facets(asked: Asked, day: date) -> list[dict[str, Any]]:
    """The choices of each facet, with how many aids each would give."""
    shown = []
    for name, (column, choices, label) in CODED.items():
        counts: dict[str, int] = {}
        chosen = asked.codes.get(name, [])
        for codes, count in (
            found(asked, day, but=name).order_by().values_list(column).annotate(n=Count("pk"))
        ):
            for code in codes.strip("|").split("|"):
                counts[code] = counts.get(code, 0) + count
        options = [
            {"value": code, "label": words, "count": counts.get(code, 0), "selected": code in chosen}
            for code, words in choices.choices
            if counts.get(code) or code in chosen
        ]
        facet: dict[str, Any] = {"name": name, "label": label, "options": options}
        if name != "pour":
            facet["folded"] = not chosen
        shown.append(facet)
    lists = dict(found(asked, day, but="liste").order_by().values_list("source").annotate(n=Count("pk")))
    options = [
        {"value": name, "label": name, "count": lists.get(name, 0), "selected": name in asked.lists}
        for name in sorted({*lists, *asked.lists})
    ]
    return [*shown, {"name": "liste", "label": _("D’où elle vient"), "options": options}]
