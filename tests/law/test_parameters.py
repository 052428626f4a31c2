"""Legal parameters: the shipped ones are sound, a value is the last entry not after the day, errors are
French.
"""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.law.parameters.loader import load_tree
from essor.law.parameters.model import Entry, LegalParameterError, Parameter, Reference

HEAD = "description: Seuil d’essai\nmetadata:\n  unit: /1\nvalues:\n"


def entry(day: str, value: str, extra: str = "") -> str:
    return (
        f"  {day}:\n    value: {value}\n    metadata:\n      certainty: memory\n"
        f"      reference:\n        - title: Texte d’essai\n{extra}"
    )


def load(tmp_path: Path, text: str, name: str = "seuil.yaml") -> law.Node:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_tree(tmp_path)


def test_shipped_parameters_have_no_fault() -> None:
    assert law.check() == ()


def test_every_shipped_value_bears_a_reference_and_a_certainty() -> None:
    values = [value for parameter in law.tree().parameters() for value in law.history(parameter.id)]
    assert [value.parameter for value in values if not value.reference] == []
    assert {type(value.certainty) for value in values} == {Certainty}


def test_development_fund() -> None:
    found = law.value("ess.company.dev_fund", date(2026, 11, 22))
    assert (found.decimal, found.text, found.valid_from, found.valid_to, found.certainty) == (
        Decimal("0.20"),
        "20\u00a0%",
        date(2015, 8, 12),
        None,
        Certainty.SEEN,
    )
    assert found.reference == (
        "Loi n° 2014-856 du 31 juillet 2014, art. 1er, II, 2°, c ; "
        "Arrêté du 3 août 2015 (JO du 11 août 2015), art. 1er"
    )


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("esus.pay.avg5", "7 fois le Smic annuel"),
        ("esus.duration.usual", "5 ans"),
        ("esus.authority.silence", "2 mois"),
        ("esus.assimilated.fund_esus", "5/7"),
        ("ess.company.statutes", "oui"),
        ("esus.burden", "66\u00a0%"),
    ],
)
def test_values_in_french_words(identifier: str, words: str) -> None:
    assert law.value(identifier, date(2026, 1, 1)).text == words


def test_social_utility_changed_with_the_pacte_law() -> None:
    before, after = law.history("ess.utility")
    assert (before.valid_to, before.last_day) == (date(2019, 5, 24), date(2019, 5, 23))
    assert (len(before.items), len(after.items)) == (3, 4)


def test_an_ended_value_is_told() -> None:
    assert law.value("esus.pay.before", date(2014, 8, 1)).decimal == 5
    with pytest.raises(law.NotInForceError) as caught:
        law.value("esus.pay.before", date(2014, 8, 2))
    assert str(caught.value) == (
        "« Entreprise solidaire, avant la loi de 2014 : moyenne des meilleures rémunérations, au plus » "
        "(esus.pay.before) n’est plus en vigueur le 2 août 2014 : la dernière valeur a pris fin le 2 août 2014."
    )
    assert law.in_force("esus.pay.before", date(2014, 8, 2)) is None


def test_a_day_before_the_first_value_is_told() -> None:
    with pytest.raises(law.NotInForceError) as caught:
        law.value("ess.company.dev_fund", date(2015, 8, 11))
    assert str(caught.value) == (
        "« Société commerciale de l’ESS : part minimale du bénéfice affectée au fonds de développement » "
        "(ess.company.dev_fund) n’a pas encore "
        "de valeur connue le 11 août 2015 : la première date du 12 août 2015."
    )
    assert caught.value.words == str(caught.value).replace(" (ess.company.dev_fund)", "")


def test_unknown_parameter() -> None:
    with pytest.raises(law.UnknownParameterError, match=r"Le paramètre légal « ess\.rien » n’existe pas"):
        law.history("ess.rien")


def test_wrong_type_is_told() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(TypeError, match="n’est pas un nombre"):
        _ = law.value("ess.families", day).decimal
    with pytest.raises(TypeError, match="n’est pas une liste"):
        _ = law.value("esus.burden", day).items


def test_numbers_are_exact_decimals(tmp_path: Path) -> None:
    root = load(tmp_path, HEAD + entry("2020-01-01", "0.1") + entry("2021-01-01", "1"))
    assert [item.entries for item in root.parameters()] == [
        (
            Entry(date(2020, 1, 1), Decimal("0.1"), (Reference("Texte d’essai"),), Certainty.MEMORY, ""),
            Entry(date(2021, 1, 1), Decimal("1"), (Reference("Texte d’essai"),), Certainty.MEMORY, ""),
        )
    ]


