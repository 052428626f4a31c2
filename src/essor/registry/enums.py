"""Choices of the register, with their French labels. Plain Python: rules read them without Django."""

from typing import Self

from essor.law.certainty import Certainty
from essor.law.labelled import Labelled

__all__ = [
    "Answer",
    "CategoryKind",
    "Certainty",
    "ConditionState",
    "EsusBasis",
    "Family",
    "SizeBand",
    "Tag",
    "Verdict",
]


class Family(Labelled):
    """The five families of the ESS (loi n° 2014-856 du 31 juillet 2014, art. 1er, II)."""

    ASSOCIATION = "association", "Association"
    COOPERATIVE = "cooperative", "Coopérative"
    MUTUAL = "mutual", "Mutuelle"
    FOUNDATION = "foundation", "Fondation"
    ESS_COMPANY = "ess_company", "Société commerciale de l’ESS"


class Verdict(Labelled):
    """What the qualification concludes for one organisation."""

    ESS_BY_STATUS = "ess_by_status", "ESS par statut"
    ESS_DECLARED = "ess_declared", "ESS déclarée"
    TO_CHECK = "to_check", "À vérifier"
    OUTSIDE = "outside", "Hors du périmètre de l’ESS"

    @property
    def is_ess(self) -> bool:
        """True for the two verdicts that put the organisation in the register without review."""
        return self in (Verdict.ESS_BY_STATUS, Verdict.ESS_DECLARED)


class ConditionState(Labelled):
    """Whether a condition of the qualification holds."""

    MET = "met", "Remplie"
    NOT_MET = "not_met", "Non remplie"
    UNKNOWN = "unknown", "Inconnue"


class Answer(Labelled):
    """What a person answers to a question of the form."""

    YES = "yes", "Oui"
    NO = "no", "Non"
    UNKNOWN = "unknown", "Je ne sais pas"


class CategoryKind(Labelled):
    """What a legal category of INSEE says about belonging to the ESS."""

    BY_STATUS = "by_status", "ESS par son statut"
    COMPANY_FORM = "company_form", "Société commerciale : ESS si elle en remplit les conditions"
    CANNOT_BE_ESS = "cannot_be_ess", "Forme qui ne peut pas relever de l’ESS"
    PERSONAL = "personal", "Personne physique : ne peut pas relever de l’ESS"


class EsusBasis(Labelled):
    """On what ground an organisation is an « entreprise solidaire d’utilité sociale »."""

    AGREEMENT = "agreement", "Agrément Esus en cours de validité"
    BY_RIGHT = "by_right", "Agrément Esus de plein droit"
    POSSIBLE_BY_RIGHT = "possible_by_right", "Agrément Esus de plein droit possible, à vérifier"
    EXPIRED = "expired", "Agrément Esus expiré"
    NONE = "none", "Pas d’agrément Esus connu"


class Tag(Labelled):
    """Marks in the words of the trade, deduced from the legal category or brought by a directory."""

    SCOP = "scop", "Scop"
    SCIC = "scic", "Scic"
    CAE = "cae", "Coopérative d’activité et d’emploi"
    CUMA = "cuma", "Cuma"
    FARM_COOP = "coop_agricole", "Coopérative agricole"
    SICA = "sica", "Société d’intérêt collectif agricole"
    BANK_COOP = "coop_bancaire", "Banque coopérative"
    CRAFT_COOP = "coop_artisanale", "Coopérative artisanale"
    CONSUMER_COOP = "coop_consommation", "Coopérative de consommation"
    RETAIL_COOP = "coop_commercants", "Coopérative de commerçants"
    MARITIME_COOP = "coop_maritime", "Coopérative maritime"
    TRANSPORT_COOP = "coop_transport", "Coopérative de transport"
    BUILDING_COOP = "coop_construction", "Coopérative de construction"
    HLM_COOP = "coop_hlm", "Coopérative HLM"
    MEDICAL_COOP = "coop_medecins", "Coopérative de médecins"
    COOP_UNION = "union_cooperatives", "Union de coopératives"
    MUTUAL_INSURER = "assurance_mutuelle", "Assurance mutuelle"
    PUBLIC_UTILITY = "rup", "Reconnue d’utilité publique"
    EMPLOYERS_GROUP = "groupement_employeurs", "Groupement d’employeurs"
    INSERTION = "insertion", "Insertion par l’activité économique"
    EI = "ei", "Entreprise d’insertion"
    ETTI = "etti", "Entreprise de travail temporaire d’insertion"
    EITI = "eiti", "Entreprise d’insertion par le travail indépendant"
    AI = "ai", "Association intermédiaire"
    ACI = "aci", "Atelier et chantier d’insertion"
    GEIQ = "geiq", "Groupement d’employeurs pour l’insertion et la qualification"
    EA = "ea", "Entreprise adaptée"
    ESAT = "esat", "Établissement ou service d’accompagnement par le travail"
    ESUS = "esus", "Esus"
    MISSION_COMPANY = "societe_mission", "Société à mission"
    THIRD_PLACE = "tiers_lieu", "Tiers-lieu"
    PTCE = "ptce", "Pôle territorial de coopération économique"
    NEIGHBOURHOOD = "regie_quartier", "Régie de quartier ou de territoire"
    LOCAL = "local", "Suivie par la collectivité"


class SizeBand(Labelled):
    """Bands of employees of SIRENE (``trancheEffectifsUniteLegale``), with their bounds."""

    NN = "NN", "Aucun salarié ou effectif inconnu"
    B00 = "00", "Aucun salarié en fin d’année"
    B01 = "01", "1 ou 2 salariés"
    B02 = "02", "3 à 5 salariés"
    B03 = "03", "6 à 9 salariés"
    B11 = "11", "10 à 19 salariés"
    B12 = "12", "20 à 49 salariés"
    B21 = "21", "50 à 99 salariés"
    B22 = "22", "100 à 199 salariés"
    B31 = "31", "200 à 249 salariés"
    B32 = "32", "250 à 499 salariés"
    B41 = "41", "500 à 999 salariés"
    B42 = "42", "1 000 à 1 999 salariés"
    B51 = "51", "2 000 à 4 999 salariés"
    B52 = "52", "5 000 à 9 999 salariés"
    B53 = "53", "10 000 salariés et plus"

    @property
    def low(self) -> int | None:
        """The least number of employees of the band, None where the band says nothing (NN)."""
        return _SIZE_BOUNDS[self.value][0]

    @property
    def high(self) -> int | None:
        """The greatest number of employees, None where unknown (NN) or without limit (53)."""
        return _SIZE_BOUNDS[self.value][1]

    @property
    def is_employer(self) -> bool:
        """True when the band proves at least one employee."""
        return bool(self.low)

    @classmethod
    def of(cls, code: str | None) -> Self | None:
        """The band of an official code; None when the code is empty or unknown."""
        return next((band for band in cls if band.value == (code or "").strip()), None)


_SIZE_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "NN": (None, None),
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10000, None),
}
