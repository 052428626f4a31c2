"""Which enterprises make one « single undertaking » for de minimis aid: links followed from one to the next.

Règlement (UE) 2023/2831, art. 2, § 2 (the same as règlement (UE) n° 1407/2013, art. 2, § 2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from essor.law.labelled import Labelled
from essor.law.rules.schema import asked


class LinkKind(Labelled):
    """The four links of the Regulation, and those that do not count by themselves."""

    MAJORITY_VOTES = "majority_votes", "Majorité des droits de vote"
    APPOINTS_MAJORITY = "appoints_majority", "Droit de nommer ou de révoquer la majorité de la direction"
    DOMINANT_INFLUENCE = "dominant_influence", "Influence dominante par contrat ou par les statuts"
    VOTES_BY_AGREEMENT = "votes_by_agreement", "Contrôle de la majorité des votes par un accord"
    NATURAL_PERSON = "natural_person", "Lien par une personne physique seulement"
    PUBLIC_BODY = "public_body", "Lien par un organisme public seulement"


NOT_COUNTED = frozenset({LinkKind.NATURAL_PERSON, LinkKind.PUBLIC_BODY})


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two enterprises; its direction does not matter."""

    a: str = asked("Première entreprise", help="SIREN, ou tout nom qui revient à l’identique.")
    b: str = asked("Seconde entreprise", help="SIREN, ou tout nom qui revient à l’identique.")
    kind: LinkKind = asked("Nature du lien", default=LinkKind.MAJORITY_VOTES)


def read_link(raw: Any) -> Any:
    """A pair ``["A", "B"]`` stands for a link by the majority of votes."""
    if isinstance(raw, list | tuple) and len(raw) == 2:
        return {"a": raw[0], "b": raw[1]}
    return raw


def single_undertaking(enterprise: str, links: Iterable[Link]) -> tuple[str, ...]:
    """The enterprises that count as one with this one, itself included, in alphabetical order."""
    neighbours = _neighbours(links)
    found, waiting = {enterprise}, [enterprise]
    while waiting:
        for neighbour in neighbours.get(waiting.pop(), ()):
            if neighbour not in found:
                found.add(neighbour)
                waiting.append(neighbour)
    return tuple(sorted(found))


def _neighbours(links: Iterable[Link]) -> Mapping[str, set[str]]:
    result: dict[str, set[str]] = {}
    for link in links:
        if link.kind not in NOT_COUNTED:
            result.setdefault(link.a, set()).add(link.b)
            result.setdefault(link.b, set()).add(link.a)
    return result
