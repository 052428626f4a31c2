"""Purchases from reuse or recycling: the minimum share of a family of products, where it is known.

Loi n° 2020-105 du 10 février 2020, art. 58; décret n° 2024-134 du 21 février 2024. Two families only are known; for the
others the answer says so: a made-up rate would be worse than none.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.schema import RuleInputError, asked
from essor.law.wording import french_date, french_euros, french_percent


class Family(Labelled):
    """The seventeen families of 2024."""

    TEXTILES = "textiles", "Produits textiles, hors équipements de protection individuelle"
    IT_AND_PHONES = "it_and_phones", "Matériel informatique et téléphonie"
    PRINTERS = "printers", "Matériel de reprographie et d’impression"
    PRINT_CONSUMABLES = "print_consumables", "Consommables d’impression"
    PAPER = "paper", "Papier"
    OFFICE_SUPPLIES = "office_supplies", "Fournitures de bureau"
    TRANSPORT_EQUIPMENT = "transport_equipment", "Engins de transport et pièces détachées"
    VEHICLES = "vehicles", "Véhicules et pièces détachées"
    INDOOR_FURNITURE = "indoor_furniture", "Mobilier et aménagement d’intérieur"
    STREET_FURNITURE = "street_furniture", "Mobilier urbain"
    WASTE_COLLECTION = "waste_collection", "Équipements de collecte de déchets"
    JARS_AND_BOTTLES = "jars_and_bottles", "Bocaux et flacons"
    SPORTS_GOODS = "sports_goods", "Articles et équipements sportifs"
    GREEN_SPACE_EQUIPMENT = "green_space_equipment", "Matériel d’entretien des espaces verts"
    MODULAR_BUILDINGS = "modular_buildings", "Bâtiments modulaires ou préfabriqués"
    LARGE_APPLIANCES = "large_appliances", "Gros électroménager, appareils professionnels compris"
    GAMES_AND_TOYS = "games_and_toys", "Jeux et jouets"


@dataclass(frozen=True, slots=True)
class AgecInput:
    """A family and, to compare, the spending of a civil year without tax."""

    family: Family = asked("Famille de produits")
    on: date = asked("Jour")
    total: Decimal | None = asked("Dépense de l’année, hors taxes", kind="money", default=None, minimum=0)
    reuse: Decimal | None = asked("Dont réemploi et réutilisation", kind="money", default=None, minimum=0)
    recycled: Decimal | None = asked("Dont matières recyclées", kind="money", default=None, minimum=0)


STATUS_WORDS = {
    "met": "Les minimums sont respectés",
    "not_met": "Un minimum n’est pas respecté",
    "unknown": "Taux à vérifier",
    "informed": "Minimums connus",
    "not_in_force": "Pas encore en vigueur",
}


@dataclass(frozen=True, slots=True)
class Agec:
    """``status``: ``met``, ``not_met``, ``unknown`` (rate not known), ``informed`` (no spending given),
    ``not_in_force``. Minimums are shares of 1, None when not known.
    """

    status: str = answered("Réponse", words=STATUS_WORDS)
    reuse_minimum: Decimal | None = answered("Minimum de réemploi ou de réutilisation", kind="share")
    recycled_minimum: Decimal | None = answered("Minimum de matières recyclées", kind="share")
    reuse_share: Decimal | None = answered("Part atteinte en réemploi ou réutilisation", kind="share")
    recycled_share: Decimal | None = answered("Part atteinte en matières recyclées", kind="share")
    missing: tuple[Point, ...] = answered("Ce qui manque")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


_WORDS = {"reuse": "réemploi ou réutilisation", "recycled": "matières recyclées"}


def agec(given: AgecInput) -> Agec:
    """Minimums of the day and how the year stands. Raises ``RuleInputError`` for parts above the whole."""
    _check(given)
    reasons = Reasons(given.on)
    obligation = reasons.value_if_any("agec58.obligation")
    if obligation is None:
        reasons.say(f"Le {french_date(given.on)}, l’obligation n’est pas encore en vigueur.")
        return Agec("not_in_force", None, None, None, None, (), reasons.explanation, reasons.references)
    reasons.say(
        f"Chaque année civile, une part minimale de la dépense hors taxes de chaque famille vient du réemploi, de la "
        f"réutilisation ou intègre des matières recyclées ({told(obligation)})."
    )
    minimums = {kind: _minimum(given.family, kind, reasons) for kind in _WORDS}
    if not any(minimums.values()):
        _tell_unknown(given, obligation, reasons)
    shares = {
        "reuse": _share(given.reuse, given.total),
        "recycled": _share(given.recycled, given.total),
    }
    missing = [
        point
        for kind, minimum in minimums.items()
        if (point := _missing(kind, minimum, shares[kind], given.total, reasons)) is not None
    ]
    _tell_after(reasons)
    reuse, recycled = minimums["reuse"], minimums["recycled"]
    return Agec(
        status=_status(minimums, shares, missing),
        reuse_minimum=reuse.decimal if reuse else None,
        recycled_minimum=recycled.decimal if recycled else None,
        reuse_share=shares["reuse"],
        recycled_share=shares["recycled"],
        missing=tuple(missing),
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _check(given: AgecInput) -> None:
    parts = [part for part in (given.reuse, given.recycled) if part is not None]
    if parts and given.total is None:
        raise RuleInputError(["total : donner la dépense de l’année pour calculer une part."])
    too_much = [
        f"{name} : cette part ne dépasse pas la dépense de l’année."
        for name, part in (("reuse", given.reuse), ("recycled", given.recycled))
        if part is not None and given.total is not None and part > given.total
    ]
    if too_much:
        raise RuleInputError(too_much)


def _minimum(family: Family, kind: str, reasons: Reasons) -> law.LegalValue | None:
    try:
        found = reasons.value_if_any(f"agec58.{family.value}.{kind}")
    except law.UnknownParameterError:
        return None
    if found is not None:
        reasons.say(f"{family.label} : {found.text} au moins en {_WORDS[kind]} ({told(found)}).")
    return found


def _tell_unknown(given: AgecInput, obligation: law.LegalValue, reasons: Reasons) -> None:
    reasons.value_if_any("agec58.other")
    note = f" {obligation.note}" if obligation.note else ""
    reasons.say(
        f"{given.family.label} : taux à vérifier. Il figure à l’annexe du décret en vigueur le "
        f"{french_date(given.on)}, "
        f"qu’Essor n’a pas lue pour cette famille.{note}"
    )


def _share(part: Decimal | None, total: Decimal | None) -> Decimal | None:
    if part is None or not total:
        return None
    return (part / total).quantize(Decimal("0.0001"))


def _missing(
    kind: str, minimum: law.LegalValue | None, share: Decimal | None, total: Decimal | None, reasons: Reasons
) -> Point | None:
    if share is None:
        return None
    if minimum is None:
        reasons.say(
            f"Part atteinte en {_WORDS[kind]} : {french_percent(share)} ; le minimum n’est pas connu."
        )
        return None
    if share >= minimum.decimal:
        reasons.say(f"Part atteinte en {_WORDS[kind]} : {french_percent(share)}, le minimum est respecté.")
        return None
    gap = (minimum.decimal - share) * (total or Decimal(0))
    return Point(
        f"{kind}_too_low",
        f"Part atteinte en {_WORDS[kind]} : {french_percent(share)} pour {minimum.text} au moins ; il manque environ "
        f"{french_euros(gap)} d’achats.",
    )


def _status(
    minimums: dict[str, law.LegalValue | None], shares: dict[str, Decimal | None], missing: list[Point]
) -> str:
    if missing:
        return "not_met"
    if not all(minimums.values()):
        return "unknown"
    return "informed" if None in shares.values() else "met"


def _tell_after(reasons: Reasons) -> None:
    declaration = reasons.value_if_any("agec58.declaration")
    if declaration is not None:
        reasons.say(
            f"La dépense de chaque famille se déclare chaque année sur le portail national des données ouvertes "
            f"({told(declaration)})."
        )
    sanction = reasons.value_if_any("agec58.no_sanction")
    if sanction is not None:
        reasons.say(f"Aucune sanction n’est prévue ({told(sanction)}).")


RULE = Rule("agec", "AGEC : part minimale de réemploi et de recyclé", AgecInput, agec)
