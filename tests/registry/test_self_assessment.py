"""« Suis-je de l'ESS ? »: questions by form, numbers of the day, verdicts, unreadable answers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import EsusBasis, Family, Tag, Verdict
from essor.registry.self_assessment import (
    AssessmentError,
    assess,
    self_assessment_questions,
    visible_questions,
)

TODAY = date(2026, 11, 22)
QUESTIONS = self_assessment_questions(TODAY)
COMPANY = {
    "legal_form": "company",
    "purpose": "yes",
    "governance": "yes",
    "profits_kept": "yes",
    "reserves_locked": "yes",
    "liquidation": "yes",
    "dev_fund_share": "20 %",
    "reserves_share": "57,5",
    "no_amortisation": "yes",
    "utility": "yes",
    "statutes": "yes",
}


def shown(form: str) -> list[str]:
    return [question.code for question in visible_questions(QUESTIONS, {"legal_form": form})]


def test_questions_follow_the_legal_form() -> None:
    common = ["ess_list", "insertion", "esus"]
    assert shown("association") == ["legal_form", "activity", *common]
    assert shown("scop") == ["legal_form", *common]
    assert shown("company") == [
        "legal_form",
        "ess_flag",
        "ess_list",
        "purpose",
        "governance",
        "profits_kept",
        "reserves_locked",
        "liquidation",
        "dev_fund_share",
        "dev_fund_full",
        "reserves_share",
        "no_amortisation",
        "utility",
        "statutes",
        "insertion",
        "esus",
    ]


def test_numbers_are_those_of_the_day() -> None:
    by_code = {question.code: question for question in QUESTIONS}
    assert by_code["dev_fund_share"].help == (
        "La loi demande 20\u00a0% au moins. Laissez vide si vous ne savez pas."
    )
    assert by_code["esus"].help == (
        "Le préfet le donne pour 5 ans, 2 ans pour une entreprise de moins de 3 ans."
    )
    early = {question.code for question in self_assessment_questions(date(2014, 9, 1))}
    assert set(by_code) - early == {"dev_fund_share", "dev_fund_full", "reserves_share", "statutes"}


def test_questions_are_written_and_typographic() -> None:
    texts = [text for question in QUESTIONS for text in (question.text, question.help)]
    assert [text for text in texts if not text or "'" in text] == []


FORMS: dict[str, tuple[Verdict, Family | None]] = {
    "association": (Verdict.ESS_BY_STATUS, Family.ASSOCIATION),
    "association_rup": (Verdict.ESS_BY_STATUS, Family.ASSOCIATION),
    "association_local": (Verdict.ESS_BY_STATUS, Family.ASSOCIATION),
    "collective": (Verdict.TO_CHECK, None),
    "scop": (Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "scic": (Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "cae": (Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "cuma": (Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "farm_cooperative": (Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "cooperative": (Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "mutual": (Verdict.ESS_BY_STATUS, Family.MUTUAL),
    "mutual_insurer": (Verdict.ESS_BY_STATUS, Family.MUTUAL),
    "foundation": (Verdict.ESS_BY_STATUS, Family.FOUNDATION),
    "company": (Verdict.TO_CHECK, Family.ESS_COMPANY),
    "civil_company": (Verdict.OUTSIDE, None),
    "sole_trader": (Verdict.OUTSIDE, None),
    "public_body": (Verdict.OUTSIDE, None),
    "union": (Verdict.OUTSIDE, None),
    "other": (Verdict.TO_CHECK, None),
}


def test_every_form_proposed_has_its_verdict() -> None:
    proposed = [code for code, _ in QUESTIONS[0].choices]
    assert {code: FORMS.get(code) for code in proposed} == {
        code: (found.verdict, found.family)
        for code in proposed
        for found in [assess({"legal_form": code}, TODAY)]
    }


def test_a_company_that_meets_everything_declares_itself() -> None:
    found = assess(COMPANY, TODAY)
    assert (found.verdict, found.family) == (Verdict.ESS_DECLARED, Family.ESS_COMPANY)
    assert found.next_steps == (
        "Demander la mention « entreprise de l’économie sociale et solidaire » au registre du commerce "
        "et des "
        "sociétés, puis l’inscription sur la liste que tient la chambre régionale de l’ESS.",
    )


def test_what_is_missing_is_listed_first_what_to_do_then_what_to_check() -> None:
    found = assess({**COMPANY, "dev_fund_share": "19,9", "governance": "no", "utility": "unknown"}, TODAY)
    assert (found.verdict, found.next_steps[:3]) == (
        Verdict.OUTSIDE,
        (
            "Prévoir une gouvernance démocratique, où le capital ne décide pas seul et où associés, "
            "salariés et "
            "parties prenantes sont informés et participent.",
            "Affecter au fonds de développement 20\u00a0% au moins du bénéfice.",
            "À vérifier : recherche d’une utilité sociale.",
        ),
    )


def test_an_excluded_activity() -> None:
    assert assess({"legal_form": "association", "activity": "94.92Z"}, TODAY).verdict is Verdict.OUTSIDE
    assert assess({"legal_form": "association", "activity": "none"}, TODAY).verdict is Verdict.ESS_BY_STATUS


def test_insertion_and_esus() -> None:
    insertion = assess({"legal_form": "association", "insertion": "aci"}, TODAY)
    assert (insertion.esus, insertion.tags) == (EsusBasis.BY_RIGHT, (Tag.ACI, Tag.ESUS))
    assert assess({"legal_form": "company", "esus": "yes"}, TODAY).verdict is Verdict.ESS_DECLARED


def test_the_answer_says_that_nothing_was_verified() -> None:
    found = assess({"legal_form": "company", "ess_flag": "yes"}, TODAY)
    assert found.reason == (
        "L’organisation porte l’indicateur ESS de Sirene (Réponse de l’organisation, non vérifiée)."
    )
    assert {condition.source for condition in found.conditions} == {"Réponse de l’organisation, non vérifiée"}


def test_hidden_questions_are_not_read() -> None:
    assert (
        assess({**COMPANY, "legal_form": "public_body", "ess_flag": "yes"}, TODAY).verdict is Verdict.OUTSIDE
    )


def test_unreadable_answers_are_told_one_by_one() -> None:
    with pytest.raises(AssessmentError) as caught:
        assess({"legal_form": "company", "purpose": "peut-être", "dev_fund_share": "120"}, TODAY)
    assert caught.value.errors == {
        "purpose": "« Vos statuts visent-ils un autre but que le seul partage des bénéfices ? » : « "
        "peut-être » n’est "
        "pas un choix proposé.",
        "dev_fund_share": "« Quelle part du bénéfice va au fonds de développement ? » : « 120 » n’est pas un "
        "pourcentage entre 0 et 100, écrivez par exemple 20 ou 57,5.",
    }
    with pytest.raises(AssessmentError, match="choisissez une réponse"):
        assess({}, TODAY)


@given(
    st.dictionaries(
        st.sampled_from([question.code for question in QUESTIONS]),
        st.sampled_from(
            ["yes", "no", "unknown", "company", "scic", "20", "NaN", "1e999999999", "-1", "none", "ei", "84"]
        )
        | st.text(max_size=5),
    )
)
def test_any_answers_get_a_verdict_or_a_message(given_answers: dict[str, str]) -> None:
    errors: dict[str, str] = {}
    reason = ""
    try:
        reason = assess(given_answers, TODAY).reason
    except AssessmentError as error:
        errors = error.errors
    assert bool(reason) != bool(errors)
