"""Where a row of a directory may be: from a commune's name or code, and a postal code, to communes. Read once."""

import re
from dataclasses import dataclass, field

from essor.kernel.text import fold
from essor.territories.enums import Kind
from essor.territories.models import PostalCode, Territory
from essor.territories.queries import code_map

_LONG = {"st": "saint", "ste": "sainte"}
_CODE = re.compile(r"\d[\dAB]\d{3}", re.ASCII)
# What follows a commune's name in an address: « CEDEX 9 », « 1er », « 3e arrondissement ».
_TAIL = re.compile(r"\b(cedex.*|\d{1,2}(er|e|eme|ere)?( arrondissement)?|arrondissement)$")


def commune_words(name: str) -> str:
    """A commune's name as it is compared: « St-Étienne CEDEX 2 » gives « saint etienne »."""
    words = " ".join(_LONG.get(word, word) for word in fold(name).split())
    while (shorter := _TAIL.sub("", words).strip()) != words and shorter:
        words = shorter
    return words


def departement_code(postal_code: str) -> tuple[str, ...]:
    """The départements that a postal code begins with; two for Corsica, none for a malformed code."""
    if len(postal_code) != 5 or not postal_code.isdigit():
        return ()
    if postal_code.startswith("20"):
        return ("2A", "2B")
    return (postal_code[:3],) if postal_code.startswith(("97", "98")) else (postal_code[:2],)


@dataclass(frozen=True)
class Where:
    """Communes where a row may be, and their départements; both empty when nothing is known."""

    communes: frozenset[int] = frozenset()
    departements: frozenset[int] = frozenset()


@dataclass
class Gazetteer:
    """The communes of the division in force by code, name and postal code."""

    departement_of: dict[int, int | None] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)
    by_postal_code: dict[str, set[int]] = field(default_factory=dict)
    departements: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Gazetteer":
        """All of them, in a few queries."""
        found = cls()
        communes = Territory.objects.active().of_kind(Kind.COMMUNE)
        for pk, code, name, departement in communes.values_list("pk", "code", "name", "departement_id"):
            found.departement_of[pk] = departement
            found.by_code[code] = pk
            found.by_name.setdefault(commune_words(name), set()).add(pk)
        for code, current in code_map().items():
            if current in found.by_code:
                found.by_code.setdefault(code, found.by_code[current])
        for code, commune in PostalCode.objects.values_list("code", "commune_id"):
            found.by_postal_code.setdefault(code, set()).add(commune)
        rows = Territory.objects.active().of_kind(Kind.DEPARTEMENT).values_list("code", "pk")
        found.departements = dict(rows)
        return found

    def where(self, commune: str, postal_code: str) -> Where:
        """The communes of that name under that postal code; of either, when they do not agree."""
        if _CODE.fullmatch(commune.strip().upper()) and commune.strip().upper() in self.by_code:
            return self._of({self.by_code[commune.strip().upper()]})
        served = self.by_postal_code.get(postal_code, set())
        named = self.by_name.get(commune_words(commune), set()) if commune else set()
        around = {self.departements[c] for c in departement_code(postal_code) if c in self.departements}
        if served and named:
            return self._of(served & named or served)
        if served:
            return self._of(served)
        if named and around:
            near = {pk for pk in named if self.departement_of[pk] in around}
            return self._of(near) if near else Where(frozenset(), frozenset(around))
        if named:
            return self._of(named)
        return Where(frozenset(), frozenset(around))

    def _of(self, communes: set[int]) -> Where:
        places = {self.departement_of[pk] for pk in communes}
        return Where(frozenset(communes), frozenset(place for place in places if place is not None))
