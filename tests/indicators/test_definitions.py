"""Definitions and their versions, formulas, exact and small numbers."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from essor.indicators import actions, catalogue, queries
from essor.indicators.definition import Observed
from essor.indicators.fields import from_scaled, to_scaled
from essor.indicators.models import StoredIndicator
from essor.kernel import audit
from essor.territories.models import Territory
from tests.factories import TerritoryFactory
from tests.indicator_factories import OUTCOME, IndicatorFactory, ObservationFactory
from tests.indicators.asking import DAY, GIVEN, SPAN, cells, known

pytestmark = pytest.mark.django_db


# ── Exact numbers ──


@pytest.mark.parametrize("text", ["0", "0.1", "122", "-3.5", "0.000001", "9223372036854.775807"])
def test_numbers_are_kept_exactly(text: str, orleans: Territory) -> None:
    row = ObservationFactory(numerator=Decimal(text), territory=orleans)
    row.refresh_from_db()
    assert row.numerator == Decimal(text)
    assert from_scaled(to_scaled(Decimal(text))) == Decimal(text)


def test_what_a_table_cannot_hold_is_refused() -> None:
    for wrong in (Decimal("0.0000001"), Decimal("1e13"), Decimal("NaN")):
        with pytest.raises(ValueError):  # noqa: PT011
            to_scaled(wrong)
    with pytest.raises(TypeError):
        to_scaled(1.5)  # type: ignore[arg-type]


# ── Definitions ──


def test_a_code_is_made_of_the_name_and_stays_apart() -> None:
    codes = [actions.define(None, None, GIVEN).code for _each in range(2)]
    assert codes == ["collecte.tonnes_recues", "collecte.tonnes_recues_2"]


def test_a_change_is_a_new_version_and_says_what_changes(agent: Any) -> None:
    row = actions.define(agent.user, agent.authority, GIVEN)
    with pytest.raises(ValidationError, match="Dites ce qui change"):
        actions.revise(agent.user, row.code, GIVEN, " ")
    actions.revise(agent.user, row.code, {**GIVEN, "method": "Pesée"}, "La méthode est dite")
    assert list(
        StoredIndicator.objects.order_by("version").values_list("version", "is_current", "change")
    ) == [
        (1, False, ""),
        (2, True, "La méthode est dite"),
    ]
    said = [line.sentence for line in audit.entries_for(StoredIndicator.objects.get(version=2))]
    assert len(said) == 1
    assert said[0].endswith("a publié la version 2 de l’indicateur « Tonnes reçues »")


def test_a_unit_does_not_change_under_values(agent: Any, orleans: Territory) -> None:
    row = actions.define(agent.user, agent.authority, GIVEN)
    actions.collect(agent.user, known(row.code), [Observed(SPAN, orleans.pk, (), Decimal(122))], "Bilan", DAY)
    with pytest.raises(ValidationError, match="Définissez un autre indicateur"):
        actions.revise(agent.user, row.code, {**GIVEN, "unit": "kg"}, "En kilogrammes")
    assert known(row.code).version == 1


@pytest.mark.parametrize(
    ("formula", "unit", "said"),
    [
        ("registre.organisations +", "organisations", "La formule s’arrête trop tôt"),
        ("registre.inconnu × 2", "x", "« registre.inconnu » n’est le code d’aucun indicateur"),
        ("registre.organisations + registre.etablissements", "x", "On n’additionne pas"),
        ("registre.organisations ÷ registre.etablissements", "%", "pas en %"),
    ],
)
def test_a_formula_that_cannot_be_is_refused(formula: str, unit: str, said: str) -> None:
    given = {**GIVEN, "origin": "formula", "formula": formula, "unit": unit}
    with pytest.raises(ValidationError) as refused:
        actions.define(None, None, given)
    assert said in refused.value.message_dict["formula"][0]


def test_a_cycle_through_versions_is_refused() -> None:
    formula = {**GIVEN, "origin": "formula", "unit": "x"}
    first = actions.define(None, None, {**formula, "label": "Premier", "formula": "registre.esus × 2"})
    second = actions.define(None, None, {**formula, "label": "Second", "formula": f"{first.code} × 3"})
    with pytest.raises(ValidationError, match="tourne en rond"):
        actions.revise(
            None, first.code, {**formula, "label": "Premier", "formula": f"{second.code} + 1"}, "Boucle"
        )  # type: ignore[arg-type]


def test_a_formula_does_not_publish_what_is_not() -> None:
    private = IndicatorFactory(is_public=False)
    given = {**GIVEN, "origin": "formula", "formula": f"{private.code} × 2", "unit": "tonnes"}
    with pytest.raises(ValidationError, match="n’est pas publié"):
        actions.define(None, None, given)


# ── Formulas ──


def test_a_formula_is_computed_where_its_indicators_are(orleans: Territory) -> None:
    first, second = IndicatorFactory(), IndicatorFactory()
    row = actions.define(
        None, None, {**GIVEN, "origin": "formula", "unit": "%", "formula": f"{first.code} ÷ {second.code}"}
    )
    elsewhere = TerritoryFactory()
    for place, top, bottom in ((orleans, 30, 120), (elsewhere, 5, 0)):
        ObservationFactory(code=first.code, territory=place, numerator=Decimal(top))
        ObservationFactory(code=second.code, territory=place, numerator=Decimal(bottom))
    indicator = known(row.code)
    assert cells(indicator, orleans)[""].value == Decimal("0.25")
    assert cells(indicator, elsewhere)[""].result.reason == "division par zéro"
    everywhere = queries.average(indicator, [orleans.pk, elsewhere.pk], SPAN, catalogue.everything())
    assert everywhere.value is not None
    assert everywhere.value.quantize(Decimal("0.0001")) == Decimal("0.2917")


def test_a_missing_indicator_is_the_reason(orleans: Territory) -> None:
    first, second = IndicatorFactory(), IndicatorFactory(label="Tonnes reçues")
    row = actions.define(
        None, None, {**GIVEN, "origin": "formula", "unit": "%", "formula": f"{first.code} ÷ {second.code}"}
    )
    ObservationFactory(code=first.code, territory=orleans)
    assert cells(known(row.code), orleans)[""].result.reason == "pas de valeur de « Tonnes reçues »"


# ── Small numbers ──


def test_a_small_number_is_hidden_with_another_one_and_the_formula_with_it(orleans: Territory) -> None:
    row = IndicatorFactory(protected=True, dimensions=[OUTCOME])
    for code, units in (("reemploi", 2), ("recyclage", 5), ("rendu", 9), ("", 16)):
        cut = {"devenir": code} if code else {}
        ObservationFactory(
            code=row.code, territory=orleans, cut=cut, numerator=Decimal(units * 10), units=units
        )
    found = cells(known(row.code), orleans, parts=True)
    assert {key for key, cell in found.items() if cell.hidden} == {
        '{"devenir":"reemploi"}',
        '{"devenir":"recyclage"}',
    }
    assert found[""].value == 160
    hidden = found['{"devenir":"reemploi"}']
    assert (hidden.value, hidden.observed) == (None, None)


def test_a_territory_is_not_found_back_from_the_one_above() -> None:
    department = TerritoryFactory(departement_kind=True)
    places = [TerritoryFactory(departement=department) for _each in range(3)]
    row = IndicatorFactory(protected=True)
    for place, units in zip([*places, department], (1, 6, 8, 15), strict=True):
        ObservationFactory(code=row.code, territory=place, numerator=Decimal(units), units=units)
    indicator = known(row.code)
    assert [cells(indicator, place)[""].hidden for place in [*places, department]] == [
        True,
        True,
        False,
        False,
    ]
    double = actions.define(
        None,
        None,
        {**GIVEN, "origin": "formula", "formula": f"{row.code} × 2", "unit": "x", "label": "Double"},
    )
    assert cells(known(double.code), places[0])[""].result.reason == "petit nombre, masqué"


def test_what_is_hidden_is_nowhere_in_pages_and_exports(orleans: Territory) -> None:
    row = IndicatorFactory(protected=True, dimensions=[OUTCOME])
    for code, number, units in (
        ("reemploi", 7777, 2),
        ("recyclage", 8888, 5),
        ("rendu", 9, 9),
        ("", 16674, 16),
    ):
        cut = {"devenir": code} if code else {}
        ObservationFactory(code=row.code, territory=orleans, cut=cut, numerator=Decimal(number), units=units)
    client = Client()
    for name in ("", "csv/", "json/", "integrer/"):
        response = client.get(f"/indicateurs/{row.code}/{name}?territoire=commune:45234")
        assert response.status_code == 200
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        text = body.decode().replace("\u202f", "").replace("\u00a0", "")
        assert "16674" in text
        assert "7777" not in text
        assert "8888" not in text
