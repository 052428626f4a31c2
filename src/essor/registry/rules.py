"""The qualification: is this organisation of the ESS, of which family, and why? Pure and dated.

Law: loi n° 2014-856 du 31 juillet 2014, art. 1 (families, conditions), art. 2 (utility); code du travail,
L3332-17-1 (Esus). What the law does not say (activities left out, reading of SIRENE's mark) comes from the
perimeter.

How it decides:

* **Form of a family of the law** (association, cooperative, mutual, foundation): ``ess_by_status``.
  A mark « N » in SIRENE does not change that: art. 1, II looks at the status, and the mark is often a
  default; the contradiction is shown in the conditions and in what is to be done. An activity left out of
  the statistical perimeter gives ``outside``; if the mark, the list or an Esus agreement says otherwise,
  ``to_check`` with the family.
* **Commercial company**: marked in SIRENE, on ESS France's list, or agreed Esus (the State checked art. 1 to
  agree it): ``ess_declared``. Otherwise by its answers: all conditions met, ``ess_declared``; one not met,
  ``outside`` (they are cumulative); some unknown, ``to_check`` if it was asked, or if a directory of
  insertion knows the company. Nothing known at all: ``outside``, with what would be needed. Answers that
  contradict the mark or the list: ``to_check``. A Scop, Scic or CAE coded by INSEE as an ordinary company is
  a cooperative.
* **Any other form**: ``outside``; marked or listed all the same, ``to_check`` without family: either the
  mark or the legal category is wrong.
* **Unknown legal category**: ``to_check``.

So a unit that is marked or listed is never ``outside``.
"""

from datetime import date

from essor.law import parameters as law
from essor.registry import company_conditions, conditions
from essor.registry.enums import (
    Answer,
    CategoryKind,
    ConditionState,
    EsusBasis,
    Family,
    Tag,
    Verdict,
)
from essor.registry.facts import (
    Answers,
    Condition,
    EsusAgreement,
    Provenance,
    Qualification,
    UnitFacts,
)
from essor.registry.perimeter import LegalCategory, Perimeter, PerimeterError

__all__ = [
    "Answers",
    "Condition",
    "EsusAgreement",
    "Provenance",
    "Qualification",
    "UnitFacts",
    "qualify",
]

_BY_RIGHT_MARKERS = (Tag.EI, Tag.ETTI, Tag.AI, Tag.ACI, Tag.EA, Tag.ESAT)
# What to do about a condition that is not met; {legal} is the legal value in force on the day.
_REMEDIES = {
    "purpose": "Dire dans les statuts un but autre que le seul partage des bénéfices.",
    "governance": "Prévoir une gouvernance démocratique, où le capital ne décide pas seul et où "
    "associés, salariés et "
    "parties prenantes sont informés et participent.",
    "management": "Établir les règles de gestion de l’article 1er : bénéfices gardés en majorité, réserves "
    "impartageables, boni de liquidation à une structure de l’ESS.",
    "profits_kept": "Consacrer les bénéfices en majorité au maintien ou au développement de l’activité.",
    "reserves_locked": "Rendre les réserves obligatoires impartageables.",
    "liquidation": "Prévoir que le boni de liquidation aille à une structure de l’ESS.",
    "dev_fund": "Affecter au fonds de développement {legal} au moins du bénéfice.",
    "reserves": "Affecter au report bénéficiaire et aux réserves obligatoires {legal} au moins du bénéfice.",
    "no_amortisation": "Interdire d’amortir le capital, et de le réduire sans que des pertes le motivent.",
    "utility": "Rechercher à titre principal une utilité sociale, au sens de l’article 2 de la loi.",
    "statutes": "Inscrire ces règles dans les statuts.",
}
_DECLARE = (
    "Demander la mention « entreprise de l’économie sociale et solidaire » au registre du commerce et "
    "des sociétés, "
    "puis l’inscription sur la liste que tient la chambre régionale de l’ESS."
)


