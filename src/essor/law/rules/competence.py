"""Who may do what: a level of authority, a domain, a kind of support, on a day since 1 January 2016 (loi NOTRe).

Three answers: ``allowed`` (the level holds the competence: the conditions are those of any such support),
``conditional`` (it may, if the first condition is met: an agreement, a tie to its own competences…),
``not_allowed`` (another level holds it; ``way_round`` says what remains possible).
"""

from dataclasses import dataclass

from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.competence_grounds import Domain, Level, ground
from essor.law.rules.competence_supports import SUPPORTS, Case, CompetenceInput, Status, Support

__all__ = ["RULE", "Competence", "CompetenceInput", "Domain", "Level", "Status", "Support", "competence"]


@dataclass(frozen=True, slots=True)
class Competence:
    """``conditions`` are all to be met; ``way_round`` lists other lawful ways to the same end."""

    status: Status = answered("Réponse")
    status_label: str = answered("Réponse, en mots")
    conditions: tuple[Point, ...] = answered("Conditions à réunir")
    way_round: tuple[Point, ...] = answered("Autres voies possibles")
    srdeii: bool = answered("Doit être compatible avec le schéma régional (SRDEII)")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def competence(given: CompetenceInput) -> Competence:
    """May this level give this support in this domain. Raises ``RuleError`` before 1 January 2016."""
    reasons = Reasons(given.on)
    region = reasons.value("region.economic_aid")
    case = Case(given, ground(given.level, given.domain), reasons, [], [])
    if given.support is not Support.PURCHASE:
        reasons.say(f"{given.level.label}, {given.domain.label.lower()} : {case.ground.text}.")
        reasons.cite(case.ground.reference, note="À vérifier sur Légifrance.")
    status = SUPPORTS[given.support](case)
    economic = given.support in _ECONOMIC
    if economic:
        srdeii = reasons.value("srdeii")
        case.ask(
            "srdeii",
            "L’aide doit être compatible avec le schéma régional de développement économique, d’innovation et "
            f"d’internationalisation ({told(srdeii)}).",
        )
        reasons.say(
            f"La région définit seule les aides aux entreprises et décide de leur octroi ({told(region)})."
        )
    if given.support is not Support.PURCHASE and status is not Status.NOT_ALLOWED:
        _state_aid(case, economic)
    if status is Status.NOT_ALLOWED:
        case.conditions.clear()
    reasons.say(f"Réponse : {status.label.lower()}.")
    return Competence(
        status=status,
        status_label=status.label,
        conditions=tuple(case.conditions),
        way_round=tuple(case.way_round),
        srdeii=economic,
        explanation=reasons.explanation,
        references=reasons.references,
    )


_ECONOMIC = frozenset({Support.BUSINESS_GRANT, Support.BUSINESS_PREMISES, Support.CREATION_BODY_GRANT})


def _state_aid(case: Case, economic: bool) -> None:
    if case.given.support is Support.NON_ECONOMIC_GRANT:
        case.ask(
            "separate_accounts",
            "Les comptes séparent l’activité non économique, seule aidée, de l’activité économique, pour que l’une ne "
            "finance pas l’autre.",
        )
        return
    if economic:
        case.ask(
            "state_aid",
            "Respecter le droit des aides d’État : de minimis, exemption par catégorie ou service d’intérêt économique "
            "général.",
        )
        return
    if case.given.support is Support.SCIC_CAPITAL:
        case.ask(
            "prudent_investor",
            "Souscrire aux conditions qu’un investisseur privé accepterait, ou compter l’avantage comme une aide (de "
            "minimis ou service d’intérêt économique général).",
        )
        return
    own_region = (
        ""
        if case.level is Level.REGION or case.given.support is Support.GUARANTEE
        else ", et passer par la région pour ce qui est une aide aux entreprises"
    )
    case.ask(
        "state_aid",
        "Si l’activité soutenue est économique, même portée par une association, respecter le droit des aides d’État"
        f"{own_region}.",
    )


RULE = Rule("competence", "Compétence : qui peut soutenir quoi, et comment", CompetenceInput, competence)
