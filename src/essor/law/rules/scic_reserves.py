"""Surplus of a Scic: what must go to reserves that can never be shared out.

Loi n° 47-1775 du 10 septembre 1947, art. 16 (legal reserve) and 19 nonies (statutory reserve).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Reasons, Rule, RuleError, cents, told
from essor.law.rules.schema import asked
from essor.law.wording import french_euros, french_percent


@dataclass(frozen=True, slots=True)
class ScicReservesInput:
    """The year's surplus. Without capital and reserve, the legal reserve is taken as not yet full."""

    surplus: Decimal = asked("Excédent net de l’exercice", kind="money", help="Négatif en cas de perte.")
    on: date = asked("Jour de l’assemblée qui affecte l’excédent")
    losses: Decimal = asked("Pertes antérieures à combler", kind="money", default=Decimal(0), minimum=0)
    statutory_share: Decimal | None = asked(
        "Part du reste que les statuts mettent en réserve",
        kind="share",
        default=None,
        help="La moitié si les statuts ne disent rien de plus que la loi, la totalité s’ils mettent tout en réserve.",
    )
    highest_capital: Decimal | None = asked(
        "Montant le plus élevé atteint par le capital", kind="money", default=None, minimum=0
    )
    legal_reserve_balance: Decimal | None = asked(
        "Réserve légale déjà constituée", kind="money", default=None, minimum=0
    )


@dataclass(frozen=True, slots=True)
class ScicReserves:
    """Euros. ``minimum_impartible`` is the sum of both reserves, ``distributable`` what is left for shares."""

    minimum_impartible: Decimal = answered("Mise en réserve impartageable, au moins", kind="money")
    legal_reserve: Decimal = answered("Dont réserve légale", kind="money")
    statutory_reserve: Decimal = answered("Dont réserve statutaire", kind="money")
    distributable: Decimal = answered("Peut aller aux parts sociales, au plus", kind="money")
    base: Decimal = answered("Excédent à affecter, pertes antérieures déduites", kind="money")
    share: Decimal = answered("Part mise en réserve", kind="share")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def scic_reserves(given: ScicReservesInput) -> ScicReserves:
    """The least that goes to reserves. Raises ``RuleError`` before 2001, or when the statutes ask too little."""
    reasons = Reasons(given.on)
    reasons.value("cooperatives.scic.law")
    legal_share = reasons.value("cooperatives.scic.legal_reserve")
    statutory_floor = reasons.value("cooperatives.scic.statutory_reserve")
    statutory_share = given.statutory_share
    if statutory_share is None:
        statutory_share = statutory_floor.decimal
    if statutory_share < statutory_floor.decimal:
        raise RuleError(
            f"Les statuts ne peuvent pas mettre en réserve moins de {statutory_floor.text} de ce qui reste après la "
            f"réserve légale (lu : {french_percent(statutory_share)} ; {told(statutory_floor)})."
        )
    base = max(given.surplus - given.losses, Decimal(0))
    if base == 0:
        reasons.say(
            "Il n’y a pas d’excédent à affecter : aucune mise en réserve n’est due pour cet exercice."
        )
    elif given.losses:
        reasons.say(
            f"Les pertes antérieures se comblent d’abord : {french_euros(given.surplus)} − "
            f"{french_euros(given.losses)} = {french_euros(base)} à affecter."
        )
    legal = _legal_reserve(base, legal_share.decimal, given, reasons)
    if base and legal:
        reasons.say(
            f"La réserve légale reçoit {legal_share.text} de l’excédent, tant que les réserves n’atteignent pas le "
            f"capital : {french_euros(legal)} ({told(legal_share)})."
        )
    rest = base - legal
    statutory = cents(rest * statutory_share)
    total = legal + statutory
    if base:
        reasons.say(
            f"La réserve statutaire reçoit {french_percent(statutory_share)} de ce qui reste, soit "
            f"{french_percent(statutory_share)} × {french_euros(rest)} = {french_euros(statutory)} "
            f"({told(statutory_floor)})."
        )
        reasons.say(
            f"En tout, {french_euros(total)} au moins vont à des réserves impartageables, soit "
            f"{french_percent((total / base).quantize(Decimal('0.0001')))} de l’excédent : les associés ne peuvent "
            "jamais se les partager, ni les incorporer au capital. Les statuts, ou l’assemblée, peuvent aller jusqu’à "
            "la totalité."
        )
    return ScicReserves(
        minimum_impartible=total,
        legal_reserve=legal,
        statutory_reserve=statutory,
        distributable=base - total,
        base=base,
        share=(total / base).quantize(Decimal("0.0001")) if base else Decimal(0),
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _legal_reserve(base: Decimal, share: Decimal, given: ScicReservesInput, reasons: Reasons) -> Decimal:
    legal = cents(base * share)
    if given.highest_capital is None or given.legal_reserve_balance is None:
        return legal
    missing = max(given.highest_capital - given.legal_reserve_balance, Decimal(0))
    if base and missing < legal:
        reasons.say(
            f"La réserve légale atteint {french_euros(given.legal_reserve_balance)} pour un capital de "
            f"{french_euros(given.highest_capital)} : il ne manque que {french_euros(missing)} pour qu’elle "
            f"soit pleine."
            if missing
            else f"La réserve légale ({french_euros(given.legal_reserve_balance)}) a atteint le capital "
            f"({french_euros(given.highest_capital)}) : elle ne reçoit plus rien, et la réserve statutaire porte sur "
            "tout l’excédent."
        )
    return min(legal, missing)


RULE = Rule("scic_reserves", "Scic : mise en réserve de l’excédent", ScicReservesInput, scic_reserves)
