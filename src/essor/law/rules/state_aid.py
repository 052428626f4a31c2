"""De minimis aid: what a single undertaking has received over the period, and what it may still receive.

Règlements (UE) 2023/2831 (general), 2023/2832 (services of general economic interest), n° 1408/2013 (farming),
n° 717/2014 (fisheries) and those before them. The day is that of the grant considered: each grant looks back.

* Since 2024 (16 December 2024 for farming), any three years, to the day. The anniversary day is counted: three years
  back from a grant of 15 March 2027, its day excluded, begin on 15 March 2024.
* Before, the fiscal year of the grant and the two before it; the calendar year unless told otherwise.
* A regime has its own ceiling. General aid, farming and fisheries also share the general ceiling (art. 5); services of
  general economic interest shared theirs with all the others until 2023, and add up freely since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.rules.aid_amounts import Aid, Instrument, Regime, weight
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, RuleError, told, years_before
from essor.law.rules.schema import RuleInputError, asked
from essor.law.rules.single_undertaking import Link, read_link, single_undertaking
from essor.law.wording import french_date, french_euros, french_list

__all__ = ["RULE", "Aid", "Instrument", "Link", "Regime", "StateAid", "StateAidInput", "state_aid"]

_SECTORS = (Regime.AGRICULTURE, Regime.FISHERIES)
_GENERAL = (Regime.GENERAL, Regime.ROAD_FREIGHT)
# The common ceiling of services of general economic interest ended with règlement (UE) n° 1407/2013, art. 5, § 1.
_SIEG_COMMON_UNTIL = date(2023, 12, 31)
# The declaration goes on until the register holds three years (règlement (UE) 2023/2831, art. 7, § 4).
_DECLARATION = "Règlement (UE) 2023/2831 de la Commission du 13 décembre 2023, art. 7, § 4"
DE_MINIMIS = (*_GENERAL, *_SECTORS, Regime.SIEG)


@dataclass(frozen=True, slots=True)
class StateAidInput:
    """The aids known, of every authority, and the grant considered: its day, its regime, its amount if any."""

    undertaking: str = asked("Entreprise examinée", help="SIREN, ou tout nom qui revient à l’identique.")
    on: date = asked("Jour de l’octroi envisagé")
    aids: tuple[Aid, ...] = asked("Aides déjà reçues, de toutes les personnes publiques", default=())
    links: tuple[Link, ...] = asked("Liens entre entreprises", default=(), read=read_link)
    regime: Regime = asked("Régime de l’aide envisagée", default=Regime.GENERAL)
    planned: Decimal = asked(
        "Aide envisagée, en équivalent-subvention brut", kind="money", default=Decimal(0), minimum=0
    )
    fiscal_year_starts: int = asked(
        "Mois où commence l’exercice fiscal",
        default=1,
        minimum=1,
        maximum=12,
        help="Ne joue que jusqu’à 2023.",
    )


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are counted. ``kind`` is ``rolling`` (day to day) or ``fiscal_years``."""

    kind: str = answered(
        "Façon de compter", words={"rolling": "de date à date", "fiscal_years": "par exercices fiscaux"}
    )
    start: date = answered("Premier jour compté")
    end: date = answered("Dernier jour compté")


@dataclass(frozen=True, slots=True)
class Counted:
    """An aid that counts, at its gross grant equivalent."""

    undertaking: str = answered("Entreprise")
    granted_on: date = answered("Octroyée le")
    regime: Regime = answered("Régime")
    amount: Decimal = answered("Équivalent-subvention brut", kind="money")


@dataclass(frozen=True, slots=True)
class Cumulation:
    """A ceiling that several regimes share."""

    regimes: tuple[Regime, ...] = answered("Régimes réunis")
    ceiling_of: Regime = answered("Plafond de")
    total: Decimal = answered("Déjà reçu", kind="money")
    ceiling: Decimal = answered("Plafond commun", kind="money")
    room: Decimal = answered("Reste possible", kind="money")


