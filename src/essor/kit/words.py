"""Words of the kit: fields of action, guides, levels, kinds of levers."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Where a fiche stands in the contents, in the order of reading.
FIELDS: dict[str, str | Promise] = {
    "comprendre": _("Comprendre"),
    "piloter": _("Piloter la politique"),
    "accompagner": _("Accompagner et orienter"),
    "financer": _("Financer"),
    "cooperer": _("Coopérer"),
    "loger": _("Loger les activités"),
    "innover": _("Innover"),
    "acheter": _("Acheter"),
    "animer": _("Animer"),
    "politiques": _("Politique par politique"),
}


@dataclass(frozen=True, slots=True)
class Guide:
    """A source guide: its letter, what it is, the day whose law it describes."""

    letter: str
    title: str | Promise
    day: date


GUIDES: dict[str, Guide] = {
    guide.letter: guide
    for guide in (
        Guide("K", _("Kit DépartementalESS (RTES, septembre 2021)"), date(2021, 9, 1)),
        Guide(
            "U",
            _("Territoires urbains, ESS et innovation sociale (Avise, France urbaine, RTES, novembre 2021)"),
            date(2021, 11, 1),
        ),
        Guide("B", _("Le bloc communal et l’ESS (RTES, 2025)"), date(2025, 7, 1)),
        Guide("C", _("Conférence de trois départements (RTES, novembre 2021)"), date(2021, 11, 1)),
    )
}

LEVELS: dict[str, str | Promise] = {
    "commune": _("Commune"),
    "epci": _("Intercommunalité"),
    "metropole": _("Métropole"),
    "departement": _("Département"),
    "region": _("Région"),
}

LEVER_KINDS: dict[str, str | Promise] = {
    "connaitre": _("Connaître"),
    "piloter": _("Piloter"),
    "financer": _("Financer"),
    "acheter": _("Acheter"),
    "cooperer": _("Coopérer"),
    "loger": _("Loger"),
    "animer": _("Animer"),
    "publier": _("Publier"),
}
