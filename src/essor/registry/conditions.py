"""The conditions of the qualification, one function each: state, French explanation, reference, certainty."""

from datetime import date

from essor.law import parameters as law
from essor.law.wording import french_date
from essor.registry.enums import (
    CategoryKind,
    Certainty,
    ConditionState,
    EsusBasis,
    Family,
    Tag,
)
from essor.registry.facts import Condition, Provenance, UnitFacts
from essor.registry.perimeter import LegalCategory, Perimeter

LAW = "Loi n° 2014-856 du 31 juillet 2014"
SIRENE = "Sirene (Insee)"
ESS_FRANCE = "Liste des entreprises de l’ESS (ESS France)"
DIRECTORY = "Annuaires (insertion, coopératives)"
STATE_PRACTICE = (
    "Pratique de l’État (Annuaire des entreprises) : est dite ESS l’entreprise qui figure sur la liste "
    "d’ESS France ou dont l’indicateur ESS de Sirene est positif"
)
COOPERATIVE_LAW = (
    "Loi n° 47-1775 du 10 septembre 1947 portant statut de la coopération ; loi n° 78-763 du 19 juillet "
    "1978 (Scop)"
)
# Directories that make a company a cooperative whatever the form under which INSEE coded it.
COOPERATIVE_MARKERS = (Tag.SCOP, Tag.SCIC, Tag.CAE)


def origin_of(facts: UnitFacts, code: str, default: str) -> Provenance:
    return facts.provenance.get(code, Provenance(default))


def legal_form(facts: UnitFacts, category: LegalCategory | None) -> Condition:
    """Does the legal form put the organisation in a family of the law? (art. 1, II)"""
    origin = origin_of(facts, "legal_form", SIRENE)
    marker = cooperative_marker(facts, category)
    state, certainty = ConditionState.UNKNOWN, Certainty.UNKNOWN
    reference = f"{LAW}, art. 1er, II"
    if category is None:
        said = (
            f"« {facts.legal_category} » n’est pas connue" if facts.legal_category else "n’est pas renseignée"
        )
        explanation = f"La catégorie juridique {said} : la forme de l’organisation est à vérifier."
    else:
        certainty = category.certainty
        form = facts.form_words or f"{category.code}, {category.label}"
        if marker:
            state, certainty = ConditionState.MET, Certainty.MEMORY
            reference = f"{reference} ; {COOPERATIVE_LAW}"
            hidden = "" if facts.form_words else f", ce que sa catégorie juridique ({form}) ne dit pas"
            explanation = (
                f"L’organisation est une coopérative ({marker.label}){hidden} : la loi range les "
                "coopératives "
                "dans l’ESS par leur statut."
            )
            origin = origin_of(facts, "markers", DIRECTORY)
        elif category.family is not None:
            state = ConditionState.MET
            explanation = (
                f"La forme juridique ({form}) relève de l’ESS par son statut : "
                f"famille « {category.family.label} »."
            )
        elif category.kind is CategoryKind.COMPANY_FORM:
            explanation = (
                f"La forme juridique ({form}) est celle d’une société commerciale : elle relève de l’ESS "
                "si elle en remplit les conditions et le fait savoir."
            )
        else:
            state = ConditionState.NOT_MET
            explanation = (
                f"La forme juridique ({form}) n’est ni une association, ni une coopérative, ni une mutuelle, "
                "ni une fondation, ni une société commerciale : la loi ne la range pas dans l’ESS."
            )
    return Condition(
        code="legal_form",
        label="Forme juridique",
        state=state,
        explanation=explanation,
        reference=reference,
        certainty=certainty,
        source=origin.source,
        source_date=origin.day,
        value=facts.legal_category,
    )


def cooperative_marker(facts: UnitFacts, category: LegalCategory | None) -> Tag | None:
    """The directory mark that makes a commercial company a cooperative, None where there is none."""
    if category is None or category.kind is not CategoryKind.COMPANY_FORM:
        return None
    return next((tag for tag in COOPERATIVE_MARKERS if tag in facts.markers), None)


def activity(facts: UnitFacts, family: Family, perimeter: Perimeter) -> Condition:
    """Is the main activity one of those that the statistical perimeter leaves out for this family?"""
    origin = origin_of(facts, "activity", SIRENE)
    comparable = bool(facts.activity) and (facts.activity_nomenclature or "NAFRev2") == "NAFRev2"
    rule = perimeter.exclusion(facts.activity, family) if comparable else None
    certainty = (
        rule.certainty
        if rule
        else Certainty.weakest(Certainty.SEEN, *(r.certainty for r in perimeter.exclusions))
    )
    if rule:
        state = ConditionState.NOT_MET
        explanation = (
            f"L’activité principale {facts.activity} ({rule.label}) est laissée hors du périmètre "
            "statistique "
            "de l’ESS pour cette famille. La loi elle-même ne retient pas ce critère."
        )
    elif comparable:
        state = ConditionState.MET
        explanation = f"L’activité principale {facts.activity} n’est pas laissée hors du périmètre."
    else:
        state = ConditionState.UNKNOWN
        explanation = (
            "L’activité principale n’est pas connue dans la NAF rév. 2 : rien ne dit qu’elle soit hors "
            "du périmètre."
        )
    return Condition(
        code="activity",
        label="Activité principale",
        state=state,
        explanation=explanation,
        reference=rule.source
        if rule
        else "Insee, périmètre statistique de l’ESS (activités NAF rév. 2 exclues)",
        certainty=certainty,
        source=origin.source,
        source_date=origin.day,
        value=facts.activity,
    )


