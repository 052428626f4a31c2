"""Changing a form question by question: what is refused, what keeps its code, what changed in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.questions import conditions as c
from essor.kernel.questions import definition as d
from essor.kernel.questions import editing
from essor.kernel.questions.editor_form import QuestionForm
from essor.kernel.questions.reading import FormError, export, read_form
from tests.question_forms import FORM, forms

NAME, EMPLOYS, JOBS, THEMES = FORM.sections[0].questions


def plain(texts: list[str]) -> list[str]:
    return [text.replace("\u00a0", " ") for text in texts]


def test_a_question_is_added_reworded_moved_and_taken_away() -> None:
    new = d.Question("site", d.YES_NO, "Avez-vous un site ?")
    more = editing.add(FORM, "project", new)
    assert [each.code for each in more.sections[0].questions][-1] == "site"
    up = editing.move(more, "site", -1)
    assert [each.code for each in up.sections[0].questions][-2:] == ["site", "themes"]
    assert editing.move(up, "name", -1) == up
    other = editing.change(up, replace(EMPLOYS, label="Avez-vous des salariés ?"))
    assert other.by_code["employs"].label.replace("\u00a0", " ") == "Avez-vous des salariés ?"
    assert editing.remove(more, "site") == FORM


def test_what_another_question_hangs_on_stays_before_it() -> None:
    with pytest.raises(FormError, match="dépend de cette question"):
        editing.remove(FORM, "employs")
    with pytest.raises(FormError, match="qui doit rester avant elle"):
        editing.move(FORM, "jobs", -1)
    with pytest.raises(FormError, match="qui doit rester avant elle"):
        editing.move(FORM, "employs", 1)
    with pytest.raises(FormError, match="Ce code est déjà pris"):
        editing.add(FORM, "money", NAME)


def test_codes_are_made_of_words_and_free() -> None:
    assert editing.free_code(FORM, "Où êtes-vous né·e en 1980 ?") == "ou_etes_vous_ne_e"
    assert editing.free_code(FORM, "Name") == "name_2"
    assert editing.free_code(FORM, "??") == "q"
    assert editing.free_code(FORM, "3 mois") == "q_3_mois"


def test_a_choice_reworded_keeps_its_code() -> None:
    former = THEMES.choices
    lines = [("Alimentation", ""), ("Réemploi et réparation", "Donner"), ("Aide à domicile", "")]
    assert [each.code for each in editing.choices_of(lines, former)] == ["food", "reuse", "care"]
    assert [each.code for each in editing.choices_of(lines[::-1], former)][::2] == ["care", "food"]
    more = editing.choices_of([*lines, ("Énergie", "")], former)
    assert [each.code for each in more] == ["food", "reemploi_et_reparation", "care", "energie"]


@given(forms(), st.data())
def test_every_change_that_passes_gives_a_form_that_holds(form: d.Form, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(form.by_code)))
    edits = [
        lambda: editing.move(form, code, 1),
        lambda: editing.move(form, code, -1),
        lambda: editing.remove(form, code),
    ]
    for edit in edits:
        try:
            changed = edit()
        except FormError:
            continue
        assert read_form(export(changed), "essai") == changed
        assert bool(editing.differences(form, changed)) == (form != changed)
    assert editing.differences(form, form) == []


def test_what_changed_is_told_in_sentences() -> None:
    changed = editing.add(FORM, "project", d.Question("site", d.YES_NO, "Un site ?"))
    changed = editing.change(
        changed, replace(NAME, label="Le nom du projet", help="Celui des statuts", required=False)
    )
    choices = (d.Choice("food", "Manger"), d.Choice("care", "Aide à domicile"), d.Choice("new", "Énergie"))
    changed = editing.change(changed, replace(THEMES, choices=choices, maximum=None))
    changed = editing.change(changed, replace(JOBS, when=None))
    assert plain(editing.differences(FORM, changed)) == [
        "Question ajoutée : « Un site ? ».",
        "Intitulé : « Le nom du projet », au lieu de « Son nom ».",
        "« Le nom du projet » : l’aide a changé.",
        "« Le nom du projet » est facultative.",
        "« Combien de postes ? » : condition changée (toujours posée).",
        "« Thèmes » : le choix « Alimentation » devient « Manger ».",
        "« Thèmes » : choix « Énergie » ajouté.",
        "« Thèmes » : choix « Réemploi » retiré.",
        "« Thèmes » : ses limites ont changé.",
    ]


# ── The form of a question ──


def sent(**more: object) -> dict[str, object]:
    return {"label": "Quel besoin ?", "kind": "choice", "choices": "Un\nDeux | le second"} | more


def test_a_question_is_written_with_its_choices_and_its_condition() -> None:
    form = QuestionForm(FORM, None, sent(when=["employs=oui", "themes=food", "themes=care"], required="on"))
    assert form.is_valid(), form.errors
    assert form.made() == d.Question(
        "quel_besoin",
        d.CHOICE,
        "Quel besoin ?",
        required=True,
        choices=(d.Choice("un", "Un"), d.Choice("deux", "Deux", "le second")),
        when=c.Group(True, (c.Test("employs", c.IS, (True,)), c.Test("themes", c.IS, ("food", "care")))),
    )


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"choices": "Un"}, "choices", "Écrivez au moins deux choix, un par ligne."),
        ({"choices": "Un\nUn"}, "choices", "« Un » est écrit deux fois."),
        ({"kind": "text"}, "choices", "Ce type de réponse n’a pas de choix : videz cette zone."),
        ({"when": ["moon=1"]}, "when", "Sélectionnez un choix valide. moon=1 n’en fait pas partie."),
    ],
)
def test_a_question_that_does_not_hold_is_refused(more: dict[str, object], field: str, said: str) -> None:
    form = QuestionForm(FORM, None, sent(**more))
    assert not form.is_valid()
    assert plain(list(map(str, form.errors[field]))) == [said]


@given(forms())
def test_a_question_shown_then_kept_as_it_is_does_not_change(form: d.Form) -> None:
    for question in form.questions():
        if question.kind in d.WITH_CHOICES and len({each.label for each in question.choices}) < len(
            question.choices
        ):
            continue
        shown = QuestionForm(form, question)
        data = {name: shown[name].value() for name in shown.fields}
        again = QuestionForm(
            form, question, {key: value for key, value in data.items() if value not in (None, False)}
        )
        if question.when and not shown.written_elsewhere and not isinstance(question.when, c.Test):
            continue  # the same condition may be written in fewer groups
        assert again.is_valid(), (again.errors, question)
        made = again.made()
        if isinstance(question.when, c.Test) and question.when.compare == c.IS:
            assert set(made.when.values) == set(question.when.values)  # type: ignore[union-attr]
            made = replace(made, when=question.when)
        assert made == question


def test_the_words_alone_of_a_locked_question_change() -> None:
    lines = "Manger\nRéparer\nAider"
    form = QuestionForm(FORM, THEMES, {"label": "Vos thèmes", "choices": lines}, locked=True)
    assert form.is_valid(), form.errors
    made = form.made()
    assert [(each.code, each.label) for each in made.choices] == [
        ("food", "Manger"), ("reuse", "Réparer"), ("care", "Aider"),
    ]  # fmt: skip
    assert replace(made, label="", choices=()) == replace(THEMES, label="", choices=())
    form = QuestionForm(FORM, THEMES, {"label": "Vos thèmes", "choices": "Manger\nRéparer"}, locked=True)
    assert not form.is_valid()
