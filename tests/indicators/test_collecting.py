"""Values typed and read from files, and what reads them back."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from essor.indicators import actions
from essor.indicators.definition import Observed
from essor.indicators.models import Collection, Observation
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, TerritoryFactory
from tests.indicator_factories import IndicatorFactory
from tests.indicators.asking import DAY, GIVEN, SPAN, known, signed

pytestmark = pytest.mark.django_db


# ── Collecting ──


def test_values_collected_twice_change_nothing(agent: Any, orleans: Territory) -> None:
    row = actions.define(agent.user, agent.authority, GIVEN)
    given = [Observed(SPAN, orleans.pk, (), Decimal(122))]
    assert actions.collect(agent.user, known(row.code), given, "Bilan 2020", DAY) == {
        "new": 1,
        "changed": 0,
        "same": 0,
    }
    assert actions.collect(agent.user, known(row.code), given, "Bilan 2020", DAY) == {
        "new": 0,
        "changed": 0,
        "same": 1,
    }
    corrected = [Observed(SPAN, orleans.pk, (), Decimal(123))]
    assert actions.collect(agent.user, known(row.code), corrected, "Bilan corrigé", DAY)["changed"] == 1
    row_now = Observation.objects.get(code=row.code)
    assert (row_now.numerator, row_now.source, row_now.collection_id) == (
        123,
        "Bilan corrigé",
        Collection.objects.latest("pk").pk,
    )
    assert Collection.objects.count() == 2


def post_file(client: Client, code: str, text: str, name: str = "valeurs.csv") -> Any:
    upload = BytesIO(text.encode())
    upload.name = name
    return client.post(
        f"/loiret/indicateurs/{code}/collecter/fichier/",
        {"file": upload, "source": "Bilan 2020", "day": "2021-06-01"},
    )


def test_a_file_names_its_faults_and_writes_nothing(agent: Any, orleans: Territory) -> None:
    row = IndicatorFactory(authority=agent.authority, share=True)
    response = post_file(
        signed(agent),
        row.code,
        "période;territoire;devenir;valeur;dénominateur\n"
        "2020;commune:45234;Réemploi;66;100\n"
        "20;commune:45234;Recyclage;34;100\n"
        "2020;Nulleville;Rendu;2;100\n"
        "2020;commune:45234;Perdu;2;100\n"
        "2020;commune:45234;Rendu;deux;100\n"
        "2020;commune:45234;Rendu;2;\n",
    )
    assert response.context["faults"] == [
        "Fichier « valeurs.csv », ligne 3, colonne « période », valeur « 20 » : cette période n’est pas lisible. "
        "Écrivez par exemple 2020.",
        "Fichier « valeurs.csv », ligne 4, colonne « territoire », valeur « Nulleville » : aucun territoire ne répond "
        "à « Nulleville ». Écrivez « commune:45234 », « epci:… », ou un nom exact.",
        "Fichier « valeurs.csv », ligne 5, colonne « devenir », valeur « Perdu » : cette valeur n’est pas connue. "
        "Valeurs possibles : Réemploi, Recyclage, Rendu ; vide pour l’ensemble.",
        "Fichier « valeurs.csv », ligne 6, colonne « valeur », valeur « deux » : ce n’est pas un nombre. "
        "Écrivez par exemple 1 234,5.",
        "Fichier « valeurs.csv », ligne 7, colonne « dénominateur », valeur «  » : il n’y a rien. "
        "Écrivez un nombre, ou retirez la ligne.",
    ]
    assert not Observation.objects.exists()


def test_a_file_of_another_kind_is_refused_in_words(agent: Any, orleans: Territory) -> None:
    row = IndicatorFactory(authority=agent.authority)
    response = post_file(signed(agent), row.code, "a;b\n1;2\n")
    assert "aucune colonne « période »" in response.context["form"].errors["file"][0]
    lacking = post_file(signed(agent), row.code, "période;valeur\n2020;2\n")
    assert "il manque la colonne « territoire »" in lacking.context["form"].errors["file"][0]


def test_json_is_read_with_its_own_digits(agent: Any, orleans: Territory) -> None:
    row = IndicatorFactory(authority=agent.authority)
    text = (
        '[{"Période": 2020, "territoire": "commune:45234", "valeur": 0.1},'
        ' {"période": "2021", "territoire": "Orléans", "valeur": "12,5"}]'
    )
    assert post_file(signed(agent), row.code, text, "valeurs.json").status_code == 302
    assert list(Observation.objects.order_by("start").values_list("numerator", flat=True)) == [
        Decimal("0.1"),
        Decimal("12.5"),
    ]


@pytest.mark.parametrize("text", ["{", "3", "[1]", '{"valeurs": {}}', "[" * 100_000, "\x00\xff"])
def test_json_of_another_shape_is_refused_in_words(agent: Any, text: str) -> None:
    row = IndicatorFactory(authority=agent.authority)
    errors = post_file(signed(agent), row.code, text, "valeurs.json").context["form"].errors["file"]
    assert errors[0].startswith("Fichier « valeurs.json »")


def test_orleans_2020_is_collected_and_the_page_says_what_does_not_add_up(
    agent: Any, orleans: Territory
) -> None:
    row = IndicatorFactory(authority=agent.authority, share=True, label="Devenir des objets")
    text = (
        "période;territoire;devenir;valeur;dénominateur\n"
        "2020;commune:45234;Réemploi;66;100\n"
        "2020;commune:45234;recyclage;34;100\n"
        "2020;Orléans;Rendu;2;100\n"
    )
    assert post_file(signed(agent), row.code, text).status_code == 302
    assert post_file(signed(agent), row.code, text).status_code == 302
    assert Observation.objects.count() == 3
    page = Client().get(f"/indicateurs/{row.code}/?territoire=commune:45234")
    assert [sentence.replace("\u00a0", " ") for sentence in page.context["gaps"]] == [
        "Par devenir, les parts font 102 % (66 % + 34 % + 2 %) pour un ensemble de 100 % : 2 points de trop."
    ]
    assert "Les parts ne font pas l’ensemble" in page.content.decode()


def test_a_name_is_taken_only_when_it_is_whole_and_of_one_territory(agent: Any, orleans: Territory) -> None:
    row = IndicatorFactory(authority=agent.authority)
    TerritoryFactory(name="Saint-Denis", code="93066")
    TerritoryFactory(name="Saint-Denis", code="97411")
    response = post_file(
        signed(agent), row.code, "période;territoire;valeur\n2020;Orl;1\n2020;Saint-Denis;2\n"
    )
    faults = response.context["faults"]
    assert len(faults) == 2
    assert "aucun territoire ne répond à « Orl »" in faults[0]
    assert "plusieurs territoires s’appellent « Saint-Denis » : commune:93066, commune:97411." in faults[1]


def test_one_value_is_typed(agent: Any, orleans: Territory) -> None:
    row = IndicatorFactory(authority=agent.authority)
    address = f"/loiret/indicateurs/{row.code}/collecter/"
    client = signed(agent)
    wrong = client.post(
        address,
        {"span": "hier", "territory": "Orléans", "numerator": "1,5x", "source": "", "day": "2021-06-01"},
    )
    assert set(wrong.context["form"].errors) == {"span", "numerator", "source"}
    typed = {
        "span": "2020",
        "territory": "Orléans",
        "numerator": "1 122,5",
        "source": "Bilan",
        "day": "2021-06-01",
    }
    assert client.post(address, typed).status_code == 302
    row_now = Observation.objects.get()
    assert (row_now.numerator, row_now.territory, row_now.start) == (
        Decimal("1122.5"),
        orleans,
        date(2020, 1, 1),
    )


def test_another_authority_neither_sees_nor_collects(agent: Any) -> None:
    row = IndicatorFactory(authority=AuthorityFactory(), is_public=False)
    client = signed(agent)
    for name in ("", "csv/", "json/", "integrer/", "collecter/", "collecter/fichier/", "modifier/"):
        assert client.get(f"/loiret/indicateurs/{row.code}/{name}").status_code == 404
    assert row.label not in client.get("/loiret/indicateurs/").content.decode()
    own = IndicatorFactory(authority=agent.authority, is_public=False)
    assert client.get(f"/loiret/indicateurs/{own.code}/").status_code == 200
    assert Client().get(f"/loiret/indicateurs/{own.code}/").status_code == 404
    assert client.get(f"/loiret/indicateurs/{own.code}/integrer/").status_code == 404


def test_a_definition_is_typed(agent: Any) -> None:
    client = signed(agent)
    typed = {
        "origin": "collected", "label": "Devenir des objets", "unit": "%", "direction": "none", "periodicity": "year",
        "numerator": "tonnes", "denominator": "tonnes reçues", "axes": "Devenir : réemploi, recyclage, rendu",
        "source": "Ressourcerie", "is_public": "on",
    }  # fmt: skip
    wrong = client.post("/loiret/indicateurs/definir/", {**typed, "axes": "Devenir"})
    assert wrong.context["form"].errors["axes"] == [
        "Ligne 1 : écrivez « Nom : valeur, valeur », avec deux valeurs au moins."
    ]
    made = client.post("/loiret/indicateurs/definir/", typed)
    assert made.status_code == 302
    assert known("collecte.devenir_des_objets").dimensions[0].values == (
        ("reemploi", "réemploi"),
        ("recyclage", "recyclage"),
        ("rendu", "rendu"),
    )
