"""The radar: a drawing that reads without colour, its data, what it refuses."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.charts import ChartError, Series
from essor.kernel.charts_radar import radar_chart

AXES = ["Porter", "Acheter", "Coopérer", "Animer"]
NOW = Series("Aujourd’hui", [1, Decimal("2.5"), 3, 4])
WANTED = Series("Ambition", [3, 3, None, 5])
values = st.none() | st.integers(0, 5) | st.decimals(0, 5, places=1)


def test_the_data_stand_beside_the_drawing() -> None:
    chart = radar_chart("Acheter reste à faire", AXES, [NOW, WANTED], first="Axe")
    assert chart.columns == ("Axe", "Aujourd’hui", "Ambition")
    assert chart.rows == [
        ("1. Porter", "1", "3"),
        ("2. Acheter", "2,5", "3"),
        ("3. Coopérer", "3", "inconnu"),
        ("4. Animer", "4", "5"),
    ]
    assert chart.as_csv().splitlines()[2] == "2. Acheter;2,5;3"


def test_the_drawing_says_its_title_and_each_value() -> None:
    root = ET.fromstring(radar_chart("Acheter reste à faire", AXES, [NOW, WANTED]).svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{space}title") == "Acheter reste à faire"
    assert "Acheter : Aujourd’hui 2,5, Ambition 3" in (root.findtext(f"{space}desc") or "")


def test_series_differ_by_dashes_and_marks_besides_colour() -> None:
    drawn = str(radar_chart("Titre", AXES, [NOW, WANTED]).svg)
    assert 'stroke-dasharray="7 5"' in drawn
    assert '<circle cx="0" cy="0" r="7"/>' in drawn
    assert '<rect x="-6.5"' in drawn


def test_an_unknown_value_opens_the_outline() -> None:
    whole = str(radar_chart("Titre", AXES, [NOW]).svg).count("chart-stroke--1")
    opened = str(radar_chart("Titre", AXES, [Series("x", [1, None, 3, 4])]).svg)
    assert whole == len(AXES) + 1  # its outline, and its line in the legend
    assert opened.count("chart-stroke--1") == 3
    assert "fill-opacity" not in opened


def test_hostile_words_stay_words() -> None:
    chart = radar_chart("<script>", ["<b>", "&", "\x00"], [Series('"', [1, 2, 3])])
    ET.fromstring(chart.svg)
    assert "<script>" not in chart.svg


@pytest.mark.parametrize(
    ("axes", "series", "told"),
    [
        (AXES[:2], [Series("x", [1, 2])], "au moins trois axes"),
        (AXES, [], "de une à quatre séries"),
        (AXES, [NOW] * 5, "de une à quatre séries"),
        (AXES, [Series("x", [1])], "« x » a 1 valeurs pour 4 axes"),
        (AXES, [Series("x", [1, 2, 3, 6])], "sort de l’échelle de 0 à 5"),
        (AXES, [Series("x", [1, 2, 3, float("nan")])], "pas de valeur finie"),
    ],
)
def test_what_it_refuses(axes: list[str], series: list[Series], told: str) -> None:
    with pytest.raises(ChartError) as refusal:
        radar_chart("Titre", axes, series)
    assert told in str(refusal.value)


@given(st.lists(st.tuples(values, values), min_size=3, max_size=12))
def test_any_values_make_a_drawing_that_is_xml(pairs: list[tuple[Decimal | None, Decimal | None]]) -> None:
    series = [Series("a", [pair[0] for pair in pairs]), Series("b", [pair[1] for pair in pairs])]
    chart = radar_chart("Titre", [f"Axe {i}" for i in range(len(pairs))], series)
    ET.fromstring(chart.svg)
    ET.fromstring(chart.as_svg_file().split("\n", 1)[1])
    assert len(chart.rows) == len(chart.raw) == len(pairs)
