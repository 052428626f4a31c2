"""Formulas cut by dimension: what is computed, what stops the cut, what stays hidden."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.indicators import catalogue, queries
from essor.indicators.definition import Dimension, Indicator, year
from essor.indicators.enums import Origin
from essor.indicators.queries import Cell, Wanted
from essor.indicators.rules_parts import common_dimensions
from essor.indicators.rules_secrecy import Weight, computable, hidden
from essor.territories.models import Territory
from tests.indicator_factories import OUTCOME, IndicatorFactory, ObservationFactory
from tests.indicators.asking import cells, known, signed

CODES = ("famille", "odd", "devenir")


def base(code: str, axes: tuple[Dimension, ...]) -> Indicator:
    return Indicator(code, code, "t", dimensions=axes)


def formula(text: str, constants: tuple[str, ...] = (), code: str = "f.f") -> Indicator:
    return Indicator(code, code, "t", origin=Origin.FORMULA, formula=text, constants=constants)


def axis(code: str, values: str = "ab", *, shared: bool = False) -> Dimension:
    return Dimension(code, code, tuple((each, each) for each in values), shared=shared)


# ── Rules ──


@given(st.lists(st.sets(st.sampled_from(CODES)), min_size=1, max_size=4), st.sets(st.integers(0, 3)))
def test_the_cut_is_what_all_have_but_constants(sets: list[set[str]], constants: set[int]) -> None:
    leaves = {
        f"b.x{rank}": base(f"b.x{rank}", tuple(axis(code) for code in CODES if code in owned))
        for rank, owned in enumerate(sets)
    }
    whole = formula(" + ".join(leaves), tuple(f"b.x{rank}" for rank in constants))
    cutting = [owned for rank, owned in enumerate(sets) if rank not in constants]
    expected = set.intersection(*cutting) if cutting else set()
    found = common_dimensions(whole, leaves)
    assert {each.code for each in found} == expected
    assert not any(each.partition for each in found)


def test_own_dimensions_agree_by_their_values_standard_ones_always() -> None:
    one, other = base("b.a", (axis("x", "ab"),)), base("b.b", (axis("x", "ac"),))
    assert common_dimensions(formula("b.a ÷ b.b"), {"b.a": one, "b.b": other}) == ()
    mine, yours = base("b.a", (axis("x", "ab", shared=True),)), base("b.b", (axis("x", "c", shared=True),))
    assert [each.code for each in common_dimensions(formula("b.a ÷ b.b"), {"b.a": mine, "b.b": yours})] == [
        "x"
    ]


def test_a_formula_of_formulas_is_cut_as_they_are() -> None:
    leaves = {
        "b.a": base("b.a", (axis("x"), axis("y"))),
        "b.b": base("b.b", (axis("x"),)),
        "b.p": base("b.p", ()),
    }
    inner = formula("b.a ÷ b.p", ("b.p",), "f.inner")
    known_ones = {**leaves, "f.inner": inner}
    assert [each.code for each in common_dimensions(inner, known_ones)] == ["x", "y"]
    assert [each.code for each in common_dimensions(formula("f.inner + b.b"), known_ones)] == ["x"]
    assert common_dimensions(formula("f.inner + b.p"), known_ones) == ()
    assert common_dimensions(formula("b.a + b.unknown"), known_ones) == ()


# ── Values ──

pytestmark = pytest.mark.django_db
PARTS = ("reemploi", "recyclage", "rendu")


def fill(code: str, place: Territory, values: dict[str, int], whole: int | None = None, **more: Any) -> None:
    for part, value in values.items():
        units = {name: numbers[part] for name, numbers in more.items()}
        ObservationFactory(
            code=code, territory=place, cut={"devenir": part}, numerator=Decimal(value), **units
        )
    if whole is not None:
        units = {name: sum(numbers.values()) for name, numbers in more.items()}
        ObservationFactory(code=code, territory=place, numerator=Decimal(whole), **units)


def test_parts_are_computed_with_the_whole_of_constants(orleans: Territory) -> None:
    IndicatorFactory(code="collecte.tonnes", dimensions=[OUTCOME])
    IndicatorFactory(code="collecte.objets", dimensions=[OUTCOME])
    IndicatorFactory(code="collecte.habitants")
    fill("collecte.tonnes", orleans, {"reemploi": 6, "recyclage": 3, "rendu": 1}, 10)
    fill("collecte.objets", orleans, {"reemploi": 2, "recyclage": 0}, 4)
    fill("collecte.habitants", orleans, {}, 100)
    IndicatorFactory(code="formule.simple", origin="formula", formula="collecte.tonnes ÷ collecte.objets")
    IndicatorFactory(code="formule.sans", origin="formula", formula="collecte.tonnes ÷ collecte.habitants")
    IndicatorFactory(
        code="formule.avec", origin="formula", formula="collecte.tonnes ÷ collecte.habitants",
        constants=["collecte.habitants"],
    )  # fmt: skip
    read = lambda code: {key: cell.value for key, cell in cells(known(code), orleans, parts=True).items()}  # noqa: E731
    cut = '{{"devenir":"{}"}}'.format
    assert read("formule.simple") == {
        "": Decimal("2.5"), cut("reemploi"): 3, cut("recyclage"): None, cut("rendu"): None,
    }  # fmt: skip
    reasons = {
        key: cell.result.reason for key, cell in cells(known("formule.simple"), orleans, parts=True).items()
    }
    assert reasons[cut("recyclage")] == "division par zéro"
    assert reasons[cut("rendu")].startswith("pas de valeur de")
    assert read("formule.sans") == {"": Decimal("0.1")}
    assert read("formule.avec") == {
        "": Decimal("0.1"), cut("reemploi"): Decimal("0.06"), cut("recyclage"): Decimal("0.03"),
        cut("rendu"): Decimal("0.01"),
    }  # fmt: skip
    assert read("formule.avec").keys() == {"", *(cut(part) for part in PARTS)}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=4, max_size=4),
    st.sampled_from(["a + b", "a - b", "a × b", "a ÷ b", "a ÷ c", "(a + b) ÷ c"]),
)
def test_each_cell_against_fractions(pairs: list[tuple[int, int]], text: str) -> None:
    """Without the database: cells are given, the formula is computed as on paper."""
    axes = (axis("x", "abc"),)
    known_ones = {"b.a": base("b.a", axes), "b.b": base("b.b", axes), "b.c": base("b.c", ())}
    written = text.replace("a", "b.a").replace(" b", " b.b").replace("÷ c", "÷ b.c")
    whole = formula(written, ("b.c",))
    span, keys = year(2020), [(), (("x", "a"),), (("x", "b"),), (("x", "c"),)]
    read: dict[str, dict[Any, Cell]] = {"b.a": {}, "b.b": {}, "b.c": {(span, 1, ()): _cell(7)}}
    for key, (one, other) in zip(keys, pairs, strict=True):
        read["b.a"][span, 1, key], read["b.b"][span, 1, key] = _cell(one), _cell(other)
    for key, (one, other) in zip(keys, pairs, strict=True):
        found = queries._computed_cell(whole, known_ones, read, (span, 1, key)).value
        a, b, c = Fraction(one), Fraction(other), Fraction(7)
        expected = {
            "a + b": a + b, "a - b": a - b, "a × b": a * b, "a ÷ b": a / b, "a ÷ c": a / c, "(a + b) ÷ c": (a + b) / c,
        }[text]  # fmt: skip
        assert found is not None
        assert abs(Fraction(found) - expected) < Fraction(1, 10**30)


def _cell(value: int) -> Cell:
    from essor.indicators.formula import Result

    return Cell(Result(Decimal(value)))


@pytest.mark.parametrize("units", [(2, 8, 10), (1, 1, 30), (4, 5, 6), (2, 2, 2), (0, 1, 9)])
def test_what_a_leaf_hides_gives_nothing_and_is_not_found_back(
    orleans: Territory, units: tuple[int, ...]
) -> None:
    """Brute force: from all that is shown of the leaf and of formulas of it, no hidden cell is computed."""
    IndicatorFactory(code="collecte.secret", dimensions=[OUTCOME], protected=True)
    IndicatorFactory(code="collecte.ouvert", dimensions=[OUTCOME])
    amounts = {part: 10 * unit for part, unit in zip(PARTS, units, strict=True)}
    fill(
        "collecte.secret", orleans, amounts, sum(amounts.values()), units=dict(zip(PARTS, units, strict=True))
    )
    fill("collecte.ouvert", orleans, dict.fromkeys(PARTS, 5), 15)
    IndicatorFactory(code="formule.une", origin="formula", formula="collecte.secret ÷ collecte.ouvert")
    IndicatorFactory(code="formule.deux", origin="formula", formula="collecte.ouvert - 2 × collecte.secret")
    leaf = cells(known("collecte.secret"), orleans, parts=True)
    away = {key for key, cell in leaf.items() if cell.hidden}
    weights = {f'{{"devenir":"{part}"}}': Weight(unit) for part, unit in zip(PARTS, units, strict=True)}
    weights[""] = Weight(sum(units))
    line = ("", [key for key in weights if key])
    assert away == set().union(*hidden(weights, [line]))
    for code in ("formule.une", "formule.deux"):
        read = cells(known(code), orleans, parts=True)
        assert {key for key, cell in read.items() if cell.hidden} == away
        assert all(read[key].value is None for key in away)
    # A shown result is made of shown cells only: what is unknown stays the hidden cells of the leaf, in their one sum.
    assert computable(away, [(line[0], *line[1])]) == []


def test_the_page_cuts_a_formula(agent: Any, orleans: Territory) -> None:
    IndicatorFactory(code="collecte.tonnes", dimensions=[OUTCOME])
    fill("collecte.tonnes", orleans, {"reemploi": 6, "recyclage": 3}, 9)
    IndicatorFactory(code="formule.kilos", origin="formula", formula="collecte.tonnes × 1000", unit="kg")
    page = signed(agent).get("/indicateurs/formule.kilos/?territoire=commune:45234")
    (chart,) = page.context["parts"]
    assert chart.title == "Par devenir : d’abord Réemploi"
    assert page.context["gaps"] == []


def test_constants_are_codes_of_the_formula(agent: Any) -> None:
    IndicatorFactory(authority=agent.authority, code="collecte.tonnes")
    given = {
        "origin": "formula", "label": "Kilos", "unit": "kg", "direction": "up", "periodicity": "year",
        "source": "Essai", "formula": "collecte.tonnes × 1000", "constants": "collecte.tonnes, collecte.autre",
    }  # fmt: skip
    client = signed(agent)
    response = client.post("/loiret/indicateurs/definir/", given)
    assert response.context["form"].errors["constants"] == ["« collecte.autre » n’est pas dans la formule."]
    assert (
        client.post("/loiret/indicateurs/definir/", {**given, "constants": "collecte.tonnes"}).status_code
        == 302
    )
    assert known("formule.kilos").constants == ("collecte.tonnes",)


def test_leaves_are_read_once_each(orleans: Territory, django_assert_num_queries: Any) -> None:
    IndicatorFactory(code="collecte.tonnes", dimensions=[OUTCOME])
    IndicatorFactory(code="collecte.objets", dimensions=[OUTCOME])
    IndicatorFactory(code="formule.simple", origin="formula", formula="collecte.tonnes ÷ collecte.objets")
    every = catalogue.everything()
    with django_assert_num_queries(2):
        queries.load(every["formule.simple"], Wanted([orleans.pk], with_parts=True), every)
