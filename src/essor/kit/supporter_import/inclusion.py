"""Files of data·inclusion → supporters: which services are kept, and how their words become ours. Pure.

A service helps a project when its theme is the creation of an activity; the agent may add other themes. Its structure
becomes one supporter, whatever the number of its services. docs/guide/accompagnement.md states the mapping.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats.data_inclusion import Service, Structure
from essor.kernel.text import fold
from essor.kit.enums_support import Axis, Profile, Role, Stage, Theme
from essor.kit.supporter_import.entry import Entry

PREFIX = "data-inclusion:"
PROJECTS = ("creation-activite", "creer-une-entreprise")
# Families of themes, v0 and v1: what the agent chooses from, and our theme (none: all themes).
FAMILIES: dict[str, tuple[str | Promise, str]] = {
    "creation-activite": (gettext_lazy("Création d’activité"), ""),
    "creer-une-entreprise": (gettext_lazy("Créer une entreprise"), ""),
    "accompagnement-social-et-professionnel-personnalise": (
        gettext_lazy("Accompagnement personnalisé"),
        Theme.INSERTION,
    ),
    "acces-aux-droits-et-citoyennete": (gettext_lazy("Accès aux droits et citoyenneté"), Theme.SOCIAL),
    "choisir-un-metier": (gettext_lazy("Choisir un métier"), Theme.INSERTION),
    "difficultes-administratives-ou-juridiques": (
        gettext_lazy("Difficultés administratives ou juridiques"),
        Theme.SOCIAL,
    ),
    "difficultes-financieres": (gettext_lazy("Difficultés financières"), Theme.SOCIAL),
    "equipement-et-alimentation": (gettext_lazy("Équipement et alimentation"), Theme.SOCIAL),
    "famille": (gettext_lazy("Famille"), Theme.CHILDHOOD),
    "gestion-financiere": (gettext_lazy("Gestion financière"), Theme.SOCIAL),
    "handicap": (gettext_lazy("Handicap"), Theme.AGEING),
    "logement-hebergement": (gettext_lazy("Logement et hébergement"), Theme.HOUSING),
    "mobilite": (gettext_lazy("Mobilité"), Theme.MOBILITY),
    "numerique": (gettext_lazy("Numérique"), Theme.DIGITAL),
    "preparer-sa-candidature": (gettext_lazy("Préparer sa candidature"), Theme.INSERTION),
    "remobilisation": (gettext_lazy("Remobilisation"), Theme.SOCIAL),
    "sante": (gettext_lazy("Santé"), Theme.SOCIAL),
    "se-former": (gettext_lazy("Se former"), Theme.INSERTION),
    "trouver-un-emploi": (gettext_lazy("Trouver un emploi"), Theme.INSERTION),
}
ROLES: dict[str, str] = {
    "information": Role.INFORM,
    "accueil": Role.INFORM,
    "numerique": Role.INFORM,
    "accompagnement": Role.ADVISE,
    "atelier": Role.ADVISE,
    "formation": Role.ADVISE,
    "aide-financiere": Role.FINANCE,
    "financement": Role.FINANCE,
    "aide-materielle": Role.FINANCE,
}
# What follows « -- » in a theme of creation begins with → stages.
STAGES: dict[str, tuple[str, ...]] = {
    "definir": (Stage.IDEA,),
    "structurer": (Stage.EMERGENCE,),
    "financer": (Stage.LAUNCH,),
    "reseautage": (Stage.LAUNCH, Stage.GROWTH),
    "developper": (Stage.GROWTH,),
}
# When the files do not tell the stage: the road until growth.
UNTOLD = (Stage.IDEA, Stage.EMERGENCE, Stage.LAUNCH, Stage.GROWTH)
PROFILES: tuple[tuple[str, str], ...] = (("jeune", Profile.YOUTH), ("demandeur", Profile.JOBSEEKER))


def family(theme: str) -> str:
    """The family of a theme: « mobilite--preparer-un-permis » is of « mobilite »."""
    return theme.partition("--")[0]


def entries(
    structures: Sequence[Structure], services: Iterable[Service], families: Iterable[str]
) -> list[Entry]:
    """One entry for each structure with a service of these families, in the order of the file."""
    wanted = set(families)
    by_structure: dict[str, list[Service]] = defaultdict(list)
    for service in services:
        if wanted & {family(theme) for theme in service.themes}:
            by_structure[service.structure].append(service)
    names: dict[str, int] = defaultdict(int)
    kept = [each for each in structures if each.key in by_structure]
    for each in kept:
        names[fold(each.name)] += 1
    return [
        _entry(each, by_structure[each.key], wanted, is_alone=names[fold(each.name)] == 1) for each in kept
    ]


def _entry(structure: Structure, services: Sequence[Service], wanted: set[str], *, is_alone: bool) -> Entry:
    themes = [theme for each in services for theme in each.themes if family(theme) in wanted]
    known = [FAMILIES[family(theme)][1] for theme in themes if family(theme) in FAMILIES]
    offered = " ; ".join(dict.fromkeys(each.name for each in services))
    offer = f"{structure.description}\n{offered}" if structure.description else offered
    conditions = [part for each in services for part in (each.costs, each.conditions) if part]
    # Namesakes (agencies of one network) are told apart by their commune, then by their own identifier.
    suffix = "" if is_alone else f" ({structure.commune or '?'}, {structure.key[-12:]})"
    values = {
        "name": f"{structure.name[: 200 - len(suffix)]}{suffix}",
        "offer": offer[:2000],
        "conditions": " ; ".join(dict.fromkeys(conditions))[:2000],
        "website": structure.website,
        "email": structure.email,
        "phone": structure.phone,
        "source": _("data·inclusion (%s)") % structure.source if structure.source else _("data·inclusion"),
        "source_day": structure.day,
    }
    # A service open to all the themes makes its structure open to all.
    marks: dict[str, tuple[str, ...]] = {
        Axis.ROLE: _ordered(
            Role, [ROLES.get(kind, Role.INFORM) for each in services for kind in each.types or ("",)]
        ),
        Axis.STAGE: _ordered(Stage, [stage for theme in themes for stage in _stages(theme)]),
        Axis.PROFILE: _profiles(services),
        Axis.THEME: () if "" in known else _ordered(Theme, known),
    }
    return Entry(structure.line, f"{PREFIX}{structure.key}", values, marks, _place(structure, services))


def _stages(theme: str) -> tuple[str, ...]:
    head, _sign, rest = theme.partition("--")
    if head not in PROJECTS:
        return UNTOLD
    return next((stages for start, stages in STAGES.items() if rest.startswith(start)), UNTOLD)


def _profiles(services: Sequence[Service]) -> tuple[str, ...]:
    """Profiles that every service names; a service that names none is open to all."""
    found: list[str] = []
    for each in services:
        mine = [code for public in each.publics for start, code in PROFILES if public.startswith(start)]
        if not mine or len(mine) < len(each.publics):
            return ()
        found += mine
    return _ordered(Profile, found)


def _ordered(choices: type[TextChoices], codes: Iterable[str]) -> tuple[str, ...]:
    borne = set(codes)
    return tuple(str(code) for code in choices if code in borne)


def _place(structure: Structure, services: Sequence[Service]) -> str:
    """A reference when the services agree on one zone, else the commune of the structure; empty: France."""
    zones = {zone for each in services for zone in each.zones}
    if zones & {"france", "99100"}:
        return ""
    if len(zones) == 1:
        zone = next(iter(zones)).upper()
        kinds = {2: "departement", 3: "departement", 5: "commune", 9: "epci"}
        if len(zone) in kinds:
            return f"{kinds[len(zone)]}:{zone}"
    return f"commune:{structure.commune}" if structure.commune else "?"
