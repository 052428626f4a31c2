"""The chapters of the law in the words of the trade: how the page of values is grouped, what stands first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.law import parameters as law


@dataclass(frozen=True)
class Theme:
    """A part of the page: its address inside it, its name, the chapters of the tree that it holds, in order."""

    code: str
    label: str | Promise
    chapters: tuple[str, ...]


THEMES = (
    Theme(
        "subventions",
        _("Subventions et conventions"),
        ("grants", "cer", "cpo", "control", "third_party_instruction"),
    ),
    Theme(
        "achats",
        _("Commande publique"),
        ("procurement", "decp", "agec58", "climate", "pnad"),
    ),
    Theme("aides", _("Aides aux entreprises"), ("state_aid", "european_support", "creation")),
    Theme(
        "competences",
        _("Compétences des collectivités"),
        (
            "region",
            "srdeii",
            "departement",
            "departement_agriculture",
            "bloc_communal",
            "epci",
            "communes",
            "general",
            "sress",
            "cress",
            "min",
        ),
    ),
    Theme("cooperatives", _("Coopératives"), ("cooperatives",)),
    Theme(
        "ess",
        _("Entreprises de l’ESS et agrément Esus"),
        ("ess", "esus", "ptce", "social", "local", "impact"),
    ),
    Theme("insertion", _("Insertion et emploi"), ("insertion", "tzcld")),
    Theme("logement", _("Foncier et logement"), ("brs", "ofs")),
    Theme("donnees", _("Données et algorithmes"), ("data", "algorithm")),
)
OTHER = Theme("autres", _("Autres valeurs"), ())

# What people look up most, with the few words that name it best.
FIRST: tuple[tuple[str, str | Promise], ...] = (
    ("grants.convention_threshold", _("Subvention : convention obligatoire au-delà de")),
    ("procurement.no_publicity.supplies_services", _("Fournitures et services sans publicité, sous")),
    ("procurement.no_publicity.works", _("Travaux sans publicité, sous")),
    ("procurement.formal.local.supplies_services", _("Procédure formalisée dès (collectivités)")),
    ("state_aid.de_minimis.general", _("Aides de minimis : plafond sur trois ans")),
    ("procurement.spaser.threshold", _("Spaser obligatoire au-delà de")),
    ("cooperatives.scic.public_capital_cap", _("Part publique au capital d’une Scic, au plus")),
    ("grants.auditor.threshold", _("Commissaire aux comptes dès")),
)


@lru_cache(maxsize=1)
def _places() -> Mapping[str, tuple[Theme, int]]:
    return {chapter: (theme, rank) for theme in THEMES for rank, chapter in enumerate(theme.chapters)}


def _chapter(identifier: str) -> str:
    """The chapter of a parameter. « local.… » is also what a parameter added here is usually called: it has none."""
    first = identifier.split(".", 1)[0]
    return "" if first == "local" and law.shipped(identifier) is None else first


def theme_of(identifier: str) -> Theme:
    """The part of the page where a parameter stands."""
    found = _places().get(_chapter(identifier))
    return found[0] if found else OTHER


def rank_of(identifier: str) -> int:
    """Place of the chapter of a parameter inside its theme."""
    found = _places().get(_chapter(identifier))
    return found[1] if found else 0


@lru_cache(maxsize=1)
def _above() -> Mapping[str, tuple[str, ...]]:
    """The words of the chapters above each shipped parameter, the widest first."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(node: law.Node, words: tuple[str, ...]) -> None:
        for child in node.children.values():
            if isinstance(child, law.Node):
                walk(child, (*words, child.description) if child.description else words)
            else:
                found[child.id] = words

    walk(law.tree(), ())
    return found


def words_above(identifier: str) -> tuple[str, ...]:
    """The words of the chapters above a parameter (« Marchés réservés »), the widest first; none for a local one."""
    return _above().get(identifier, ())


def grouped(parameters: Iterable[law.Parameter]) -> list[tuple[Theme, list[law.Parameter]]]:
    """The parameters by theme, in the order of the page; themes that hold none are left out."""
    found: dict[str, list[law.Parameter]] = {}
    for parameter in parameters:
        found.setdefault(theme_of(parameter.id).code, []).append(parameter)
    return [
        (
            theme,
            sorted(
                found[theme.code], key=lambda item: (rank_of(item.id), len(words_above(item.id)), item.id)
            ),
        )
        for theme in (*THEMES, OTHER)
        if theme.code in found
    ]