BAD = {
    "two values at one date": (
        HEAD + entry("2020-01-01", "0.1") + entry("2020-01-01", "0.2"),
        "écrite deux fois",
    ),
    "no reference": (
        HEAD + "  2020-01-01:\n    value: 0.1\n    metadata:\n      certainty: seen\n",
        "une référence est demandée",
    ),
    "no certainty": (
        HEAD + "  2020-01-01:\n    value: 0.1\n    metadata:\n      reference: Texte\n",
        "certitude « None » inconnue",
    ),
    "share above one": (HEAD + entry("2020-01-01", "20"), "une part est entre 0 et 1"),
    "not a date": (HEAD + entry("janvier", "0.2"), "« janvier » n’est pas une date"),
    "text where a number is due": (HEAD + entry("2020-01-01", "vingt"), "un nombre est attendu"),
    "infinite": (HEAD + entry("2020-01-01", ".inf"), "n’est pas un nombre décimal ordinaire"),
    "unknown unit": (HEAD.replace("/1", "poire") + entry("2020-01-01", "1"), "unité « poire » inconnue"),
    "no description": (HEAD.split("\n", 1)[1] + entry("2020-01-01", "1"), "« description » manque"),
    "no value at all": ("description: Rien\nmetadata:\n  unit: /1\nvalues: {}\n", "au moins une date"),
    "broken yaml": ("description: [\n", "YAML illisible"),
    "empty file": ("", "une table est attendue"),
    "unknown key": (HEAD + entry("2020-01-01", "0.1") + "valeur: 3\n", "clé inconnue « valeur »"),
    "labels of other codes": (
        HEAD.replace("/1", "list\n  labels: {a: Abeille}") + entry("2020-01-01", "[a, b]"),
        "ne dit pas les mêmes codes que les valeurs : b",
    ),
    "labels that are no table": (
        HEAD.replace("/1", "list\n  labels: Abeille") + entry("2020-01-01", "[a, b]"),
        "« labels » doit être une table",
    ),
    "fraction over zero": (
        HEAD.replace("/1", "fraction") + entry("2020-01-01", "[1, 0]"),
        "une fraction s’écrit",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_accepted_is_refused_in_french(tmp_path: Path, case: str) -> None:
    text, words = BAD[case]
    with pytest.raises(LegalParameterError, match=words) as caught:
        load(tmp_path, text)
    assert "seuil.yaml" in str(caught.value)


def test_file_and_folder_of_the_same_name(tmp_path: Path) -> None:
    folder = tmp_path / "seuil"
    folder.mkdir()
    (folder / "a.yaml").write_text(HEAD + entry("2020-01-01", "0.1"), encoding="utf-8")
    with pytest.raises(LegalParameterError, match="existe déjà"):
        load(tmp_path, HEAD + entry("2020-01-01", "0.1"))


GAP = "seuil : rien n’est dit entre le {} et le {} ; ajoutez une « note » ou la valeur qui manque"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (
            entry("2020-01-01", "null") + entry("2021-01-01", "0.1"),
            (
                "seuil : la première date met fin à une valeur qui n’existe pas, retirez-la",
                GAP.format("2020-01-01", "2021-01-01"),
            ),
        ),
        (
            entry("2020-01-01", "0.1") + entry("2021-01-01", "null") + entry("2022-01-01", "0.2"),
            (GAP.format("2021-01-01", "2022-01-01"),),
        ),
        (
            entry("2020-01-01", "0.1")
            + entry("2021-01-01", "null", "      note: Aucun texte cette année-là.\n")
            + entry("2022-01-01", "0.2"),
            (),
        ),
        (
            entry("2020-01-01", "0.1") + entry("2021-01-01", "0.1"),
            ("seuil : la date 2021-01-01 répète la valeur et la référence précédentes, retirez-la",),
        ),
        (
            entry("2020-01-01", "0.1") + entry("2021-01-01", "null") + entry("2022-01-01", "null"),
            ("seuil : deux fins de suite (2022-01-01), retirez la seconde",),
        ),
    ],
)
def test_check_tells_what_is_suspect(tmp_path: Path, body: str, faults: tuple[str, ...]) -> None:
    assert law.check(load(tmp_path, HEAD + body)) == faults


def parameter_of(values: dict[date, Decimal | None]) -> Parameter:
    lines = tuple(
        Entry(day, value, (Reference("Texte"),), Certainty.MEMORY, "")
        for day, value in sorted(values.items())
    )
    return Parameter(id="essai", description="Essai", unit="/1", entries=lines)


days = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))
histories = st.dictionaries(
    days, st.none() | st.decimals(0, 1, places=4, allow_nan=False), min_size=1, max_size=12
)


@given(values=histories, on=days)
def test_value_is_the_last_entry_not_after_the_day(values: dict[date, Decimal | None], on: date) -> None:
    parameter = parameter_of(values)
    past = [day for day in values if day <= on]
    expected = values[max(past)] if past else None
    if expected is None:
        with pytest.raises(law.NotInForceError):
            parameter.at(on)
    else:
        found = parameter.at(on)
        assert (found.value, found.valid_from) == (expected, max(past))
        assert found.valid_from <= on < (found.valid_to or date.max)


@given(values=histories)
def test_history_and_value_tell_the_same(values: dict[date, Decimal | None]) -> None:
    parameter = parameter_of(values)
    for told in parameter.history():
        assert parameter.at(told.valid_from) == told
        if told.last_day:
            assert parameter.at(told.last_day) == told
            assert told.valid_to == told.last_day + timedelta(days=1)
