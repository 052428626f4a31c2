"""The families of the law and those of INSEE: two counts side by side, and the mapping."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from essor.indicators import catalogue
from essor.indicators.forms import find_territory
from essor.indicators.links import address as indicator_address
from essor.indicators.views_indicator import home_of
from essor.indicators.words import say_number, say_place
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.charts import Chart, Datum, bar_chart, raw
from essor.kernel.periods import today
from essor.observatory import links
from essor.observatory.access import everyone
from essor.observatory.families import JOBS, SITES, Compared, Side, compare, explained
from essor.registry import perimeter_store
from essor.registry.enums import Certainty, Family
from essor.registry.nomenclatures import naf_label
from essor.registry.perimeter import Perimeter
from essor.registry.rules_insee import InseeFamily, Mapped, insee_table, mapping
from essor.territories.models import Territory

# How sure a line of INSEE's lists is: they stand in no legal text, the general words would mislead.
SURE = {
    Certainty.MEMORY: _lazy("Reconstruit d’après la nomenclature, à vérifier"),
    Certainty.UNKNOWN: _lazy("Supposition, à vérifier"),
}
Chosen = tuple[Territory | None, str]


def _asked(request: HttpRequest) -> Chosen:
    """The territory of the address, else that of the frame or of the register; and what was asked that nobody knows."""
    written = request.GET.get("territoire", "").replace("\x00", "").strip()[:150]
    if written:
        try:
            return find_territory(written, exact=False), ""
        except LookupError:
            return home_of(request), written
    return home_of(request), ""


@access(everyone)
@require_safe
def families(request: HttpRequest) -> HttpResponse:
    """Both counts of a territory, what explains the gap, and the stated mapping."""
    territory, wrong = _asked(request)
    known = catalogue.everything()
    both = [compare(codes, territory, known) for codes in (SITES, JOBS)] if territory else []
    sites = both[0] if both and both[0].is_known else None
    table, perimeter = insee_table(), perimeter_store.in_force(today())
    context = {
        "page_title": _("Familles de l’ESS : la loi et l’Insee"),
        "finding": _finding(territory, sites),
        "crumbs": [
            {"label": _("Observatoire"), "url": links.address(request, "observatory")},
            {"label": _("Familles"), "url": ""},
        ],
        "territory": territory,
        "wrong_place": wrong,
        "tables": [_table(request, each, territory) for each in both if each.is_known and territory],
        "charts": [*_charts(sites)] if sites else [],
        "reasons": explained(sites, both[1]) if sites else [],
        "groups": _groups(perimeter),
        "exclusions": [(prefix, _activity(prefix, perimeter)) for prefix in table.excluded],
        "excluded_for": ", ".join(each.label for each in InseeFamily if each in table.excluded_for),
        "table": table,
        "csv_url": links.address(request, "families-csv", territoire=territory.ref if territory else ""),
        "mapping_url": links.address(request, "families-mapping"),
    }
    return render(request, "observatory/families.html", context)


def _finding(territory: Territory | None, sites: Compared | None) -> str:
    """The title: how many establishments one counts and the other does not."""
    if territory is None or sites is None:
        return _("Familles de l’ESS : ce que compte la loi, ce que compte l’Insee")
    said = {
        "place": say_place(territory),
        "gap": say_number(sites.indicator, abs(sites.gap)),
        "ours": say_number(sites.indicator, sites.ours.whole),
    }
    if not sites.gap:
        return (
            _("%(place)s : la loi de 2014 et l’Insee comptent les mêmes %(ours)s établissements employeurs")
            % said
        )
    if sites.gap > 0:
        return (
            _(
                "%(place)s : sur %(ours)s établissements employeurs selon la loi de 2014, "
                "l’Insee en laisse %(gap)s de côté"
            )
            % said
        )
    return _("%(place)s : l’Insee compte %(gap)s établissements employeurs de plus que la loi de 2014") % said


def _table(request: HttpRequest, both: Compared, territory: Territory) -> dict[str, Any]:
    """One comparison, written."""

    def say(value: Decimal | None) -> str:
        return say_number(both.indicator, value)

    return {
        "title": both.indicator.label,
        "has_published": both.published.whole is not None,
        "published": _told(both.published),
        "ours": _told(both.ours),
        "ours_url": indicator_address(request, "indicator", both.indicator.code, territoire=territory.ref),
        "total": [say(side.whole) for side in (both.ours, both.insee, both.published)],
        "lines": [
            {
                "label": line.label,
                "family": line.family,
                "ours": say(line.ours),
                "insee": say(line.insee),
                "published": say(line.published),
            }
            for line in both.lines
        ],
    }


def _told(side: Side) -> dict[str, Any]:
    return {"source": side.source, "day": side.day}


def _charts(both: Compared) -> Sequence[Chart]:
    """One chart a count: they are never drawn on the same axis as parts of one whole."""

    def write(value: object) -> str:
        return say_number(both.indicator, Decimal(str(value)))

    law = [Datum(line.label, line.ours, family=line.family) for line in both.lines if line.ours is not None]
    insee = [
        Datum(line.label, line.insee, family=line.family) for line in both.lines if line.insee is not None
    ]
    said = {"ours": write(both.ours.whole), "insee": write(both.insee.whole)}
    return (
        bar_chart(
            _("Selon la loi de 2014 : %(ours)s établissements employeurs") % said,
            law,
            write=write,
            value_label=both.indicator.unit,
        ),
        bar_chart(
            _("Au sens de l’Insee : %(insee)s établissements employeurs") % said,
            insee,
            write=write,
            value_label=both.indicator.unit,
            note=_(
                "Sans les sociétés commerciales de l’ESS ni les autres organismes privés à but non lucratif."
            ),
        ),
    )


def _activity(prefix: str, perimeter: Perimeter) -> str:
    """The words of an activity left out; a division is named by the perimeter of the law, which leaves it out too."""
    named = (rule.label for rule in perimeter.exclusions if rule.prefix == prefix)
    return naf_label(prefix) or next(named, "")


def _groups(perimeter: Perimeter) -> list[dict[str, Any]]:
    """The mapping by family of ours, then what INSEE alone counts."""
    by_family: Callable[[Mapped], Family | None] = lambda each: each.ours  # noqa: E731
    return [
        {
            "family": str(ours.value) if ours else "",
            "label": str(ours.label) if ours else _("Comptées par l’Insee seul"),
            "rows": [
                {
                    "code": row.code,
                    "label": row.label,
                    "ours": row.ours,
                    "insee": row.insee,
                    "sure": _sure(row),
                }
                for row in rows
            ],
        }
        for ours, rows in groupby(mapping(perimeter), key=by_family)
    ]


def _sure(row: Mapped) -> str:
    """How sure a line of the mapping is, in words."""
    return str(SURE.get(row.certainty, row.certainty.label))


@access(everyone)
@require_safe
def families_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Both counts of the territory, one line a family and a count."""
    territory, _wrong = _asked(request)
    known = catalogue.everything()
    head = ["territoire", "nom", "indicateur", "perimetre", "famille", "valeur", "date_source", "source"]
    rows: list[list[str]] = []
    for codes in (SITES, JOBS) if territory else ():
        assert territory is not None  # noqa: S101  # the loop is empty without it
        both = compare(codes, territory, known)
        sides = ((codes[0], "loi de 2014", both.ours), (codes[1], "Insee, d’après le registre", both.insee),
                 (codes[2], "Insee, publié", both.published))  # fmt: skip
        for code, words, side in sides:
            for part, value in (("", side.whole), *side.parts.items()):
                if value is not None:
                    day = side.day.isoformat() if side.day else ""
                    rows.append(
                        [territory.ref, territory.name, code, words, part, raw(value), day, side.source]
                    )
    return csv_response(f"familles-{territory.code if territory else 'ess'}", head, rows)


@access(everyone)
@require_safe
def families_mapping(_request: HttpRequest) -> StreamingHttpResponse:
    """The mapping, for a spreadsheet."""
    rows = [
        [
            each.code,
            each.label,
            str(each.ours.label) if each.ours else "",
            str(each.insee.label) if each.insee else "",
            _sure(each),
            each.source,
        ]
        for each in mapping(perimeter_store.in_force(today()))
    ]
    head = ["categorie_juridique", "libelle", "famille_loi_2014", "famille_insee", "certitude", "source"]
    return csv_response("familles-correspondance", head, rows)
