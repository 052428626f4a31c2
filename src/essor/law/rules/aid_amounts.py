"""What an aid weighs: the gross grant equivalent of loans and guarantees, in proportion of the ceiling.

Règlements (UE) n° 1407/2013 and 2023/2831, art. 4, § 3 and § 6: a loan of 1 500 000 € over five years, or 750 000 €
over ten, weighs the whole ceiling of the general regime; a smaller or shorter one weighs less, in proportion. The other
regimes have the same proportions for their own ceilings (3 750 000 € for 750 000 €, 250 000 € for 50 000 €).
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.base import CENT, Reasons, told
from essor.law.rules.schema import RuleInputError, asked
from essor.law.wording import french_date, french_euros, french_number, french_percent

_FIVE, _TEN = Decimal(5), Decimal(10)


class Regime(Labelled):
    """Under which text an aid is granted."""

    GENERAL = "general", "De minimis, régime général"
    ROAD_FREIGHT = "road_freight", "De minimis, transport routier de marchandises"
    SIEG = "sieg", "De minimis, service d’intérêt économique général"
    AGRICULTURE = "agriculture", "De minimis, production agricole primaire"
    FISHERIES = "fisheries", "De minimis, pêche et aquaculture"
    RGEC = "rgec", "Règlement général d’exemption par catégorie"
    SIEG_DECISION = "sieg_decision", "Compensation de service public (décision SIEG)"
    NOTIFIED = "notified", "Aide notifiée à la Commission"


class Instrument(Labelled):
    """How an aid is given."""

    GRANT = "grant", "Subvention"
    IN_KIND = "in_kind", "Aide en nature, à sa valeur"
    LOAN = "loan", "Prêt ou avance remboursable"
    GUARANTEE = "guarantee", "Garantie"


@dataclass(frozen=True, slots=True)
class Aid:
    """An aid received. For a loan or a guarantee, ``amount`` is what is lent or guaranteed."""

    amount: Decimal = asked("Montant", kind="money", minimum=0)
    granted_on: date = asked(
        "Jour de l’octroi", help="Jour où le droit à l’aide est acquis, non celui du paiement."
    )
    regime: Regime = asked("Régime", default=Regime.GENERAL)
    undertaking: str = asked("Entreprise", default="", help="L’entreprise examinée si rien n’est dit.")
    instrument: Instrument = asked("Forme", default=Instrument.GRANT)
    years: Decimal | None = asked("Durée du prêt ou de la garantie, en années", default=None, minimum=0)
    collateral: Decimal | None = asked("Part du prêt couverte par des sûretés", kind="share", default=None)
    guaranteed_share: Decimal | None = asked("Part du prêt garantie", kind="share", default=None)
    gross_grant_equivalent: Decimal | None = asked(
        "Équivalent-subvention brut, s’il est connu", kind="money", default=None, minimum=0
    )
    authority: str = asked("Qui l’a octroyée", default="")


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Up to where the simple proportion holds, for the regime of the aid on the day of its grant."""

    ceiling: Decimal
    five_years: Decimal
    ten_years: Decimal
    share: Decimal
    text: law.LegalValue


def weight(aid: Aid, reasons: Reasons) -> Decimal:
    """Gross grant equivalent of an aid, rounded up to the cent, told when it is computed.

    Raises ``RuleInputError`` when the simple proportion does not apply and the equivalent is not given.
    """
    if aid.gross_grant_equivalent is not None:
        return aid.gross_grant_equivalent
    if aid.instrument in (Instrument.GRANT, Instrument.IN_KIND):
        return aid.amount
    bounds = _bounds(aid)
    years = aid.years
    if years is None or not _within(aid, years, bounds):
        raise RuleInputError([_needs_computation(aid, bounds)])
    exact = bounds.ceiling * aid.amount * years / (bounds.five_years * _FIVE)
    result = exact.quantize(CENT, rounding=ROUND_UP)
    reasons.cite(bounds.text.reference, bounds.text.certainty, bounds.text.note)
    reasons.say(
        f"{aid.instrument.label} de {french_euros(aid.amount)} sur {french_number(years)} ans, du "
        f"{french_date(aid.granted_on)} : équivalent-subvention brut de {french_euros(result)}, en proportion de "
        f"{french_euros(bounds.five_years)} sur cinq ans qui pèsent le plafond de {french_euros(bounds.ceiling)} "
        f"({told(bounds.text)})."
    )
    return result


def _bounds(aid: Aid) -> _Bounds:
    loan = aid.instrument is Instrument.LOAN
    part = f"state_aid.de_minimis.{'loan' if loan else 'guarantee'}.safe_harbour"
    small = _at(f"{part}.amount_5y", aid)
    ceiling = _at(f"state_aid.de_minimis.{aid.regime.value}", aid).decimal
    scale = ceiling / _at("state_aid.de_minimis.general", aid).decimal
    return _Bounds(
        ceiling=ceiling,
        five_years=small.decimal * scale,
        ten_years=_at(f"{part}.amount_10y", aid).decimal * scale,
        share=_at(f"{part}.{'collateral' if loan else 'share'}", aid).decimal,
        text=small,
    )


def _at(identifier: str, aid: Aid) -> law.LegalValue:
    try:
        return law.value(identifier, aid.granted_on)
    except law.NotInForceError as error:
        raise RuleInputError(
            [f"Aide du {french_date(aid.granted_on)} : {error} Renseigner « gross_grant_equivalent »."]
        ) from None


def _within(aid: Aid, years: Decimal, bounds: _Bounds) -> bool:
    in_size = (aid.amount <= bounds.five_years and years <= _FIVE) or (
        aid.amount <= bounds.ten_years and years <= _TEN
    )
    if aid.instrument is Instrument.LOAN:
        return in_size and aid.collateral is not None and aid.collateral >= bounds.share
    return in_size and aid.guaranteed_share is not None and aid.guaranteed_share <= bounds.share


def _needs_computation(aid: Aid, bounds: _Bounds) -> str:
    condition = (
        f"des sûretés sur {french_percent(bounds.share)} au moins (« collateral »)"
        if aid.instrument is Instrument.LOAN
        else f"une garantie de {french_percent(bounds.share)} du prêt au plus (« guaranteed_share »)"
    )
    return (
        f"{aid.instrument.label} de {french_euros(aid.amount)} du {french_date(aid.granted_on)} : le calcul simple "
        f"demande au plus {french_euros(bounds.five_years)} sur cinq ans ou {french_euros(bounds.ten_years)} "
        f"sur dix ans "
        f"(« years »), et {condition}. Sinon, renseigner « gross_grant_equivalent », calculé avec les taux de "
        f"référence "
        "de la Commission."
    )
