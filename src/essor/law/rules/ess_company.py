"""Does a commercial company meet the conditions that make it an enterprise of the ESS?

Loi n° 2014-856 du 31 juillet 2014, art. 1er, I and II, 2°. All conditions are cumulative: one not met is enough to say
no; one not known leaves the answer open. Shares of the profit are computed from the accounts.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.labelled import Labelled
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.schema import asked
from essor.law.wording import french_euros, french_percent

_ARTICLE = "loi n° 2014-856 du 31 juillet 2014, art. 1er"


class State(Labelled):
    """What is known of a condition."""

    MET = "met", "Remplie"
    NOT_MET = "not_met", "Non remplie"
    UNKNOWN = "unknown", "Inconnue"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, as shown and kept."""

    code: str = answered("Code")
    label: str = answered("Condition")
    state: State = answered("État")
    text: str = answered("Pourquoi")


@dataclass(frozen=True, slots=True)
class EssCompanyInput:
    """What the statutes and the accounts say. An answer left out is unknown."""

    on: date = asked("Jour")
    purpose: bool | None = asked("But autre que le seul partage des bénéfices", default=None)
    governance: bool | None = asked("Gouvernance démocratique, prévue par les statuts", default=None)
    profits_kept: bool | None = asked("Bénéfices consacrés en majorité à l’activité", default=None)
    reserves_locked: bool | None = asked("Réserves obligatoires impartageables", default=None)
    liquidation: bool | None = asked("Boni de liquidation versé à une autre structure de l’ESS", default=None)
    utility: bool | None = asked("Recherche d’une utilité sociale", default=None)
    no_amortisation: bool | None = asked("Ni amortissement ni réduction du capital sans pertes", default=None)
    statutes: bool | None = asked("Ces règles sont dans les statuts", default=None)
    profit: Decimal | None = asked(
        "Bénéfice de l’exercice, pertes antérieures déduites", kind="money", default=None
    )
    to_dev_fund: Decimal | None = asked(
        "Affecté au fonds de développement", kind="money", default=None, minimum=0
    )
    to_reserves: Decimal | None = asked(
        "Affecté au report bénéficiaire et aux réserves obligatoires", kind="money", default=None, minimum=0
    )
    capital: Decimal | None = asked("Capital social", kind="money", default=None, minimum=0)
    reserves: Decimal | None = asked("Réserves déjà constituées", kind="money", default=None, minimum=0)


STATUS_WORDS = {
    "conform": "Conditions remplies",
    "not_conform": "Conditions non remplies",
    "to_check": "Il manque des réponses",
}


@dataclass(frozen=True, slots=True)
class EssCompany:
    """``status``: ``conform``, ``not_conform`` or ``to_check``."""

    conform: bool = answered("Toutes les conditions sont remplies")
    status: str = answered("Réponse", words=STATUS_WORDS)
    conditions: tuple[Condition, ...] = answered("Conditions")
    issues: tuple[Point, ...] = answered("À faire")
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


_ASKED = (
    ("purpose", "But autre que le seul partage des bénéfices", "I, 1°"),
    ("governance", "Gouvernance démocratique, qui ne dépend pas du seul capital", "I, 2°"),
    ("profits_kept", "Bénéfices consacrés en majorité à l’activité", "I, 3°, a"),
    ("reserves_locked", "Réserves obligatoires impartageables", "I, 3°, b"),
    ("liquidation", "Boni de liquidation versé à une autre structure de l’ESS", "I"),
)


def ess_company(given: EssCompanyInput) -> EssCompany:
    """The conditions, one by one. Raises ``RuleError`` before the law of 31 July 2014."""
    reasons = Reasons(given.on)
    reasons.value("ess.art1.conditions")
    conditions = [
        condition(code, label, getattr(given, code), f"{_ARTICLE}, {place}") for code, label, place in _ASKED
    ]
    for code, label, identifier in (
        ("utility", "Recherche d’une utilité sociale", "ess.utility"),
        (
            "no_amortisation",
            "Ni amortissement ni réduction du capital que des pertes ne motivent pas",
            "ess.company.capital",
        ),
        ("statutes", "Règles écrites dans les statuts", "ess.company.statutes"),
    ):
        text = reasons.value_if_any(identifier)
        if text is not None:
            conditions.append(condition(code, label, getattr(given, code), told(text)))
    conditions += _funds(given, reasons)
    return _conclude(conditions, reasons)


