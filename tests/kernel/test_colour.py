"""Contrasts of WCAG, accents refused or derived, and the tokens of the stylesheet."""

import itertools
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import essor.kernel
from essor.kernel import charts_style
from essor.kernel.colour import (
    DARK_PAPER,
    DARK_SURFACE,
    GRAPHIC_CONTRAST,
    HOUSE_ACCENT,
    INK,
    PAPER,
    TEXT_CONTRAST,
    ColourError,
    accent_css,
    accent_from,
    accent_problem,
    contrast,
    nearest_accent,
    parse,
    to_oklab,
    with_lightness,
)

STATIC = Path(essor.kernel.__file__).parent / "static" / "kernel"
colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")

# Machado, Oliveira, Fernandes 2009: what people see without one kind of cone, in linear light.
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour of tokens.css, in light and in dark."""
    text = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("tokens.css", "charts.css"))
    found = re.findall(r"(--[\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));", text)
    return {name: (light or both, dark or both) for name, light, dark, both in found}


TOKENS = tokens()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478), ("#ffffff", "#ffffff", 1.0)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    "code", ["", "red", "#fff", "#12345g", "#1234567", "url(x)", "#0b5d5e\n", "#0b5d5e;}"]
)
def test_what_is_not_a_colour_is_refused_in_french(code):
    with pytest.raises(ColourError, match="n’est pas une couleur"):
        parse(code)
    assert accent_problem(code) is not None


def test_a_pale_accent_is_refused_with_the_nearest_that_fits():
    assert accent_problem("#e8a317") == (
        "Cette couleur est trop claire pour des liens et des boutons lisibles : contraste 2,1 au lieu de 4,5 "
        "sur le fond du site. La plus proche qui convient est #A46300."
    )
    with pytest.raises(ColourError, match="trop claire"):
        accent_from("#e8a317")


def test_the_house_accent_is_accepted_and_gives_its_stylesheet():
    assert accent_problem(HOUSE_ACCENT) is None
    accent = accent_from(HOUSE_ACCENT.upper())
    css = accent_css(accent)
    assert css.startswith(":root {\n  --accent: light-dark(#0b5d5e, #")
    assert re.sub(r"#[0-9a-f]{6}", "#", css) == (
        ":root {\n  --accent: light-dark(#, #);\n  --accent-strong: light-dark(#, #);\n"
        "  --accent-soft: light-dark(#, #);\n  --on-accent: light-dark(#, #);\n}\n"
    )


@given(colours)
def test_every_accepted_accent_keeps_the_contrasts(code):
    accepted = code if accent_problem(code) is None else nearest_accent(code)
    assert accent_problem(accepted) is None
    accent = accent_from(accepted)
    for text, background in (
        (accent.light, PAPER),
        (accent.on_light, accent.light),
        (accent.on_light, accent.light_strong),
        (accent.light_strong, accent.light_soft),
        (accent.dark, DARK_PAPER),
        (accent.dark, DARK_SURFACE),
        (accent.on_dark, accent.dark),
        (accent.on_dark, accent.dark_strong),
        (accent.dark_strong, accent.dark_soft),
    ):
        assert contrast(text, background) >= TEXT_CONTRAST
    assert contrast(accent.light, accent.light_soft) >= GRAPHIC_CONTRAST


@given(colours, st.floats(0, 1))
def test_lightness_always_gives_a_colour(code, lightness):
    parse(with_lightness(code, lightness))


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_text_tokens_are_read_on_their_backgrounds(side):
    pairs = [
        (text, paper)
        for text in ("--ink", "--ink-soft", "--accent")
        for paper in ("--paper", "--surface", "--sunken")
    ]
    pairs += [
        ("--accent-strong", "--accent-soft"),
        ("--accent", "--accent-soft"),
        ("--on-accent", "--accent"),
        ("--on-accent", "--accent-strong"),
        ("--on-brick", "--brick"),
        ("--brick", "--surface"),
        ("--brick-strong", "--brick-soft"),
        ("--brick-strong", "--paper"),
        ("--moss-ink", "--moss-soft"),
        ("--moss-ink", "--surface"),
        ("--marigold-ink", "--marigold-soft"),
        ("--marigold-ink", "--surface"),
        ("--ink", "--moss-soft"),
        ("--ink", "--marigold-soft"),
        ("--ink", "--brick-soft"),
        ("--ink-soft", "--surface"),
    ]
    weak = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := contrast(TOKENS[pair[0]][side], TOKENS[pair[1]][side])) < TEXT_CONTRAST
    }
    assert weak == {}


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_graphic_tokens_are_seen_on_the_paper(side):
    graphics = [
        name for name in TOKENS if name.startswith(("--family", "--chart")) and name != "--chart-muted"
    ]
    graphics += ["--line-strong", "--moss", "--brick"]
    paper = TOKENS["--paper"][side]
    weak = {
        name: round(r, 2)
        for name in graphics
        if (r := contrast(TOKENS[name][side], paper)) < GRAPHIC_CONTRAST
    }
    assert weak == {}


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eye", [None, *BLINDNESS])
def test_the_five_families_are_told_apart_by_colour_blind_people(side, eye):
    def seen(code):
        light = parse(code)
        if eye is None:
            return to_oklab(light)
        mixed = (sum(a * b for a, b in zip(row, light, strict=True)) for row in BLINDNESS[eye])
        return to_oklab(tuple(min(1.0, max(0.0, part)) for part in mixed))

    families = [values[side] for name, values in TOKENS.items() if name.startswith("--family")]
    assert len(families) == 5
    nearest = min(math.dist(seen(one), seen(other)) for one, other in itertools.combinations(families, 2))
    assert nearest >= 0.09


def test_the_tokens_and_the_code_say_the_same():
    assert (TOKENS["--paper"], TOKENS["--surface"][1]) == ((PAPER, DARK_PAPER), DARK_SURFACE)
    assert TOKENS["--ink"][0] == INK
    assert TOKENS["--accent"][0] == HOUSE_ACCENT


def test_charts_in_files_have_the_colours_of_the_screen():
    screen = {
        name.removeprefix("--chart-"): light for name, (light, _dark) in TOKENS.items() if "--chart-" in name
    }
    screen |= {
        name.removeprefix("--family-"): light
        for name, (light, _dark) in TOKENS.items()
        if "--family-" in name
    }
    assert screen | {"1": HOUSE_ACCENT} == charts_style.FILLS
