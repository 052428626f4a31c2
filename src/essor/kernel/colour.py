"""Colours of an authority: contrast by WCAG 2.2, and everything that derives from one accent (pure computation).

Sources: WCAG 2.2, success criteria 1.4.3 (text, 4.5) and 1.4.11 (graphics, 3);
OKLab by Björn Ottosson (2020).
"""

import math
import re
from dataclasses import dataclass

PAPER, INK = "#fbf9f4", "#1e2a2f"
DARK_PAPER, DARK_SURFACE = "#12191b", "#1a2326"
HOUSE_ACCENT = "#0b5d5e"
TEXT_CONTRAST, GRAPHIC_CONTRAST = 4.5, 3.0

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)

Rgb = tuple[float, float, float]


class ColourError(ValueError):
    """A colour that cannot be used; its text, in French, says why and what to do."""


def parse(code: str) -> Rgb:
    """Linear red, green and blue (0 to 1) of « #0b5d5e »; ColourError when it is not written so."""
    if not _HEX.fullmatch(code):
        raise ColourError(
            f"« {code[:20]} » n’est pas une couleur : écrivez-la comme #0B5D5E (un # et six signes de 0 à F)."
        )
    red, green, blue = (_to_linear(int(code[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def _to_linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _to_byte(value: float) -> int:
    value = min(1.0, max(0.0, value))
    curved = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(curved * 255)


def luminance(code: str) -> float:
    """Relative luminance by WCAG, 0 (black) to 1 (white)."""
    red, green, blue = parse(code)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG, 1 to 21, the same both ways."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def to_oklab(rgb: Rgb) -> tuple[float, float, float]:
    """Lightness, a and b in OKLab, a space where equal steps look equal."""
    red, green, blue = rgb
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> str:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_to_byte(part):02x}" for part in rgb)


def with_lightness(code: str, lightness: float, chroma: float = 1.0) -> str:
    """The same hue at another OKLab lightness (0 to 1), its chroma multiplied by `chroma`."""
    _lightness, a, b = to_oklab(parse(code))
    return _from_oklab(min(1.0, max(0.0, lightness)), a * chroma, b * chroma)


def lightened_until(code: str, background: str, ratio: float) -> str:
    """The hue of `code`, lightened just enough to be read on a dark `background`; white when no tint is enough."""
    start = to_oklab(parse(code))[0]
    for step in range(101):
        lightness = start + (1 - start) * step / 100
        found = with_lightness(code, lightness, 1 - 0.4 * step / 100)
        if contrast(found, background) >= ratio:
            return found
    return "#ffffff"


def accent_problem(accent: str) -> str | None:
    """Why an authority cannot take this accent, in French, or None when it can: text needs 4.5 on our paper."""
    try:
        ratio = contrast(accent, PAPER)
    except ColourError as error:
        return str(error)
    if ratio < TEXT_CONTRAST:
        written, proposal = f"{ratio:.1f}".replace(".", ","), nearest_accent(accent)
        return (
            f"Cette couleur est trop claire pour des liens et des boutons lisibles : contraste {written} "
            f"au lieu de 4,5 sur le fond du site. La plus proche qui convient est {proposal.upper()}."
        )
    return None


def nearest_accent(accent: str) -> str:
    """The same hue, as little darkened as needed to be read on our paper (contrast 4.5)."""
    start = to_oklab(parse(accent))[0]
    for step in range(101):
        found = with_lightness(accent, start * (1 - step / 100)) if step else accent.lower()
        if contrast(found, PAPER) >= TEXT_CONTRAST:
            return found
    return INK


@dataclass(frozen=True)
class Accent:
    """What derives from one accent, light and dark: actions, their hover, their soft background, text upon them."""

    light: str
    light_strong: str
    light_soft: str
    on_light: str
    dark: str
    dark_strong: str
    dark_soft: str
    on_dark: str


def accent_from(code: str) -> Accent:
    """Everything derived from an accent; ColourError, with its reason in French, when the contrast is not enough."""
    problem = accent_problem(code)
    if problem:
        raise ColourError(problem)
    lightness = to_oklab(parse(code))[0]
    dark = lightened_until(code, DARK_SURFACE, 6.0)
    return Accent(
        light=code.lower(),
        light_strong=with_lightness(code, lightness * 0.8),
        light_soft=with_lightness(code, 0.945, 0.22),
        on_light="#ffffff",
        dark=dark,
        dark_strong=with_lightness(dark, min(0.95, to_oklab(parse(dark))[0] + 0.07)),
        dark_soft=with_lightness(code, 0.31, 0.6),
        on_dark=DARK_PAPER,
    )


def accent_css(accent: Accent) -> str:
    """The custom properties of an accent, the only ones that an authority's stylesheet sets."""
    pairs = {
        "--accent": (accent.light, accent.dark),
        "--accent-strong": (accent.light_strong, accent.dark_strong),
        "--accent-soft": (accent.light_soft, accent.dark_soft),
        "--on-accent": (accent.on_light, accent.on_dark),
    }
    lines = "\n".join(f"  {name}: light-dark({light}, {dark});" for name, (light, dark) in pairs.items())
    return f":root {{\n{lines}\n}}\n"
