"""Words of the lists of aids → our codes: nature, theme, goals. Pure; docs/guide/odd.md states the mapping.

A theme is read in the themes of the list, and in the name of the aid when the list gives none. A word counts when a
word of the text begins with it (« alimentation » answers to « aliment »). The description is not read: it names too
much.
"""

from collections.abc import Iterable

from essor.kernel.text import fold
from essor.kit.enums_aids import Nature
from essor.kit.enums_support import Theme

KINDS: dict[str, tuple[str, ...]] = {
    Nature.GRANT: ("subvention", "financement"),
    Nature.LOAN: ("pret", "avance"),
    Nature.OTHER_MONEY: ("certificat", "autre aide", "cee", "fiscal", "exoneration", "recompense"),
    Nature.ADVICE: ("ingenierie", "conseil", "accompagnement", "formation"),
}
THEMES: dict[str, tuple[str, ...]] = {
    Theme.SOCIAL: (
        "action sociale",
        "cohesion sociale",
        "inclusion sociale",
        "lien social",
        "solidarites",
        "precarite",
        "exclusion",
        "sante",
        "egalite",
    ),
    Theme.AGEING: ("autonomie", "vieillissement", "personnes agees", "grand age", "handicap", "senior"),
    Theme.CHILDHOOD: ("enfance", "famille", "parentalite", "petite enfance", "creche"),
    Theme.INSERTION: ("insertion", "emploi", "formation professionnelle", "chomage"),
    Theme.HOUSING: ("logement", "habitat", "hebergement", "renovation"),
    Theme.MOBILITY: ("mobilite", "transport", "velo", "covoiturage", "cyclable"),
    Theme.ENERGY: ("energie", "energetique", "chaleur", "photovoltai", "solaire", "climat"),
    Theme.FOOD: ("aliment", "agricol", "agricultu", "circuits courts", "foret", "peche", "elevage"),
    Theme.TOURISM: ("tourisme", "touristique"),
    Theme.CULTURE: (
        "culture",
        "culturel",
        "sport",
        "jeunesse",
        "patrimoine",
        "education",
        "arts",
        "bibliotheque",
        "musee",
    ),
    Theme.DIGITAL: ("numerique", "internet", "tres haut debit"),
    Theme.CIRCULAR: ("economie circulaire", "recycla", "dechet", "reemploi", "reparation", "circulaire"),
    Theme.COOPERATION: ("cooperation", "transfrontalier", "international", "europe"),
    Theme.BUYING: ("achat", "commande publique", "marches publics"),
    Theme.LOCAL: (
        "tiers lieu",
        "economie sociale",
        "revitalisation",
        "commerce",
        "artisanat",
        "centre bourg",
        "economie locale",
        "citoyen",
        "vie associative",
        "developpement local",
        "amenagement",
        "friche",
    ),
}
# What a theme most often serves; an editor corrects it aid by aid.
GOALS: dict[str, tuple[int, ...]] = {
    Theme.SOCIAL: (1, 10),
    Theme.AGEING: (3, 10),
    Theme.CHILDHOOD: (4, 5),
    Theme.INSERTION: (8, 10),
    Theme.HOUSING: (1, 11),
    Theme.MOBILITY: (11, 13),
    Theme.ENERGY: (7, 13),
    Theme.FOOD: (2, 12),
    Theme.TOURISM: (8, 11),
    Theme.CULTURE: (4, 11),
    Theme.DIGITAL: (9, 10),
    Theme.CIRCULAR: (12,),
    Theme.COOPERATION: (17,),
    Theme.BUYING: (12,),
    Theme.LOCAL: (8, 11),
}
# Words of the lists that tell a goal by themselves.
DIRECT: dict[int, tuple[str, ...]] = {
    3: ("sante",),
    4: ("education",),
    5: ("egalite", "parite", "droits des femmes"),
    6: ("eau", "assainissement"),
    14: ("mer", "littoral", "peche"),
    15: ("biodiversite", "foret", "sols", "milieux naturels"),
}
MOST = 5


def _says(text: str, words: Iterable[str]) -> bool:
    padded = f" {text}"
    return any(f" {word}" in padded for word in words)


def kind_codes(kinds: Iterable[str]) -> tuple[str, ...]:
    """Codes of `Nature` for the natures of a list, in our order."""
    texts = [fold(kind) for kind in kinds]
    return tuple(code for code, words in KINDS.items() if any(_says(text, words) for text in texts))


def theme_codes(themes: Iterable[str], name: str) -> tuple[str, ...]:
    """Codes of `Theme` for the themes of a list, or for the name when it gives none."""
    texts = [fold(theme) for theme in themes] or [fold(name)]
    return tuple(code for code, words in THEMES.items() if any(_says(text, words) for text in texts))


def goals(themes: Iterable[str], name: str) -> tuple[int, ...]:
    """Goals proposed for an aid, at most five: those that its words tell, then those of its themes."""
    themes = list(themes)
    texts = [fold(theme) for theme in themes] or [fold(name)]
    found = [
        goal
        for goal, words in DIRECT.items()
        if any(f" {word} " in f" {text} " for word in words for text in texts)
    ]
    for code in theme_codes(themes, name):
        found += [goal for goal in GOALS[code] if goal not in found]
    return tuple(sorted(found[:MOST]))


def bars(codes: Iterable[str]) -> str:
    """Codes as a column holds them: « |food|energy| »."""
    joined = "|".join(codes)
    return f"|{joined}|" if joined else ""