@dataclass(frozen=True, slots=True)
class StateAid:
    """Euros. ``total`` and ``ceiling`` are those of the regime asked; ``room`` also respects shared ceilings."""

    conform: bool = answered("Le plafond est respecté")
    total: Decimal = answered("Déjà reçu sur la période", kind="money")
    ceiling: Decimal = answered("Plafond", kind="money")
    room: Decimal = answered("Reste possible", kind="money")
    period: Period = answered("Période")
    undertakings: tuple[str, ...] = answered("Entreprises comptées ensemble")
    counted: tuple[Counted, ...] = answered("Aides qui comptent")
    cumulations: tuple[Cumulation, ...] = answered("Plafonds communs à plusieurs régimes")
    issues: tuple[Point, ...] = answered("À corriger")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def state_aid(given: StateAidInput) -> StateAid:
    """Total, ceiling and room on a day. Raises ``RuleError`` when the regime has no ceiling that day."""
    if given.regime not in DE_MINIMIS:
        raise RuleError(
            f"« {given.regime.label} » n’a pas de plafond de minimis : vérifier les conditions propres à ce régime."
        )
    reasons = Reasons(given.on)
    ceiling = _ceiling(given.regime, reasons)
    period = _period(given, reasons)
    group = single_undertaking(given.undertaking, given.links)
    _tell_group(given, group, reasons)
    counted = _counted(given, group, period, reasons)
    own = _own(given.regime, given.on)
    total = _sum(counted, own)
    room = max(ceiling.decimal - total, Decimal(0))
    reasons.say(
        f"{_how_many(counted, own)} du {french_date(period.start)} au {french_date(period.end)} : "
        f"{french_euros(total)} au titre de « {given.regime.label} », pour un plafond de {ceiling.text} "
        f"({told(ceiling)})."
    )
    cumulations = _cumulations(given.regime, counted, reasons)
    room = min([room, *(cumulation.room for cumulation in cumulations)])
    ceilings = [(total, ceiling.decimal), *((row.total, row.ceiling) for row in cumulations)]
    excess = max(received - allowed for received, allowed in ceilings)
    issues = _issues(given, excess, room, reasons)
    _tell_registry(given, reasons)
    return StateAid(
        conform=not issues,
        total=total,
        ceiling=ceiling.decimal,
        room=room,
        period=period,
        undertakings=group,
        counted=tuple(counted),
        cumulations=tuple(cumulations),
        issues=tuple(issues),
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _ceiling(regime: Regime, reasons: Reasons) -> law.LegalValue:
    return reasons.value(f"state_aid.de_minimis.{regime.value}")


def _period(given: StateAidInput, reasons: Reasons) -> Period:
    years = int(reasons.value("state_aid.de_minimis.period.years").decimal)
    suffix = {Regime.AGRICULTURE: "_agriculture", Regime.FISHERIES: "_fisheries"}.get(given.regime, "")
    rolling = reasons.value_if_any(f"state_aid.de_minimis.period.rolling{suffix}")
    if rolling is not None and rolling.value is True:
        start = years_before(given.on, years)
        reasons.say(
            f"Les aides s’additionnent sur {years} ans glissants, de date à date, en remontant depuis le jour "
            f"de l’octroi : "
            f"du {french_date(start)}, jour anniversaire compris par prudence, au {french_date(given.on)} "
            f"({told(rolling)})."
        )
        return Period("rolling", start, given.on)
    year = given.on.year if given.on.month >= given.fiscal_year_starts else given.on.year - 1
    start = date(year - years + 1, given.fiscal_year_starts, 1)
    reasons.say(
        f"Les aides s’additionnent sur l’exercice fiscal de l’octroi et les {years - 1} précédents : depuis le "
        f"{french_date(start)}" + (f" ({told(rolling)})." if rolling else ".")
    )
    return Period("fiscal_years", start, given.on)


def _tell_group(given: StateAidInput, group: tuple[str, ...], reasons: Reasons) -> None:
    text = reasons.value_if_any("state_aid.de_minimis.single_undertaking")
    basis = f" ({told(text)})" if text else ""
    others = [name for name in group if name != given.undertaking]
    if others:
        reasons.say(
            f"{given.undertaking} forme une entreprise unique avec {french_list(others)}, par des liens suivis "
            f"de proche "
            f"en proche : leurs aides s’additionnent{basis}."
        )
    elif given.links:
        reasons.say(
            f"Aucun des liens donnés ne fait de {given.undertaking} une entreprise unique avec une autre ; ceux qui ne "
            f"passent que par une personne physique ou un organisme public ne comptent pas{basis}."
        )


def _counted(given: StateAidInput, group: tuple[str, ...], period: Period, reasons: Reasons) -> list[Counted]:
    """The de minimis aids of the group in the period, oldest first whatever the order in which they were given."""
    found = []
    outside = 0
    for number, aid in enumerate(given.aids, 1):
        holder = aid.undertaking or given.undertaking
        if holder not in group:
            continue
        if not period.start <= aid.granted_on <= period.end:
            outside += 1
            continue
        if aid.regime not in DE_MINIMIS:
            reasons.say(
                f"Les aides au titre de « {aid.regime.label} » ne comptent pas dans le plafond ; pour les mêmes coûts, "
                "vérifier l’intensité d’aide de ce régime."
            )
            continue
        found.append(Counted(holder, aid.granted_on, aid.regime, _weight(number, aid, reasons)))
    if outside:
        reasons.say(
            "Une aide octroyée hors de ces jours n’est pas comptée."
            if outside == 1
            else f"{outside} aides octroyées hors de ces jours ne sont pas comptées."
        )
    return sorted(found, key=lambda row: (row.granted_on, row.undertaking, row.regime, row.amount))


def _weight(number: int, aid: Aid, reasons: Reasons) -> Decimal:
    """The weight of the aid of a line; what is missing to compute it is told on that line."""
    try:
        return weight(aid, reasons)
    except RuleInputError as error:
        path = f"aids[{number}].gross_grant_equivalent"
        raise RuleInputError([f"{path} : {problem}" for problem in error.problems]) from None


def _sum(counted: Iterable[Counted], regimes: Iterable[Regime]) -> Decimal:
    wanted = set(regimes)
    return sum((row.amount for row in counted if row.regime in wanted), Decimal(0))


def _how_many(counted: Iterable[Counted], regimes: Iterable[Regime]) -> str:
    wanted = set(regimes)
    number = sum(row.regime in wanted for row in counted)
    return {0: "Aucune aide octroyée", 1: "Une aide octroyée"}.get(number, f"{number} aides octroyées")


def _cumulations(regime: Regime, counted: list[Counted], reasons: Reasons) -> list[Cumulation]:
    """The shared ceilings that matter: those of which another regime has used a part."""
    result = []
    for regimes, owner in _common_ceilings(reasons.on):
        if regime not in regimes or not _sum(counted, _others(regime, regimes, reasons.on)):
            continue
        ceiling = _ceiling(owner, reasons)
        total = _sum(counted, regimes)
        room = max(ceiling.decimal - total, Decimal(0))
        result.append(Cumulation(regimes, owner, total, ceiling.decimal, room))
        reasons.cite("Règlement de minimis applicable, art. 5 (cumul)", note="À vérifier sur EUR-Lex.")
        reasons.say(
            f"Avec les autres régimes de minimis, l’entreprise unique a reçu {french_euros(total)}, pour un plafond "
            f"commun de {ceiling.text} (celui de « {owner.label} » ; règle de cumul à vérifier)."
        )
    mixed = _sum(counted, (Regime.SIEG,)) or regime is Regime.SIEG
    if reasons.on > _SIEG_COMMON_UNTIL and mixed and _sum(counted, _others(regime, DE_MINIMIS, reasons.on)):
        reasons.cite(
            "Règlements (UE) 2023/2831, art. 5, § 1, et 2023/2832, art. 5", note="À vérifier sur EUR-Lex."
        )
        reasons.say(
            "Les aides de minimis aux services d’intérêt économique général et les autres se cumulent, sans "
            "plafond commun depuis 2024 ; pas pour un même service déjà compensé (à vérifier)."
        )
    return result


def _common_ceilings(on: date) -> list[tuple[tuple[Regime, ...], Regime]]:
    found: list[tuple[tuple[Regime, ...], Regime]] = [((*_GENERAL, *_SECTORS), Regime.GENERAL)]
    if on <= _SIEG_COMMON_UNTIL:
        found.append((DE_MINIMIS, Regime.SIEG))
    return found


def _own(regime: Regime, on: date) -> tuple[Regime, ...]:
    """The regimes whose aids fill the ceiling of this one. Road freight had a lower ceiling of its own until 2023."""
    road = law.in_force("state_aid.de_minimis.road_freight", on)
    general = law.in_force("state_aid.de_minimis.general", on)
    lower = road is not None and general is not None and road.decimal < general.decimal
    if regime is Regime.GENERAL or (regime is Regime.ROAD_FREIGHT and not lower):
        return _GENERAL
    return (regime,)


def _others(regime: Regime, regimes: Iterable[Regime], on: date) -> list[Regime]:
    own = _own(regime, on)
    return [other for other in regimes if other not in own]


def _issues(given: StateAidInput, excess: Decimal, room: Decimal, reasons: Reasons) -> list[Point]:
    if excess > 0:
        return [
            Point(
                "ceiling_exceeded",
                f"Les aides déjà reçues dépassent de {french_euros(excess)} le plafond : aucune aide de minimis "
                "nouvelle n’est possible, et l’aide qui a fait dépasser est à revoir en entier.",
            )
        ]
    if given.planned > room:
        return [
            Point(
                "planned_too_high",
                f"L’aide envisagée, {french_euros(given.planned)}, dépasse ce qui reste, {french_euros(room)} : "
                f"la réduire "
                "à ce montant, ou la fonder sur un autre régime (exemption par catégorie, compensation de service "
                "public). Une aide qui dépasse ne bénéficie pas du règlement, même pour la partie sous le plafond.",
            )
        ]
    after = (
        f" ; {french_euros(room - given.planned)} après l’aide envisagée, {french_euros(given.planned)}"
        if given.planned
        else ""
    )
    reasons.say(f"Il reste {french_euros(room)} avant le plafond au {french_date(given.on)}{after}.")
    return []


def _tell_registry(given: StateAidInput, reasons: Reasons) -> None:
    """What follows from a grant: the register and the documents kept."""
    register = reasons.value_if_any("state_aid.de_minimis.registry.obligation")
    if register is not None:
        delay = reasons.value("state_aid.de_minimis.registry.delay")
        local = reasons.value("state_aid.de_minimis.registry.local_authorities")
        reasons.say(
            f"L’aide s’inscrit au registre central dans les {delay.text} ({told(delay)}). Pour une collectivité, "
            f"l’obligation de le faire sur la plateforme nationale reste à vérifier ({told(local)})."
        )
        reasons.cite(_DECLARATION, note="À vérifier sur EUR-Lex.")
    until = ", tant que le registre ne couvre pas trois années" if register is not None else ""
    reasons.say(
        f"Avant d’octroyer{until}, la collectivité demande à l’entreprise une déclaration de toutes ses aides de "
        "minimis, et lui annonce par écrit le montant et le caractère de minimis de la sienne."
    )
    kept = reasons.value_if_any("state_aid.de_minimis.record_keeping")
    if kept is not None:
        reasons.say(f"Les pièces se gardent {kept.text} ({told(kept)}).")


RULE = Rule("state_aid", "Aides de minimis : ce qui a été reçu, ce qui reste", StateAidInput, state_aid)
