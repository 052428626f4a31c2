"""Is the scheme for socially and ecologically responsible purchases (SPASER) compulsory?

Loi n° 2014-856 du 31 juillet 2014, art. 13, then code de la commande publique, art. L2111-3 and D2111-3.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.buyers import local_as
from essor.law.rules.schema import asked
from essor.law.wording import french_date, french_euros


class SpaserBuyer(Labelled):
    """Who buys."""

    LOCAL = "local_authority", "Collectivité territoriale ou groupement"
    STATUTORY = "statutory_buyer", "Autre acheteur dont le statut est fixé par la loi"
    STATE = "state", "État"
    OTHER = "other_buyer", "Autre acheteur soumis au code"


@dataclass(frozen=True, slots=True)
class SpaserInput:
    """The purchases of a year, without tax."""

    purchases: Decimal = asked("Achats d’une année, hors taxes", kind="money", minimum=0)
    on: date = asked("Jour")
    buyer: SpaserBuyer = asked("Acheteur", default=SpaserBuyer.LOCAL, read=local_as("local_authority"))


STATUS_WORDS = {"compulsory": "Schéma obligatoire", "voluntary": "Schéma facultatif"}


@dataclass(frozen=True, slots=True)
class Spaser:
    """``status`` is ``compulsory`` or ``voluntary``; ``threshold`` in euros a year."""

    compulsory: bool = answered("Schéma obligatoire")
    status: str = answered("Réponse", words=STATUS_WORDS)
    threshold: Decimal = answered("Seuil d’achats annuels", kind="money")
    obligations: tuple[Point, ...] = answered("Ce qu’il faut faire")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def spaser(given: SpaserInput) -> Spaser:
    """Compulsory or not on that day. Raises ``RuleError`` before February 2015."""
    reasons = Reasons(given.on)
    threshold = reasons.value("procurement.spaser.threshold")
    scope = reasons.value("procurement.spaser.scope")
    concerned = given.buyer.value in scope.items
    reached = given.purchases > threshold.decimal
    reasons.say(
        f"Le {french_date(given.on)}, le schéma est obligatoire au-dessus de {threshold.text} d’achats annuels "
        f"hors taxes "
        f"({told(threshold)})."
    )
    reasons.say(
        f"Les achats de l’année, {french_euros(given.purchases)}, "
        + ("dépassent ce seuil." if reached else "ne dépassent pas ce seuil.")
    )
    if not concerned:
        reasons.say(f"« {given.buyer.label} » n’est pas visé ce jour-là ({told(scope)}).")
    compulsory = reached and concerned
    reasons.say(
        "Le schéma est obligatoire."
        if compulsory
        else "Le schéma n’est pas obligatoire ; rien n’empêche de l’adopter de plein gré, avec les mêmes contenus."
    )
    _tell_next(given, compulsory, reasons)
    return Spaser(
        compulsory=compulsory,
        status="compulsory" if compulsory else "voluntary",
        threshold=threshold.decimal,
        obligations=tuple(_obligations(given, reasons)) if compulsory else (),
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _obligations(given: SpaserInput, reasons: Reasons) -> list[Point]:
    local = given.buyer is SpaserBuyer.LOCAL
    found = [Point("adopt", f"Adopter le schéma{' par délibération' if local else ''} et le publier.")]
    indicators = reasons.value_if_any("procurement.spaser.indicators")
    if indicators is not None:
        interval = reasons.value("procurement.spaser.publication_interval")
        found.append(
            Point(
                "indicators",
                "Y inscrire des indicateurs précis, en nombre de contrats ou en valeur, sur les achats socialement et "
                "écologiquement responsables, avec des cibles, notamment pour les entreprises solidaires "
                "d’utilité sociale "
                f"et celles qui emploient des personnes défavorisées ({told(indicators)}).",
            )
        )
        found.append(
            Point("publish", f"Publier les indicateurs au moins tous les {interval.text} ({told(interval)}).")
        )
    joint = reasons.value_if_any("procurement.spaser.joint")
    if joint is not None:
        found.append(
            Point(
                "joint",
                "Un schéma commun à plusieurs acheteurs est possible, avec des indicateurs pour chacun "
                f"({told(joint)}).",
            )
        )
    return found


def _tell_next(given: SpaserInput, compulsory: bool, reasons: Reasons) -> None:
    """A lower threshold already written in the law is worth knowing in advance."""
    if compulsory:
        return
    for later in law.history("procurement.spaser.threshold"):
        if later.valid_from > given.on and given.purchases > later.decimal:
            reasons.say(
                f"Il le devient le {french_date(later.valid_from)} : le seuil passe à {later.text} ({told(later)})."
            )
            return


RULE = Rule("spaser", "SPASER : obligatoire ou non", SpaserInput, spaser)
