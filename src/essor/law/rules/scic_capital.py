"""Capital of a Scic: the ceiling on what local authorities may hold together.

Loi n° 47-1775 du 10 septembre 1947, art. 19 septies: 20 % of the capital at first, 50 % since the law of 31 July 2014.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import CENT, Cited, Point, Reasons, Rule, told
from essor.law.rules.schema import asked
from essor.law.wording import french_date, french_euros, french_list, french_percent


class HolderKind(Labelled):
    """Who holds shares; the ceiling looks at the first ones only."""

    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    METROPOLE = "metropole", "Métropole"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    GROUPING = "grouping", "Autre groupement de collectivités (syndicat mixte…)"
    LOCAL_PUBLIC_BODY = "local_public_body", "Établissement public territorial"
    PUBLIC = "public", "Collectivité, groupement ou établissement public territorial"
    STATE = "state", "État ou établissement public national"
    EMPLOYEE = "employee", "Salarié ou salariée"
    PRODUCER = "producer", "Producteur de biens ou de services"
    BENEFICIARY = "beneficiary", "Bénéficiaire : usager, client, fournisseur, habitant…"
    VOLUNTEER = "volunteer", "Bénévole"
    ASSOCIATION = "association", "Association ou fondation"
    COMPANY = "company", "Entreprise"
    PERSON = "person", "Autre personne physique"
    OTHER = "other", "Autre"


CAPPED = frozenset(
    {
        HolderKind.COMMUNE,
        HolderKind.EPCI,
        HolderKind.METROPOLE,
        HolderKind.DEPARTEMENT,
        HolderKind.REGION,
        HolderKind.GROUPING,
        HolderKind.LOCAL_PUBLIC_BODY,
        HolderKind.PUBLIC,
    }
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A line of the capital table."""

    kind: HolderKind = asked("Nature")
    amount: Decimal = asked("Parts détenues, en euros", kind="money", minimum=0)
    name: str = asked("Nom", default="")


@dataclass(frozen=True, slots=True)
class ScicCapitalInput:
    """The capital table, on a day."""

    holders: tuple[Holder, ...] = asked("Associés")
    on: date = asked("Jour")


@dataclass(frozen=True, slots=True)
class ScicCapital:
    """``public_share`` is a part of 1, to the hundredth of a percent; ``cap`` is the legal ceiling of the day."""

    conform: bool = answered("Conforme")
    public_share: Decimal = answered("Part du secteur public local", kind="share")
    public_amount: Decimal = answered("Parts du secteur public local", kind="money")
    total: Decimal = answered("Capital", kind="money")
    cap: Decimal = answered("Plafond légal", kind="share")
    issues: tuple[Point, ...] = answered("À changer")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def scic_capital(given: ScicCapitalInput) -> ScicCapital:
    """Does the capital respect the public ceiling of that day, and what to change. Exact: nothing is rounded before
    the comparison. Raises ``RuleError`` before 2001.
    """
    reasons = Reasons(given.on)
    cap = reasons.value("cooperatives.scic.public_capital_cap")
    total = sum((holder.amount for holder in given.holders), Decimal(0))
    capped = [holder for holder in given.holders if holder.kind in CAPPED and holder.amount]
    public = sum((holder.amount for holder in capped), Decimal(0))
    share = public / total if total else Decimal(0)
    issues: list[Point] = []
    if not total:
        issues.append(Point("no_capital", "Le capital est nul : saisir les parts de chaque associé."))
    if total:
        reasons.say(
            f"Les collectivités, leurs groupements et les établissements publics territoriaux détiennent ensemble "
            f"{french_euros(public)} sur {french_euros(total)}, soit {_percent(share)} du capital"
            + (
                f" ({french_list([holder.name or holder.kind.label for holder in capped])})."
                if capped
                else "."
            )
        )
    reasons.say(
        f"Le {french_date(given.on)}, ils ne peuvent en détenir ensemble plus de {cap.text} ({told(cap)})."
    )
    if any(holder.kind is HolderKind.STATE for holder in given.holders):
        reasons.say(
            "L’État et ses établissements publics nationaux ne sont pas comptés : le plafond ne vise que le secteur "
            "public local (lecture à vérifier)."
        )
    if public > cap.decimal * total:
        issues += _remedies(public, total, cap.decimal)
        reasons.say("La répartition du capital n’est donc pas conforme.")
    elif total:
        margin = (cap.decimal * total - public) / (1 - cap.decimal)
        reasons.say(
            "La répartition du capital est conforme. Sans autre souscription, le secteur public local peut encore "
            f"apporter {french_euros(margin.quantize(CENT, rounding=ROUND_DOWN))}."
        )
    reasons.say(
        "Le capital ne donne pas le pouvoir : chaque associé a une voix, et le poids d’un collège ne suit pas "
        "ses parts."
    )
    reasons.value_if_any("cooperatives.scic.one_person_one_vote")
    return ScicCapital(
        conform=not issues,
        public_share=share.quantize(Decimal("0.0001")),
        public_amount=public,
        total=total,
        cap=cap.decimal,
        issues=tuple(issues),
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _percent(share: Decimal) -> str:
    return french_percent(share.quantize(Decimal("0.0001")))


def _remedies(public: Decimal, total: Decimal, cap: Decimal) -> list[Point]:
    """Both ways back under the ceiling: other members bring more, or public holders give up shares."""
    others = total - public
    bring = (public * (1 - cap) / cap - others).quantize(CENT, rounding=ROUND_UP)
    give_up = (public - cap / (1 - cap) * others).quantize(CENT, rounding=ROUND_UP)
    return [
        Point(
            "public_share_too_high",
            f"La part publique dépasse le plafond de {french_percent(cap)} : soit les autres associés apportent au "
            f"moins {french_euros(bring)} de plus, soit les collectivités se retirent à hauteur d’au moins "
            f"{french_euros(give_up)} (remboursement ou cession de parts aux autres associés).",
        )
    ]


RULE = Rule("scic_capital", "Scic : part des collectivités au capital", ScicCapitalInput, scic_capital)
