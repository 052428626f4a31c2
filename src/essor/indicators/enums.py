"""Choices of the indicators, with their French labels. Plain Python: rules read them without Django."""

from essor.law.labelled import Labelled


class Origin(Labelled):
    """How the values of an indicator come."""

    CODE = "code", "Calculé d’après les actes et le registre"
    FORMULA = "formula", "Formule d’autres indicateurs"
    COLLECTED = "collected", "Collecté"
    OFFICIAL = "official", "Tableau officiel chargé"


class Direction(Labelled):
    """What is wished of the value."""

    UP = "up", "Une hausse est souhaitée"
    DOWN = "down", "Une baisse est souhaitée"
    NONE = "none", "Ni hausse ni baisse n’est souhaitée"


class Periodicity(Labelled):
    """How often a value comes."""

    MONTH = "month", "Mensuelle"
    QUARTER = "quarter", "Trimestrielle"
    YEAR = "year", "Annuelle"
    EDITION = "edition", "À chaque édition du registre"


class Standing(Labelled):
    """Where a value stands before its target."""

    REACHED = "reached", "Atteinte"
    ON_TRACK = "on_track", "En bonne voie"
    LATE = "late", "En retard"
    MISSED = "missed", "Manquée"
    UNKNOWN = "unknown", "Sans réponse possible"


class Side(Labelled):
    """Where a value stands before its thresholds."""

    INSIDE = "inside", "Entre les seuils"
    BELOW = "below", "Sous le seuil bas"
    ABOVE = "above", "Au-dessus du seuil haut"
