"""The table that equals a map: written in one go, for it may have a thousand lines."""

from django.utils.safestring import SafeString

from essor.kernel import french
from essor.kernel.svg import safe_text
from essor.observatory.maps.choropleth import Choropleth, Form, Line
from essor.observatory.maps.drawing import Address
from essor.observatory.maps.legend import sample


def body(shown: Choropleth, address: Address) -> SafeString:
    """The lines of the table, the highest value first."""
    return SafeString(
        "".join(
            _row(shown, line, written, address)
            for line, written in zip(shown.lines, cells(shown), strict=True)
        )
    )


def _row(shown: Choropleth, line: Line, written: list[str], address: Address) -> str:
    name = f'<a href="{safe_text(address(line.territory))}">{safe_text(line.territory.name)}</a>'
    numbers = "".join(f'<td class="numeric">{safe_text(cell)}</td>' for cell in written)
    return f'<tr><th scope="row">{sample(_look(shown, line), "map-look")}{name}</th>{numbers}</tr>'


def cells(shown: Choropleth) -> list[list[str]]:
    """The words of each line: the value, then both terms of a share. Kept with the map."""
    kept: list[list[str]] | None = shown.__dict__.get("_cells")
    if kept is None:
        kept = shown.__dict__["_cells"] = [_cells(shown, line) for line in shown.lines]
    return kept


def _cells(shown: Choropleth, line: Line) -> list[str]:
    value = line.figure
    if not shown.indicator.is_share:
        return [value]
    seen = line.cell.observed if line.cell else None
    if seen is None:
        return [value, french.UNKNOWN, french.UNKNOWN]
    return [value, french.number(seen.numerator), french.number(seen.denominator)]


def _look(shown: Choropleth, line: Line) -> str:
    if line.look:
        return line.look.value
    return f"c{(line.rank or 0) + 1}" if shown.form is Form.SURFACES else "circle"
