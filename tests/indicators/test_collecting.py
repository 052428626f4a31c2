"""Definitions, versions, values typed and read from files, what reads them back."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from essor.indicators import actions, catalogue, queries
from essor.indicators.definition import Indicator, Observed, canonical, year
from essor.indicators.fields import from_scaled, to_scaled
from essor.indicators.models import Collection, Observation, StoredIndicator
from essor.indicators.queries import Wanted
from essor.kernel import audit
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.indicator_factories import OUTCOME, IndicatorFactory, ObservationFactory

pytestmark = pytest.mark.django_db
DAY = date(2021, 6, 1)
SPAN = year(2020)
GIVEN = {
    "origin": "collected", "label": "Tonnes reçues", "unit": "tonnes", "source": "Ressourcerie", "direction": "up",
    "is_public": True,
}  # fmt: skip


def known(code: str) -> Indicator:
    return catalogue.everything()[code]


@pytest.fixture
def orleans() -> Territory:
    return TerritoryFactory(name="Orléans", code="45234")


@pytest.fixture
def agent() -> Any:
    return MembershipFactory(
        authority=AuthorityFactory(slug="loiret", territory=TerritoryFactory()), agent=True
    )


def signed(membership: Any) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def cells(indicator: Indicator, place: Territory, *, parts: bool = False) -> dict[Any, Any]:
    found = queries.load(indicator, Wanted([place.pk], with_parts=parts), catalogue.everything())
    return {canonical(key[2]): cell for key, cell in found.items()}


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
