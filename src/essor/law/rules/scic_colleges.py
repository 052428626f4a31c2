"""Colleges and member categories of a Scic.

Loi n° 47-1775 du 10 septembre 1947, art. 19 septies (categories of members) and 19 octies (colleges).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.law import parameters as law
from essor.law.rules.answer import answered
from essor.law.rules.base import Cited, Point, Reasons, Rule, told
from essor.law.rules.schema import asked
from essor.law.wording import french_date, french_list, french_number, french_percent

# The law names these categories; the words are those that statutes use. Any other word is a category of its own.
_NAMED = {
    "employees": ("employee", "salarie", "salaries", "salariees", "salarie-e-s", "travailleurs"),
    "producers": ("producer", "producteur", "producteurs"),
    "beneficiaries": (
        "beneficiary",
        "beneficiaire",
        "beneficiaires",
        "usager",
        "usagers",
        "client",
        "clients",
        "fournisseurs",
        "habitants",
        "users",
    ),
}
_LABELS = {
    "employees": "salariés",
    "producers": "producteurs",
    "beneficiaries": "bénéficiaires",
    "employees_or_producers": "salariés (à défaut, producteurs)",
}
CATEGORY_WORDS = {code: label for code, label in _LABELS.items() if code != "employees_or_producers"}


@dataclass(frozen=True, slots=True)
class College:
    """A line of the table. The weight is a share (0.3) or a percentage (30): the sum tells which."""

    weight: Decimal = asked(
        "Poids dans les votes", help="En pourcentage (30), ou en part (0,3) : pareil pour tous.", minimum=0
    )
    name: str = asked("Nom", default="")
    categories: tuple[str, ...] = asked(
        "Catégories d’associés du collège",
        help="Celles que la loi nomme, et toute autre des statuts.",
        default=(),
        suggested=CATEGORY_WORDS,
    )


@dataclass(frozen=True, slots=True)
class ScicCollegesInput:
    """The colleges, or none (they are optional): the categories of members are then given apart."""

    on: date = asked("Jour")
    colleges: tuple[College, ...] = asked("Collèges", default=())
    categories: tuple[str, ...] = asked(
        "Catégories d’associés, si les statuts n’ont pas de collège", default=(), suggested=CATEGORY_WORDS
    )


@dataclass(frozen=True, slots=True)
class ScicColleges:
    """``weights`` are shares in the order given; ``categories`` are the distinct ones, in the order met."""

    conform: bool = answered("Conforme")
    issues: tuple[Point, ...] = answered("À changer")
    weights: tuple[Decimal, ...] = answered("Poids des collèges", kind="share")
    categories: tuple[str, ...] = answered("Catégories d’associés", words=CATEGORY_WORDS)
    explanation: tuple[str, ...] = answered("Explication")
    references: tuple[Cited, ...] = answered("Textes cités")


def category_code(words: str) -> str:
    """The code of a category named by the law, else the word itself, without accents nor capitals."""
    plain = unicodedata.normalize("NFKD", words.strip().lower()).encode("ascii", "ignore").decode()
    for code, names in _NAMED.items():
        if plain == code or plain in names:
            return code
    return plain


def scic_colleges(given: ScicCollegesInput) -> ScicColleges:
    """Are colleges and categories conform on that day, and what to change. Raises ``RuleError`` before 2001."""
    reasons = Reasons(given.on)
    reasons.value("cooperatives.scic.law")
    words = [*given.categories, *(word for college in given.colleges for word in college.categories)]
    categories = tuple(dict.fromkeys(category_code(word) for word in words if word.strip()))
    issues = _category_issues(categories, reasons)
    weights: tuple[Decimal, ...] = ()
    if given.colleges:
        found, weights = _college_issues(given.colleges, reasons)
        issues += found
    else:
        reasons.say("Les statuts n’ont pas de collège : chaque associé a une voix à l’assemblée.")
    one_vote = reasons.value("cooperatives.scic.one_person_one_vote")
    if given.colleges:
        reasons.say(
            "Dans chaque collège, un associé a une voix ; le poids d’un collège ne peut pas se régler sur le capital "
            f"qu’il apporte ({told(one_vote)})."
        )
    reasons.say(
        "L’organisation est conforme."
        if not issues
        else "L’organisation n’est pas conforme : voir ce qui est à changer."
    )
    return ScicColleges(
        conform=not issues,
        issues=tuple(issues),
        weights=weights,
        categories=categories,
        explanation=reasons.explanation,
        references=reasons.references,
    )


def _category_issues(categories: Sequence[str], reasons: Reasons) -> list[Point]:
    minimum = reasons.value("cooperatives.scic.member_categories.minimum")
    required = reasons.value("cooperatives.scic.member_categories.required")
    names = [_LABELS.get(code, code) for code in categories]
    wanted = [_LABELS[str(code)] for code in required.items]
    reasons.say(
        f"Une Scic réunit au moins {french_number(minimum.decimal)} catégories d’associés ({told(minimum)}), dont "
        f"celles-ci le {french_date(reasons.on)} : {french_list(wanted)} ({told(required)})."
    )
    reasons.say(
        f"Catégories lues ({len(categories)}) : {french_list(names)}."
        if categories
        else "Aucune catégorie d’associés n’est donnée."
    )
    issues = []
    if len(categories) < minimum.decimal:
        missing = int(minimum.decimal) - len(categories)
        issues.append(
            Point(
                "too_few_categories",
                f"Il faut au moins {french_number(minimum.decimal)} catégories d’associés : en ajouter {missing}.",
            )
        )
    found = set(categories)
    for code in map(str, required.items):
        accepted = {"employees", "producers"} if code == "employees_or_producers" else {code}
        if not accepted & found:
            issues.append(
                Point(
                    f"missing_{code}",
                    f"Il manque une catégorie obligatoire d’associés : {_LABELS[code]}. La Scic doit en compter.",
                )
            )
    return issues


def _college_issues(colleges: Sequence[College], reasons: Reasons) -> tuple[list[Point], tuple[Decimal, ...]]:
    minimum = reasons.value("cooperatives.scic.colleges")
    least = reasons.value("cooperatives.scic.college.min")
    most = reasons.value("cooperatives.scic.college.max")
    total = sum((college.weight for college in colleges), Decimal(0))
    weights, summed = _as_shares(colleges, total)
    issues: list[Point] = []
    reasons.say(
        f"Les collèges sont facultatifs ; s’il y en a, ils sont au moins {french_number(minimum.decimal)} "
        f"({told(minimum)}). Lus : {len(colleges)}."
    )
    reasons.say(
        f"Chaque collège pèse de {least.text} à {most.text} des votes ({told(least)}) : "
        + french_list(
            [
                f"{_name(c, n)} {_percent(w)}"
                for n, (c, w) in enumerate(zip(colleges, weights, strict=True), 1)
            ]
        )
        + "."
    )
    if len(colleges) < minimum.decimal:
        issues.append(
            Point(
                "too_few_colleges", f"Il faut au moins {french_number(minimum.decimal)} collèges, ou aucun."
            )
        )
    if not summed:
        issues.append(
            Point(
                "weights_do_not_sum",
                f"Les poids doivent faire 100 % en tout (lu : {french_number(total)}) : les corriger.",
            )
        )
    for number, (college, weight) in enumerate(zip(colleges, weights, strict=True), 1):
        issues += _weight_issues(_name(college, number), weight, least, most)
    return issues, weights


def _weight_issues(name: str, weight: Decimal, least: law.LegalValue, most: law.LegalValue) -> list[Point]:
    if weight < least.decimal:
        return [
            Point(
                "college_too_light",
                f"Le collège « {name} » pèse {_percent(weight)} : le porter à {least.text} au moins, ou le réunir à "
                "un autre.",
            )
        ]
    if weight > most.decimal:
        return [
            Point(
                "college_too_heavy",
                f"Le collège « {name} » pèse {_percent(weight)} : le ramener à {most.text} au plus, pour qu’aucun "
                "ne décide seul.",
            )
        ]
    return []


def _as_shares(colleges: Sequence[College], total: Decimal) -> tuple[tuple[Decimal, ...], bool]:
    """The weights as shares of 1, and whether they make a whole. Rounded weights (33.33 %) are accepted."""
    percent = total > 2
    scale = Decimal(100) if percent else Decimal(1)
    tolerance = Decimal("0.001")
    return tuple(college.weight / scale for college in colleges), abs(total / scale - 1) <= tolerance


def _name(college: College, number: int) -> str:
    return college.name or f"n° {number}"


def _percent(share: Decimal) -> str:
    return french_percent(share.quantize(Decimal("0.0001")))


RULE = Rule("scic_colleges", "Scic : collèges et catégories d’associés", ScicCollegesInput, scic_colleges)
