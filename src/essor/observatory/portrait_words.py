"""What the page of a portrait says, in the words of the components."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from essor.indicators.definition import Indicator
from essor.indicators.periods_typed import say_span
from essor.indicators.words import EURO, say_number
from essor.kernel import french
from essor.observatory import figures, ranks
from essor.observatory.columns import Column, Dated, place_of
from essor.observatory.portrait import Covered, Portrait
from essor.observatory.ranks import Ranked
from essor.observatory.rules_finding import about
from essor.registry.models import Edition
from essor.territories.enums import Kind
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

# Address of the page of an indicator on a territory: (code, reference) → address.
Link = Callable[[str, str], str]
INSIDE_SHOWN = 20
LARGE = 10_000  # euros: beyond, cents say nothing


def stats(portrait: Portrait, link: Link) -> list[dict[str, Any]]:
    """The key figures; those of the register first, then the official ones, each with its source."""
    mine = portrait.mine
    notes = {
        figures.ESTABLISHMENTS: _of_which(mine, figures.EMPLOYING, _("emploient"), _("emploie")),
        figures.ORGANISATIONS: _of_which(mine, figures.EMPLOYERS, _("emploient"), _("emploie")),
        figures.DENSITY: _rank(portrait, figures.DENSITY),
        figures.JOBS: _bounds(mine),
    }
    found = []
    for code in (figures.ESTABLISHMENTS, figures.ORGANISATIONS, figures.JOBS, figures.DENSITY):
        stat = _stat(portrait, code, link)
        if stat:
            found.append(stat | {"note": notes[code]})
    for jobs, share in (
        (figures.FLORES_JOBS, figures.FLORES_SHARE),
        (figures.URSSAF_JOBS, figures.URSSAF_SHARE),
    ):
        found += [stat for code in (jobs, share) if (stat := _stat(portrait, code, link))]
    return found


def _stat(portrait: Portrait, code: str, link: Link) -> dict[str, Any] | None:
    dated = portrait.mine.whole(code)
    indicator = portrait.known.get(code)
    if dated is None or dated.value is None or indicator is None:
        return None
    value, label = say_number(indicator, dated.value), indicator.label
    if code == figures.JOBS:
        value, label = f"≈{french.NBSP}{french.number(about(dated.value))}", _("emplois, estimés")
    elif code.startswith(("flores.", "urssaf.")):
        label = f"{label}, {say_span(dated.span)}"
    return {
        "value": value,
        "label": label,
        "note": _terms(indicator, dated),
        "source": dated.cell.source or indicator.source,
        "day": dated.cell.day,
        "source_url": link(code, portrait.mine.ref),
    }


def _terms(indicator: Indicator, dated: Dated) -> str:
    """The two terms of a share: « 84 123 sur 592 400 »."""
    seen = dated.cell.observed
    if not indicator.is_share or seen is None:
        return ""
    return _("%(top)s sur %(bottom)s") % {
        "top": french.number(seen.numerator),
        "bottom": french.number(seen.denominator),
    }


def _of_which(mine: Column, code: str, several: str, one: str) -> str:
    value = mine.value(code)
    if value is None:
        return ""
    return _("dont %(number)s %(verb)s") % {
        "number": french.number(value),
        "verb": several if value >= 2 else one,
    }


def _bounds(mine: Column) -> str:
    least, most = mine.value(figures.JOBS_LEAST), mine.value(figures.JOBS_MOST)
    if least is None or most is None:
        return _("d’après les tranches d’effectif")
    return _("entre %(least)s et %(most)s, d’après les tranches d’effectif") % {
        "least": french.number(least),
        "most": french.number(most),
    }


def _rank(portrait: Portrait, code: str) -> str:
    return ranks.said(portrait.ranks.get(code, ())[:1])


@dataclass(frozen=True)
class Group:
    """Lines of one source; the period, the source and the day that most of them share are said once."""

    label: str
    shared: str
    lines: Sequence[dict[str, Any]]


def groups(
    columns: Sequence[Column],
    known: Mapping[str, Indicator],
    link: Link,
    ranks_of: Mapping[str, Sequence[Ranked]] | None = None,
) -> list[Group]:
    """The table that compares: a line an indicator that one of the places has, by source."""
    found = []
    for label, codes in figures.GROUPS:
        lines = [line for code in codes if (line := _line(columns, code, known, link, ranks_of or {}))]
        if lines:
            common, _count = Counter(line["provenance"] for line in lines).most_common(1)[0]
            for line in lines:
                own = (
                    part for part, shared in zip(line["provenance"], common, strict=True) if part != shared
                )
                line["own"] = " · ".join(own)
            found.append(Group(str(label), " · ".join(common), lines))
    return found


def _line(
    columns: Sequence[Column],
    code: str,
    known: Mapping[str, Indicator],
    link: Link,
    ranks_of: Mapping[str, Sequence[Ranked]],
) -> dict[str, Any] | None:
    """A line; its period is that of the first place that has the figure."""
    indicator = known.get(code)
    first = next((found for column in columns if (found := column.whole(code))), None)
    if indicator is None or first is None:
        return None
    return {
        "code": code,
        "label": indicator.label,
        "unit": indicator.unit,
        "provenance": provenance(first, indicator),
        "cells": [cell(indicator, column.whole(code), first) for column in columns],
        "rank": [str(each) for each in ranks_of.get(code, ())],
        "url": link(code, columns[0].ref),
    }


def provenance(dated: Dated, indicator: Indicator) -> tuple[str, str]:
    """« novembre 2026 », « Registre de l’ESS d’Essor, 1er novembre 2026 »."""
    source = dated.cell.source or indicator.source
    day = f", {french.day(dated.cell.day)}" if dated.cell.day else ""
    return say_span(dated.span), f"{source}{day}"


def cell(indicator: Indicator, dated: Dated | None, mine: Dated | None) -> str:
    """A figure of a table: its period is said when it is another than the first column's."""
    if dated is None:
        return french.UNKNOWN
    if dated.value is None:
        return dated.cell.result.reason or french.UNKNOWN
    said = figure(indicator, dated.value)
    if mine is not None and dated.span != mine.span:
        return f"{said} ({say_span(dated.span)})"
    return said


