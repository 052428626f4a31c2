"""What the pages of territories say, put in the words of the components."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from essor.kernel.french import number
from essor.territories.enums import Kind, PositionSource
from essor.territories.models import Load, Territory
from essor.territories.rules import powers_of


def names_with_place(rows: Iterable[Territory]) -> list[dict[str, Any]]:
    """Rows of a table: the territory, its level, and the département that tells homonyms apart."""
    return [
        {
            "territory": row,
            "level": row.get_epci_type_display() if row.epci_type else row.get_kind_display(),
            "departement": row.departement if row.kind in (Kind.COMMUNE, Kind.EPCI, Kind.EPT) else None,
        }
        for row in rows
    ]


def crumbs_of(territory: Territory) -> list[dict[str, str]]:
    """From the list of territories down to this one."""
    parents = [territory.region, territory.departement, territory.collectivite, territory.epci]
    if territory.kind in (Kind.EPCI, Kind.EPT):
        parents = [territory.region, territory.departement]
    return [
        {"label": _("Territoires"), "url": reverse("territories:index")},
        *({"label": parent.name, "url": parent.get_absolute_url()} for parent in parents if parent),
        {"label": territory.name, "url": ""},
    ]


def facts_of(territory: Territory, reference: Load | None) -> list[dict[str, Any]]:
    """Identity, population, parents, powers, position: each with its source."""
    source = reference.source if reference else ""
    powers = powers_of(territory.kind, territory.code)
    facts: list[dict[str, Any]] = [
        {
            "label": _("Référence"),
            "value": territory.ref,
            "note": _("À écrire dans les commandes et les filtres."),
        },
        {"label": _("Millésime"), "value": str(territory.vintage), "source": source},
    ]
    if territory.kind not in (Kind.REGION, Kind.DEPARTEMENT, Kind.COLLECTIVITE, Kind.FRANCE):
        facts.append({"label": _("SIREN"), "value": territory.siren})
    if territory.population is not None:
        note = "" if territory.kind == Kind.COMMUNE else _("Somme des communes.")
        facts.append(
            {"label": _("Population municipale"), "value": number(territory.population), "note": note}
        )
    for label, parent in (
        (_("Intercommunalité"), territory.epci),
        (_("Établissement public territorial"), territory.ept),
        (_("Département"), territory.departement),
        (_("Collectivité"), territory.collectivite),
        (_("Région"), territory.region),
    ):
        if parent:
            facts.append({"label": label, "value": parent.name, "url": parent.get_absolute_url()})
    if territory.kind != Kind.FRANCE:
        levels = ", ".join(level.label for level in sorted(powers.levels)) or _("Aucune")
        note = f"{powers.explanation} {powers.certainty.public_note}".strip()
        facts.append(
            {"label": _("Compétences exercées"), "value": levels, "note": note, "source": powers.source}
        )
    if territory.kind == Kind.COMMUNE:
        facts.append(_position(territory))
    return facts


def _position(territory: Territory) -> dict[str, Any]:
    if territory.lon is None or territory.lat is None:
        return {
            "label": _("Position"),
            "value": "",
            "note": _("Chargez les contours officiels pour la connaître."),
        }
    value = f"{number(territory.lat, 4)} N, {number(territory.lon, 4)} E"
    source = PositionSource(territory.position_source).label
    return {"label": _("Position"), "value": value, "note": source}
