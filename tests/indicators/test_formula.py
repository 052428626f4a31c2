"""The language of formulas: what it reads, what it refuses and how it says so, what it computes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.indicators.formula import (
    FormulaError,
    Result,
    check_cycles,
    check_unit,
    codes,
    evaluate,
    parse,
)

pytestmark = pytest.mark.without_database

KNOWN = {"a.x": Decimal(6), "a.y": Decimal(3), "a.zero": Decimal(0)}


def value_of(code: str) -> Result:
    return Result(KNOWN[code]) if code in KNOWN else Result(None, f"pas de valeur de {code}")


def computed(text: str) -> Result:
    return evaluate(parse(text), value_of)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 × 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 − 4 − 3", "3"),
        ("12 ÷ 4 : 3", "1"),
        ("-2 + 5", "3"),
        ("1 000,5 × 2", "2001.0"),
        ("a.x ÷ a.y", "2"),
        ("a.x × (a.y - 1,5)", "9.0"),
        ("0,1 + 0,2", "0.3"),
    ],
)
def test_what_a_formula_gives(text: str, value: str) -> None:
    assert computed(text) == Result(Decimal(value))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a.x ÷ a.zero", "division par zéro"),
        ("1 + 2 ÷ (a.y − 3)", "division par zéro"),
        ("a.x + a.inconnu", "pas de valeur de a.inconnu"),
    ],
)
def test_no_value_says_why(text: str, reason: str) -> None:
    assert computed(text) == Result(None, reason)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "La formule est vide : écrivez par exemple « registre.employeurs ÷ registre.organisations »."),
        ("1 +", "La formule s’arrête trop tôt : il manque un nombre ou un code à la fin."),
        ("(1 + 2", "La parenthèse ouverte au caractère 1 n’est pas refermée."),
        ("1 2", "« 2 » (caractère 3) n’est pas à sa place : il manque un signe avant."),
        ("× 2", "« × » (caractère 1) n’est pas à sa place : il manque un nombre ou un code avant."),
        (
            "1 + organisations",
            "« organisations » (caractère 5) n’est pas un code d’indicateur : un code s’écrit « salle.nom », "
            "par exemple « registre.organisations ».",
        ),
        (
            "__import__('os')",
            "« _ » (caractère 1) n’a pas de sens dans une formule : nombres, codes d’indicateurs, + − × ÷ et "
            "parenthèses.",
        ),
        (
            "(" * 60 + "1" + ")" * 60,
            "La formule a trop de parenthèses les unes dans les autres : coupez-la en plusieurs.",
        ),
        ("1" * 501, "La formule dépasse 500 caractères : coupez-la en plusieurs indicateurs."),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text)
    assert str(refused.value) == said


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        evaluate(parse(text), value_of)
    except FormulaError as refused:
        assert str(refused)  # noqa: PT017


numbers = st.integers(0, 999).map(str)
expressions = st.recursive(
    numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda each: f"({each[0]}{each[1]}{each[2]})"
    ),
    max_leaves=12,
)


@given(expressions)
def test_whole_numbers_are_exact(text: str) -> None:
    """The oracle is Python itself, on text that holds digits, signs and parentheses alone."""
    assert computed(text).value == eval(text)


def test_the_indicators_read() -> None:
    assert codes(parse("a.x ÷ (a.y + a.x) × 2")) == ("a.x", "a.y")


def test_a_cycle_is_refused_and_told() -> None:
    formulas = {"a.b": "a.c + 1", "a.c": "2 × a.d"}
    check_cycles("a.d", "3", formulas)
    with pytest.raises(FormulaError, match=r"La formule tourne en rond : a\.d → a\.b → a\.c → a\.d\."):
        check_cycles("a.d", "a.b", formulas)
    with pytest.raises(FormulaError, match=r"tourne en rond : a\.e → a\.e"):
        check_cycles("a.e", "a.e + 1", {})


UNITS = {"a.t": "tonnes", "a.u": "tonnes", "a.hab": "habitants", "a.p": "%"}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("a.t + a.u", "tonnes"),
        ("a.t ÷ a.u", "%"),
        ("a.t ÷ a.hab", "t/hab"),
        ("a.t × a.p", "tonnes"),
        ("1000 × a.t", "kg"),
    ],
)
def test_units_that_agree(text: str, unit: str) -> None:
    check_unit(parse(text), unit, UNITS.__getitem__)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("a.t + a.hab", "tonnes", "On n’additionne pas des « tonnes » et des « habitants » : les unités diffèrent."),
        ("a.t ÷ a.hab", "%", "Le résultat est en « tonnes par habitants », pas en % : "
         "une part divise deux nombres de même unité."),
        ("a.t + a.u", "habitants", "Le résultat est en « tonnes », pas en « habitants »."),
    ],
)  # fmt: skip
def test_units_that_do_not(text: str, unit: str, said: str) -> None:
    with pytest.raises(FormulaError) as refused:
        check_unit(parse(text), unit, UNITS.__getitem__)
    assert str(refused.value) == said
