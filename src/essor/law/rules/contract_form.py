"""Which legal form for a support: who has the initiative, who defines the need, what comes in return.

Loi n° 2000-321 du 12 avril 2000, art. 9-1 (subvention); code de la commande publique, art. L1111-1 (marché), L1121-1
(concession). A subvention supports a project that the beneficiary thought of; as soon as the authority orders a service
for its own need and pays for it, it is a contract, whatever its name.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.schema import asked
from essor.law.wording import french_euros


class Side(Labelled):
    """Who."""

    ORGANISATION = "organisation", "L’organisation"
    AUTHORITY = "authority", "La collectivité"


class Counterpart(Labelled):
    """What the authority receives in return for its money."""

    NONE = "none", "Rien qui réponde à un besoin propre de la collectivité"
    SERVICE = "service", "Une prestation, des travaux ou des fournitures pour la collectivité"
    PUBLIC_SERVICE = (
        "public_service",
        "La gestion d’un service public, payée par les usagers (risque d’exploitation)",
    )
    SHARES = "shares", "Des parts de capital"


class Choice(Labelled):
    """How the beneficiary is chosen."""

    DIRECT = "direct", "Demande reçue d’une organisation"
    CALL = "call", "Appel à plusieurs organisations"
    EXPLORATION = "exploration", "Repérage d’idées ou d’acteurs, sans financement à ce stade"


class Form(Labelled):
    """The answer."""

    GRANT = "grant", "Subvention"
    CPO = "cpo", "Convention pluriannuelle d’objectifs"
    CALL_FOR_PROJECTS = "call_for_projects", "Appel à projets"
    CALL_FOR_INTEREST = "call_for_interest", "Appel à manifestation d’intérêt"
    CONTRACT = "contract", "Marché public"
    RESERVED_CONTRACT = "reserved_contract", "Marché réservé"
    CONCESSION = "concession", "Concession ou délégation de service public"
    SIEG_MANDATE = "sieg_mandate", "Mandat de service d’intérêt économique général"
    CAPITAL = "capital", "Entrée au capital"


@dataclass(frozen=True, slots=True)
class ContractFormInput:
    """The guided questions."""

    initiative: Side = asked("Qui a l’initiative du projet ?")
    need_defined_by: Side = asked("Qui définit le besoin et le contenu ?")
    counterpart: Counterpart = asked("Que reçoit la collectivité en retour ?")
    on: date = asked("Jour de la décision")
    amount: Decimal = asked("Montant annuel", kind="money", default=Decimal(0), minimum=0)
    years: int = asked("Durée, en années", default=1, minimum=1, maximum=99)
    economic_activity: bool = asked(
        "L’activité est-elle économique (biens ou services sur un marché) ?", default=False
    )
    public_service_obligations: bool = asked(
        "La collectivité impose-t-elle des obligations de service public ?", default=False
    )
    choice: Choice = asked("Comment l’organisation est-elle choisie ?", default=Choice.DIRECT)
    reservable: bool = asked(
        "Le besoin convient-il à une structure d’insertion, de travail adapté ou de l’ESS ?", default=False
    )
    scic: bool = asked("L’organisation est-elle une Scic ?", default=False)


@dataclass(frozen=True, slots=True)
class ContractForm:
    """``form`` is the one to use; ``alternatives`` may fit too. ``risks`` and ``obligations`` follow from the "
    "answers."""

    form: Form = answered("Forme à retenir")
    form_label: str = answered("Forme, en mots")
    alternatives: tuple[Form, ...] = answered("Formes qui peuvent aussi convenir")
    risks: tuple[Point, ...] = answered("Points d’attention")
    obligations: tuple[Point, ...] = answered("Ce qu’il faut faire")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


_CODE = "Code de la commande publique, art. "


def contract_form(given: ContractFormInput) -> ContractForm:
    """The form, its risks and what follows from it. Never raises for a day: what was not in force is left out."""
    reasons = Reasons(given.on)
    form, alternatives = _form(given, reasons)
    risks = _risks(given, form, reasons)
    obligations = (
        _grant_obligations(given, form, reasons)
        if form in _GRANTS
        else _other_obligations(given, form, reasons)
    )
    return ContractForm(
        form=form,
        form_label=form.label,
        alternatives=alternatives,
        risks=tuple(risks),
        obligations=tuple(obligations),
        explanation=reasons.explanation,
        references=reasons.references,
    )


_GRANTS = frozenset({Form.GRANT, Form.CPO, Form.CALL_FOR_PROJECTS, Form.SIEG_MANDATE})