def condition(code: str, label: str, answer: bool | None, basis: str) -> Condition:
    """A condition known by an answer: yes, no, or none."""
    state = {True: State.MET, False: State.NOT_MET, None: State.UNKNOWN}[answer]
    return Condition(code, label, state, f"{label} : {state.label.lower()} ({basis}).")


def _funds(given: EssCompanyInput, reasons: Reasons) -> list[Condition]:
    found = []
    fund = reasons.value_if_any("ess.company.dev_fund")
    if fund is not None:
        limit = reasons.value("ess.company.dev_fund_limit")
        full = (
            bool(given.capital)
            and given.reserves is not None
            and given.reserves >= limit.decimal * (given.capital or Decimal(0))
        )
        label = "Fonds de développement"
        if full:
            text = (
                f"{label} : l’affectation n’est plus obligatoire, les réserves "
                f"({french_euros(given.reserves or Decimal(0))}) "
                f"atteignent {limit.text} du capital ({told(limit)})."
            )
            found.append(Condition("dev_fund", label, State.MET, text))
        else:
            found.append(_share("dev_fund", label, given.to_dev_fund, given.profit, fund))
    kept = reasons.value_if_any("ess.company.reserves")
    if kept is not None:
        label = "Report bénéficiaire et réserves obligatoires"
        found.append(_share("reserves", label, given.to_reserves, given.profit, kept))
    return found


def _share(
    code: str, label: str, part: Decimal | None, profit: Decimal | None, legal: law.LegalValue
) -> Condition:
    """A part of the profit against the minimum of the day; no profit, nothing due. Compared before any rounding."""
    if profit is not None and profit <= 0:
        return Condition(
            code, label, State.MET, f"{label} : rien à affecter, l’exercice n’a pas de bénéfice."
        )
    if profit is None or part is None:
        return Condition(
            code,
            label,
            State.UNKNOWN,
            f"{label} : {legal.text} au moins du bénéfice ({told(legal)}) ; montants inconnus.",
        )
    met = part >= legal.decimal * profit
    text = (
        f"{label} : {french_euros(part)} sur {french_euros(profit)} de bénéfice, soit "
        f"{french_percent((part / profit).quantize(Decimal('0.0001')))}, pour {legal.text} au moins ({told(legal)})."
    )
    if not met:
        text += f" Y ajouter {french_euros(legal.decimal * profit - part)}."
    return Condition(code, label, State.MET if met else State.NOT_MET, text)


def _conclude(conditions: list[Condition], reasons: Reasons) -> EssCompany:
    states = {item.state for item in conditions}
    for item in conditions:
        reasons.say(item.text)
    if State.NOT_MET in states:
        status, words = (
            "not_conform",
            "Une condition au moins n’est pas remplie : elles doivent l’être toutes.",
        )
    elif State.UNKNOWN in states:
        status, words = (
            "to_check",
            "Rien n’exclut que la société relève de l’ESS, mais des réponses manquent.",
        )
    else:
        status = "conform"
        words = (
            "La société remplit toutes les conditions : elle peut demander la mention « entreprise de "
            "l’économie sociale et "
            "solidaire » au registre du commerce et des sociétés."
        )
    reasons.say(words)
    return EssCompany(
        conform=status == "conform",
        status=status,
        conditions=tuple(conditions),
        issues=tuple(Point(item.code, item.text) for item in conditions if item.state is State.NOT_MET),
        explanation=reasons.explanation,
        references=reasons.references,
    )


RULE = Rule("ess_company", "Société commerciale de l’ESS : les conditions", EssCompanyInput, ess_company)
