"""What the qualification reads and what it answers: value objects, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from essor.registry.enums import Answer, Certainty, ConditionState, EsusBasis, Family, Tag, Verdict


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from, in words, and the day it was true or read."""

    source: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class EsusAgreement:
    """An Esus agreement. Half-open: ``valid_to`` is the first day it no longer holds; None where unknown."""

    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """True on the days of the agreement; an unknown bound never closes it."""
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Answers:
    """What an organisation says of itself (art. 1 of the law of 31 July 2014). Shares are decimals (0.2 = 20
    %).

    ``management`` answers for the third condition as a whole; the fields below it are its details, and a
    detail answered « no » prevails over it.
    """

    purpose: Answer = Answer.UNKNOWN
    governance: Answer = Answer.UNKNOWN
    management: Answer = Answer.UNKNOWN
    profits_kept: Answer = Answer.UNKNOWN
    reserves_locked: Answer = Answer.UNKNOWN
    liquidation: Answer = Answer.UNKNOWN
    dev_fund_share: Decimal | None = None
    dev_fund_full: Answer = Answer.UNKNOWN
    reserves_share: Decimal | None = None
    no_amortisation: Answer = Answer.UNKNOWN
    utility: Answer = Answer.UNKNOWN
    statutes: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """Everything known of one legal unit, in the codes of SIRENE.

    ``activity`` is a code of ``activity_nomenclature`` (only « NAFRev2 » is compared with the perimeter);
    ``ess_flag`` « O », « N » or None; ``state`` « A » (active) or « C » (closed); ``markers`` come from
    directories (insertion structures, Scop, Scic…) ; ``form_words`` replaces the label of the category in
    explanations; ``provenance`` gives the source of a fact by the code of the condition it feeds, where the
    default is not right.
    """

    siren: str | None = None
    legal_category: str | None = None
    activity: str | None = None
    activity_nomenclature: str | None = "NAFRev2"
    ess_flag: str | None = None
    on_ess_france_list: bool | None = None
    esus: EsusAgreement | None = None
    markers: frozenset[Tag] = frozenset()
    state: str | None = None
    listed: Answer = Answer.UNKNOWN
    answers: Answers | None = None
    form_words: str | None = None
    provenance: Mapping[str, Provenance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the qualification, as shown and kept with the verdict.

    ``certainty`` is that of the rule (how sure we are of the text); ``source`` is that of the fact.
    ``parent`` is the code of the condition this one details.
    """

    code: str
    label: str
    state: ConditionState
    explanation: str
    reference: str
    certainty: Certainty
    source: str
    source_date: date | None = None
    value: str | None = None
    legal_value: str | None = None
    parent: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, the one that is kept and published."""
        return {
            "code": self.code,
            "label": self.label,
            "state": str(self.state.value),
            "explanation": self.explanation,
            "reference": self.reference,
            "certainty": str(self.certainty.value),
            "source": self.source,
            "source_date": self.source_date.isoformat() if self.source_date else None,
            "value": self.value,
            "legal_value": self.legal_value,
            "parent": self.parent,
        }


@dataclass(frozen=True, slots=True)
class Qualification:
    """The answer: verdict, family, marks, and why. ``next_steps`` says in French what is to be done."""

    siren: str | None
    on: date
    perimeter: str
    verdict: Verdict
    family: Family | None
    tags: tuple[Tag, ...]
    esus: EsusBasis
    reason: str
    conditions: tuple[Condition, ...]
    next_steps: tuple[str, ...] = ()

    def condition(self, code: str) -> Condition | None:
        """The condition of this code, None when it was not looked at."""
        return next((condition for condition in self.conditions if condition.code == code), None)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form: the contract of ``essor registry qualify --json`` for one case."""
        return {
            "siren": self.siren,
            "on": self.on.isoformat(),
            "perimeter": self.perimeter,
            "verdict": str(self.verdict.value),
            "verdict_label": self.verdict.label,
            "family": str(self.family.value) if self.family else None,
            "family_label": self.family.label if self.family else None,
            "tags": [str(tag.value) for tag in self.tags],
            "esus": str(self.esus.value),
            "reason": self.reason,
            "conditions": [condition.to_dict() for condition in self.conditions],
            "next_steps": list(self.next_steps),
        }
