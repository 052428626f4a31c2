"""The qualification: verdict and family case by case, then what must hold whatever the facts."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law import parameters as law
from essor.registry.enums import (
    Answer,
    CategoryKind,
    Certainty,
    ConditionState,
    EsusBasis,
    Family,
    Tag,
    Verdict,
)
from essor.registry.nomenclatures import naf_labels
from essor.registry.perimeter import Perimeter, PerimeterError, default_perimeter
from essor.registry.rules import Answers, EsusAgreement, Provenance, Qualification, UnitFacts, qualify

TODAY = date(2026, 11, 22)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
MET, NOT_MET, NOT_KNOWN = ConditionState.MET, ConditionState.NOT_MET, ConditionState.UNKNOWN
ALL_YES = Answers(purpose=YES, governance=YES, management=YES, utility=YES, statutes=YES)
DETAILED = Answers(
    purpose=YES,
    governance=YES,
    profits_kept=YES,
    reserves_locked=YES,
    liquidation=YES,
    dev_fund_share=Decimal("0.2"),
    reserves_share=Decimal("0.5"),
    no_amortisation=YES,
    utility=YES,
    statutes=YES,
)


def answers(base: Answers, **changes: object) -> Answers:
    return replace(base, **changes)  # type: ignore[arg-type]


def ask(legal_category: str | None, on: date = TODAY, **facts: object) -> Qualification:
    unit = UnitFacts(legal_category=legal_category, **facts)  # type: ignore[arg-type]
    return qualify(unit, default_perimeter(), on)


def state(found: Qualification, code: str) -> ConditionState | None:
    condition = found.condition(code)
    return condition.state if condition else None


CASES: dict[str, tuple[Qualification, Verdict, Family | None]] = {
    "association": (ask("9220", activity="88.99B"), Verdict.ESS_BY_STATUS, Family.ASSOCIATION),
    "association without activity": (ask("9220"), Verdict.ESS_BY_STATUS, Family.ASSOCIATION),
    "association marked N": (ask("9220", ess_flag="N"), Verdict.ESS_BY_STATUS, Family.ASSOCIATION),
    "foundation": (ask("9300", activity="94.99Z"), Verdict.ESS_BY_STATUS, Family.FOUNDATION),
    "mutual": (ask("8210", activity="65.12Z"), Verdict.ESS_BY_STATUS, Family.MUTUAL),
    "mutual insurer": (ask("6411"), Verdict.ESS_BY_STATUS, Family.MUTUAL),
    "scop": (ask("5458"), Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "credit union": (ask("6596"), Verdict.ESS_BY_STATUS, Family.COOPERATIVE),
    "religious association": (ask("9220", activity="94.91Z"), Verdict.OUTSIDE, None),
    "religious association, marked": (
        ask("9220", activity="94.91Z", ess_flag="O"),
        Verdict.TO_CHECK,
        Family.ASSOCIATION,
    ),
    "trade union's foundation, listed": (
        ask("9300", activity="94.20Z", on_ess_france_list=True),
        Verdict.TO_CHECK,
        Family.FOUNDATION,
    ),
    "religious association, esus": (
        ask("9220", activity="94.91Z", esus=EsusAgreement()),
        Verdict.TO_CHECK,
        Family.ASSOCIATION,
    ),
    "old nomenclature does not exclude": (
        ask("9220", activity="84.11Z", activity_nomenclature="NAF1993"),
        Verdict.ESS_BY_STATUS,
        Family.ASSOCIATION,
    ),
    "cooperative of employers keeps its status": (
        ask("5460", activity="94.11Z"),
        Verdict.ESS_BY_STATUS,
        Family.COOPERATIVE,
    ),
    "company, nothing known": (ask("5710"), Verdict.OUTSIDE, None),
    "company marked N": (ask("5710", ess_flag="N"), Verdict.OUTSIDE, None),
    "company marked": (ask("5710", ess_flag="O"), Verdict.ESS_DECLARED, Family.ESS_COMPANY),
    "company listed": (
        ask("5499", on_ess_france_list=True),
        Verdict.ESS_DECLARED,
        Family.ESS_COMPANY,
    ),
    "company listed though marked N": (
        ask("5499", ess_flag="N", on_ess_france_list=True),
        Verdict.ESS_DECLARED,
        Family.ESS_COMPANY,
    ),
    "company agreed esus": (
        ask("5710", esus=EsusAgreement(date(2024, 1, 1), date(2029, 1, 1))),
        Verdict.ESS_DECLARED,
        Family.ESS_COMPANY,
    ),
    "company whose agreement ended": (
        ask("5710", esus=EsusAgreement(date(2019, 1, 1), date(2024, 1, 1))),
        Verdict.OUTSIDE,
        None,
    ),
    "company, all yes": (ask("5710", answers=ALL_YES), Verdict.ESS_DECLARED, Family.ESS_COMPANY),
    "company, details": (ask("5710", answers=DETAILED), Verdict.ESS_DECLARED, Family.ESS_COMPANY),
    "company, one unknown": (
        ask("5710", answers=answers(ALL_YES, utility=UNKNOWN)),
        Verdict.TO_CHECK,
        Family.ESS_COMPANY,
    ),
    "company, one no": (ask("5710", answers=answers(ALL_YES, purpose=NO)), Verdict.OUTSIDE, None),
    "company, a detail prevails": (
        ask("5710", answers=answers(ALL_YES, liquidation=NO)),
        Verdict.OUTSIDE,
        None,
    ),
    "company marked, one no": (
        ask("5710", ess_flag="O", answers=answers(ALL_YES, governance=NO)),
        Verdict.TO_CHECK,
        Family.ESS_COMPANY,
    ),
    "insertion company": (
        ask("5710", markers=frozenset({Tag.EI})),
        Verdict.TO_CHECK,
        Family.ESS_COMPANY,
    ),
    "scic in the form of a SAS": (
        ask("5710", markers=frozenset({Tag.SCIC})),
        Verdict.ESS_BY_STATUS,
        Family.COOPERATIVE,
    ),
    "public body": (ask("7210"), Verdict.OUTSIDE, None),
    "public body with an insertion site": (
        ask("7361", markers=frozenset({Tag.ACI})),
        Verdict.OUTSIDE,
        None,
    ),
    "GIP marked": (ask("7410", ess_flag="O"), Verdict.TO_CHECK, None),
    "civil company listed": (ask("6599", on_ess_france_list=True), Verdict.TO_CHECK, None),
    "sole trader": (ask("1000"), Verdict.OUTSIDE, None),
    "sole trader marked": (ask("1000", ess_flag="O"), Verdict.TO_CHECK, None),
    "unknown category": (ask("4242"), Verdict.TO_CHECK, None),
    "no category": (ask(None, ess_flag="N"), Verdict.TO_CHECK, None),
}


@pytest.mark.parametrize("case", CASES)
def test_verdict_and_family(case: str) -> None:
    found, verdict, family = CASES[case]
    assert (found.verdict, found.family) == (verdict, family), found.reason


def test_a_mark_that_contradicts_the_status_is_shown() -> None:
    found = ask("9220", activity="88.99B", ess_flag="N")
    condition = found.condition("ess_flag")
    assert condition is not None
    assert (condition.state, condition.explanation) == (
        NOT_MET,
        "Sirene dit que cette organisation ne relève pas de l’ESS, ce que son statut contredit : le "
        "statut l’emporte, "
        "et l’indicateur de Sirene est à faire corriger.",
    )
    assert found.next_steps == ("Faire corriger l’indicateur ESS de Sirene, que le statut contredit.",)


def test_an_excluded_activity_says_why() -> None:
    found = ask("9220", activity="94.92Z")
    assert found.reason == (
        "Son statut est celui de la famille « Association », mais son activité est laissée hors du périmètre "
        "statistique de l’ESS."
    )
    condition = found.condition("activity")
    assert condition is not None
    assert (condition.state, condition.certainty, condition.value) == (NOT_MET, Certainty.MEMORY, "94.92Z")
    assert condition.explanation == (
        "L’activité principale 94.92Z (Organisations politiques) est laissée hors du périmètre "
        "statistique de l’ESS "
        "pour cette famille. La loi elle-même ne retient pas ce critère."
    )


def test_an_unknown_activity_is_unknown() -> None:
    assert state(ask("9220"), "activity") is NOT_KNOWN
    assert state(ask("9220", activity="84.11Z", activity_nomenclature="NAF1993"), "activity") is NOT_KNOWN
    assert state(ask("9220", activity="84.11Z"), "activity") is NOT_MET


def test_what_a_company_misses_is_told_with_the_numbers_of_the_law() -> None:
    found = ask(
        "5710",
        answers=answers(DETAILED, dev_fund_share=Decimal("0.199"), reserves_share=None, purpose=NO),
    )
    assert found.next_steps[:2] == (
        "Dire dans les statuts un but autre que le seul partage des bénéfices.",
        "Affecter au fonds de développement 20\u00a0% au moins du bénéfice.",
    )
    fund = found.condition("dev_fund")
    assert fund is not None
    assert (fund.state, fund.value, fund.legal_value, fund.parent, fund.certainty) == (
        NOT_MET,
        "19,9\u00a0%",
        "20\u00a0%",
        "management",
        Certainty.SEEN,
    )
    assert fund.explanation == (
        "19,9\u00a0% seulement du bénéfice y sont affectés. La loi demande 20\u00a0% au moins, depuis "
        "le 12 août 2015."
    )
    assert state(found, "reserves") is NOT_KNOWN


def test_full_reserves_end_the_duty_of_the_development_fund() -> None:
    found = ask("5710", answers=answers(DETAILED, dev_fund_share=Decimal(0), dev_fund_full=YES))
    assert (found.verdict, state(found, "dev_fund")) == (Verdict.ESS_DECLARED, MET)


def test_numbers_are_not_asked_before_they_were_in_force() -> None:
    before, after = ask("5710", date(2015, 8, 11)), ask("5710", date(2015, 8, 12))
    assert {condition.code for condition in after.conditions} - {c.code for c in before.conditions} == {
        "dev_fund",
        "reserves",
    }
    assert [condition.code for condition in before.conditions if condition.code == "statutes"] == []


def test_conditions_of_a_company_nobody_asked() -> None:
    found = ask("5710")
    assert Counter(condition.state for condition in found.conditions) == {NOT_KNOWN: 14}
    purpose = found.condition("purpose")
    assert purpose is not None
    assert (purpose.source, purpose.explanation) == (
        "Aucune source consultée",
        "Aucune source publique ne le dit : à demander à l’organisation.",
    )


@pytest.mark.parametrize(
    ("found", "basis", "tagged"),
    [
        (ask("9220"), EsusBasis.NONE, False),
        (ask("9220", esus=EsusAgreement(date(2026, 1, 1), date(2028, 1, 1))), EsusBasis.AGREEMENT, True),
        (ask("9220", esus=EsusAgreement(date(2026, 1, 1), TODAY)), EsusBasis.EXPIRED, False),
        (ask("9220", esus=EsusAgreement(date(2027, 1, 1))), EsusBasis.EXPIRED, False),
        (ask("9220", markers=frozenset({Tag.ACI})), EsusBasis.BY_RIGHT, True),
        (ask("9220", markers=frozenset({Tag.ESAT})), EsusBasis.BY_RIGHT, True),
        (ask("5710", ess_flag="O", markers=frozenset({Tag.EI})), EsusBasis.BY_RIGHT, True),
        (ask("5710", ess_flag="O", markers=frozenset({Tag.EI}), listed=YES), EsusBasis.NONE, False),
        (ask("5710", markers=frozenset({Tag.EI})), EsusBasis.POSSIBLE_BY_RIGHT, False),
        (ask("9222"), EsusBasis.POSSIBLE_BY_RIGHT, False),
        (ask("9230"), EsusBasis.POSSIBLE_BY_RIGHT, False),
        (ask("7361", markers=frozenset({Tag.ACI})), EsusBasis.NONE, False),
    ],
)
def test_esus(found: Qualification, basis: EsusBasis, tagged: bool) -> None:
    assert (found.esus, Tag.ESUS in found.tags) == (basis, tagged)
    assert (found.condition("esus") is None) == (basis is EsusBasis.NONE)


def test_the_source_of_a_fact_can_be_told() -> None:
    found = ask("5710", ess_flag="O", provenance={"ess_flag": Provenance("Sirene, stock", date(2026, 11, 1))})
    condition = found.condition("ess_flag")
    assert condition is not None
    assert (condition.source, condition.source_date) == ("Sirene, stock", date(2026, 11, 1))


def test_a_closed_unit_keeps_its_verdict_and_says_it() -> None:
    found = ask("9220", state="C")
    assert (found.verdict, state(found, "state")) == (Verdict.ESS_BY_STATUS, NOT_MET)


def test_a_day_before_the_law_is_refused() -> None:
    with pytest.raises(law.NotInForceError, match="n’a pas encore de valeur connue le 1er août 2014"):
        ask("9220", date(2014, 8, 1))


def test_a_perimeter_out_of_date_is_refused() -> None:
    old = Perimeter.from_dict({**default_perimeter().to_dict(), "version": "vieux", "valid_to": "2020-01-01"})
    with pytest.raises(
        PerimeterError, match="« vieux » refusé : cette version n’est pas en vigueur le 2026-11-22"
    ):
        qualify(UnitFacts(legal_category="9220"), old, TODAY)


categories = st.one_of(
    st.none(), st.sampled_from(sorted(default_perimeter().categories)), st.text(max_size=6)
)
activities = st.one_of(st.none(), st.sampled_from(sorted(naf_labels())), st.text(max_size=8))
flags = st.sampled_from(["O", "N", None, "", "?"])
shares = st.none() | st.decimals(0, 1, places=3, allow_nan=False)
said = st.sampled_from(list(Answer))
any_answers = st.none() | st.builds(
    Answers,
    purpose=said,
    governance=said,
    management=said,
    profits_kept=said,
    reserves_locked=said,
    liquidation=said,
    dev_fund_share=shares,
    dev_fund_full=said,
    reserves_share=shares,
    no_amortisation=said,
    utility=said,
    statutes=said,
)
agreements = st.none() | st.builds(EsusAgreement, st.none() | st.dates(), st.none() | st.dates())
units = st.builds(
    UnitFacts,
    legal_category=categories,
    activity=activities,
    activity_nomenclature=st.sampled_from(["NAFRev2", "NAF1993", "NAP", None]),
    ess_flag=flags,
    on_ess_france_list=st.sampled_from([True, False, None]),
    esus=agreements,
    markers=st.frozensets(st.sampled_from(list(Tag)), max_size=3),
    state=st.sampled_from(["A", "C", None]),
    listed=said,
    answers=any_answers,
)
after_the_law = st.dates(min_value=date(2014, 8, 2), max_value=date(2060, 1, 1))


@given(units, after_the_law)
def test_every_unit_has_an_answer_that_explains_itself(unit: UnitFacts, on: date) -> None:
    found = qualify(unit, default_perimeter(), on)
    assert found.reason.endswith(".")
    assert [
        c.code for c in found.conditions if not (c.reference and c.explanation.endswith(".") and c.source)
    ] == []
    assert {type(condition.certainty) for condition in found.conditions} == {Certainty}
    assert len({condition.code for condition in found.conditions}) == len(found.conditions)


@given(units, after_the_law)
def test_a_marked_or_listed_unit_is_never_outside(unit: UnitFacts, on: date) -> None:
    found = qualify(unit, default_perimeter(), on)
    if unit.ess_flag == "O" or unit.on_ess_france_list:
        assert found.verdict is not Verdict.OUTSIDE


@given(units, after_the_law)
def test_verdict_and_family_agree(unit: UnitFacts, on: date) -> None:
    found = qualify(unit, default_perimeter(), on)
    if found.verdict is Verdict.OUTSIDE:
        assert found.family is None
    if found.verdict.is_ess:
        assert found.family is not None
    assert (found.verdict is Verdict.ESS_DECLARED) <= (found.family is Family.ESS_COMPANY)
    known = default_perimeter().category(unit.legal_category)
    if known is None or known.kind in (CategoryKind.CANNOT_BE_ESS, CategoryKind.PERSONAL):
        assert found.family is None


@given(units, after_the_law)
def test_the_same_facts_give_the_same_answer(unit: UnitFacts, on: date) -> None:
    assert qualify(unit, default_perimeter(), on) == qualify(unit, default_perimeter(), on)


@given(any_answers.filter(lambda given: given is not None), after_the_law)
def test_a_company_is_declared_only_when_every_condition_is_met(given_answers: Answers, on: date) -> None:
    found = ask("5710", on, answers=given_answers)
    required = {
        state(found, code) for code in ("purpose", "governance", "management", "utility", "statutes")
    } - {None}
    assert (found.verdict is Verdict.ESS_DECLARED) == (required == {MET})
    assert (found.verdict is Verdict.OUTSIDE) == (NOT_MET in required)


@given(share=st.decimals(0, 1, places=4, allow_nan=False))
def test_a_share_is_compared_with_the_legal_value(share: Decimal) -> None:
    found = ask("5710", answers=Answers(dev_fund_share=share, reserves_share=share))
    legal = {code: law.value(f"ess.company.{code}", TODAY).decimal for code in ("dev_fund", "reserves")}
    assert {code: state(found, code) for code in legal} == {
        code: MET if share >= minimum else NOT_MET for code, minimum in legal.items()
    }


def test_every_legal_category_in_every_case() -> None:
    """No category of INSEE, with any mark, breaks or puts a marked unit outside."""
    for code in default_perimeter().categories:
        for flag in ("O", "N", None):
            found = ask(code, activity="94.11Z", ess_flag=flag)
            assert (flag == "O") <= (found.verdict is not Verdict.OUTSIDE)
