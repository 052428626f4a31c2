"""What each kind of support asks of each level of authority: one function a support (see ``competence``)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from essor.law.certainty import Certainty
from essor.law.labelled import Labelled
from essor.law.rules.base import Point, Reasons, told
from essor.law.rules.competence_grounds import Domain, Ground, Level, Standing
from essor.law.rules.schema import asked


class Support(Labelled):
    """How the authority would help."""

    BUSINESS_GRANT = "business_grant", "Aide économique à une entreprise (subvention, prêt, avance)"
    BUSINESS_PREMISES = "business_premises", "Aide à l’immobilier d’entreprise"
    CREATION_BODY_GRANT = (
        "creation_body_grant",
        "Subvention à un organisme qui aide à créer ou reprendre des entreprises",
    )
    ASSOCIATION_GRANT = "association_grant", "Subvention à une association"
    NON_ECONOMIC_GRANT = "non_economic_grant", "Subvention à la part non économique d’une activité"
    SCIC_CAPITAL = "scic_capital", "Entrée au capital d’une Scic"
    GUARANTEE = "guarantee", "Garantie d’emprunt"
    IN_KIND = "in_kind", "Mise à disposition de locaux, de matériel ou de personnel"
    PURCHASE = "purchase", "Achat (marché public)"


class Status(Labelled):
    """The answer."""

    ALLOWED = "allowed", "Possible"
    CONDITIONAL = "conditional", "Possible sous condition"
    NOT_ALLOWED = "not_allowed", "Impossible"


@dataclass(frozen=True, slots=True)
class CompetenceInput:
    """The question."""

    level: Level = asked("Niveau de collectivité")
    domain: Domain = asked("Domaine de l’activité soutenue")
    support: Support = asked("Forme du soutien")
    on: date = asked("Jour de la décision")


@dataclass(slots=True)
class Case:
    """The question, with what is being concluded."""

    given: CompetenceInput
    ground: Ground
    reasons: Reasons
    conditions: list[Point]
    way_round: list[Point]

    @property
    def level(self) -> Level:
        """Who acts."""
        return self.given.level

    def ask(self, code: str, text: str) -> None:
        """Add a condition."""
        self.conditions.append(Point(code, text))

    def offer(self, code: str, text: str) -> None:
        """Add another lawful way."""
        self.way_round.append(Point(code, text))


# ── One function a support ──


def _business_grant(case: Case) -> Status:
    if case.level is Level.REGION:
        return Status.ALLOWED
    if case.level is Level.DEPARTEMENT:
        return _departement_business(case)
    topup = case.reasons.value("communes.epci.topup")
    delegation = case.reasons.value("region.delegation")
    case.ask(
        "region_agreement",
        "Passer une convention avec la région, pour compléter l’aide qu’elle a définie ou pour l’octroyer par "
        "délégation "
        f"({told(topup)} ; {told(delegation)}).",
    )
    if case.level is Level.METROPOLE:
        case.offer(
            "metropole_own",
            "Sans convention, une métropole peut subventionner les organismes dont l’objet exclusif est la "
            "création ou la "
            "reprise d’entreprises, et entrer au capital de certaines sociétés (capital-investissement, financement "
            "régional). En désaccord avec le schéma régional, elle adopte son propre document d’orientation, "
            "qui le prend "
            "en compte.",
        )
        case.reasons.cite(
            "Code général des collectivités territoriales, art. L5217-2 et L4251-14 à L4251-18",
            note="À vérifier sur Légifrance.",
        )
    if case.level is Level.EPCI:
        case.ask(
            "epci_competence", "Rester dans ses compétences, telles que la loi et les statuts les donnent."
        )
    if case.level is Level.COMMUNE:
        case.ask(
            "not_transferred",
            "Vérifier que le développement économique, compétence obligatoire de l’intercommunalité, laisse "
            "place à l’aide.",
        )
    _offer_premises(case)
    _offer_common(case)
    return Status.CONDITIONAL


def _departement_business(case: Case) -> Status:
    solidarities = case.reasons.value("departement")
    if case.given.domain is Domain.AGRICULTURE:
        farming = case.reasons.value("departement_agriculture")
        case.ask(
            "region_agreement",
            "Passer une convention avec la région et compléter son aide, pour la production, la transformation ou la "
            f"commercialisation de produits de l’agriculture, de la forêt ou de la pêche ({told(farming)}).",
        )
        return Status.CONDITIONAL
    case.reasons.say(
        "Un département ne peut plus aider directement une entreprise ; la région ne peut pas non plus lui "
        "déléguer ses "
        f"aides ({told(solidarities)})."
    )
    case.reasons.value("region.delegation")
    _offer_premises(case)
    _offer_common(case)
    return Status.NOT_ALLOWED


def _business_premises(case: Case) -> Status:
    own = case.reasons.value("bloc_communal.real_estate")
    case.reasons.say(
        f"Les communes et les intercommunalités sont seules à définir et décider l’aide à l’immobilier d’entreprise "
        f"({told(own)})."
    )
    if case.level is Level.DEPARTEMENT:
        delegated = case.reasons.value("bloc_communal.delegation_to_departement")
        case.ask(
            "delegation",
            f"Recevoir par convention, d’une commune ou d’une intercommunalité, la délégation d’octroyer l’aide "
            f"({told(delegated)}).",
        )
        _offer_common(case)
        return Status.CONDITIONAL
    if case.level is Level.REGION:
        joined = case.reasons.value("bloc_communal.region_participation")
        case.ask(
            "bloc_communal_agreement",
            "Participer au financement par convention avec la commune ou l’intercommunalité, qui reste seule à décider "
            f"({told(joined)}).",
        )
        return Status.CONDITIONAL
    if case.level is Level.COMMUNE:
        case.ask(
            "not_transferred",
            "Vérifier dans les statuts de l’intercommunalité que l’aide à l’immobilier d’entreprise ne lui "
            "revient pas.",
        )
    case.offer("delegate", "Déléguer au département, par convention, l’octroi de l’aide.")
    return Status.ALLOWED


def _creation_body(case: Case) -> Status:
    text = case.reasons.value("creation.aid.intermediaries")
    case.ask(
        "agreement",
        f"Passer une convention avec l’organisme, qui dit l’emploi de la subvention ({told(text)}).",
    )
    if case.level is Level.DEPARTEMENT:
        _offer_common(case)
        return Status.NOT_ALLOWED
    if case.level is Level.REGION or case.level is Level.METROPOLE:
        return Status.ALLOWED
    case.conditions.insert(
        0, Point("region_agreement", "Passer une convention avec la région, ou compléter son aide.")
    )
    return Status.CONDITIONAL


def _association_grant(case: Case) -> Status:
    common = case.reasons.value("general.interest.associations")
    case.reasons.say(
        "Sans activité économique, la subvention à une association suit le droit commun de l’intérêt public local "
        f"({told(common)}) ; avec une activité économique, elle suit les règles des aides aux entreprises."
    )
    return _from_ground(case)


def _non_economic_grant(case: Case) -> Status:
    case.reasons.say(
        "L’aide à la part non économique ne relève pas des aides aux entreprises : seule compte la compétence dans le "
        "domaine de l’activité."
    )
    case.reasons.value("general.interest.associations")
    return _from_ground(case)


def _from_ground(case: Case) -> Status:
    """What the competence of the level in the domain gives, for a support that is no business aid."""
    if case.given.domain is Domain.PROCUREMENT:
        case.ask(
            "real_domain",
            "La commande publique ne fonde aucune subvention : choisir le domaine de l’activité, ou acheter par "
            "un marché.",
        )
        return Status.CONDITIONAL
    case.ask(
        "public_interest", "L’activité répond à un intérêt public du territoire, et la délibération le dit."
    )
    if case.ground.standing in (Standing.OWN, Standing.SHARED):
        return Status.ALLOWED
    if case.level is Level.DEPARTEMENT:
        solidarities = case.reasons.value("departement")
        tie = (
            "Rattacher l’action, dans la délibération et la convention, à une compétence du département : insertion, "
            f"autonomie, cohésion sociale ou territoriale ({told(solidarities)})."
        )
    elif case.level is Level.REGION:
        tie = "Rattacher l’action à une compétence que la loi donne à la région."
    else:
        tie = "Rattacher l’action à une compétence inscrite dans les statuts et d’intérêt communautaire."
    case.conditions.insert(0, Point("own_competence", tie))
    return Status.CONDITIONAL


def _scic_capital(case: Case) -> Status:
    cap = case.reasons.value("cooperatives.scic.public_capital_cap")
    case.ask(
        "own_competence", "Une activité de la Scic, au moins, relève des compétences de la collectivité."
    )
    case.ask(
        "public_capital_cap",
        f"Les collectivités, leurs groupements et les établissements publics territoriaux ne dépassent pas ensemble "
        f"{cap.text} du capital ({told(cap)}).",
    )
    case.ask(
        "deliberation",
        "Une délibération décide de la souscription et désigne qui représente la collectivité.",
    )
    aid = case.reasons.value("cooperatives.scic.public_aid")
    case.offer("scic_grant", f"Subventionner la Scic, ce que la loi permet expressément ({told(aid)}).")
    if case.ground.standing is Standing.NONE:
        case.reasons.say(
            "Le domaine indiqué n’y suffit pas : il faut qu’une autre activité de la Scic relève de la collectivité."
        )
    return Status.CONDITIONAL


def _guarantee(case: Case) -> Status:
    articles = {Level.DEPARTEMENT: "L3231-4 et L3231-4-1", Level.REGION: "L4253-1 et L4253-2"}
    article = articles.get(case.level, "L2252-1 et L2252-2")
    case.reasons.cite(
        f"Code général des collectivités territoriales, art. {article}", note="À vérifier sur Légifrance."
    )
    case.ask(
        "prudential_ratios",
        "Respecter les ratios prudentiels : annuités garanties rapportées aux recettes, part d’un même débiteur, part "
        f"garantie de l’emprunt (art. {article} du code général des collectivités territoriales, à vérifier).",
    )
    case.ask("own_competence", "L’activité du bénéficiaire relève des compétences de la collectivité.")
    case.ask("guarantee_value", "Compter la garantie pour son équivalent-subvention brut.")
    return Status.CONDITIONAL


def _in_kind(case: Case) -> Status:
    case.reasons.cite(
        "Code général de la propriété des personnes publiques, art. L2125-1",
        note="À vérifier sur Légifrance.",
    )
    case.ask(
        "agreement",
        "Une convention dit la valeur de la mise à disposition, sa durée, et qui assure et entretient.",
    )
    case.ask(
        "fee",
        "Une redevance est due pour le domaine public ; une association sans but lucratif qui concourt à "
        "l’intérêt général "
        "peut en être dispensée (art. L2125-1 du code général de la propriété des personnes publiques, à vérifier).",
    )
    case.offer(
        "premises", "Louer à une entreprise sous le prix du marché est une aide à l’immobilier d’entreprise."
    )
    return _from_ground(case)


def _purchase(case: Case) -> Status:
    case.reasons.say(
        "Acheter n’est pas aider : toute collectivité peut acheter à une structure de l’ESS ce dont elle a "
        "elle-même besoin."
    )
    case.reasons.cite(
        "Code de la commande publique, art. L1 à L3-1", Certainty.PARTIAL, "Article à vérifier."
    )
    case.ask("own_need", "L’achat répond à un besoin de la collectivité, dans ses compétences.")
    case.ask("procedure", "Suivre la procédure que le montant et la nature de l’achat demandent.")
    case.offer("reserved", "Réserver le marché : handicap, insertion, détention ou entreprises de l’ESS.")
    return Status.ALLOWED


# ── Other ways ──


def _offer_premises(case: Case) -> None:
    if case.level is Level.DEPARTEMENT:
        delegated = case.reasons.value("bloc_communal.delegation_to_departement")
        case.offer(
            "premises_delegation",
            "Octroyer l’aide à l’immobilier d’entreprise qu’une commune ou une intercommunalité lui délègue par "
            "convention "
            f"({told(delegated)}).",
        )
        return
    own = case.reasons.value("bloc_communal.real_estate")
    case.offer(
        "premises", f"Aider l’immobilier de l’entreprise, ce que la collectivité décide seule ({told(own)})."
    )


def _offer_common(case: Case) -> None:
    case.offer(
        "non_economic_part",
        "Soutenir la part non économique de l’activité, dans ses propres compétences : accompagnement social, "
        "animation, "
        "expérimentation.",
    )
    case.offer(
        "purchase",
        "Acheter à la structure ce dont la collectivité a elle-même besoin, par un marché réservé s’il convient.",
    )
    case.offer(
        "scic_capital",
        "Entrer au capital de la structure, si c’est une Scic dont une activité relève des compétences de la "
        "collectivité.",
    )


SUPPORTS: dict[Support, Callable[[Case], Status]] = {
    Support.BUSINESS_GRANT: _business_grant,
    Support.BUSINESS_PREMISES: _business_premises,
    Support.CREATION_BODY_GRANT: _creation_body,
    Support.ASSOCIATION_GRANT: _association_grant,
    Support.NON_ECONOMIC_GRANT: _non_economic_grant,
    Support.SCIC_CAPITAL: _scic_capital,
    Support.GUARANTEE: _guarantee,
    Support.IN_KIND: _in_kind,
    Support.PURCHASE: _purchase,
}
