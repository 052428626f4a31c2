"""Published figures: their shape, what they imply, warnings, exports, ours beside."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.reader import ContentError
from essor.observatory import actions_official as actions
from essor.observatory import rules_references as rules
from essor.observatory.references import FILE, about, package, read_references
from essor.observatory.references_beside import beside
from tests.observatory.tables import FLORES, written

TEXT = FILE.read_text(encoding="utf-8")


def test_what_the_two_changes_imply():
    assert rules.before_change(Decimal(-18783), Decimal("-0.009")) == rules.Bounds(
        Decimal(1977158), Decimal(2087000), Decimal(2209765)
    )
    before = rules.before_change(Decimal(84843), Decimal("0.045"))
    after = rules.after_change(Decimal(84843), Decimal("0.045"))
    assert (before.middle, after.middle) == (Decimal(1885400), Decimal(1970243))
    assert rules.before_change(Decimal(-18783), Decimal("-0.009")).meets(after)
    assert not before.holds(Decimal(2400000))


@given(st.integers(1, 10**9), st.integers(1, 999))
def test_the_interval_holds_what_the_rate_was_made_of(amount, thousandths):
    rate = Decimal(thousandths).scaleb(-3)
    bounds = rules.whole_of(Decimal(amount), rate)
    assert bounds.low <= bounds.middle <= bounds.high
    assert abs(bounds.middle * rate - amount) <= rate


@given(
    st.decimals(min_value=0, max_value=10**9, places=2), st.decimals(min_value=0, max_value=10**9, places=2)
)
def test_a_gap_is_never_hidden(ours, published):
    found = rules.compare(ours, 2020, published, 2021)
    assert (found.gap, found.same_year) == (ours - published, False)
    assert (found.rate is None) is (published == 0)


def test_every_contradiction_has_its_warning_and_what_is_computed():
    known = package()
    assert {each.code: len(each.facts) for each in known.contradictions} == {
        "etablissements-deux-annees": 0, "evolutions-et-stock": 4, "pertes-2020": 0, "ile-de-france-et-france": 2,
    }  # fmt: skip
    facts = " ".join(next(each for each in known.contradictions if each.code == "evolutions-et-stock").facts)
    for told in ("2 087 000", "1 885 000", "1 970 000", "2 400 000", "s’accordent à l’arrondi près"):
        assert told in facts.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_same_number_is_shown_for_both_years():
    points = {point.id: point for point in about("etablissements", "france").points}
    assert (points["etab-2013"].value, points["etab-2019"].value) == (Decimal(221325), Decimal(221325))
    assert points["etab-2013"].document != points["etab-2019"].document


def test_about_a_place_by_our_indicator_or_by_measure():
    by_indicator, by_measure = about("flores.effectifs", "region:11"), about("emplois", "region:11")
    assert by_indicator == by_measure
    assert [point.id for point in by_measure.points] == ["idf-emplois"]
    assert [each.code for each in by_measure.warnings] == ["ile-de-france-et-france"]
    assert about("", "commune:31555").points == []
    assert [point.year for point in about("emplois", "france").points] == [2019, 2013, 2012]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('value: "2300000"', 'value: "beaucoup"', "Écrivez un nombre"),
        ('period: "2012", value: "2300000"', 'period: "12", value: "2300000"', "Écrivez une année"),
        ("source: insee-premiere-1522, page", "source: nulle-part, page", "Choisissez parmi"),
        ("kind: same_value", "kind: autre", "Choisissez parmi"),
        ("points: [etab-2013, etab-2019]", "points: [etab-2013]", "au moins deux points"),
        ("points: [etab-2013, etab-2019]", "points: [etab-2013, rien]", "Choisissez parmi"),
        ("id: emplois-2013", "id: emplois-2012", "Deux points portent ce nom"),
        ("certainty: vu, note: \"« Près", "certainty: vu, remarque: \"« Près", "Ce champ n’existe pas"),
    ],
)  # fmt: skip
def test_a_fault_of_the_content_is_refused(old, new, said):
    assert old in TEXT
    with pytest.raises(ContentError, match=said):
        read_references(TEXT.replace(old, new, 1), "essai.yaml")


@pytest.mark.django_db
@pytest.mark.usefixtures("module_territories")
def test_our_figure_stands_beside_with_the_gap(tmp_path):
    text = FLORES.replace(";2020;", ";2019;").replace("2400000", "2500000")
    actions.load(None, actions.give(None, written(tmp_path, text), day=date(2023, 5, 1)).pk)
    found = beside(about("emplois", "france").points)
    plain = {
        key: value.sentence.replace("\u202f", " ").replace("\u00a0", " ") for key, value in found.items()
    }
    assert (
        plain["emplois-2019"] == "Chiffre chargé ici pour 2019 : 2 500 000 salariés (écart +100 000, +4,2 %)."
    )
    assert plain["emplois-2012"].startswith("Chiffre chargé ici pour 2019, une autre année :")


@pytest.mark.django_db
def test_the_page_has_warnings_first_and_filters(django_assert_max_num_queries):
    client = Client()
    with django_assert_max_num_queries(12):
        page = client.get("/observatoire/reperes/").content.decode()
    assert page.index("À ne pas lire ensemble") < page.index('id="emplois-2012"')
    assert "221\u00a0325" in page
    one = client.get("/observatoire/reperes/?mesure=femmes").content.decode()
    assert 'id="femmes-2019"' in one
    assert 'id="emplois-2012"' not in one
    assert "À ne pas lire ensemble" not in one


@pytest.mark.django_db
def test_exports_keep_documents_and_warnings():
    client = Client()
    lines = b"".join(client.get("/observatoire/reperes/csv/").streaming_content).decode().splitlines()
    assert len(lines) == 1 + len(package().points)
    data = json.loads(
        client.get("/observatoire/reperes/json/?mesure=etablissements&territoire=france").content
    )
    assert [each["id"] for each in data["reperes"]] == ["etab-2013", "etab-2019", "etab-2020"]
    assert data["reperes"][0]["mises_en_garde"] == ["etablissements-deux-annees"]
    assert len(data["contradictions"]) == 4
