"""Questions to the law over HTTP: every rule with every case, other days, JSON, printed note, hostile addresses."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from essor.kernel.french import unbroken
from essor.rulebook.catalogue import Asked, Example, by_field, catalogue
from essor.rulebook.rule_form import address_of
from tests.factories import AuthorityFactory, TerritoryFactory

pytestmark = pytest.mark.django_db

CASES = [
    pytest.param(asked, example, id=f"{asked.name}-{number}")
    for asked in catalogue().values()
    for number, example in enumerate(asked.examples)
]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def page_of(asked: Asked, example: Example, more: str = "") -> str:
    return f"/droit/regles/{asked.name}/?{address_of(asked.rule.input_schema, example.input)}{more}"


def number(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def test_every_rule_is_asked_somewhere() -> None:
    assert sorted(asked.name for _field, rules in by_field() for asked in rules) == sorted(catalogue())
    for asked in catalogue().values():
        names = set(asked.rule.input_schema["properties"])
        assert set(asked.first) <= names, asked.name
        assert set(asked.rule.input_schema["required"]) <= set(asked.first), asked.name
        assert asked.examples, asked.name


def test_the_list_leads_to_every_question(client: Client) -> None:
    page = client.get("/droit/regles/").content.decode()
    for asked in catalogue().values():
        assert f'href="/droit/regles/{asked.name}/"' in page
        assert escape(asked.question) in page


@pytest.mark.parametrize(("asked", "example"), CASES)
def test_a_case_of_the_guides_gives_what_it_says(asked: Asked, example: Example) -> None:
    answer = asked.rule.run(example.input)
    assert {name: number(answer[name]) for name in example.expects} == {
        name: number(value) for name, value in example.expects.items()
    }


@pytest.mark.parametrize(("asked", "example"), CASES)
def test_a_case_has_its_answer_on_its_page(
    asked: Asked, example: Example, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get("/droit/regles/")
    with django_assert_max_num_queries(2):
        response = client.get(page_of(asked, example), follow=True)
    page = response.content.decode()
    shown = response.context["shown"]
    assert response.status_code == 200
    assert escape(shown["verdict"]["label"]) in page
    for figure in shown["figures"]:
        assert escape(figure["label"]) in page
        assert escape(figure["value"]) in page
    for sentence in shown["explanation"]:
        assert escape(unbroken(sentence)) in page
    for reference in shown["references"]:
        assert escape(reference["title"]) in page
    assert "ne remplace pas l’avis d’un juriste" in page
    assert response.context["form"].errors is False


@pytest.mark.parametrize("asked", catalogue().values(), ids=list(catalogue()))
def test_a_question_is_asked_before_it_is_answered(asked: Asked, client: Client) -> None:
    response = client.get(f"/droit/regles/{asked.name}/")
    assert (response.status_code, response.context["answer"]) == (200, None)
    assert "Il reste quelque chose à corriger" not in response.content.decode()


def test_typed_in_french_the_surplus_gives_its_reserves(client: Client) -> None:
    response = client.get("/droit/regles/scic_reserves/?reponse=1&surplus=10 000,00 €&losses=0&on=2026-05-01")
    assert response.status_code == 302
    assert response["Location"] == "/droit/regles/scic_reserves/?surplus=10000&on=2026-05-01"
    page = client.get(response["Location"]).content.decode()
    assert "5\u202f750\u00a0€" in page
    assert "57,5\u00a0%" in page


def test_a_case_of_rows_is_posted_then_has_its_address(client: Client) -> None:
    typed = {
        "reponse": "1",
        "holders-3-kind": "commune",
        "holders-3-amount": "27",
        "holders-5-kind": "employee",
        "holders-5-amount": "73",
        "on": "2013-06-01",
    }
    response = client.post("/droit/regles/scic_capital/", typed)
    assert response["Location"] == (
        "/droit/regles/scic_capital/?holders-1-kind=commune&holders-1-amount=27"
        "&holders-2-kind=employee&holders-2-amount=73&on=2013-06-01"
    )


def test_a_case_too_long_for_an_address_is_answered_in_place(client: Client) -> None:
    typed = {"reponse": "1", "on": "2026-06-01"}
    for row in range(1, 60):
        typed |= {
            f"holders-{row}-kind": "employee",
            f"holders-{row}-amount": "10",
            f"holders-{row}-name": "Dupont" * 3,
        }
    response = client.post("/droit/regles/scic_capital/", typed)
    assert response.status_code == 200
    assert response.context["shown"]["verdict"]["label"] == "Conforme"
    assert response.context["share_url"] == ""


def test_a_row_is_added_without_a_script(client: Client) -> None:
    response = client.post(
        "/droit/regles/scic_capital/", {"holders-1-amount": "12,5", "on": "2026-06-01", "ajouter": "holders"}
    )
    page = response.content.decode()
    assert 'value="12,5"' in page
    assert 'name="holders-2-amount"' in page
    assert "Il reste quelque chose à corriger" not in page


def test_what_is_wrong_is_told_and_what_was_typed_stays(client: Client) -> None:
    response = client.get(
        "/droit/regles/brs/?reponse=1&surface=abc&fee=2&price=3250&market_price=5000&on=2026-05-01"
    )
    page = response.content.decode()
    assert response.context["answer"] is None
    assert page.count("« abc » n’est pas un nombre") == 2  # in the summary and beside the field
    assert 'value="abc"' in page
    assert 'value="3250"' in page


def test_the_level_of_the_authority_is_proposed_in_its_frame(client: Client) -> None:
    AuthorityFactory(slug="gard", kind="departement", territory=TerritoryFactory(departement_kind=True))
    page = client.get("/gard/droit/regles/competence/").content.decode()
    assert '<option value="departement" selected>' in page


def test_a_link_may_fill_a_field_without_asking(client: Client) -> None:
    response = client.get("/droit/regles/competence/?level=region")
    assert response.context["form"].errors is False
    assert '<option value="region" selected>' in response.content.decode()


def test_two_days_stand_side_by_side(client: Client) -> None:
    asked = catalogue()["procurement_threshold"]
    response = client.get(page_of(asked, asked.examples[0], "&et=2026-03-31"))
    assert [one["law_day"].isoformat() for one in response.context["sides"]] == ["2026-03-31", "2026-05-01"]
    assert response.context["changes"][0] == {
        "label": "Réponse",
        "before": "Procédure adaptée",
        "after": "Sans publicité ni mise en concurrence préalables",
    }


def test_the_ceiling_of_a_scic_on_two_days(client: Client) -> None:
    asked = catalogue()["scic_capital"]
    response = client.get(page_of(asked, asked.examples[0], "&et=2013-06-01"))
    rows = {row["label"]: (row["before"], row["after"]) for row in response.context["changes"]}
    assert rows["Réponse"] == ("Pas conforme", "Conforme")
    assert rows["Plafond légal"] == ("20\u00a0%", "50\u00a0%")


def test_a_day_that_the_rule_does_not_know_is_told_in_words(client: Client) -> None:
    page = client.get("/droit/regles/procurement_threshold/?nature=services&amount=50000&on=2030-01-01")
    assert "La règle ne répond pas" in page.content.decode()
    assert "procurement.formal" not in page.context["shown"]["refusal"]


@pytest.mark.parametrize("day", ["demain", "2026-13-45", ""])
def test_another_day_that_is_none_is_left_out(day: str, client: Client) -> None:
    asked = catalogue()["scic_reserves"]
    response = client.get(page_of(asked, asked.examples[0], f"&et={day}"), follow=True)
    assert (response.status_code, response.context["other"]) == (200, None)


# ── JSON ──


@pytest.mark.parametrize(("asked", "example"), CASES)
def test_the_json_is_the_one_of_the_command(asked: Asked, example: Example, client: Client) -> None:
    query = address_of(asked.rule.input_schema, example.input)
    found = client.get(f"/droit/regles/{asked.name}.json?{query}").json()
    assert found == json.loads(json.dumps(asked.rule.run(example.input)))


def test_a_whole_case_may_be_given_as_json(client: Client) -> None:
    found = client.get(
        "/droit/regles/scic_reserves.json", {"entree": '{"surplus": 10000, "on": "2026-05-01"}'}
    )
    assert found.json()["minimum_impartible"] == 5750


def test_without_a_case_the_json_is_the_schema(client: Client) -> None:
    assert client.get("/droit/regles/brs.json").json()["input"] == catalogue()["brs"].rule.input_schema


@pytest.mark.parametrize(
    "entree",
    [
        "{",
        "[]",
        '"a"',
        '{"surplus": {}}',
        '{"surplus": 1, "on": "2026-05-01", "surpluss": 2}',
        '{"surplus": [1], "on": 3}',
        '{"surplus": "x", "on": "2026-05-01"}',
        "[" * 9999,
    ],
)
def test_a_case_that_cannot_be_read_is_refused(entree: str, client: Client) -> None:
    response = client.get("/droit/regles/scic_reserves.json", {"entree": entree})
    assert response.status_code == 400
    assert response.json()["problems"]


# ── Printed note ──


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "note.pdf"
    path.write_bytes(content)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(read.stdout.split())


@pytest.mark.parametrize(
    "name", ["scic_reserves", "state_aid", "reserved_contract", "ess_company", "procurement_threshold"]
)
def test_the_printed_note_says_it_all(name: str, client: Client, tmp_path: Path) -> None:
    asked = catalogue()[name]
    example = asked.examples[0]
    page = client.get(page_of(asked, example))
    response = client.post(f"/droit/regles/{name}.pdf", {"entree": page.context["answer"].as_json})
    assert response["Content-Type"] == "application/pdf"
    text = text_of(response.content, tmp_path)
    shown = page.context["shown"]
    expected = [asked.question, shown["verdict"]["label"], "Textes", "imprimé le"]
    expected += [figure["value"] for figure in shown["figures"]]
    expected += [row["value"] for row in page.context["answer"].case]
    expected += [shown["explanation"][-1][:40], "ne remplace pas l’avis d’un juriste"]
    missing = [words for words in expected if " ".join(words.split())[:30] not in text]
    assert missing == []


def test_a_note_without_a_case_goes_back_to_the_question(client: Client) -> None:
    assert client.get("/droit/regles/brs.pdf")["Location"] == "/droit/regles/brs/"


@pytest.mark.parametrize("end", ["/", ".json", ".pdf"])
def test_a_rule_that_does_not_exist(end: str, client: Client) -> None:
    assert client.get(f"/droit/regles/tva{end}").status_code == 404