def _form(given: ContractFormInput, reasons: Reasons) -> tuple[Form, tuple[Form, ...]]:
    if given.counterpart is Counterpart.SHARES:
        reasons.say("La collectivité reçoit des parts : c’est une entrée au capital, non une subvention.")
        return Form.CAPITAL, (Form.GRANT,)
    if given.counterpart is Counterpart.PUBLIC_SERVICE:
        reasons.say(
            "L’organisation exploiterait un service public à ses risques, payée pour l’essentiel par les "
            "usagers : c’est une "
            "concession, dite délégation de service public."
        )
        reasons.cite(f"{_CODE}L1121-1 à L1121-3", note="À vérifier sur Légifrance.")
        return Form.CONCESSION, (Form.CONTRACT,)
    if given.counterpart is Counterpart.SERVICE:
        return _contract(given, reasons)
    if given.choice is Choice.EXPLORATION:
        reasons.say(
            "À ce stade, la collectivité repère des idées ou des acteurs sans rien financer : un appel à manifestation "
            "d’intérêt suffit. Le financement viendra ensuite sous une autre forme."
        )
        return Form.CALL_FOR_INTEREST, (Form.CALL_FOR_PROJECTS,)
    both = given.initiative is Side.AUTHORITY and given.need_defined_by is Side.AUTHORITY
    if both and given.choice is Choice.DIRECT:
        return _ordered(given, reasons)
    return _support(given, reasons)


def _ordered(given: ContractFormInput, reasons: Reasons) -> tuple[Form, tuple[Form, ...]]:
    """Nothing seems to come in return, but the authority thought of the project and said what it must be."""
    reasons.say(
        "La collectivité a l’initiative et définit le besoin : même sans contrepartie visible, c’est elle qui "
        "commande. "
        "Une subvention suppose que l’organisation conçoive le projet ; pour en rester à une subvention, la laisser le "
        "proposer, ou ouvrir un appel à projets."
    )
    definition = reasons.value_if_any("grants.definition")
    if definition is not None:
        reasons.say(f"Ce qui définit une subvention : {definition.text} ({told(definition)}).")
    form, others = _contract(given, reasons)
    return form, (*others, Form.CALL_FOR_PROJECTS)


def _contract(given: ContractFormInput, reasons: Reasons) -> tuple[Form, tuple[Form, ...]]:
    reasons.say(
        "La collectivité paie une prestation qui répond à son propre besoin : c’est un marché public, quel que "
        "soit le nom "
        "donné au document et même si le titulaire est une association."
    )
    reasons.cite(f"{_CODE}L1111-1", note="À vérifier sur Légifrance.")
    if given.reservable:
        reasons.say(
            "Le besoin convient à une structure d’insertion, de travail adapté ou de l’ESS : réserver le marché."
        )
        return Form.RESERVED_CONTRACT, (Form.CONTRACT,)
    return Form.CONTRACT, (Form.RESERVED_CONTRACT,)


def _support(given: ContractFormInput, reasons: Reasons) -> tuple[Form, tuple[Form, ...]]:
    definition = reasons.value_if_any("grants.definition")
    basis = f" ({told(definition)})" if definition else ""
    reasons.say(
        "La collectivité ne reçoit rien qui réponde à un besoin propre : c’est une subvention, contribution à "
        "un projet "
        f"d’intérêt général que l’organisation a conçu et mène elle-même{basis}."
    )
    if given.economic_activity and given.public_service_obligations:
        reasons.say(
            "L’activité est économique et la collectivité lui impose des obligations de service public : un mandat de "
            "service d’intérêt économique général dit ces obligations, leur durée et le calcul de la "
            "compensation, sans "
            "surcompensation."
        )
        reasons.cite(
            "Décision 2012/21/UE de la Commission du 20 décembre 2011", note="À vérifier sur EUR-Lex."
        )
        return Form.SIEG_MANDATE, (Form.CPO, Form.GRANT)
    if given.choice is Choice.CALL:
        reasons.say(
            "La collectivité s’adresse à plusieurs organisations : l’appel à projets fixe un cadre général (objectifs, "
            "thèmes, critères), et laisse à chacune l’initiative et le contenu de son projet."
        )
        return Form.CALL_FOR_PROJECTS, (Form.GRANT, Form.CPO)
    if given.years > 1:
        reasons.say(
            "L’aide dure plusieurs années : une convention pluriannuelle d’objectifs donne de la visibilité et "
            "allège les "
            "démarches de l’année."
        )
        return Form.CPO, (Form.GRANT,)
    return Form.GRANT, (Form.CPO,)