def ess_flag(facts: UnitFacts, family: Family | None) -> Condition:
    """What SIRENE's ESS mark says. « N » on a form that is ESS by status is a contradiction, not a
    refusal.
    """
    origin = origin_of(facts, "ess_flag", SIRENE)
    if facts.ess_flag == "O":
        state, explanation = ConditionState.MET, "Sirene dit que cette organisation relève de l’ESS."
    elif facts.ess_flag == "N" and family is not None:
        state = ConditionState.NOT_MET
        explanation = (
            "Sirene dit que cette organisation ne relève pas de l’ESS, ce que son statut contredit : le "
            "statut "
            "l’emporte, et l’indicateur de Sirene est à faire corriger."
        )
    elif facts.ess_flag == "N":
        state = ConditionState.NOT_MET
        explanation = "Sirene dit que cette organisation ne relève pas de l’ESS."
    else:
        state, explanation = ConditionState.UNKNOWN, "Sirene ne dit rien de l’appartenance à l’ESS."
    return Condition(
        code="ess_flag",
        label="Indicateur ESS de Sirene",
        state=state,
        explanation=explanation,
        reference=STATE_PRACTICE,
        certainty=Certainty.SEEN,
        source=origin.source,
        source_date=origin.day,
        value=facts.ess_flag,
    )


def ess_list(facts: UnitFacts) -> Condition:
    """Is the organisation on the list kept by ESS France and the chambres régionales?"""
    origin = origin_of(facts, "ess_list", ESS_FRANCE)
    state, explanation = {
        True: (ConditionState.MET, "L’organisation figure sur la liste d’ESS France."),
        False: (ConditionState.NOT_MET, "L’organisation ne figure pas sur la liste d’ESS France."),
        None: (ConditionState.UNKNOWN, "La liste d’ESS France n’a pas été consultée."),
    }[facts.on_ess_france_list]
    return Condition(
        code="ess_list",
        label="Liste d’ESS France",
        state=state,
        explanation=explanation,
        reference=STATE_PRACTICE,
        certainty=Certainty.SEEN,
        source=origin.source,
        source_date=origin.day,
    )


def closed(facts: UnitFacts) -> Condition:
    """A closed organisation keeps its verdict; that it is closed is said."""
    origin = origin_of(facts, "state", SIRENE)
    return Condition(
        code="state",
        label="Organisation en activité",
        state=ConditionState.NOT_MET,
        explanation=(
            "L’organisation est fermée dans Sirene : sa qualification vaut pour le temps où elle existait."
        ),
        reference="Sirene, variable etatAdministratifUniteLegale",
        certainty=Certainty.SEEN,
        source=origin.source,
        source_date=origin.day,
        value=facts.state,
    )


def esus(facts: UnitFacts, basis: EsusBasis, on: date) -> Condition:
    """The Esus agreement: told beside the verdict, it is no condition of belonging to the ESS."""
    conditions = law.value("esus.conditions", on)
    by_right = law.value("esus.full_right", on)
    agreed = basis in (EsusBasis.AGREEMENT, EsusBasis.EXPIRED)
    origin = origin_of(facts, "esus", "Liste des entreprises agréées Esus" if agreed else DIRECTORY)
    end = facts.esus.valid_to if facts.esus else None
    until = f" jusqu’au {french_date(end)} (ce jour exclu)" if end else ", dont le terme n’est pas connu"
    ended = (
        f"a pris fin le {french_date(end)}"
        if end and end <= on
        else f"n’est pas en vigueur le {french_date(on)}"
    )
    explanation = {
        EsusBasis.AGREEMENT: f"L’organisation est agréée{until}.",
        EsusBasis.EXPIRED: f"L’agrément {ended}.",
        EsusBasis.BY_RIGHT: (
            "La structure est de celles que la loi agrée de plein droit, si elle n’est pas cotée."
        ),
        EsusBasis.POSSIBLE_BY_RIGHT: (
            "La structure est de celles que la loi peut agréer de plein droit ; ce qu’elle y met comme "
            "conditions "
            "(relever de l’ESS, utilité sociale) reste à vérifier."
        ),
        EsusBasis.NONE: "Aucun agrément n’est connu.",
    }[basis]
    state = {
        EsusBasis.AGREEMENT: ConditionState.MET,
        EsusBasis.BY_RIGHT: ConditionState.MET,
        EsusBasis.EXPIRED: ConditionState.NOT_MET,
    }.get(basis, ConditionState.UNKNOWN)
    return Condition(
        code="esus",
        label="Entreprise solidaire d’utilité sociale (Esus)",
        state=state,
        explanation=explanation,
        reference=conditions.reference if agreed else by_right.reference,
        certainty=conditions.certainty if agreed else by_right.certainty,
        source=origin.source,
        source_date=origin.day,
    )
