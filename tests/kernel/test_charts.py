"""Charts: geometry that stays inside the drawing, escaped text, the same data in the table and in the files."""

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel import french
from essor.kernel.charts import ChartError, Datum, Series, bar_chart, share_chart
from essor.kernel.charts_line import line_chart

SVG = "{http://www.w3.org/2000/svg}"
NB = "\u00a0"
numbers = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)
data = st.lists(
    st.builds(Datum, label=st.text(max_size=80), value=numbers, emphasis=st.booleans()), max_size=12
)
shares = st.lists(
    st.builds(Datum, label=st.text(max_size=80), value=st.one_of(st.none(), st.integers(0, 10**9))),
    max_size=12,
)


def read(chart):
    """The drawing, parsed; every number in it checked."""
    root = ElementTree.fromstring(chart.svg)
    for node in root.iter():
        assert "style" not in node.attrib
        assert not [name for name in node.attrib if name.startswith("on")]
        for name in ("x", "y", "x1", "x2", "y1", "y2", "width", "height"):
            value = node.get(name)
            if value is not None:
                assert re.fullmatch(r"-?\d+(\.\d+)?%?", value), (name, value)
                if name in ("width", "height", "x1", "x2"):
                    assert float(value.rstrip("%")) >= 0
                if value.endswith("%"):
                    assert 0 <= float(value[:-1]) <= 100
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    named = {node.get("id") for node in root.iter() if node.get("id")}
    assert set(root.get("aria-labelledby").split()) <= named
    return root


def said(root):
    return [node.text for node in root.iter(f"{SVG}text")]


@given(st.text(max_size=60), data)
def test_bars_are_always_a_drawing(title, rows):
    chart = bar_chart(title, rows)
    root = read(chart)
    bars = [node for node in root.iter(f"{SVG}rect") if "chart__bar" in node.get("class", "")]
    assert len(bars) == len(chart.rows) == len(chart.raw) == len(rows)
    for bar in bars:
        assert float(bar.get("x")[:-1]) + float(bar.get("width")[:-1]) <= 76.01


@given(st.text(max_size=60), shares)
def test_shares_are_always_a_drawing_that_fills_the_whole(title, rows):
    root = read(share_chart(title, rows))
    widths = [float(node.get("width")[:-1]) for node in root.iter(f"{SVG}rect") if node.get("class")]
    total = sum(row.value or 0 for row in rows)
    assert sum(widths) == pytest.approx(100 if total else 0, abs=0.02)


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=9), st.data())
def test_lines_are_always_a_drawing(title, points, draw):
    values = st.lists(numbers, min_size=len(points), max_size=len(points))
    lines = draw.draw(st.lists(st.builds(Series, label=st.text(max_size=40), values=values), max_size=7))
    chart = line_chart(title, points, lines)
    read(chart)
    assert len(chart.rows) == len(points)
    assert all(len(row) == len(lines) + 1 for row in chart.rows)


def test_bars_say_their_figures_and_their_order():
    chart = bar_chart(
        "Toulouse d’abord",
        [Datum("Toulouse", 9412), Datum("Muret", None), Datum("Colomiers", Decimal("4706"))],
        value_label="Organisations",
    )
    root = read(chart)
    assert said(root) == ["Toulouse", f"9{NB}412", "Muret", "inconnu", "Colomiers", f"4{NB}706"]
    assert [node.get("width") for node in root.iter(f"{SVG}rect")] == ["76.000%", "0.000%", "38.000%"]
    assert root.find(f"{SVG}desc").text == f"Toulouse : 9{NB}412 ; Muret : inconnu ; Colomiers : 4{NB}706"
    assert chart.columns == ("Libellé", "Organisations")
    assert chart.as_csv() == "Libellé;Organisations\r\nToulouse;9412\r\nMuret;\r\nColomiers;4706\r\n"


def test_negative_bars_start_left_of_zero():
    root = read(bar_chart("Évolution", [Datum("Santé", -1), Datum("Sport", 3)]))
    bars = [(node.get("x"), node.get("width")) for node in root.iter(f"{SVG}rect")]
    assert bars == [("0.000%", "19.000%"), ("19.000%", "57.000%")]


