"""Small pieces of SVG: escaped elements, marks of 14 px, patterns; no style attribute (the security policy)."""

import hashlib
import re
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString

PARTS = 6
# Characters that XML 1.0 forbids, whatever the escaping.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Shapes around their centre: the families of the ESS have theirs (as in marks.svg), other parts take them in turn.
_SHAPES = {
    "association": '<circle cx="0" cy="0" r="7"/>',
    "foundation": '<rect x="-6.5" y="-6.5" width="13" height="13"/>',
    "ess_company": '<path d="M0 -7.5L8 6.5H-8Z"/>',
    "mutual": '<path d="M0 -8L8 0L0 8L-8 0Z"/>',
    "cooperative": '<path d="M-2.5 -7H2.5V-2.5H7V2.5H2.5V7H-2.5V2.5H-7V-2.5H-2.5Z"/>',
    "other": '<path d="M-7.5 -6.5H7.5L0 7.5Z"/>',
}
_TURN = tuple(_SHAPES)
_PATTERNS = (
    '<path d="M0 8L8 0"/>',
    '<circle cx="2" cy="2" r="1.5"/><circle cx="6" cy="6" r="1.5"/>',
    '<path d="M0 4H8"/>',
    '<path d="M0 0L8 8M0 8L8 0"/>',
    '<path d="M4 0V8"/>',
)
_TILE = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}


def safe_text(value: str) -> str:
    """Text that XML accepts, escaped."""
    return escape(_FORBIDDEN.sub("\ufffd", value))


def element(name: str, inside: str = "", /, **attributes: object) -> str:
    """An element with its attributes escaped (`class_` gives class); `inside` is SVG already."""
    written = "".join(f' {key.rstrip("_")}="{safe_text(str(value))}"' for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(said: str, class_: str, x: str | int, y: object, **attributes: object) -> str:
    """A line of text, escaped."""
    return element("text", safe_text(said) or " ", class_=class_, x=x, y=y, **attributes)


def length(share: Decimal) -> str:
    """A share (0 to 100) as an SVG length, never out of the drawing."""
    return f"{min(Decimal(100), max(Decimal(0), share)):.3f}%"


def key_of(said: str) -> str:
    """Identifier inside the page, the same for the same text."""
    return "c" + hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:10]


def drawing(title: str, description: str, body: str, height: int) -> SafeString:
    """The whole drawing, an image for assistive technology, with its title and description; `body` is SVG already."""
    key = key_of(title + description)
    inside = element("title", safe_text(title) or " ", id=f"{key}-t")
    inside += element("desc", safe_text(description) or " ", id=f"{key}-d")
    attributes = {"aria-labelledby": f"{key}-t {key}-d"}
    return SafeString(
        element(
            "svg",
            inside + body,
            xmlns="http://www.w3.org/2000/svg",
            class_="chart__drawing",
            role="img",
            width="100%",
            height=height,
            **attributes,
        )
    )


def mark(shape: str, look: str, x: str, y: object) -> str:
    """A small shape centred at (x, y): a family, or the rank of a part (« 0 » first); x may be in percent."""
    name = _TURN[int(shape) % PARTS] if shape.isdigit() else shape
    drawn = _SHAPES.get(name, _SHAPES["other"])
    return element("svg", drawn, class_=f"chart__mark {look}", x=x, y=y, overflow="visible")


def patterns(key: str) -> str:
    """Patterns laid over the parts after the first, told apart without colour: ids `key`-1, `key`-2…"""
    return element(
        "defs",
        "".join(
            element("pattern", shape, id=f"{key}-{rank}", class_="chart__pattern", **_TILE)
            for rank, shape in enumerate(_PATTERNS, start=1)
        ),
    )
