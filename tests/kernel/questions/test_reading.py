"""Forms read from mappings: the round trip, and what is refused, by its place."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from essor.kernel.questions.definition import Form
from essor.kernel.questions.reading import FormError, export, read_form
from tests.question_forms import BODY, FORM, forms


@given(forms())
def test_a_form_written_reads_back_the_same(form: Form) -> None:
    body = json.loads(json.dumps(export(form)))
    assert read_form(body, "essai") == form


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    body = copy.deepcopy(BODY)
    at: Any = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return body


FIRST = ["sections", 0, "questions", 0]
JOBS = ["sections", 0, "questions", 2]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            [*FIRST, "kind"],
            "moon",
            "f.yaml, partie « project », question « name », champ « kind » : « moon » ne convient pas. Choisissez",
        ),
        ([*FIRST, "colour"], "red", "champ « colour » : « red » ne convient pas. Ce champ n’existe pas"),
        ([*FIRST, "code"], "Été", "champ « code » : « Été » ne convient pas. Écrivez des lettres minuscules"),
        (
            [*JOBS, "code"],
            "name",
            "question 3, champ « code » : « name » ne convient pas. Ce code est déjà pris",
        ),
        (
            ["sections", 1, "code"],
            "project",
            "partie 2, champ « code » : « project » ne convient pas. Ce code est",
        ),
        ([*FIRST, "when"], {"question": "jobs", "answered": True}, "posée avant"),
        ([*FIRST, "when"], {"question": "name", "answered": True}, "posée avant"),
        ([*JOBS, "when"], {"question": "employs", "is": "food"}, "Écrivez l’un de ses choix : true, false."),
        ([*JOBS, "when"], {"question": "name", "at_least": 2}, "sur une question chiffrée"),
        ([*JOBS, "when"], {"question": "employs"}, "une seule comparaison"),
        (
            [*JOBS, "minimum"],
            "beaucoup",
            "champ « minimum » : « beaucoup » ne convient pas. Écrivez un nombre",
        ),
        ([*JOBS, "maximum"], 0, "Le minimum ne dépasse pas le maximum"),
        ([*FIRST, "minimum"], 3, "Seuls un nombre, des choix ou un tableau ont une borne"),
        ([*FIRST, "choices"], [{"code": "a", "label": "A"}], "pas de choix"),
        (["sections", 0, "questions", 3, "choices"], [], "de 1 à 60 éléments"),
        (["sections", 1, "questions", 3, "columns", 0, "kind"], "table", "colonne « who », champ « kind »"),
        (["sections"], [], "champ « sections »"),
        (["sections", 0], "x", "on attend des lignes « champ: valeur »"),
    ],
)
def test_a_fault_says_where_and_what_to_do(path: list[Any], value: Any, said: str) -> None:
    with pytest.raises(FormError) as refused:
        read_form(changed(path, value), "f.yaml")
    told = str(refused.value).replace("\u00a0", " ")
    assert told.startswith("f.yaml")
    assert said in told


def test_conditions_nested_too_deep_are_refused() -> None:
    when: dict[str, Any] = {"question": "employs", "answered": True}
    for _ in range(6):
        when = {"all": [when]}
    with pytest.raises(FormError, match="simplifiez"):
        read_form(changed([*JOBS, "when"], when), "f.yaml")


def test_the_sample_is_whole() -> None:
    assert [question.code for question in FORM.questions()][:3] == ["name", "employs", "jobs"]
    assert read_form(export(FORM), "essai") == FORM
