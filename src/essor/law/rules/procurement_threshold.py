"""Which procedure and which publicity a purchase calls for, and what comes with it, on a day.

Code de la commande publique, art. R2122-8, R2123-1, R2124-1, R2131-12 and annexe 2; loi n° 2021-1104 du 22 août 2021,
art. 35. Amounts exclude tax. Besides the amount, an authority may always choose a heavier procedure.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.buyers import local_as
from essor.law.rules.schema import asked
from essor.law.wording import french_date, french_euros


class Nature(Labelled):
    """What is bought."""

    SUPPLIES = "supplies", "Fournitures"
    SERVICES = "services", "Services"
    WORKS = "works", "Travaux"
    SOCIAL_SERVICES = "social_services", "Services sociaux et autres services spécifiques"
    CONCESSION = "concession", "Concession"


class Buyer(Labelled):
    """Who buys: the European thresholds differ."""

    LOCAL = "local", "Collectivité territoriale, groupement, établissement public local"
    STATE = "state", "État ou établissement public national"
    ENTITY = "entity", "Entité adjudicatrice (eau, énergie, transports…)"


class Procedure(Labelled):
    """How the contract is awarded."""

    NO_PUBLICITY = "no_publicity", "Sans publicité ni mise en concurrence préalables"
    ADAPTED = "adapted", "Procédure adaptée"
    FORMAL = "formal", "Procédure formalisée"
    CONCESSION = "concession", "Procédure des concessions, allégée"
    CONCESSION_FORMAL = "concession_formal", "Procédure des concessions, au-dessus du seuil européen"


class Publicity(Labelled):
    """Where the notice is published."""

    NONE = "none", "Aucune publicité obligatoire"
    FREE = "free", "Publicité adaptée, au choix de l’acheteur"
    BOAMP_OR_JAL = (
        "boamp_or_jal",
        "Bulletin officiel des annonces des marchés publics ou journal d’annonces légales",
    )
    BOAMP_AND_JOUE = "boamp_and_joue", "Bulletin officiel et Journal officiel de l’Union européenne"
    JOUE = "joue", "Journal officiel de l’Union européenne"


@dataclass(frozen=True, slots=True)
class ProcurementThresholdInput:
    """A purchase, whole: all its lots, all its years, without tax."""

    nature: Nature = asked("Nature de l’achat")
    amount: Decimal = asked(
        "Montant estimé, hors taxes", kind="money", minimum=0, help="Tous lots et années compris."
    )
    on: date = asked("Jour où la consultation est engagée")
    buyer: Buyer = asked("Acheteur", default=Buyer.LOCAL, read=local_as("local"))
    innovative: bool = asked("Achat innovant", default=False)


@dataclass(frozen=True, slots=True)
class ProcurementThreshold:
    """The answer. ``thresholds`` are the amounts looked at, in euros, by identifier of parameter."""

    procedure: Procedure = answered("Procédure")
    procedure_label: str = answered("Procédure, en mots")
    publicity: Publicity = answered("Publicité")
    publicity_label: str = answered("Publicité, en mots")
    obligations: tuple[Point, ...] = answered("Ce qu’il faut faire")
    thresholds: dict[str, Decimal] = answered("Seuils regardés", kind="money")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


_FORMAL = {
    Buyer.LOCAL: "procurement.formal.local.supplies_services",
    Buyer.STATE: "procurement.formal.state.supplies_services",
    Buyer.ENTITY: "procurement.formal.entities.supplies_services",
}
_WORKS = "procurement.formal.works_and_concessions"


def procurement_threshold(given: ProcurementThresholdInput) -> ProcurementThreshold:
    """Procedure, publicity and obligations. Raises ``RuleError`` for a day whose thresholds are not known."""
    reasons = Reasons(given.on)
    european = reasons.value(
        _WORKS if given.nature in (Nature.WORKS, Nature.CONCESSION) else _FORMAL[given.buyer]
    )
    thresholds = {european.parameter: european.decimal}
    if given.nature is Nature.CONCESSION:
        procedure, publicity = _concession(given, european, reasons)
    else:
        procedure, publicity = _contract(given, european, thresholds, reasons)
    obligations = _obligations(given, procedure, given.amount >= european.decimal, reasons)
    return ProcurementThreshold(
        procedure=procedure,
        procedure_label=procedure.label,
        publicity=publicity,
        publicity_label=publicity.label,
        obligations=tuple(obligations),
        thresholds=thresholds,
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _concession(
    given: ProcurementThresholdInput, european: law.LegalValue, reasons: Reasons
) -> tuple[Procedure, Publicity]:
    above = given.amount >= european.decimal
    reasons.say(
        f"La valeur de la concession, {french_euros(given.amount)}, "
        + ("atteint" if above else "reste sous")
        + f" le seuil européen de {european.text} ({told(european)})."
    )
    if above:
        return Procedure.CONCESSION_FORMAL, Publicity.BOAMP_AND_JOUE
    reasons.say("La publicité demeure obligatoire sous ce seuil, dans des formes allégées.")
    return Procedure.CONCESSION, Publicity.BOAMP_OR_JAL


def _contract(
    given: ProcurementThresholdInput,
    european: law.LegalValue,
    thresholds: dict[str, Decimal],
    reasons: Reasons,
) -> tuple[Procedure, Publicity]:
    works = given.nature is Nature.WORKS
    free = reasons.value(f"procurement.no_publicity.{'works' if works else 'supplies_services'}")
    thresholds[free.parameter] = free.decimal
    amount = french_euros(given.amount)
    if given.amount < free.decimal:
        reasons.say(
            f"Le montant estimé, {amount}, est inférieur au seuil de {free.text} : l’acheteur peut passer le "
            f"marché sans "
            f"publicité ni mise en concurrence préalables ({told(free)})."
        )
        reasons.say(
            "Il veille à choisir une offre pertinente, à bien user des deniers publics et à ne pas contracter toujours "
            "avec le même opérateur quand plusieurs peuvent répondre."
        )
        return Procedure.NO_PUBLICITY, Publicity.NONE
    reasons.say(f"Le montant estimé, {amount}, n’est pas inférieur au seuil de {free.text} ({told(free)}).")
    if given.innovative and _innovative(given, thresholds, reasons):
        return Procedure.NO_PUBLICITY, Publicity.NONE
    if given.nature is Nature.SOCIAL_SERVICES:
        return _social_services(given, thresholds, reasons)
    if given.amount >= european.decimal:
        reasons.say(
            f"Il atteint le seuil européen de {european.text} : procédure formalisée, avec publication au Bulletin "
            f"officiel et au Journal officiel de l’Union européenne ({told(european)})."
        )
        return Procedure.FORMAL, Publicity.BOAMP_AND_JOUE
    reasons.say(f"Il reste sous le seuil européen de {european.text} : procédure adaptée ({told(european)}).")
    if given.buyer is Buyer.ENTITY:
        reasons.say(
            "Pour une entité adjudicatrice, le support de publicité sous le seuil européen est à vérifier."
        )
    journal = reasons.value_if_any("procurement.publicity.boamp_or_jal")
    if journal is not None:
        thresholds[journal.parameter] = journal.decimal
        if given.amount >= journal.decimal:
            reasons.say(
                f"À partir de {journal.text}, l’avis paraît au Bulletin officiel ou dans un journal d’annonces légales "
                f"({told(journal)})."
            )
            return Procedure.ADAPTED, Publicity.BOAMP_OR_JAL
        reasons.say(
            f"Sous {journal.text}, l’acheteur choisit une publicité adaptée à l’achat ({told(journal)})."
        )
    return Procedure.ADAPTED, Publicity.FREE


def _innovative(given: ProcurementThresholdInput, thresholds: dict[str, Decimal], reasons: Reasons) -> bool:
    ceiling = reasons.value_if_any("procurement.innovative.general")
    if ceiling is None:
        return False
    thresholds[ceiling.parameter] = ceiling.decimal
    if given.amount < ceiling.decimal:
        reasons.say(
            f"L’achat est innovant et inférieur à {ceiling.text} : ni publicité ni mise en concurrence préalables "
            f"({told(ceiling)}). L’acheteur garde de quoi prouver la nouveauté ou l’amélioration sensible."
        )
        return True
    reasons.say(f"L’achat est innovant, mais n’est pas inférieur à {ceiling.text} ({told(ceiling)}).")
    return False


def _social_services(
    given: ProcurementThresholdInput, thresholds: dict[str, Decimal], reasons: Reasons
) -> tuple[Procedure, Publicity]:
    joue = reasons.value("procurement.social_services.joue")
    thresholds[joue.parameter] = joue.decimal
    above = given.amount >= joue.decimal
    reasons.say(
        "Les services sociaux et autres services spécifiques suivent une procédure adaptée quel que soit leur "
        "montant ; "
        + (
            f"à partir de {joue.text}, l’avis paraît au Journal officiel de l’Union européenne ({told(joue)})."
            if above
            else f"sous {joue.text}, la publicité est adaptée, au choix de l’acheteur ({told(joue)})."
        )
    )
    return Procedure.ADAPTED, Publicity.JOUE if above else Publicity.FREE


# ── What comes with it ──


def _obligations(
    given: ProcurementThresholdInput, procedure: Procedure, european: bool, reasons: Reasons
) -> list[Point]:
    concession = given.nature is Nature.CONCESSION
    found = [] if concession else _of_contracts(given, procedure, reasons)
    found += _of_august_2026(given, procedure, european, reasons)
    return found


def _of_contracts(given: ProcurementThresholdInput, procedure: Procedure, reasons: Reasons) -> list[Point]:
    found = []
    lots = reasons.value_if_any("procurement.allotissement")
    if lots is not None and procedure is not Procedure.NO_PUBLICITY:
        found.append(
            Point(
                "lots",
                "Passer le marché en lots, sauf si les prestations ne se distinguent pas ou si un motif de l’article "
                f"L2113-11, à écrire, s’y oppose ({told(lots)}).",
            )
        )
    profile = reasons.value_if_any("procurement.buyer_profile.demat")
    if profile is not None and given.amount >= profile.decimal and procedure is not Procedure.NO_PUBLICITY:
        found.append(
            Point(
                "buyer_profile",
                f"Mettre les documents en ligne sur le profil d’acheteur et y recevoir les offres, à partir de "
                f"{profile.text} ({told(profile)}).",
            )
        )
    data = reasons.value_if_any("decp.publication.threshold")
    if data is not None and given.amount >= data.decimal:
        delay = reasons.value("decp.publication.delay")
        found.append(
            Point(
                "essential_data",
                f"Publier les données essentielles sur le portail national dans les {delay.text} de la notification, à "
                f"partir de {data.text} ({told(data)}).",
            )
        )
    turnover = reasons.value_if_any("procurement.turnover_cap")
    if turnover is not None and procedure is not Procedure.NO_PUBLICITY:
        found.append(
            Point(
                "turnover_cap",
                f"Ne pas exiger un chiffre d’affaires annuel de plus de {turnover.text} le montant du marché, sauf "
                f"justification ({told(turnover)}).",
            )
        )
    return found


def _of_august_2026(
    given: ProcurementThresholdInput, procedure: Procedure, european: bool, reasons: Reasons
) -> list[Point]:
    """What the law « Climat et résilience » asks. A purchase without competition has no award criterion."""
    found = []
    competed = procedure is not Procedure.NO_PUBLICITY
    criterion = reasons.value_if_any("climate.award_criterion") if competed else None
    if criterion is not None:
        decree, statute = (
            law.history(f"climate.art35.{text}")[0].valid_from for text in ("decree_date", "law_deadline")
        )
        found.append(
            Point(
                "environmental_criterion",
                "Un critère d’attribution au moins porte sur les caractéristiques environnementales de l’offre "
                "; un critère "
                f"unique ne peut être que le coût global, environnement compris ({told(criterion)}).",
            )
        )
        if decree <= given.on < statute:
            reasons.say(
                f"Le décret s’applique aux consultations engagées à compter du {french_date(decree)}, la loi au plus "
                f"tard le {french_date(statute)} : ce jour-là, seul le décret oblige. À vérifier, et à appliquer par "
                "prudence."
            )
    environment = reasons.value_if_any("climate.performance_env")
    if environment is not None:
        found.append(
            Point(
                "environmental_conditions",
                f"Les conditions d’exécution prennent en compte l’environnement ({told(environment)}).",
            )
        )
    social = reasons.value_if_any("climate.performance_social")
    if social is not None and european:
        exceptions = reasons.value("climate.performance_social_exceptions")
        found.append(
            Point(
                "social_conditions",
                "Au-dessus des seuils européens, les conditions d’exécution portent sur le social ou l’emploi "
                f"({told(social)}) ; quatre exceptions, à motiver et à publier : lien insuffisant avec l’objet, "
                f"solution "
                "immédiatement disponible, concurrence restreinte, contrat de moins de six mois "
                f"({told(exceptions)}).",
            )
        )
    concession = given.nature is Nature.CONCESSION
    report = reasons.value_if_any("climate.concession_report") if concession else None
    if report is not None:
        found.append(
            Point(
                "concession_report",
                "Le rapport annuel du concessionnaire décrit ce qu’il fait pour l’environnement et l’insertion "
                f"({told(report)}).",
            )
        )
    return found


RULE = Rule(
    "procurement_threshold",
    "Commande publique : procédure, publicité et obligations",
    ProcurementThresholdInput,
    procurement_threshold,
)