def figure(indicator: Indicator, value: Decimal) -> str:
    """A figure as the pages of the observatory write it: large amounts in euros without cents."""
    if indicator.unit == EURO and value >= LARGE:
        return french.euros(value.quantize(Decimal(1), ROUND_HALF_UP), 0)
    return say_number(indicator, value)


def coverage(portrait: Portrait) -> dict[str, str] | None:
    """Why the register says nothing here, and what to do; None when it speaks."""
    place = portrait.mine.place
    texts = {
        Covered.PARTLY: (
            _("Le registre ne couvre qu’en partie %(the)s"),
            _(
                "Un total partiel tromperait : aucun chiffre du registre n’est donné ici. Le registre chargé porte sur "
                "%(scope)s ; l’administration de l’installation peut l’étendre."
            ),
        ),
        Covered.OUTSIDE: (
            _("Le registre ne couvre pas %(the)s"),
            _(
                "Le registre chargé porte sur %(scope)s. L’administration de l’installation peut l’étendre à ce "
                "territoire."
            ),
        ),
        Covered.NO_EDITION: (
            _("Le registre n’est pas encore chargé"),
            _("L’administration de l’installation construit et charge une première édition du registre."),
        ),
        Covered.NOT_YET: (
            _("Les chiffres de l’édition sont en cours de calcul"),
            _(
                "Ils s’afficheront ici dans quelques minutes ; l’administration peut suivre le travail en cours."
            ),
        ),
    }
    if portrait.covered not in texts:
        return None
    title, text = texts[portrait.covered]
    said = {"of": place.of, "the": place.the, "scope": scope_name(portrait.edition)}
    return {"title": title % said, "text": text % said}


