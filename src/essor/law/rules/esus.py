"""Does an enterprise meet the conditions of the agreement « entreprise solidaire d'utilité sociale » (Esus)?

Code du travail, art. L3332-17-1: by right (II) for the structures it lists, or on conditions (I) about social utility,
what it costs, pay and listing. Pay is compared with the yearly Smic, which the person asking gives for the year.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.ess_company import Condition, State, condition
from essor.law.rules.schema import RuleInputError, asked
from essor.law.wording import french_euros, french_number, french_percent


class Structure(Labelled):
    """What the enterprise is; every one but the first is agreed by right."""

    OTHER = "other", "Autre entreprise de l’ESS"
    EI = "ei", "Entreprise d’insertion"
    ETTI = "etti", "Entreprise de travail temporaire d’insertion"
    AI = "ai", "Association intermédiaire"
    ACI = "aci", "Atelier ou chantier d’insertion"
    CASF = "casf_l121_2", "Organisme d’insertion sociale (action sociale et familles, art. L121-2)"
    ASE = "ase", "Service de l’aide sociale à l’enfance"
    CHRS = "chrs", "Centre d’hébergement et de réinsertion sociale"
    REGIE = "regie_de_quartier", "Régie de quartier"
    EA = "ea", "Entreprise adaptée"
    CDTD = "cdtd", "Centre de distribution de travail à domicile"
    ESAT = "esat", "Établissement ou service d’aide par le travail"
    CCH = "cch_l365_1", "Organisme agréé pour le logement (construction et habitation, art. L365-1)"
    RUP = "rup", "Association ou fondation reconnue d’utilité publique"
    OACAS = "oacas", "Organisme d’accueil communautaire et d’activités solidaires"
    DISABILITY = "disability_services", "Service d’accompagnement de personnes handicapées"


@dataclass(frozen=True, slots=True)
class EsusInput:
    """What the file says. An answer left out is unknown; pay in euros a year, for a full-time post."""

    on: date = asked("Jour de la demande")
    structure: Structure = asked("Nature de la structure", default=Structure.OTHER)
    ess_enterprise: bool | None = asked("Entreprise de l’ESS (loi de 2014, art. 1er)", default=None)
    social_utility: bool | None = asked("L’utilité sociale est l’objectif principal", default=None)
    statutes: bool | None = asked(
        "L’objectif et la politique de rémunération sont dans les statuts", default=None
    )
    listed: bool | None = asked("Titres cotés sur un marché réglementé", default=None)
    smic: Decimal | None = asked(
        "Smic annuel brut à temps plein, en euros", kind="money", default=None, minimum=1
    )
    top_pay: tuple[Decimal, ...] = asked(
        "Les cinq meilleures rémunérations annuelles",
        kind="money",
        default=(),
        minimum=0,
        help="La meilleure suffit.",
    )
    utility_costs: Decimal | None = asked(
        "Charges liées à l’utilité sociale, sur trois exercices", kind="money", default=None, minimum=0
    )
    total_costs: Decimal | None = asked(
        "Charges totales, sur trois exercices", kind="money", default=None, minimum=0
    )
    low_return: bool | None = asked(
        "À défaut : rentabilité financière sous le taux moyen des obligations majoré de cinq points",
        default=None,
    )
    age_years: int | None = asked("Âge de l’entreprise, en années", default=None, minimum=0)


STATUS_WORDS = {
    "by_right": "Agrément de plein droit",
    "conform": "Conditions remplies",
    "not_conform": "Conditions non remplies",
    "to_check": "Il manque des réponses",
}


@dataclass(frozen=True, slots=True)
class Esus:
    """``status``: ``by_right``, ``conform``, ``not_conform`` or ``to_check``; ``years`` of agreement when known."""

    conform: bool = answered("Toutes les conditions sont remplies")
    status: str = answered("Réponse", words=STATUS_WORDS)
    conditions: tuple[Condition, ...] = answered("Conditions")
    issues: tuple[Point, ...] = answered("À faire")
    years: int | None = answered("Durée de l’agrément", unit="ans")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def esus(given: EsusInput) -> Esus:
    """The conditions, one by one. Raises ``RuleError`` before the law of 31 July 2014."""
    reasons = Reasons(given.on)
    law_conditions = reasons.value("esus.conditions")
    basis = told(law_conditions)
    by_right = _by_right(given, reasons)
    conditions = [
        condition("ess_enterprise", "Entreprise de l’ESS", given.ess_enterprise, basis),
        condition(
            "not_listed", "Titres non cotés", None if given.listed is None else not given.listed, basis
        ),
    ]
    if by_right:
        if given.structure is Structure.RUP:
            conditions.append(
                condition("social_utility", "Recherche d’une utilité sociale", given.social_utility, basis)
            )
    else:
        conditions += [
            condition(
                "social_utility", "Utilité sociale comme objectif principal", given.social_utility, basis
            ),
            condition(
                "statutes", "Objectif et politique de rémunération dans les statuts", given.statutes, basis
            ),
            _burden(given, reasons),
            *_pay(given, reasons),
        ]
    return _conclude(given, conditions, by_right, reasons)


def _by_right(given: EsusInput, reasons: Reasons) -> bool:
    entitled = reasons.value("esus.full_right")
    if given.structure.value not in entitled.items:
        return False
    reasons.say(
        f"{given.structure.label} : agrément de plein droit, sous les conditions qui suivent ({told(entitled)})."
    )
    return True


def _burden(given: EsusInput, reasons: Reasons) -> Condition:
    label = "Poids des charges d’utilité sociale"
    burden = reasons.value_if_any("esus.burden")
    if burden is None:
        return condition("burden", label, None, "seuil fixé par décret, pas encore en vigueur ce jour-là")
    if given.low_return:
        text = f"{label} : remplie par la rentabilité financière limitée ({told(burden)})."
        return Condition("burden", label, State.MET, text)
    if given.utility_costs is None or not given.total_costs:
        return condition(
            "burden", label, None, f"{burden.text} au moins sur trois exercices ; {told(burden)}"
        )
    if given.utility_costs > given.total_costs:
        raise RuleInputError(["utility_costs : ces charges ne dépassent pas les charges totales."])
    share = given.utility_costs / given.total_costs
    met = share >= burden.decimal
    reached = french_percent(share.quantize(Decimal("0.0001")))
    text = f"{label} : {reached}, pour {burden.text} au moins ({told(burden)})."
    return Condition("burden", label, State.MET if met else State.NOT_MET, text)


def _pay(given: EsusInput, reasons: Reasons) -> list[Condition]:
    """The average of the five best, and the best one. Fewer than five overstate the average: too high, it "
    "proves nothing."""
    average = reasons.value("esus.pay.avg5")
    most = reasons.value("esus.pay.max")
    top = sorted(given.top_pay, reverse=True)[:5]
    mean = sum(top, Decimal(0)) / len(top) if top else None
    of_five = _ratio("pay_average", "Moyenne des cinq meilleures rémunérations", mean, given.smic, average)
    if len(top) < 5 and of_five.state is State.NOT_MET:
        text = f"{of_five.text} Calculée sur {len(top)} : donner les cinq."
        of_five = Condition(of_five.code, of_five.label, State.UNKNOWN, text)
    best = _ratio("pay_max", "Meilleure rémunération", top[0] if top else None, given.smic, most)
    return [of_five, best]