def _risks(given: ContractFormInput, form: Form, reasons: Reasons) -> list[Point]:
    found = []
    if form in _GRANTS:
        if given.need_defined_by is Side.AUTHORITY:
            reasons.cite(f"{_CODE}L1111-1", note="À vérifier sur Légifrance.")
            found.append(
                Point(
                    "requalification",
                    "La collectivité définit le besoin : le juge peut requalifier la subvention en marché passé "
                    "sans mise "
                    "en concurrence. Écarter toute commande : ni cahier des charges détaillé, ni prix à l’acte, ni "
                    "livrable pour la collectivité.",
                )
            )
        if given.initiative is Side.AUTHORITY and given.choice is not Choice.CALL:
            found.append(
                Point(
                    "no_initiative",
                    "L’initiative vient de la collectivité : la demande doit montrer que l’organisation porte "
                    "le projet, "
                    "sans quoi la subvention est fragile.",
                )
            )
        if given.economic_activity:
            found.append(
                Point(
                    "state_aid",
                    "L’activité est économique : l’aide relève du droit des aides d’État et, pour une aide aux "
                    "entreprises, "
                    "de la compétence de la région.",
                )
            )
    if form is Form.CALL_FOR_PROJECTS and given.need_defined_by is Side.AUTHORITY:
        found.append(
            Point(
                "call_too_formatted",
                "Un appel à projets trop précis rend l’initiative impossible : il devient une commande. "
                "Assouplir le cadre, "
                "ou passer un marché.",
            )
        )
    if form in (Form.CONTRACT, Form.RESERVED_CONTRACT) and given.initiative is Side.ORGANISATION:
        found.append(
            Point(
                "tailored",
                "L’organisation est à l’origine du projet : définir le besoin sans le calquer sur son offre, et ne pas "
                "l’avantager par ce qu’elle sait déjà.",
            )
        )
    if form is Form.CAPITAL and not given.scic:
        found.append(
            Point(
                "capital_not_scic",
                "Hors Scic et sociétés que la loi vise (sociétés d’économie mixte, sociétés publiques locales, "
                "production "
                "d’énergie…), une collectivité n’entre au capital d’une société commerciale qu’avec l’autorisation "
                "d’un décret en Conseil d’État (code général des collectivités territoriales, art. L2253-1 pour les "
                "communes et leurs groupements, à vérifier).",
            )
        )
    return found


def _grant_obligations(given: ContractFormInput, form: Form, reasons: Reasons) -> list[Point]:
    found = [
        Point("decision", "Une décision de l’organe compétent attribue l’aide, son montant et son objet.")
    ]
    amount = french_euros(given.amount)
    threshold = reasons.value_if_any("grants.convention_threshold")
    if threshold is not None:
        if given.amount > threshold.decimal:
            found.append(
                Point(
                    "agreement",
                    f"Une convention écrite est obligatoire : {amount} par an dépassent {threshold.text} "
                    f"({told(threshold)}).",
                )
            )
        else:
            reasons.say(
                f"Aucune convention n’est imposée par le montant : {amount} par an ne dépassent pas {threshold.text} "
                f"({told(threshold)})."
            )
    _publication(given, found, reasons)
    commitment = reasons.value_if_any("cer.obligation")
    if commitment is not None:
        found.append(
            Point(
                "republican_commitment",
                f"L’association ou la fondation souscrit le contrat d’engagement républicain ({told(commitment)}).",
            )
        )
    report = reasons.value_if_any("grants.financial_report.delay")
    if report is not None:
        found.append(
            Point(
                "financial_report",
                f"L’organisation rend un compte rendu financier dans les {report.text} de la fin de l’exercice, "
                f"quand la "
                f"subvention a un objet déterminé ({told(report)}).",
            )
        )
    auditor = reasons.value_if_any("grants.auditor.threshold")
    if auditor is not None:
        duty = (
            f"À partir de {auditor.text} de subventions publiques en argent par an, toutes réunies, l’association "
            f"nomme un commissaire aux comptes et publie ses comptes ({told(auditor)})."
        )
        if given.amount >= auditor.decimal:
            found.append(Point("auditor", duty))
        else:
            reasons.say(f"Additionner cette aide et celles des autres personnes publiques. {duty}")
    longest = reasons.value_if_any("cpo.max_years")
    if form is Form.CPO and longest is not None:
        found.append(
            Point(
                "duration",
                f"Une convention pluriannuelle dure au plus {longest.text} ({told(longest)})"
                + (
                    f" : la ramener de {given.years} à {longest.text}."
                    if given.years > longest.decimal
                    else "."
                ),
            )
        )
    return found


def _publication(given: ContractFormInput, found: list[Point], reasons: Reasons) -> None:
    published = reasons.value_if_any("grants.open_data.threshold")
    if published is not None and given.amount > published.decimal:
        delay = reasons.value("grants.open_data.delay")
        found.append(
            Point(
                "open_data",
                f"Publier les données essentielles de la subvention dans les {delay.text} de la signature, "
                f"au-dessus de "
                f"{published.text} ({told(published)}).",
            )
        )


def _other_obligations(given: ContractFormInput, form: Form, reasons: Reasons) -> list[Point]:
    if form is Form.CAPITAL:
        cap = reasons.value_if_any("cooperatives.scic.public_capital_cap") if given.scic else None
        found = [Point("decision", "Une délibération décide de la souscription et désigne un représentant.")]
        if cap is not None:
            found.append(
                Point(
                    "public_capital_cap",
                    f"Le secteur public local ne dépasse pas ensemble {cap.text} du capital de la Scic ({told(cap)}).",
                )
            )
        return found
    if form is Form.CALL_FOR_INTEREST:
        return [
            Point(
                "equal_access",
                "Publier l’appel, dire ce qui suivra et comment les réponses seront utilisées, sans promettre "
                "de financement.",
            )
        ]
    return [
        Point(
            "procedure",
            "Suivre la procédure que la nature et le montant demandent : voir la règle des seuils.",
        ),
        Point("equal_treatment", "Respecter la liberté d’accès, l’égalité de traitement et la transparence."),
    ]


RULE = Rule(
    "contract_form", "Quelle forme : subvention, marché, mandat, capital", ContractFormInput, contract_form
)