def qualify(facts: UnitFacts, perimeter: Perimeter, on: date) -> Qualification:
    """Qualify one unit by the rules and the perimeter in force on a day.

    Answers for any code of category, mark or activity, known or not. Raises ``NotInForceError`` for a day
    before the law of 31 July 2014, ``PerimeterError`` when this perimeter does not hold on that day.
    """
    law.value("ess.families", on)
    if not perimeter.in_force(on):
        raise PerimeterError(perimeter.version, [f"cette version n’est pas en vigueur le {on.isoformat()}"])
    category = perimeter.category(facts.legal_category)
    marker = conditions.cooperative_marker(facts, category)
    family = Family.COOPERATIVE if marker else category.family if category else None
    looked_at = _look_at(facts, category, family, perimeter, on)
    verdict, found, reason, steps = _decide(facts, category, family, looked_at, on)
    basis = _esus_basis(facts, category, verdict, on)
    if basis is not EsusBasis.NONE:
        looked_at = (*looked_at, conditions.esus(facts, basis, on))
    return Qualification(
        siren=facts.siren,
        on=on,
        perimeter=perimeter.version,
        verdict=verdict,
        family=found,
        tags=_tags(facts, category, basis),
        esus=basis,
        reason=reason,
        conditions=looked_at,
        next_steps=steps,
    )


def _look_at(
    facts: UnitFacts, category: LegalCategory | None, family: Family | None, perimeter: Perimeter, on: date
) -> tuple[Condition, ...]:
    looked_at = [conditions.legal_form(facts, category)]
    if family is not None:
        looked_at.append(conditions.activity(facts, family, perimeter))
    looked_at += [conditions.ess_flag(facts, family), conditions.ess_list(facts)]
    if category is not None and category.kind is CategoryKind.COMPANY_FORM and family is None:
        looked_at += company_conditions.company_conditions(facts, on)
    if facts.state == "C":
        looked_at.append(conditions.closed(facts))
    return tuple(looked_at)


_Decision = tuple[Verdict, Family | None, str, tuple[str, ...]]


def _decide(
    facts: UnitFacts,
    category: LegalCategory | None,
    family: Family | None,
    looked_at: tuple[Condition, ...],
    on: date,
) -> _Decision:
    states = {condition.code: condition.state for condition in looked_at}
    evidence = _evidence(facts, on)
    if category is None:
        return (
            Verdict.TO_CHECK,
            None,
            "La forme juridique n’est pas connue : rien ne permet de conclure.",
            ("Retrouver la forme juridique de l’organisation (avis de situation Sirene, statuts).",),
        )
    if family is not None:
        return _decide_by_status(facts, family, evidence, states)
    if category.kind is CategoryKind.COMPANY_FORM:
        return _decide_company(facts, evidence, looked_at)
    if evidence:
        return (
            Verdict.TO_CHECK,
            None,
            f"{evidence}, mais sa forme juridique ne peut pas relever de l’ESS : l’un des deux est faux.",
            ("Vérifier la forme juridique, et faire corriger Sirene ou la liste.",),
        )
    return Verdict.OUTSIDE, None, "Sa forme juridique ne peut pas relever de l’ESS.", ()


def _evidence(facts: UnitFacts, on: date) -> str:
    """What a public source says for belonging to the ESS, in words; empty when none does."""

    def said(code: str) -> str:
        return f" ({facts.provenance[code].source})" if code in facts.provenance else ""

    if facts.ess_flag == "O":
        return f"L’organisation porte l’indicateur ESS de Sirene{said('ess_flag')}"
    if facts.on_ess_france_list:
        return f"L’organisation figure sur la liste d’ESS France{said('ess_list')}"
    if facts.esus is not None and facts.esus.in_force(on):
        return f"L’organisation est agréée Esus{said('esus')}, ce qui suppose de relever de l’ESS"
    return ""


def _decide_by_status(
    facts: UnitFacts, family: Family, evidence: str, states: dict[str, ConditionState]
) -> _Decision:
    if states["activity"] is ConditionState.NOT_MET:
        if evidence:
            return (
                Verdict.TO_CHECK,
                family,
                f"{evidence}, mais son activité est laissée hors du périmètre statistique de l’ESS.",
                (
                    "Vérifier l’activité principale réelle, et la faire corriger dans Sirene si elle "
                    "est fausse.",
                ),
            )
        return (
            Verdict.OUTSIDE,
            None,
            f"Son statut est celui de la famille « {family.label} », mais son activité est laissée hors "
            "du périmètre "
            "statistique de l’ESS.",
            ("Si l’activité inscrite dans Sirene est fausse, la faire corriger par l’Insee.",),
        )
    steps = (
        ("Faire corriger l’indicateur ESS de Sirene, que le statut contredit.",)
        if facts.ess_flag == "N"
        else ()
    )
    return Verdict.ESS_BY_STATUS, family, f"Son statut suffit : famille « {family.label} ».", steps