def _ratio(
    code: str, label: str, pay: Decimal | None, smic: Decimal | None, ceiling: law.LegalValue
) -> Condition:
    """A pay against a multiple of the Smic, compared before any rounding."""
    if pay is None or smic is None:
        return condition(code, label, None, f"{ceiling.text} au plus ; {told(ceiling)}")
    times = (pay / smic).quantize(Decimal("0.01"))
    met = pay <= ceiling.decimal * smic
    text = (
        f"{label} : {french_euros(pay)}, soit {french_number(times)} fois le Smic annuel, pour {ceiling.text} au plus "
        f"({told(ceiling)})."
    )
    return Condition(code, label, State.MET if met else State.NOT_MET, text)


def _conclude(given: EsusInput, conditions: list[Condition], by_right: bool, reasons: Reasons) -> Esus:
    for item in conditions:
        reasons.say(item.text)
    states = {item.state for item in conditions}
    if State.NOT_MET in states:
        status, words = (
            "not_conform",
            "Une condition au moins n’est pas remplie : l’agrément ne peut pas être donné.",
        )
    elif State.UNKNOWN in states:
        status, words = "to_check", "Des réponses manquent pour conclure."
    else:
        status = "by_right" if by_right else "conform"
        words = "Les conditions sont remplies : demander l’agrément au préfet du département."
    reasons.say(words)
    years = None if status == "not_conform" else _years(given, reasons)
    return Esus(
        conform=status in ("by_right", "conform"),
        status=status,
        conditions=tuple(conditions),
        issues=tuple(Point(item.code, item.text) for item in conditions if item.state is State.NOT_MET),
        years=years,
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _years(given: EsusInput, reasons: Reasons) -> int | None:
    silence = reasons.value_if_any("esus.authority.silence")
    if silence is not None:
        reasons.say(f"Le silence du préfet pendant {silence.text} vaut acceptation ({told(silence)}).")
    age = reasons.value_if_any("esus.duration.young_age")
    if given.age_years is None or age is None:
        return None
    kind = "young" if given.age_years < age.decimal else "usual"
    duration = reasons.value(f"esus.duration.{kind}")
    reasons.say(f"L’agrément vaut {duration.text} ({told(duration)}).")
    return int(duration.decimal)


RULE = Rule("esus", "Agrément Esus : les conditions", EsusInput, esus)
