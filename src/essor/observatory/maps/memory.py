"""Maps lately made, kept by each process as long as neither the values nor the territories change."""

import threading
from collections import OrderedDict
from collections.abc import Collection as Several
from collections.abc import Hashable

from django.db.models import Count, Max

from essor.indicators.models import Collection, Materialised
from essor.observatory.maps.choropleth import Choropleth
from essor.territories.queries import version

MOST = 40

_lock = threading.Lock()
_kept: OrderedDict[Hashable, Choropleth] = OrderedDict()


def stamp(codes: Several[str]) -> Hashable | None:
    """What changes with the values of these indicators and with the territories; None when nothing tells it."""
    computed = Materialised.objects.filter(code__in=codes).order_by("code").values_list("code", "stamp", "at")
    collected = Collection.objects.filter(code__in=codes).aggregate(last=Max("pk"), count=Count("pk"))
    rows = tuple(computed)
    if version() is None or (not rows and not collected["count"]):
        return None
    return version(), rows, collected["last"], collected["count"]


def get(key: Hashable) -> Choropleth | None:
    """The map kept under this key."""
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
        return found


def keep(key: Hashable, made: Choropleth) -> Choropleth:
    """Keep a map, leaving out the one asked longest ago."""
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
