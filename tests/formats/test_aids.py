"""Lists of aids: every known form is read, rows that cannot be read are told one by one, no file breaks the reading."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.aid_cells import OTHER, AidTrouble, as_day, as_link, as_list, as_text
from essor.formats.aids import Aid, AidList, read_aids
from essor.formats.problems import InputProblem, Rejection

HEAD = "Nom,Lien,Financeurs,Bénéficiaire,Types d'aides,AAP/AMI,Récurrence,Descriptif,Date Clôture\n"


def read(path: Path, content: str | bytes) -> tuple[AidList, list[Rejection]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rejected: list[Rejection] = []
    return read_aids(path, rejected.append), rejected


def test_the_list_of_the_directory_is_read(tmp_path: Path) -> None:
    text = HEAD + (
        'Aider les ateliers,https://aides.example.org/a,Région;Ville,"Associations;Entreprises publiques locales '
        '(Sem, Spl, SemOp)",Subvention,Oui,Ponctuelle,Du texte,31/12/2026\n'
    )
    found, rejected = read(tmp_path / "aides.csv", text)
    assert rejected == []
    assert found.aids == (
        Aid(
            place=2,
            key="https://aides.example.org/a",
            name="Aider les ateliers",
            link="https://aides.example.org/a",
            financers=("Région", "Ville"),
            audiences=("Associations", "Entreprises publiques locales (Sem, Spl, SemOp)"),
            audience_codes=("association", "local_company"),
            kinds=("Subvention",),
            is_call=True,
            recurrence="once",
            description="Du texte",
            deadline=date(2026, 12, 31),
        ),
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            ",https://a.example.org,,,,,,,",
            "Fichier « aides.csv », ligne 2, colonne « Nom » : le nom de l’aide manque. Corrigez cette aide dans le "
            "fichier, ou demandez un nouvel export.",
        ),
        (
            "Aide,https://a.example.org,,,,,,,31/02/2026",
            "Fichier « aides.csv », ligne 2, colonne « Date Clôture », valeur « 31/02/2026 » : cette date est "
            "illisible. Écrivez-la JJ/MM/AAAA ou AAAA-MM-JJ.",
        ),
        (
            "Aide,https://a.example.org,,,,Peut-être,,,",
            "Fichier « aides.csv », ligne 2, colonne « AAP/AMI », valeur « Peut-être » : « Oui » ou « Non » est "
            "attendu ici. Corrigez cette aide dans le fichier, ou demandez un nouvel export.",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    found, rejected = read(tmp_path / "aides.csv", f"{HEAD}{row}\nBonne,https://b.example.org,,,,,,,\n")
    assert [str(each.as_problem()) for each in rejected] == [told]
    assert [aid.name for aid in found.aids] == ["Bonne"]
    assert found.rows == 2


def test_an_aid_given_twice_is_told(tmp_path: Path) -> None:
    row = "Aide,https://a.example.org,,,,,,,\n"
    found, rejected = read(tmp_path / "aides.csv", HEAD + row + row)
    assert (len(found.aids), rejected[0].reason) == (1, "cette aide est déjà dans la liste (n° 2).")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a;b\n1;2\n", "ses colonnes ne sont ni celles de l’export, ni celles du schéma officiel"),
        (HEAD, "la liste ne contient aucune aide"),
        ('{"hello": 1}', "ce JSON n’est pas une liste d’aides"),
        ('{"results": []}', "la liste ne contient aucune aide"),
        ('{"results": [', "le JSON est abîmé ou incomplet"),
        ("[" * 200_000, "le JSON est démesuré"),
        (b'{"results": [{"name": "\xff"}]}', "le texte n’est pas en UTF-8"),
        ("<html><body>Connexion</body></html>", "c’est une page web"),
        (b"PK\x03\x04 nothing", "l’archive zip est abîmée"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    with pytest.raises(InputProblem, match="Fichier « liste »") as refused:
        read(tmp_path / "liste", content)
    assert told in str(refused.value)


def test_each_row_of_a_feed_is_checked_alone(tmp_path: Path) -> None:
    rows: list[Any] = [
        None,
        {"id": 1, "name": ["liste"]},
        {"id": 2, "name": "Aide &rsquo; <b>forte</b><script>x()</script>", "url": "/aides/b/"},
        {"id": 3, "name": "Trop", "targeted_audiences": ["Communes"] * 50},
        {
            "id": 4,
            "name": "Loin",
            "submission_deadline": "2026-12-31T23:59:59+01:00",
            "start_date": "2027-01-01",
        },
        {"id": 5, "name": "Piège", "url": "javascript:alert(1)", "targeted_audiences": ["Chats"]},
    ]
    found, rejected = read(tmp_path / "api.json", json.dumps({"results": rows}))
    assert [each.reason for each in rejected] == [
        "aide n° 1 : le nom de l’aide manque.",
        "aide n° 2 : un texte est attendu ici.",
        "aide n° 4 : une liste d’au plus 40 mots est attendue ici.",
        "aide n° 5 : la clôture est avant l’ouverture.",
    ]
    assert [(aid.name, aid.link, aid.link_is_unreadable) for aid in found.aids] == [
        ("Aide ’ forte", "https://aides-territoires.beta.gouv.fr/aides/b/", False),
        ("Piège", "", True),
    ]
    assert found.aids[1].audience_codes == (OTHER,)


@given(st.text(max_size=80))
def test_no_cell_breaks_the_reading(text: str) -> None:
    link, unreadable = as_link(text, "https://a.example.org")
    assert (link == "") == unreadable or link.startswith(("http://", "https://"))
    assert all(item for item in as_list(text, ";,"))
    assert len(as_text(text, 20)) <= 20
    try:
        day = as_day(text)
    except AidTrouble:
        return
    assert day is not None
    assert 1990 <= day.year <= 2100


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["name", "id", "url", "targeted_audiences", "start_date", "is_call_for_project"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_reading(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.mktemp("aids") / "api.json"
    try:
        found, rejected = read(path, json.dumps({"results": [value, {"name": "Aide"}]}))
    except InputProblem:
        return
    assert len(found.aids) + len(rejected) == found.rows


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "form", "rows", "dated", "unreadable"),
    [
        ("aides-territoires_periurbain_2023.csv", "aides-territoires-liste", 274, 22, 0),
        ("aides-territoires_schema/exemple-valide.csv", "aides-territoires-schema", 1, 1, 0),
        ("provider_feeds/ademe_agir.json", "ademe", 5, 5, 1),
        ("provider_feeds/departement_drome.json", "aides-territoires-api", 3, 0, 0),
        ("provider_feeds/departement_manche.json", "aides-territoires-api", 10, 0, 0),
        ("provider_feeds/ile_de_france.json", "ile-de-france", 3, 1, 0),
    ],
)
def test_every_real_list_is_read_whole(
    real_data: Path, name: str, form: str, rows: int, dated: int, unreadable: int
) -> None:
    rejected: list[Rejection] = []
    found = read_aids(real_data / "aids" / name, rejected.append)
    assert (found.form.code, found.rows, len(found.aids), rejected) == (form, rows, rows, [])
    assert sum(aid.deadline is not None for aid in found.aids) == dated
    assert sum(aid.link_is_unreadable for aid in found.aids) == unreadable
    assert OTHER not in {code for aid in found.aids for code in aid.audience_codes}
    if form == "aides-territoires-liste":
        assert all(aid.audiences and aid.financers and aid.link and aid.recurrence for aid in found.aids)
        assert sum(aid.is_call for aid in found.aids) == 24
        assert sum("association" in aid.audience_codes for aid in found.aids) == 41