def _steps(looked_at: tuple[Condition, ...]) -> tuple[str, ...]:
    """What a company has to do or to check, condition by condition; the third one is told by its details."""
    by_code = {condition.code: condition for condition in looked_at}
    open_ones: list[Condition] = []
    for code in company_conditions.REQUIRED:
        condition = by_code.get(code)
        if condition is None or condition.state is ConditionState.MET:
            continue
        details = [
            detail for detail in looked_at if detail.parent == code and detail.state is condition.state
        ]
        open_ones += details or [condition]
    return tuple(
        _REMEDIES[condition.code].format(legal=condition.legal_value)
        if condition.state is ConditionState.NOT_MET
        else f"À vérifier : {condition.label[0].lower()}{condition.label[1:]}."
        for condition in sorted(open_ones, key=lambda condition: condition.state is ConditionState.UNKNOWN)
    )


def _decide_company(facts: UnitFacts, evidence: str, looked_at: tuple[Condition, ...]) -> _Decision:
    states = {condition.state for condition in looked_at if condition.code in company_conditions.REQUIRED}
    refused = ConditionState.NOT_MET in states
    steps = _steps(looked_at)
    company = Family.ESS_COMPANY
    if evidence and refused:
        return (
            Verdict.TO_CHECK,
            company,
            f"{evidence}, mais ses réponses disent qu’une condition au moins n’est pas remplie.",
            steps,
        )
    if evidence:
        return Verdict.ESS_DECLARED, company, f"{evidence}.", ()
    if refused:
        return (
            Verdict.OUTSIDE,
            None,
            "Une société commerciale doit remplir toutes les conditions de la loi : une au moins ne "
            "l’est pas.",
            (*steps, _DECLARE),
        )
    if states == {ConditionState.MET}:
        return (
            Verdict.ESS_DECLARED,
            company,
            "La société déclare remplir toutes les conditions de la loi ; aucune source publique ne le "
            "confirme.",
            (_DECLARE,),
        )
    if facts.markers.intersection(_BY_RIGHT_MARKERS):
        return (
            Verdict.TO_CHECK,
            company,
            "La société est connue comme structure d’insertion ou de travail adapté ; reste à savoir si "
            "elle remplit "
            "les conditions que la loi met aux sociétés commerciales.",
            (*steps, _DECLARE),
        )
    if facts.answers is not None:
        return (
            Verdict.TO_CHECK,
            company,
            "Rien n’exclut que la société relève de l’ESS, mais des réponses manquent.",
            (*steps, _DECLARE),
        )
    return (
        Verdict.OUTSIDE,
        None,
        "Société commerciale que ni Sirene ni la liste d’ESS France ne disent relever de l’ESS, et qui "
        "n’a pas "
        "déclaré en remplir les conditions.",
        (*steps, _DECLARE),
    )


def _esus_basis(facts: UnitFacts, category: LegalCategory | None, verdict: Verdict, on: date) -> EsusBasis:
    """Esus by agreement on the day, else by right (C. trav. L3332-17-1, II), else what is known of it."""
    if facts.esus is not None and facts.esus.in_force(on):
        return EsusBasis.AGREEMENT
    entitled = set(law.value("esus.full_right", on).items)
    proven = {str(tag.value) for tag in facts.markers} & entitled
    supposed = {str(tag.value) for tag in category.tags} & entitled if category else set()
    public_utility = str(Tag.PUBLIC_UTILITY.value)
    if facts.listed is not Answer.YES and verdict is not Verdict.OUTSIDE and proven | supposed:
        # An association or foundation « reconnue d'utilité publique » must also seek a social utility.
        sure = verdict.is_ess and proven - {public_utility}
        return EsusBasis.BY_RIGHT if sure else EsusBasis.POSSIBLE_BY_RIGHT
    return EsusBasis.EXPIRED if facts.esus is not None else EsusBasis.NONE


def _tags(facts: UnitFacts, category: LegalCategory | None, basis: EsusBasis) -> tuple[Tag, ...]:
    found = set(facts.markers) | set(category.tags if category else ())
    if basis in (EsusBasis.AGREEMENT, EsusBasis.BY_RIGHT):
        found.add(Tag.ESUS)
    return tuple(tag for tag in Tag if tag in found)
