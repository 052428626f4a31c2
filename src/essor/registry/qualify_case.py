"""One case described by its codes: what ``essor registry qualify --legal-category …`` answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from essor.formats.identifiers import clean_number, siren_trouble
from essor.registry.enums import Tag
from essor.registry.facts import EsusAgreement, UnitFacts
from essor.registry.nomenclatures import normalise_naf
from essor.registry.perimeter import Perimeter, default_perimeter
from essor.registry.rules import qualify


class CaseProblem(ValueError):
    """A case that cannot be read; the message, in French, names the value and the remedy."""


def qualify_case(
    legal_category: str,
    on: date,
    *,
    siren: str | None = None,
    naf: str | None = None,
    ess_flag: str | None = None,
    ess_list: bool | None = None,
    esus: bool | None = None,
    markers: Iterable[str] = (),
    perimeter: Perimeter | None = None,
) -> dict[str, Any]:
    """Qualify one case and give the JSON-able answer (``Qualification.to_dict``).

    ``markers`` are codes of ``Tag`` (« ei », « scic »…); ``esus`` True means an agreement in force. Without
    ``perimeter`` the shipped one of that day is used. Raises ``CaseProblem``, ``NotInForceError`` or
    ``PerimeterError``.
    """
    facts = UnitFacts(
        siren=_siren(siren),
        legal_category=_legal_category(legal_category),
        activity=_activity(naf),
        ess_flag=_flag(ess_flag),
        on_ess_france_list=ess_list,
        esus=EsusAgreement() if esus else None,
        markers=frozenset(_marker(code) for code in markers),
    )
    return qualify(facts, perimeter or default_perimeter(on), on).to_dict()


def _siren(value: str | None) -> str | None:
    if not value:
        return None
    number = clean_number(value)
    trouble = siren_trouble(number)
    if trouble:
        raise CaseProblem(f"SIREN « {value} » : {trouble[0]} {trouble[1]}")
    return number


def _legal_category(value: str) -> str:
    code = value.strip()
    if len(code) != 4 or not (code.isascii() and code.isdigit()):
        raise CaseProblem(
            f"Catégorie juridique « {value} » : quatre chiffres sont attendus, comme 9220 (association "
            "déclarée)."
        )
    return code


def _activity(value: str | None) -> str | None:
    if not value:
        return None
    code = normalise_naf(value)
    if code is None:
        raise CaseProblem(f"Activité « {value} » : un code NAF rév. 2 est attendu, comme 88.99B.")
    return code


def _flag(value: str | None) -> str | None:
    flag = (value or "").strip().upper()
    if flag not in ("", "O", "N"):
        raise CaseProblem(f"Indicateur ESS « {value} » : écrivez O (oui), N (non) ou rien.")
    return flag or None


def _marker(value: str) -> Tag:
    for tag in Tag:
        if tag.value == value.strip().lower():
            return tag
    known = ", ".join(str(tag.value) for tag in Tag)
    raise CaseProblem(f"Étiquette « {value} » inconnue (admises : {known}).")
