"""The grid that comes with Essor, and what a faulty one is told."""

from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from essor.kernel.questions.reading import export, read_form
from essor.kit.diagnosis import questionnaire
from essor.kit.diagnosis.competence import ALLOWED, CONDITIONAL, NOT_ALLOWED, standings
from essor.kit.diagnosis.grid import grid, read_grid
from essor.kit.front_matter import ContentError
from essor.kit.library import fiches
from essor.kit.words import LEVELS

TEXT = files("essor.kit").joinpath("data/diagnosis.yaml").read_text(encoding="utf-8")


def test_ten_axes_hold_two_to_four_levers() -> None:
    known = grid()
    assert len(known.axes) == 10
    assert {len(known.of_axis(axis.code)) for axis in known.axes} == {2, 3, 4}


def test_every_fiche_is_reached_by_a_lever() -> None:
    known = grid()
    assert {code for code in fiches() if not known.of_fiche(code)} == set()


def test_no_two_levers_share_a_stage_or_a_step() -> None:
    levers = grid().levers.values()
    stages = [stage for lever in levers for stage in lever.stages]
    steps = [step.do for lever in levers for step in lever.next]
    assert len(set(stages)) == len(stages) == 5 * len(levers)
    assert len(set(steps)) == len(steps)


def test_each_step_leads_into_the_kit() -> None:
    assert [
        (lever.code, rank)
        for lever in grid().levers.values()
        for rank, step in enumerate(lever.next, 1)
        if not (step.fiches or step.recipes)
    ] == []


def test_the_reference_figures_are_those_of_the_study() -> None:
    told = " ".join(figure.text for figure in grid().levers["portage"].figures).replace("\u00a0", " ")
    assert "84 collectivités sur 128" in told
    assert "65,6 %" in told
    assert "66 collectivités sur 128" in told
    assert "51,6 %" in told


def test_the_questionnaire_is_a_form_of_the_engine() -> None:
    form = questionnaire.whole_form()
    again = read_form(export(form), "grille")
    assert again == form
    assert [section.code for section in form.sections] == [axis.code for axis in grid().axes]


@settings(max_examples=12)
@given(st.sets(st.sampled_from(sorted(grid().levers)), min_size=1))
def test_a_restricted_questionnaire_asks_the_levers_kept_and_no_other(kept: set[str]) -> None:
    form = questionnaire.restricted(questionnaire.whole_form(), kept)
    assert {each.code for each in form.questions() if each.kind == "scale"} == kept
    assert all(section.questions for section in form.sections)
    assert read_form(export(form), "grille") == form


@pytest.mark.parametrize("level", list(LEVELS))
def test_a_level_knows_where_it_stands_on_each_lever(level: str) -> None:
    from datetime import date

    found = standings(level, date(2026, 11, 2))
    assert set(found) == set(grid().levers)
    assert {stand.status for stand in found.values()} <= {ALLOWED, CONDITIONAL, NOT_ALLOWED}
    assert all(stand.why for stand in found.values() if stand.status != ALLOWED)
    assert (found["communes"].status == NOT_ALLOWED) == (level == "commune")


def broken(change: object) -> str:
    data = yaml.safe_load(TEXT)
    change(data)  # type: ignore[operator]
    return yaml.safe_dump(data, allow_unicode=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["levers"][0].update(fiches=["K99"]), "levier 1, champ « fiches » : « K99 »"),
        (lambda d: d["levers"][0]["next"][0].update(see=["nulle-part"]), "levier 1, suite 1, champ « see »"),
        (lambda d: d["levers"][0]["stages"].pop(), "champ « stages » : « 4 » ne convient pas"),
        (lambda d: d["levers"][0].update(axis="ailleurs"), "champ « axis » : « ailleurs »"),
        (lambda d: d["levers"][0].update(stages=["a"] * 5), "Cinq stades différents"),
        (lambda d: d["levers"][0].update(asks=[["lune", "purchase"]]), "règle de compétence"),
        (lambda d: d["levers"][0].update(code=d["levers"][1]["code"]), "portent le même code"),
        (lambda d: d["levers"][0].update(couleur="bleu"), "champ « couleur »"),
        (lambda d: d["axes"].append({"code": "vide", "title": "Vide", "about": "Rien"}), "aucun levier"),
        (lambda d: d.update(format=2), "lit le format 1"),
    ],
)
def test_a_faulty_grid_is_told_where(change: object, told: str) -> None:
    with pytest.raises(ContentError) as refusal:
        read_grid(broken(change), "essai.yaml")
    assert told in str(refusal.value).replace("\u00a0", " ")
    assert "essai.yaml" in str(refusal.value)
