"""One tile of the map: groups with their number and the share of each family, and organisations one by one."""

from essor.formats import mvt
from essor.registry.map.grid import Groups
from essor.registry.map.index import FAMILIES, MapIndex, MapSet

LAYER = "organisations"
MAX_ZOOM = 16
POINTS_FROM = 14  # from this zoom on, organisations one by one wherever they are not too many
CELLS = 3  # 8 × 8 cells a tile: 64 px on the screen
FINER_CELLS = 4
MAX_FEATURES = 400
MAX_BYTES = 64 * 1024
PARTS = 8


def tile(index: MapIndex, shown: MapSet, z: int, x: int, y: int) -> bytes:
    """The tile; empty when nothing is there. Never more than MAX_BYTES: what is too dense is grouped."""
    if z >= POINTS_FROM:
        places = shown.grid.places(z, x, y)
        if len(places) <= MAX_FEATURES:
            found = _encoded(index, shown, places)
            if len(found) <= MAX_BYTES:
                return found
        found = _encoded(index, shown, shown.grid.cells(z, x, y, FINER_CELLS))
        if len(found) <= MAX_BYTES:
            return found
    return _encoded(index, shown, shown.grid.cells(z, x, y, CELLS))


def _encoded(index: MapIndex, shown: MapSet, groups: Groups) -> bytes:
    layer = mvt.Layer(LAYER)
    columns = (groups.starts, groups.ends, groups.x, groups.y, groups.families)
    for start, end, x, y, families in zip(*(column.tolist() for column in columns), strict=True):
        if end - start == 1:
            row = int(shown.grid.rows[start])
            layer.point(x, y, _one(index, row))
            continue
        attributes: dict[str, mvt.Value] = {
            "nombre": end - start,
            "court": short(end - start),
            "parts": shares(families),
        }
        if shown.grid.codes[start] == shown.grid.codes[end - 1]:
            attributes["lieu"] = f"{int(shown.grid.codes[start]):x}"
        layer.point(x, y, attributes)
    return mvt.encode([layer])


def _one(index: MapIndex, row: int) -> dict[str, mvt.Value]:
    pk, name, activity = index.words(row)
    found: dict[str, mvt.Value] = {"id": pk, "nom": name, "famille": FAMILIES[index.family[row]]}
    if activity:
        found["activite"] = activity
    if index.approximate[row]:
        found["approche"] = True
    return found


def short(number: int) -> str:
    """A number in four signs: « 950 », « 1,2 k », « 25 k »."""
    if number < 1000:
        return str(number)
    if number < 9950:
        return f"{number / 1000:.1f} k".replace(".", ",")
    return f"{round(number / 1000)} k"


def shares(counts: list[int]) -> str:
    """Eighths of each family in their order, one digit each: the largest remainders take what rounding leaves."""
    total = sum(counts)
    parts = [count * PARTS // total for count in counts]
    remainders = sorted(range(len(counts)), key=lambda rank: (-(counts[rank] * PARTS % total), rank))
    for rank in remainders[: PARTS - sum(parts)]:
        parts[rank] += 1
    return "".join(map(str, parts))