def scope_name(edition: Edition | None) -> str:
    """The territory of an edition by its name; the reference that was typed when no territory bears it."""
    try:
        return place_of(resolve(edition.scope)).the if edition else ""
    except UnknownTerritoryError:
        return edition.scope if edition else ""


def missing(portrait: Portrait, sources_url: str) -> list[dict[str, str]]:
    """What the page does not say, why, and what to do."""
    mine, found = portrait.mine, []
    if portrait.covered is Covered.WHOLE and mine.value(figures.JOBS) is None:
        found.append(
            {
                "title": _("Emplois estimés"),
                "text": _("Ils viendront avec le prochain calcul des indicateurs du registre (chaque nuit)."),
            }
        )
    if all(mine.value(code) is None for code in (figures.FLORES_JOBS, figures.URSSAF_JOBS)):
        found.append(
            {
                "title": _("Emplois exacts"),
                "text": _(
                    "Aucun tableau officiel chargé ne donne les emplois de ce territoire. L’administration de "
                    "l’installation charge ceux de l’Insee (base Flores) ou de l’Urssaf."
                ),
                "url": sources_url,
            }
        )
    if all(mine.value(code) is None for code in (figures.FLORES_SHARE, figures.URSSAF_SHARE)):
        found.append(
            {
                "title": _("Part de l’emploi privé"),
                "text": _(
                    "Il faut les emplois de l’ESS et tous les emplois privés dans un même tableau officiel : aucun "
                    "tableau chargé ne donne les deux pour ce territoire. Une estimation ne les remplace pas."
                ),
                "url": sources_url,
            }
        )
    if portrait.silent and mine.place.kind != Kind.FRANCE:
        names = french_list([place_name(each) for each in portrait.silent])
        found.append(
            {
                "title": _("Comparaison avec %(names)s") % {"names": names},
                "text": _(
                    "Aucune valeur : le registre ne les couvre pas en entier et aucun tableau n’en parle."
                )
                if len(portrait.silent) > 1
                else _("Aucune valeur : le registre ne le couvre pas en entier et aucun tableau n’en parle."),
            }
        )
    return found


def place_name(territory: Territory) -> str:
    """« la Haute-Garonne », « Toulouse »."""
    return place_of(territory).the


def french_list(names: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s et %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def inside_title(territory: Territory) -> str:
    """What the list of the territories inside is called."""
    titles = {
        Kind.FRANCE: _("Les régions et les collectivités d’outre-mer"),
        Kind.REGION: _("Les départements %(of)s"),
        Kind.DEPARTEMENT: _("Les intercommunalités présentes dans ce territoire"),
        Kind.COLLECTIVITE: _("Les intercommunalités ou les communes de ce territoire"),
        Kind.COMMUNE: _("Les communes %(of)s"),
    }
    place = (territory.epci or territory.collectivite) if territory.kind == Kind.COMMUNE else territory
    text = titles.get(Kind(territory.kind), _("Les communes %(of)s"))
    return text % {"of": (place or territory).of_name}


def inside_rows(portrait: Portrait, address: Callable[[Territory], str]) -> list[dict[str, Any]]:
    """The territories inside with their main figures, the largest first; the one shown stands out."""
    mine = portrait.mine.territory
    rows = []
    for column in portrait.inside[:INSIDE_SHOWN]:
        assert column.territory is not None  # noqa: S101  # columns of territories
        rows.append(
            {
                "name": column.place.name,
                "url": address(column.territory),
                "is_mine": mine is not None and column.territory.pk == mine.pk,
                "cells": [
                    cell(portrait.known[code], column.whole(code), None) for code in shown_inside(portrait)
                ],
            }
        )
    return rows


def shown_inside(portrait: Portrait) -> list[str]:
    """The main figures that at least one of the territories inside has."""
    return [
        code
        for code in figures.MAIN
        if code in portrait.known and any(column.value(code) is not None for column in portrait.inside)
    ]
