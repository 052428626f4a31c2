"""Answers: what is typed, what is hidden, what is missing, how it reads in French."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.questions import definition as d
from essor.kernel.questions.answers import clean, kept, missing, progress, shown, visible, written
from essor.kernel.questions.conditions import holds, residual
from essor.kernel.questions.kinds import kind_of, register_kind, register_resolver
from essor.kernel.questions.reading import read_form
from tests.question_forms import FORM, anything, forms

PROJECT, MONEY = FORM.sections
FULL = {
    "name": "Recyclerie",
    "employs": True,
    "jobs": 3,
    "themes": ["reuse"],
    "budget": "12500.50",
    "share": "0.575",
    "starts": "2026-03-01",
    "partners": [{"who": "La Ligue", "gives": "1000.00"}],
    "statutes": {"id": "x", "name": "statuts.pdf", "size": 3},
    "secret": "Un souci",
}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@given(st.data(), forms())
def test_clean_never_raises_and_keeps_json(data: Any, form: d.Form) -> None:
    for section in form.sections:
        codes = [question.code for question in section.questions]
        raw = data.draw(st.dictionaries(st.sampled_from([*codes, "other"]), anything))
        values, faults = clean(form, section, raw, complete=data.draw(st.booleans()))
        json.dumps(values, allow_nan=False)
        assert set(values) | {fault.question for fault in faults} <= set(codes)
        assert not any(isinstance(value, float | Decimal) for value in values.values())
        shown(form, values)
        assert len(missing(form, values)) <= progress(form, values)[1]


@given(st.data(), forms())
def test_what_is_read_is_read_again_from_how_it_is_written(data: Any, form: d.Form) -> None:
    for question in form.questions():
        if question.kind in (d.FILE, d.TABLE):
            continue
        values, _faults = clean(form, next(s for s in form.sections if question in s.questions), {
            question.code: data.draw(st.sampled_from(["12", "oui", "01/02/2026", *[c.code for c in question.choices]]))
        })  # fmt: skip
        value = values.get(question.code)
        if value is not None:
            assert kind_of(question).read(question, written(question, value)) == value


@given(st.data(), forms())
def test_what_is_left_of_a_condition_agrees_with_the_whole(data: Any, form: d.Form) -> None:
    questions = list(form.questions())
    answers = {
        question.code: data.draw(st.sampled_from([True, False, 3, "7", *[c.code for c in question.choices]]))
        for question in questions
        if data.draw(st.booleans())
    }
    open_codes = frozenset(question.code for question in questions if data.draw(st.booleans()))
    known = {code: value for code, value in answers.items() if code not in open_codes}
    for question in questions:
        left = residual(question.when, known, open_codes)
        assert holds(question.when, answers) == (left if isinstance(left, bool) else holds(left, answers))


def test_what_people_type_is_kept_exact() -> None:
    values, faults = clean(
        FORM,
        MONEY,
        {
            "budget": "12 500,5 €",
            "share": "57,5 %",
            "starts": "01/03/2026",
            "partners": [{"who": " La  Ligue ", "gives": "1000"}, {"who": "", "gives": ""}],
        },
    )
    assert faults == ()
    assert values == {
        "budget": "12500.50",
        "share": "0.575",
        "starts": "2026-03-01",
        "partners": [{"who": "La Ligue", "gives": "1000.00"}],
    }


@pytest.mark.parametrize(
    ("section", "raw", "said"),
    [
        (0, {"name": "x" * 21}, "Ce texte a 21 signes : raccourcissez-le à 20 au plus."),
        (0, {"jobs": "0"}, "Écrivez au moins 1."),
        (0, {"jobs": "1,5"}, "Un nombre entier est attendu."),
        (0, {"employs": "peut-être"}, "Répondez par oui ou par non."),
        (0, {"themes": ["moon"]}, "« moon » n’est pas dans la liste : choisissez-y."),
        (0, {"themes": ["food", "reuse", "care"]}, "Donnez au plus 2 réponses."),
        (1, {"budget": "1.500,50"}, "« 1.500,50 » n’est pas un nombre : écrivez par exemple 1 500,50."),
        (1, {"budget": "1,005"}, "Un montant a deux décimales au plus."),
        (1, {"share": "120 %"}, "Une part va de 0 à 100 %."),
        (1, {"starts": "31/02/2026"}, "« 31/02/2026 » n’est pas une date : écrivez par exemple 03/03/2026."),
        (1, {"partners": [{"gives": "3"}]}, "Ligne 1, « Nom » : Cette case est attendue."),
        (
            1,
            {"partners": [{"who": "a"}, {"who": "b", "gives": "x"}]},
            "Ligne 2, « Apport » : « x » n’est pas un nombre : écrivez par exemple 1 500,50.",
        ),
        (1, {"partners": [{"who": "a"}] * 4}, "Donnez au plus 3 lignes."),
    ],
)
def test_what_cannot_be_read_says_what_to_write(section: int, raw: dict[str, Any], said: str) -> None:
    values, faults = clean(FORM, FORM.sections[section], raw)
    assert [plain(fault.message) for fault in faults] == [said]
    assert not set(raw) & set(values)


def test_what_hangs_on_a_hidden_question_is_hidden_and_dropped_at_the_end() -> None:
    assert [asked.section.code for asked in visible(FORM, FULL)] == ["project", "money"]
    alone = FULL | {"employs": False}
    assert [asked.section.code for asked in visible(FORM, alone)] == ["project"]
    assert kept(FORM, alone) == {"name": "Recyclerie", "employs": False, "themes": ["reuse"]}
    assert kept(FORM, FULL) == FULL


def test_what_is_missing_and_how_far_one_is() -> None:
    assert [question.code for question in missing(FORM, {})] == ["name", "employs"]
    assert [question.code for question in missing(FORM, {"employs": True})] == ["name", "jobs"]
    assert missing(FORM, FULL) == ()
    assert progress(FORM, FULL) == (10, 10)
    assert progress(FORM, {"employs": False}) == (1, 3)


def test_a_whole_section_tells_what_it_lacks() -> None:
    _values, faults = clean(FORM, PROJECT, {"employs": "oui"}, complete=True)
    assert [(fault.question, fault.message) for fault in faults] == [
        ("name", "Une réponse est attendue."),
        ("jobs", "Une réponse est attendue."),
    ]
    _values, faults = clean(FORM, PROJECT, {"name": "x", "employs": "non", "jobs": "zéro"}, complete=True)
    assert faults == ()


def test_answers_read_in_french() -> None:
    rows = {row.question.code: plain(row.text) for row in shown(FORM, FULL)}
    assert rows == {
        "name": "Recyclerie",
        "employs": "oui",
        "jobs": "3",
        "themes": "Réemploi",
        "budget": "12 500,50 €",
        "share": "57,5 %",
        "starts": "1er mars 2026",
        "partners": "Nom : La Ligue ; Apport : 1 000,00 €",
        "statutes": "statuts.pdf",
        "secret": "Un souci",
    }
    assert "secret" not in {row.question.code for row in shown(FORM, FULL, private=False)}
    table = next(row for row in shown(FORM, FULL) if row.question.code == "partners")
    assert (table.columns, [tuple(map(plain, row)) for row in table.rows]) == (
        ("Nom", "Apport"),
        [("La Ligue", "1 000,00 €")],
    )


class Moons:
    """What people type for a moon."""

    KNOWN = {"io": "Io", "titan": "Titan"}

    def resolve(self, typed: str) -> str | None:
        """Its code."""
        return next((code for code, name in self.KNOWN.items() if name.casefold() == typed.casefold()), None)

    def name(self, code: str) -> str:
        """Its name."""
        return self.KNOWN[code]


def test_a_room_adds_a_kind_that_it_alone_can_read() -> None:
    register_resolver("satellite", "Lune", Moons())
    body = {"code": "where", "kind": "satellite", "label": "Laquelle ?"}
    section = {"code": "sky", "title": "Le ciel", "questions": [body]}
    form = read_form({"code": "tests.moon", "version": 1, "title": "Lunes", "sections": [section]}, "essai")
    assert clean(form, form.sections[0], {"where": " TITAN "}) == ({"where": "titan"}, ())
    assert [row.text for row in shown(form, {"where": "titan"})] == ["Titan"]
    _values, faults = clean(form, form.sections[0], {"where": "Mars"})
    assert "Rien ne répond à « Mars »" in plain(faults[0].message)
    with pytest.raises(ImproperlyConfigured):
        register_kind(replace(kind_of(form.by_code["where"]), label="Autre"))
