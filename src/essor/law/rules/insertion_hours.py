"""Hours of an insertion clause, and their full-time equivalents, either way.

Hours = amount without tax × labour share × insertion share ÷ hourly cost: the method of the facilitators of social
clauses, a practice and no rule of law.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import CENT, Cited, Reasons, Rule, told
from essor.law.rules.schema import RuleInputError, asked
from essor.law.wording import french_euros, french_number, french_percent


class Post(Labelled):
    """Whose full-time year counts."""

    LEGAL = "legal", "Durée légale du travail"
    ACI = "aci", "Atelier ou chantier d’insertion"
    EI = "ei", "Entreprise d’insertion"
    ETTI = "etti", "Entreprise de travail temporaire d’insertion"
    AI = "ai", "Association intermédiaire"


@dataclass(frozen=True, slots=True)
class InsertionHoursInput:
    """Give ``rate`` to know the hours, or ``hours`` to know the rate."""

    amount: Decimal = asked("Montant du marché, hors taxes", kind="money", minimum=0)
    labour_share: Decimal = asked("Part de la main-d’œuvre dans le montant", kind="share")
    hourly_cost: Decimal = asked("Coût horaire chargé, en euros", kind="money", minimum="0.01")
    rate: Decimal | None = asked("Part des heures réservée à l’insertion", kind="share", default=None)
    hours: Decimal | None = asked("Heures d’insertion voulues", default=None, minimum=0)
    post: Post = asked("Année de travail qui sert de mesure", default=Post.LEGAL)
    fte_hours: Decimal | None = asked(
        "Heures d’un équivalent temps plein, si autres", default=None, minimum=1
    )
    on: date | None = asked("Jour", default=None, help="Dernière valeur connue si rien n’est dit.")


@dataclass(frozen=True, slots=True)
class InsertionHours:
    """``hours`` and ``fte`` to the hundredth, ``rate`` a share of 1, ``labour_hours`` all the hours of the contract."""

    hours: Decimal = answered("Heures d’insertion", unit="heures")
    fte: Decimal = answered("Équivalents temps plein sur un an", unit="ETP")
    rate: Decimal = answered("Part d’insertion", kind="share")
    labour_hours: Decimal = answered("Heures de travail de tout le marché", unit="heures")
    fte_hours: Decimal = answered("Heures d’un équivalent temps plein", unit="heures")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def insertion_hours(given: InsertionHoursInput) -> InsertionHours:
    """Hours, rate and full-time equivalents; rounded half up, at the last step. Raises ``RuleInputError`` when neither
    or both of ``rate`` and ``hours`` are given, or when the contract holds fewer hours than wanted.
    """
    if (given.rate is None) == (given.hours is None):
        raise RuleInputError(["Donner soit « rate », soit « hours », et un seul des deux."])
    reasons = Reasons(given.on or _last_day_known(given.post))
    labour = given.amount * given.labour_share / given.hourly_cost
    reasons.say(
        f"Le marché représente {french_number(_two(labour))} heures de travail : {french_euros(given.amount)} × "
        f"{french_percent(given.labour_share)} de main-d’œuvre ÷ {french_euros(given.hourly_cost)} de l’heure."
    )
    hours, rate = _hours_and_rate(given, labour, reasons)
    method = reasons.value_if_any("insertion.formula")
    usual = reasons.value_if_any("insertion.clause.usual_share")
    if method and usual:
        reasons.say(
            f"La méthode et la part usuelle ({usual.text}, et jusqu’à 20 % selon le marché) viennent de "
            f"l’usage, non du "
            "droit : la part se fixe avec le facilitateur, selon l’offre d’insertion du territoire."
        )
    fte_hours = given.fte_hours
    if fte_hours is None:
        year = reasons.value(f"insertion.fte.hours.{given.post.value}")
        fte_hours = year.decimal
        label = given.post.label[:1].lower() + given.post.label[1:]
        basis = f"{year.text} par an, {label} ; {told(year)}"
    else:
        basis = f"{french_number(fte_hours)} heures par an, valeur donnée"
    fte = _two(hours / fte_hours)
    reasons.say(
        f"Soit {french_number(fte)} {'équivalents' if fte >= 2 else 'équivalent'} temps plein sur un an ({basis})."
    )
    return InsertionHours(
        hours=_two(hours),
        fte=fte,
        rate=rate,
        labour_hours=_two(labour),
        fte_hours=fte_hours,
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _hours_and_rate(given: InsertionHoursInput, labour: Decimal, reasons: Reasons) -> tuple[Decimal, Decimal]:
    if given.rate is not None:
        hours = labour * given.rate
        reasons.say(
            f"La part d’insertion de {french_percent(given.rate)} en réserve {french_number(_two(hours))} heures."
        )
        return hours, given.rate
    hours = given.hours or Decimal(0)
    if hours > labour:
        raise RuleInputError(
            [
                f"hours : {french_number(hours)} heures voulues, pour {french_number(_two(labour))} heures de travail "
                "dans tout le marché. Réduire les heures, ou revoir le coût horaire et la part de main-d’œuvre."
            ]
        )
    rate = (hours / labour).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP) if labour else Decimal(0)
    reasons.say(f"{french_number(hours)} heures d’insertion en font {french_percent(rate)}.")
    return hours, rate


def _last_day_known(post: Post) -> date:
    used = (f"insertion.fte.hours.{post.value}", "insertion.formula", "insertion.clause.usual_share")
    return max(law.history(identifier)[-1].valid_from for identifier in used)


def _two(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


RULE = Rule(
    "insertion_hours",
    "Clause d’insertion : heures et équivalents temps plein",
    InsertionHoursInput,
    insertion_hours,
)