def test_emphasis_mutes_the_others_and_a_family_keeps_its_colour():
    looks = [
        node.get("class")
        for node in read(
            bar_chart("x", [Datum("a", 1, emphasis=True), Datum("b", 1), Datum("c", 1, family="mutual")])
        ).iter(f"{SVG}rect")
    ]
    assert looks == [
        "chart__bar chart-fill--1",
        "chart__bar chart-fill--muted",
        "chart__bar chart-fill--mutual",
    ]


def test_text_and_families_are_escaped():
    hostile = "</text><script>alert(1)</script>\"' & \x00"
    for chart in (
        bar_chart(hostile, [Datum(hostile, 1, family='"><script>')]),
        share_chart(hostile, [Datum(hostile, 1, family='"><script>')]),
        line_chart(hostile, [hostile], [Series(hostile, [1])]),
    ):
        assert "<script" not in chart.svg
        read(chart)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_a_value_without_end_is_refused_in_french(value):
    for draw in (bar_chart, share_chart):
        with pytest.raises(ChartError, match="« Muret » n’a pas de valeur finie"):
            draw("x", [Datum("Muret", value)])
    with pytest.raises(ChartError, match="« Muret » n’a pas de valeur finie"):
        line_chart("x", ["2026"], [Series("Muret", [value])])


def test_negative_shares_and_uneven_series_are_refused_in_french():
    with pytest.raises(ChartError, match="Une part ne peut pas être négative"):
        share_chart("x", [Datum("a", -1)])
    with pytest.raises(ChartError, match="La série « a » a 1 valeurs pour 2 points"):
        line_chart("x", ["2025", "2026"], [Series("a", [1])])


def test_shares_are_told_apart_without_colour():
    root = read(share_chart("x", [Datum(f"Poste {n}", 1) for n in range(6)]))
    patterned = [node.get("fill") for node in root.iter(f"{SVG}rect") if node.get("fill")]
    assert len(set(patterned)) == 5
    defined = {f"url(#{node.get('id')})" for node in root.iter(f"{SVG}pattern")}
    assert set(patterned) == defined
    shapes = {
        ElementTree.tostring(node[0]) for node in root.iter(f"{SVG}svg") if "chart__mark" in node.get("class")
    }
    assert len(shapes) == 6


def test_lines_break_where_a_value_is_unknown_and_are_named():
    chart = line_chart(
        "x", ["2023", "2024", "2025", "2026"], [Series("Scic", [1, None, 3, 4])], write=french.euros
    )
    root = read(chart)
    drawn = [node for node in root.iter(f"{SVG}line") if "chart__line" in node.get("class")]
    assert len(drawn) == 1
    assert "Scic" in said(root)
    assert chart.rows[1] == ("2024", "inconnu")
    assert root.find(f"{SVG}desc").text == f"Scic : 1,00{NB}€ (2023), 4,00{NB}€ (2026)"


def test_names_of_close_lines_do_not_touch():
    root = read(line_chart("x", ["1", "2"], [Series(f"n{i}", [5, 5]) for i in range(6)]))
    places = sorted(float(n.get("y")) for n in root.iter(f"{SVG}text") if n.get("class") == "chart__name")
    assert min(b - a for a, b in pairwise(places)) >= 17.9


def test_a_spreadsheet_executes_nothing():
    chart = bar_chart("x", [Datum("=1+1", 1), Datum("+33", 2), Datum("@x", -3), Datum("a;b", 4)])
    assert chart.as_csv().splitlines()[1:] == ["'=1+1;1", "'+33;2", "'@x;-3", '"a;b";4']


def test_the_file_stands_alone():
    chart = bar_chart("Titre", [Datum("a", 1)])
    root = ElementTree.fromstring(chart.as_svg_file().encode())
    assert root.get("width") == "720"
    assert root.find(f"{SVG}style").text.startswith("text{")
    assert "%" in root.find(f"{SVG}rect").get("width")
