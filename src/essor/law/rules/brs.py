"""Bail réel solidaire: what a household pays each month, against buying land and walls on the market.

Code de la construction et de l'habitation, art. L255-1 and following. The land fee is set by the organisme de foncier
solidaire: no ceiling in euros stands in the law. A simulation, at constant monthly payments, without insurance, taxes
nor fees.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, cents, told
from essor.law.rules.schema import asked
from essor.law.wording import french_euros, french_number, french_percent


@dataclass(frozen=True, slots=True)
class BrsInput:
    """A dwelling. Prices in euros a square metre, the fee in euros a square metre a month, the rate a share a year."""

    surface: Decimal = asked("Surface, en mètres carrés", minimum=1, maximum=10_000)
    fee: Decimal = asked("Redevance, en euros par mètre carré et par mois", minimum=0, maximum=1000)
    price: Decimal = asked("Prix en bail réel solidaire, en euros par mètre carré", kind="money", minimum=0)
    market_price: Decimal = asked("Prix du marché, en euros par mètre carré", kind="money", minimum=1)
    on: date = asked("Jour")
    loan_years: int = asked("Durée du prêt, en années", default=25, minimum=1, maximum=40)
    loan_rate: Decimal = asked("Taux annuel du prêt", kind="share", default=Decimal("0.035"))
    contribution: Decimal = asked("Apport du ménage", kind="money", default=Decimal(0), minimum=0)
    lease_years: int = asked("Durée du bail, en années", default=99, minimum=1, maximum=999)
    yearly_revaluation: Decimal = asked(
        "Revalorisation annuelle du prix de revente", kind="share", default=Decimal("0.01")
    )
    resale_after: int = asked("Revente après, en années", default=10, minimum=0, maximum=99)


@dataclass(frozen=True, slots=True)
class Brs:
    """Euros; ``discount`` and ``saving_share`` are shares of 1. Monthly figures hold while the loan runs."""

    monthly_fee: Decimal = answered("Redevance, par mois", kind="money")
    monthly_loan: Decimal = answered("Prêt, par mois", kind="money")
    monthly_total: Decimal = answered("Total par mois en bail réel solidaire", kind="money")
    market_monthly: Decimal = answered("Par mois en achetant sur le marché", kind="money")
    monthly_saving: Decimal = answered("Économie par mois", kind="money")
    discount: Decimal = answered("Décote sur le prix du marché", kind="share")
    price: Decimal = answered("Prix en bail réel solidaire", kind="money")
    market_price: Decimal = answered("Prix du marché", kind="money")
    resale_price: Decimal = answered("Prix de revente, au plus", kind="money")
    issues: tuple[Point, ...] = answered("À corriger")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def brs(given: BrsInput) -> Brs:
    """Monthly cost, discount and resale price, rounded to the cent at the end. Raises ``RuleError`` before "
    "July 2016."""
    reasons = Reasons(given.on)
    shortest, longest = reasons.value("brs.lease.min"), reasons.value("brs.lease.max")
    price, market = cents(given.price * given.surface), cents(given.market_price * given.surface)
    fee = cents(given.fee * given.surface)
    loan = monthly_payment(max(price - given.contribution, Decimal(0)), given.loan_rate, given.loan_years)
    whole = monthly_payment(max(market - given.contribution, Decimal(0)), given.loan_rate, given.loan_years)
    total = fee + loan
    discount = (1 - price / market).quantize(Decimal("0.0001"))
    resale = cents(price * (1 + given.yearly_revaluation) ** given.resale_after)
    reasons.say(
        f"Le logement de {french_number(given.surface)} m² coûte {french_euros(price)} en bail réel solidaire, et "
        f"{french_euros(market)} sur le marché : {french_percent(discount)} de moins."
        if discount >= 0
        else f"Le logement coûte {french_euros(price)} en bail réel solidaire, plus que les "
        f"{french_euros(market)} du marché."
    )
    reasons.say(
        f"Chaque mois : {french_euros(loan)} de prêt (sur {given.loan_years} ans à "
        f"{french_percent(given.loan_rate)}) et "
        f"{french_euros(fee)} de redevance ({_unit(given.fee)} par mètre carré), soit {french_euros(total)} ; "
        f"en achetant "
        f"sur le marché, {french_euros(whole)}."
    )
    set_by = reasons.value_if_any("brs.fee")
    if set_by is not None:
        reasons.say(
            "La redevance est fixée par l’organisme de foncier solidaire : c’est un choix local, sans plafond "
            "légal en euros "
            f"({told(set_by)})."
        )
    reasons.say(
        "Le ménage achète les murs, sa résidence principale, sous conditions de ressources ; le terrain reste à "
        "l’organisme, "
        f"et la revente est encadrée : après {given.resale_after} ans, à "
        f"{french_percent(given.yearly_revaluation)} par an, "
        f"{french_euros(resale)} au plus selon les clauses du bail."
    )
    reasons.say(
        "Simulation sans assurance, taxes, frais de notaire ni charges ; la redevance reste due une fois le prêt "
        "remboursé."
    )
    return Brs(
        monthly_fee=fee,
        monthly_loan=loan,
        monthly_total=total,
        market_monthly=whole,
        monthly_saving=whole - total,
        discount=discount,
        price=price,
        market_price=market,
        resale_price=resale,
        issues=_issues(given, total >= whole, (shortest.decimal, longest.decimal), told(longest)),
        explanation=reasons.explanation,
        references=reasons.references,
    )


def monthly_payment(capital: Decimal, yearly_rate: Decimal, years: int) -> Decimal:
    """The constant payment, to the cent, that repays a loan; a loan without interest is repaid in equal parts."""
    months = years * 12
    rate = yearly_rate / 12
    if rate == 0:
        return cents(capital / months)
    return cents(capital * rate / (1 - (1 + rate) ** -months))


def _unit(fee: Decimal) -> str:
    return f"{french_number(fee)}\u00a0€"


def _issues(given: BrsInput, dearer: bool, bounds: tuple[Decimal, Decimal], text: str) -> tuple[Point, ...]:
    found = []
    if not bounds[0] <= given.lease_years <= bounds[1]:
        found.append(
            Point(
                "lease_years",
                f"Le bail dure de {french_number(bounds[0])} à {french_number(bounds[1])} ans ({text}) ; lu : "
                f"{given.lease_years} ans.",
            )
        )
    if dearer:
        found.append(
            Point(
                "no_saving",
                "Le ménage ne paierait pas moins chaque mois qu’en achetant sur le marché : baisser la "
                "redevance ou le prix.",
            )
        )
    return tuple(found)


RULE = Rule("brs", "Bail réel solidaire : coût pour un ménage", BrsInput, brs)
