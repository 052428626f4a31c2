"""What the law asks of a commercial company to belong to the ESS (loi n° 2014-856, art. 1, I and II, 2°).

Known by the answers of the organisation; every number is the legal value in force on the day.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.wording import french_date, french_percent
from essor.registry.conditions import LAW, origin_of
from essor.registry.enums import Answer, Certainty, ConditionState
from essor.registry.facts import Answers, Condition, UnitFacts

ANSWER = "Réponse de l’organisation, non vérifiée"
NOBODY = "Aucune source consultée"
NOT_ASKED = "Aucune source publique ne le dit : à demander à l’organisation."
# The conditions that must all be met; the others detail « management ».
REQUIRED = ("purpose", "governance", "management", "utility", "statutes")

_FROM_ANSWER = {
    Answer.YES: ConditionState.MET,
    Answer.NO: ConditionState.NOT_MET,
    Answer.UNKNOWN: ConditionState.UNKNOWN,
}


def _answers(facts: UnitFacts) -> Answers:
    return facts.answers or Answers()


def company_conditions(facts: UnitFacts, on: date) -> tuple[Condition, ...]:
    """Every condition: the three of art. 1, I with the details of the third, social utility, statutes."""
    details = _management_details(facts, on)
    conditions = [
        _answered(facts, "purpose", "But autre que le seul partage des bénéfices", f"{LAW}, art. 1er, I, 1°"),
        _answered(
            facts,
            "governance",
            "Gouvernance démocratique, qui ne dépend pas du seul capital",
            f"{LAW}, art. 1er, I, 2°",
        ),
        _management(facts, details),
        *details,
    ]
    utility = law.value("ess.utility", on)
    conditions.append(
        _answered(facts, "utility", "Recherche d’une utilité sociale", utility.reference, utility.certainty)
    )
    statutes = law.in_force("ess.company.statutes", on)
    if statutes:
        conditions.append(
            _answered(
                facts, "statutes", "Règles écrites dans les statuts", statutes.reference, statutes.certainty
            )
        )
    return tuple(conditions)


def _answered(
    facts: UnitFacts,
    code: str,
    label: str,
    reference: str,
    certainty: Certainty = Certainty.SEEN,
    parent: str | None = None,
) -> Condition:
    """A condition known only by the yes / no answer of the organisation."""
    answer: Answer = getattr(_answers(facts), code)
    explanation = {
        Answer.YES: "L’organisation répond que oui.",
        Answer.NO: "L’organisation répond que non.",
        Answer.UNKNOWN: "L’organisation n’a pas répondu, ou ne sait pas." if facts.answers else NOT_ASKED,
    }[answer]
    return _from_organisation(
        facts, code, label, _FROM_ANSWER[answer], explanation, reference, certainty, parent=parent
    )


def _from_organisation(
    facts: UnitFacts,
    code: str,
    label: str,
    state: ConditionState,
    explanation: str,
    reference: str,
    certainty: Certainty,
    *,
    value: str | None = None,
    legal_value: str | None = None,
    parent: str | None = None,
) -> Condition:
    origin = facts.provenance.get(code) or origin_of(facts, "answers", ANSWER if facts.answers else NOBODY)
    return Condition(
        code=code,
        label=label,
        state=state,
        explanation=explanation,
        reference=reference,
        certainty=certainty,
        source=origin.source,
        source_date=origin.day,
        value=value,
        legal_value=legal_value,
        parent=parent,
    )


def _management(facts: UnitFacts, details: Iterable[Condition]) -> Condition:
    """Third condition: a detail not met prevails, then all details met, then the answer given for the
    whole.
    """
    states = [detail.state for detail in details]
    answer = _answers(facts).management
    if ConditionState.NOT_MET in states:
        state = ConditionState.NOT_MET
        explanation = "Une au moins des règles de gestion détaillées ci-dessous n’est pas respectée."
    elif all(found is ConditionState.MET for found in states):
        state, explanation = ConditionState.MET, "Toutes les règles de gestion ci-dessous sont respectées."
    elif answer is Answer.UNKNOWN:
        state = ConditionState.UNKNOWN
        explanation = (
            "Il manque des réponses sur les règles de gestion ci-dessous." if facts.answers else NOT_ASKED
        )
    else:
        state = _FROM_ANSWER[answer]
        explanation = (
            "L’organisation répond, pour l’ensemble, que oui ; le détail ci-dessous reste à vérifier."
            if answer is Answer.YES
            else "L’organisation répond, pour l’ensemble, que non."
        )
    return _from_organisation(
        facts,
        "management",
        "Gestion : bénéfices gardés dans l’entreprise, réserves impartageables",
        state,
        explanation,
        f"{LAW}, art. 1er, I, 3°",
        Certainty.SEEN,
    )


def _management_details(facts: UnitFacts, on: date) -> list[Condition]:
    parent = "management"
    third = f"{LAW}, art. 1er, I, 3°"
    capital = law.value("ess.company.capital", on)
    details = [
        _answered(
            facts,
            "profits_kept",
            "Bénéfices consacrés en majorité à l’activité",
            f"{third}, a",
            parent=parent,
        ),
        _answered(
            facts, "reserves_locked", "Réserves obligatoires impartageables", f"{third}, b", parent=parent
        ),
        _answered(
            facts,
            "liquidation",
            "Boni de liquidation versé à une structure de l’ESS",
            f"{third}, b",
            parent=parent,
        ),
    ]
    dev_fund = law.in_force("ess.company.dev_fund", on)
    if dev_fund:
        limit = law.value("ess.company.dev_fund_limit", on)
        full = _answers(facts).dev_fund_full is Answer.YES
        details.append(
            _share(facts, "dev_fund", "Fonds de développement", _answers(facts).dev_fund_share, dev_fund)
            if not full
            else _from_organisation(
                facts,
                "dev_fund",
                "Fonds de développement",
                ConditionState.MET,
                f"L’affectation n’est plus obligatoire : les réserves atteignent {limit.text} du capital.",
                limit.reference,
                limit.certainty,
                legal_value=limit.text,
                parent=parent,
            )
        )
    reserves = law.in_force("ess.company.reserves", on)
    if reserves:
        details.append(
            _share(
                facts,
                "reserves",
                "Report bénéficiaire et réserves obligatoires",
                _answers(facts).reserves_share,
                reserves,
            )
        )
    details.append(
        _answered(
            facts,
            "no_amortisation",
            "Ni amortissement du capital, ni réduction que des pertes ne motivent pas",
            capital.reference,
            capital.certainty,
            parent,
        )
    )
    return details


def _share(
    facts: UnitFacts, code: str, label: str, share: Decimal | None, legal: law.LegalValue
) -> Condition:
    """A share of the profit compared with the legal minimum in force that day."""
    since = f"{legal.text} au moins, depuis le {french_date(legal.valid_from)}"
    if share is None:
        state = ConditionState.UNKNOWN
        explanation = f"La part affectée n’est pas connue. La loi demande {since}."
    elif share >= legal.decimal:
        state = ConditionState.MET
        explanation = f"{french_percent(share)} du bénéfice y sont affectés. La loi demande {since}."
    else:
        state = ConditionState.NOT_MET
        explanation = (
            f"{french_percent(share)} seulement du bénéfice y sont affectés. La loi demande {since}."
        )
    return _from_organisation(
        facts,
        code,
        label,
        state,
        explanation,
        legal.reference,
        legal.certainty,
        value=None if share is None else french_percent(share),
        legal_value=legal.text,
        parent="management",
    )
