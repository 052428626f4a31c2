"""Where a fact of the register comes from: the sources of an edition in words, with their dates. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

# Keys that the pipeline writes beside a fact, and the role of the file (in the manifest) that each one names.
ROLES = {"sirene": "legal_units"}
LABELS = {
    "sirene": gettext_lazy("Sirene (Insee)"),
    "legal_units": gettext_lazy("Sirene, unités légales (Insee)"),
    "establishments": gettext_lazy("Sirene, établissements (Insee)"),
    "geolocation": gettext_lazy("Géolocalisation des établissements Sirene (Insee)"),
    "rna": gettext_lazy("Répertoire national des associations"),
    "ess_list": gettext_lazy("Liste des entreprises de l’ESS (ESS France)"),
    "siae": gettext_lazy("Annuaire des structures de l’insertion"),
    "esus": gettext_lazy("Liste des entreprises agréées Esus"),
    "own_list": gettext_lazy("Liste de la collectivité"),
    "qpv": gettext_lazy("Contours des quartiers prioritaires (ANCT)"),
    "agent": gettext_lazy("Déclaré par la collectivité qui l’a ajoutée"),
    "perimeter": gettext_lazy("Catégorie juridique, selon le périmètre de l’ESS"),
}


@dataclass(frozen=True)
class Origin:
    """A source in words, and the day it was published or the fact was true."""

    label: str
    day: date | None


def source_label(key: str) -> str:
    """The words of a source; the key itself when a later version wrote it."""
    return str(LABELS.get(key, key))


def origin_of(key: str, day: str | date | None, sources: Sequence[Mapping[str, Any]]) -> Origin | None:
    """The source of a fact: its own date, else that of the file in the edition's manifest. None without key."""
    if not key:
        return None
    own = read_day(day)
    if own is None:
        role = ROLES.get(key, key)
        own = next((read_day(source.get("date")) for source in sources if source.get("role") == role), None)
    return Origin(source_label(key), own)


def read_day(text: object) -> date | None:
    """A day written in ISO 8601, None for anything else."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
