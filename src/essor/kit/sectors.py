"""Sector policies (action sociale, habitat, mobilité…): the list that comes with Essor, and each authority's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from essor.kit.editing.in_force import PerStamp
from essor.kit.models.sector_policy import SectorPolicy


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector policy; `registry` lists the sectors of the register whose organisations serve it."""

    code: str
    label: str
    registry: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy(Sector):
    """A sector policy as an authority has it; `seed` is the one of Essor's list that it belongs to ("": none)."""

    seed: str = ""
    service_id: int | None = None


@cache
def sectors() -> dict[str, Sector]:
    """Sector policies that come with Essor by code, in the order of the list."""
    text = (Path(__file__).parent / "sectors.yaml").read_text(encoding="utf-8")
    return {
        code: Sector(code, each["label"], tuple(each["registry"]))
        for code, each in yaml.safe_load(text)["sectors"].items()
    }


@dataclass(slots=True)
class _List:
    """The policies of an authority: those that run, in order; all of them; where the merged ones went on."""

    running: dict[str, Policy] = field(default_factory=dict)
    known: dict[str, Policy] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)


@cache
def _seeds() -> _List:
    policies = {code: Policy(code, each.label, each.registry, code) for code, each in sectors().items()}
    return _List(policies, policies)


def _all_lists() -> dict[int, _List]:
    found: dict[int, _List] = {}
    rows = SectorPolicy.objects.order_by("authority_id", "rank", "pk").values_list(
        "authority_id", "code", "label", "seed", "service_id", "retired_on", "merged_into__code"
    )
    for authority_id, code, label, seed, service_id, retired_on, merged_into in rows:
        kept = found.setdefault(authority_id, _List())
        registry = sectors()[seed].registry if seed in sectors() else ()
        policy = kept.known[code] = Policy(code, label, registry, seed, service_id)
        if retired_on is None:
            kept.running[code] = policy
        if merged_into:
            kept.merged[code] = merged_into
    return found


_lists: PerStamp[dict[int, _List]] = PerStamp(dict, _all_lists, outside=True)


def _list_of(authority_id: int | None) -> _List:
    return _seeds() if authority_id is None else _lists.get().get(authority_id, _seeds())


def sectors_of(authority_id: int | None) -> Mapping[str, Policy]:
    """The sector policies of an authority that run, by code, in its order; Essor's list for None or when it has none.

    What a form offers. At most one query a request, whatever the number of calls.
    """
    return MappingProxyType(_list_of(authority_id).running)


def all_policies_of(authority_id: int | None) -> Mapping[str, Policy]:
    """The sector policies that acts of an authority may bear, those that run first, then the retired ones."""
    kept = _list_of(authority_id)
    return MappingProxyType({**kept.running, **kept.known})


def policy_of(authority_id: int | None, code: str) -> Policy | None:
    """The policy that an act files under `code` (`kernel.acts.Act.sector_policy`); a merged one gives the other.

    A retired policy is still told by its name; None for a code that the authority never had.
    """
    kept, seen = _list_of(authority_id), set[str]()
    while code in kept.merged and code not in seen:
        seen.add(code)
        code = kept.merged[code]
    return kept.known.get(code) or (_seeds().known.get(code) if not kept.known else None)
