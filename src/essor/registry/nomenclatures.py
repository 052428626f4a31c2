"""Labels of activities (NAF rév. 2) and the sectors of the trade they belong to.

The NAF is the nomenclature of INSEE (``data/naf_rev2.csv``, written by ``scripts/make_naf.py``); sectors are
a grouping of Essor (``data/sectors.yaml``). Legal categories stand in the perimeter.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from essor.law import strict_yaml

_SUB_CLASS = re.compile(r"(\d{2})\.?(\d{2})([A-Z])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector in the words of the trade, with the NAF rév. 2 prefixes it gathers."""

    code: str
    label: str
    prefixes: tuple[str, ...]


@lru_cache(maxsize=1)
def naf_labels() -> Mapping[str, str]:
    """The 732 sub-classes of NAF rév. 2: code with its dot (« 88.99B ») to label."""
    text = resources.files("essor.registry").joinpath("data", "naf_rev2.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: row["label"] for row in rows})


def normalise_naf(code: str | None) -> str | None:
    """The sub-class as « 88.99B » from « 8899B », « 88.99b »…; None when it is not written as one.

    The form alone is checked: a code of an older nomenclature may pass, ``naf_label`` then knows no label.
    """
    found = _SUB_CLASS.fullmatch((code or "").strip().upper())
    return f"{found[1]}.{found[2]}{found[3]}" if found else None


def naf_label(code: str | None) -> str | None:
    """The label of a NAF rév. 2 sub-class, None when the code is empty or unknown."""
    normal = normalise_naf(code)
    return naf_labels().get(normal) if normal else None


@lru_cache(maxsize=1)
def _sector_file() -> tuple[str, tuple[Sector, ...]]:
    entry = resources.files("essor.registry").joinpath("data", "sectors.yaml")
    data = strict_yaml.load(entry.read_text(encoding="utf-8"), entry.name)
    sectors = tuple(
        Sector(code=code, label=body["label"], prefixes=tuple(body["prefixes"]))
        for code, body in data["sectors"].items()
    )
    return data["version"], sectors


def sectors_version() -> str:
    """The version of the grouping, kept by an edition."""
    return _sector_file()[0]


def sectors() -> tuple[Sector, ...]:
    """Every sector, in the order they are shown."""
    return _sector_file()[1]


@lru_cache(maxsize=1)
def sector_prefixes() -> Mapping[str, str]:
    """NAF prefix to sector code, for set-based queries: the longest matching prefix wins."""
    return MappingProxyType({prefix: sector.code for sector in sectors() for prefix in sector.prefixes})


@lru_cache(maxsize=1024)
def sector_of(code: str | None) -> Sector | None:
    """The sector of an activity by the longest matching prefix, None when the code is empty or unknown."""
    normal = normalise_naf(code)
    if normal is None or normal not in naf_labels():
        return None
    by_code = {sector.code: sector for sector in sectors()}
    prefixes = sector_prefixes()
    for length in range(len(normal), 1, -1):
        if normal[:length] in prefixes:
            return by_code[prefixes[normal[:length]]]
    return None
