"""What changes in the law, and the values that an installation adds."""

from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.law.changes import changes_between
from essor.law.rules import run

THRESHOLD = "procurement.no_publicity.supplies_services"


def local(**changes: Any) -> law.LocalValue:
    base = {
        "parameter": THRESHOLD,
        "start": date(2027, 1, 1),
        "value": Decimal(75000),
        "reference": "Décret d’essai",
        "certainty": Certainty.SEEN,
    }
    return law.LocalValue(**(base | changes))


def test_what_changed_on_the_first_of_april_2026() -> None:
    found = changes_between(date(2026, 4, 1), date(2026, 4, 1))
    assert [change.parameter for change in found] == [
        "procurement.buyer_profile.demat",
        "procurement.no_publicity.small_lots.supplies_services",
        THRESHOLD,
    ]
    assert found[-1].sentence.startswith(
        "1er avril 2026 : Fournitures et services : seuil sans publicité ni mise en concurrence (hors taxes) "
        f"({THRESHOLD}) : 40\u202f000\u00a0€ → 60\u202f000\u00a0€ — Code de la commande publique, art. R2122-8"
    )


def test_ends_beginnings_and_new_texts_are_told_apart() -> None:
    found = {change.parameter: change for change in changes_between(date(2026, 8, 21), date(2027, 1, 1))}
    assert found["climate.performance_env"].before is None
    assert found["tzcld.end"].after is None
    assert "prend fin" in found["tzcld.end"].sentence
    assert found["climate.award_criterion"].same_value
    assert "nouveau texte" in found["climate.award_criterion"].sentence


def test_changes_are_in_the_order_of_days() -> None:
    days = [change.day for change in changes_between(date(2000, 1, 1), date(2040, 1, 1))]
    assert days == sorted(days)
    assert changes_between(date(2026, 1, 2), date(2026, 1, 1)) == ()


def test_a_local_value_is_followed_by_the_rules_and_told() -> None:
    purchase = {"nature": "services", "amount": 70000, "on": "2027-02-01"}
    assert run("procurement_threshold", purchase)["procedure"] == "adapted"
    with law.with_local_values([local()]):
        found = run("procurement_threshold", purchase)
        assert found["procedure"] == "no_publicity"
        assert "décret d’essai, depuis le 1er janvier 2027, valeur ajoutée ici" in found["explanation"][0]
        assert law.value(THRESHOLD, date(2026, 12, 31)).decimal == 60000
    assert run("procurement_threshold", purchase)["procedure"] == "adapted"


def test_a_local_value_takes_the_place_of_the_one_of_its_day() -> None:
    with law.with_local_values([local(start=date(2026, 4, 1), value=Decimal(61000))]):
        assert [value.decimal for value in law.history(THRESHOLD)] == [15000, 25000, 40000, 61000]
        assert law.history(THRESHOLD)[-1].local


def test_a_new_parameter_and_an_end() -> None:
    new = local(parameter="local.essai", description="Seuil d’essai", unit="currency-EUR")
    with law.with_local_values([new, local(start=date(2030, 1, 1), value=None)]):
        assert law.value("local.essai", date(2027, 1, 1)).text == "75\u202f000\u00a0€"
        assert law.in_force(THRESHOLD, date(2030, 1, 1)) is None
        assert "local.essai" in {item.id for item in law.all_parameters()}
    assert "local.essai" not in {item.id for item in law.all_parameters()}


@pytest.mark.parametrize(
    "changes",
    [
        {"value": "beaucoup"},
        {"reference": ""},
        {"parameter": "local.essai"},
        {"parameter": "x.y", "unit": "year"},
    ],
)
def test_a_local_value_that_cannot_be_used_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(law.LegalParameterError), law.with_local_values([local(**changes)]):
        pass


def test_local_values_do_not_leak_to_other_threads() -> None:
    seen = []
    with law.with_local_values([local()]):
        thread = Thread(target=lambda: seen.append(law.value(THRESHOLD, date(2027, 2, 1)).decimal))
        thread.start()
        thread.join()
    assert seen == [60000]
