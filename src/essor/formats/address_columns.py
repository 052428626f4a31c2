"""Which columns of a list write an address, and the address of a row. Pure.

Headings are those of Sirene, of the national address base and of people: « adresse », or number, way and complement
apart, with a postal code, a commune, a code of the commune.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 200  # characters of what is sent of one address

_NOT_POSTAL = r"(?!.*\b(?:mail|mel|email|courriel|[ée]lectronique|ip|web|url|site|internet)\b)"
_WHOLE = re.compile(rf"(?:adresse|address|adr)\b{_NOT_POSTAL}.*")
_NUMBER = re.compile(r"(?:numero|num|no|n)(?: ?(?:de |dans )?(?:la )?(?:voie|rue))?")
_REPEAT = re.compile(r"indice ?(?:de )?repetition|bis ter|rep|btq")
_KIND = re.compile(r"(?:type|nature) ?(?:de )?(?:la )?voie")
_WAY = re.compile(r"(?:(?:libelle|nom|intitule) ?(?:de )?(?:la )?)?(?:voie|rue)")
_POSTCODE = re.compile(r"(?:code ?postal|cp|postcode|post code|postal code|zip)\b.*")
_CITYCODE = re.compile(
    r"code ?(?:de )?(?:la )?commune|code ?(?:insee|geo)\b.*|insee(?: com)?|citycode|codgeo|depcom"
)
_CITY = re.compile(r"(?:(?:libelle|nom) ?(?:de )?(?:la )?)?(?:commune|ville)|city|localite")
_INSIDE = re.compile(
    r"\b(\d{5})\s+[^\d\s][^\d]*$", re.ASCII
)  # « …, 31000 Toulouse », at the end of a whole address
# What tells the line of the headings, when nothing else does.
HEADING = re.compile(
    rf"^(?:adresse|address|adr)\b{_NOT_POSTAL}|^(?:(?:libell[ée]|nom) ?(?:de )?(?:la )?)?(?:voie|rue)$"
)


@dataclass(frozen=True)
class WrittenAddress:
    """An address as a file writes it: number and street (or all of it), postal code, commune, code of the commune."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    citycode: str = ""

    @property
    def departement(self) -> str:
        """Its département by its codes, empty without: « 31 », « 2A », « 974 »; « 20 » for a Corsican postal code."""
        code = self.citycode or self.postcode
        return code[:3] if code.startswith("97") else code[:2]


def read_address(cells: Mapping[str, str]) -> WrittenAddress | None:
    """The address of a row; None when nothing in it is one."""
    found = {plain(name): text for name, text in cells.items() if text}
    postcode, citycode = five(_first(found, _POSTCODE)), five(_first(found, _CITYCODE)).upper()
    street = _first(found, _WHOLE) or _in_parts(found)
    city = _first(found, _CITY)
    if not postcode and (inside := _INSIDE.search(street)):
        postcode = inside[1]
    if not (street or city or postcode or citycode):
        return None
    return WrittenAddress(_cut(street), postcode, _cut(city), citycode)


def _in_parts(found: Mapping[str, str]) -> str:
    """Number, repetition, kind and name of the way; the complement (floor, building) only misleads who looks for it."""
    way = _first(found, _WAY)
    if not way:
        return ""
    return " ".join(
        text for text in (*(_first(found, each) for each in (_NUMBER, _REPEAT, _KIND)), way) if text
    )


def _first(found: Mapping[str, str], heading: re.Pattern[str]) -> str:
    return next((text for name, text in found.items() if heading.fullmatch(name)), "")


def _cut(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST]


def five(text: str) -> str:
    """A code of five signs, the zero that a spreadsheet ate given back; empty when it is not one."""
    code = "".join(text.split()).upper()
    if re.fullmatch(r"\d{4}", code, re.ASCII):
        code = f"0{code}"
    return code if re.fullmatch(r"\d{5}|2[AB]\d{3}", code, re.ASCII) else ""


def plain(heading: str) -> str:
    """A heading in small letters without accents nor signs; « etablissement » of Sirene left out."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    words = "".join(
        sign if sign.isalnum() else " " for sign in letters if not unicodedata.combining(sign)
    ).split()
    return " ".join(words).removesuffix("etablissement").strip()
