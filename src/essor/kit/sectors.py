"""Sector policies (action sociale, habitat, mobilité…): the seed that comes with Essor. Pure, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector policy; `registry` lists the sectors of the register whose organisations serve it."""

    code: str
    label: str
    registry: tuple[str, ...]


@cache
def sectors() -> dict[str, Sector]:
    """Sector policies by code, in the order of the seed."""
    text = (Path(__file__).parent / "sectors.yaml").read_text(encoding="utf-8")
    return {
        code: Sector(code, each["label"], tuple(each["registry"]))
        for code, each in yaml.safe_load(text)["sectors"].items()
    }
