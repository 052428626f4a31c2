"""The positions of addresses that the register itself knows: those of its establishments, without asking anybody."""

from collections.abc import Sequence

from essor.formats.address_columns import WrittenAddress
from essor.registry.added_positions import EXACT
from essor.registry.addresses import street_key
from essor.registry.models import EstablishmentFacts
from essor.registry.overlay_rows import hidden_addresses, moved_places, readdressed
from essor.registry.rules_addresses import Placed, by_register

POSTCODES_AT_ONCE = 200


def find(addresses: Sequence[WrittenAddress]) -> dict[WrittenAddress, Placed]:
    """Those of the addresses that are, to the number, the address of an establishment that the register shows.

    The same street and the same postal code, both folded; the most exact position is kept. Hidden addresses, and
    those that were corrected after their position was found, give nothing.
    """
    wanted: dict[tuple[str, str], list[WrittenAddress]] = {}
    for each in dict.fromkeys(addresses):
        key = street_key(each.street)
        if key and each.postcode:
            wanted.setdefault((each.postcode, _in_street(key, each)), []).append(each)
    best: dict[WrittenAddress, tuple[int, int, Placed]] = {}
    corrected = readdressed() if wanted else set()
    postcodes = sorted({postcode for postcode, _street in wanted})
    for start in range(0, len(postcodes), POSTCODES_AT_ONCE):
        for row in _rows(postcodes[start : start + POSTCODES_AT_ONCE]):
            pk, address, postcode, lon, lat, quality, error, citycode, city = row
            same = wanted.get((postcode, street_key(address)), ())
            if not same or pk in corrected:
                continue
            rank = (EXACT.index(quality), pk)
            for each in same:
                if each not in best or rank < best[each][:2]:
                    best[each] = (*rank, by_register(lon, lat, error, citycode or "", city or ""))
    return {each: found for each, (_quality, _pk, found) in best.items()}


def _in_street(key: str, address: WrittenAddress) -> str:
    """The street without the postal code and the commune that a whole address ends with."""
    head, found, _city = key.partition(f" {address.postcode}")
    return head if found else key


def _rows(
    postcodes: Sequence[str],
) -> list[tuple[int, str, str, float, float, str, int | None, str | None, str | None]]:
    rows = EstablishmentFacts.objects.filter(
        present=True,
        postal_code__in=postcodes,
        longitude__isnull=False,
        latitude__isnull=False,
        position_quality__in=EXACT,
        establishment__organisation__is_public=True,
        establishment__organisation__facts__present=True,
    )
    rows = rows.exclude(position_source__in=EstablishmentFacts.PLACED_HERE).exclude(
        establishment__organisation__in=hidden_addresses()
    )
    rows = rows.exclude(pk__in=moved_places())
    return list(
        rows.order_by("pk").values_list(
            "pk", "address", "postal_code", "longitude", "latitude", "position_quality", "position_error",
            "commune__code", "commune__name",
        )
    )  # fmt: skip
