"""An edition in words: its territory, its sources, what was counted at each step."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.charts import Chart, Datum, bar_chart
from essor.kernel.french import number
from essor.registry.enums import Family, Verdict
from essor.registry.models import Edition
from essor.registry.provenance import read_day, source_label
from essor.registry.words import size_words
from essor.territories import queries as territories

STATE_TONES = {
    Edition.State.BUILT: "info",
    Edition.State.LOADING: "wait",
    Edition.State.IN_FORCE: "ok",
    Edition.State.SUPERSEDED: "neutral",
    Edition.State.FAILED: "no",
}
# Counts of the manifest that follow one another: each is a part of the one before.
FUNNEL: dict[str, Any] = {
    "legal_units": gettext_lazy("Unités légales lues dans Sirene"),
    "candidates": gettext_lazy("Candidates : forme, indicateur ou liste de l’ESS"),
    "ess_units": gettext_lazy("Actives, que les règles gardent"),
    "organisations": gettext_lazy("Présentes sur le territoire : le registre"),
    "employers": gettext_lazy("Dont employeuses"),
}
# The other counts, in words; an unknown one of a later version is not shown.
DETAILS: dict[str, Any] = {
    "candidates_closed": gettext_lazy("Unités fermées, écartées"),
    "candidates_natural_persons": gettext_lazy("Personnes physiques, écartées"),
    "outside_the_perimeter": gettext_lazy("Unités que les règles mettent hors de l’ESS"),
    "territory_units_not_diffusible": gettext_lazy("Unités non diffusibles du territoire, jamais publiées"),
    "establishments": gettext_lazy("Établissements lus dans Sirene"),
    "establishments_of_ess_units": gettext_lazy("Établissements d’unités de l’ESS, dans tout le fichier"),
    "territory_establishments": gettext_lazy("Établissements du registre, sur le territoire"),
    "territory_closed_establishments": gettext_lazy("Établissements fermés du territoire, écartés"),
    "territory_establishments_not_diffusible": gettext_lazy(
        "Établissements non diffusibles du territoire, écartés"
    ),
    "head_offices_outside": gettext_lazy("Sièges hors du territoire"),
    "positioned_establishments": gettext_lazy("Établissements dont la position est connue"),
    "establishments_in_quartier": gettext_lazy("Établissements dans un quartier prioritaire"),
    "organisations_in_rna": gettext_lazy("Associations retrouvées au répertoire national"),
    "organisations_dissolved_in_rna": gettext_lazy("Associations que le répertoire national dit dissoutes"),
    "establishments_without_commune": gettext_lazy("Établissements sans commune"),
    "unknown_communes": gettext_lazy("Codes de commune inconnus"),
    "wrong_sirens": gettext_lazy("SIREN dont la clé est fausse"),
    "wrong_sirets": gettext_lazy("SIRET dont la clé est fausse"),
    "wrong_positions": gettext_lazy("Positions inutilisables"),
    "doubled_units": gettext_lazy("Unités écrites plusieurs fois"),
    "doubled_establishments": gettext_lazy("Établissements écrits plusieurs fois"),
}


def scope_name(scope: str) -> str:
    """The name of an edition's territory; the reference itself when it is no longer known."""
    try:
        return territories.resolve(scope).name
    except territories.UnknownTerritoryError:
        return scope


def source_rows(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that made an edition, in words."""
    return [
        {
            "label": source_label(str(source.get("role") or "")),
            "name": source.get("name"),
            "day": read_day(source.get("date")),
            "size": size_words(source.get("size")),
            "rows": source.get("rows"),
            "sha256": source.get("sha256"),
        }
        for source in manifest.get("sources") or []
    ]


def funnel(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was counted at each step of the build, from all that was read to what the register holds."""
    return _said(FUNNEL, manifest)


def other_counts(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What else the build counted: verdicts, families, what was left aside and why."""
    counts: Mapping[str, int] = manifest.get("counts") or {}
    by_choice = [
        {"label": label, "count": counts[key]}
        for name, choices in (("verdict", Verdict.choices()), ("family", Family.choices()))
        for code, label in choices
        if (key := f"{name}:{code}") in counts
    ]
    return [*by_choice, *_said(DETAILS, manifest)]


def _said(words: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    counts: Mapping[str, int] = manifest.get("counts") or {}
    return [{"label": str(label), "count": counts[key]} for key, label in words.items() if key in counts]


def funnel_chart(steps: Sequence[Mapping[str, Any]]) -> Chart | None:
    """The steps as an accessible chart whose title says the finding; None without counts."""
    found = {str(step["label"]): step["count"] for step in steps}
    read, kept = found.get(str(FUNNEL["legal_units"])), found.get(str(FUNNEL["organisations"]))
    if read is None or kept is None:
        return None
    title = _("%(read)s unités lues, %(kept)s organisations dans le registre") % {
        "read": number(read),
        "kept": number(kept),
    }
    data = [Datum(label, count, emphasis=count == kept) for label, count in found.items()]
    return bar_chart(title, data, value_label=_("Nombre"))
