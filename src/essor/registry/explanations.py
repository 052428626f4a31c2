"""« Pourquoi elle est de l'ESS »: the compact conditions of an edition joined with the words of the rules.

An edition keeps, for each condition, its code, state, value and source. The words (label, explanation, legal
reference, certainty) come from the rules of the day of the edition, applied again to what the register holds; what
the edition says prevails.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from essor.law.wording import french_date
from essor.registry.company_conditions import NOBODY
from essor.registry.enums import Answer, CategoryKind, Certainty, ConditionState, Tag, Verdict
from essor.registry.facts import Condition, EsusAgreement, Qualification, UnitFacts
from essor.registry.perimeter import Perimeter
from essor.registry.provenance import Origin, origin_of
from essor.registry.rules import qualify

TONES = {
    Verdict.ESS_BY_STATUS: "ok",
    Verdict.ESS_DECLARED: "ok",
    Verdict.TO_CHECK: "wait",
    Verdict.OUTSIDE: "no",
}
_LISTED = {"met": True, "not_met": False}


@dataclass(frozen=True)
class Unit:
    """What the register holds of an organisation that bears on its qualification."""

    siren: str
    legal_category: str
    naf: str
    verdict: str
    conditions: Sequence[Mapping[str, Any]]
    tags: Sequence[tuple[str, str, date | None, date | None]]  # code, source, since, until


@dataclass(frozen=True)
class Shown:
    """One condition as a person reads it."""

    code: str
    label: str
    state: str
    value: str
    source: str
    day: date | None
    reference: str
    certainty: Certainty
    silent: bool = False  # no public source says anything of it

    @property
    def to_check(self) -> bool:
        """True when the rule itself has to be verified before relying on it."""
        return not self.certainty.is_sure

    @property
    def note(self) -> str:
        """How sure the rule is, when it is not."""
        said = self.certainty.label
        return (
            _("Règle : %(certainty)s.") % {"certainty": said[:1].lower() + said[1:]} if self.to_check else ""
        )


@dataclass(frozen=True)
class Explanation:
    """A verdict and why."""

    label: str
    tone: str
    summary: str
    day: date
    perimeter_version: str
    conditions: Sequence[Shown]
    next_steps: Sequence[str]

    def head(self, heading: str, perimeter_url: str) -> dict[str, str]:
        """What stands at the head and at the foot of the verdict: `kernel/components/verdict.html`."""
        note = _("Règles appliquées au %(day)s, périmètre « %(version)s ».")
        return {
            "label": heading,
            "tone": self.tone,
            "summary": self.summary if heading == self.label else f"{self.label}. {self.summary}",
            "why": _("Chaque condition, sa source et sa date"),
            "note": note % {"day": french_date(self.day), "version": self.perimeter_version},
            "note_url": perimeter_url,
            "note_label": _("Voir le périmètre"),
        }

    @property
    def told(self) -> list[Shown]:
        """The conditions of which a source says something."""
        return [condition for condition in self.conditions if not condition.silent]

    @property
    def silent(self) -> list[Shown]:
        """The conditions of which no public source says anything."""
        return [condition for condition in self.conditions if condition.silent]


def explain(
    unit: Unit,
    perimeter: Perimeter,
    day: date,
    sources: Sequence[Mapping[str, Any]],
    today: date | None = None,
) -> Explanation:
    """The verdict of an edition of that day and its conditions; `sources` are those of the edition's manifest.

    An Esus agreement that ended since the edition is told as ended (`today`: the day of reading).
    """
    verdict = Verdict(unit.verdict)
    found = qualify(_facts(unit), perimeter, day)
    stored = {str(condition.get("code")): condition for condition in unit.conditions}
    shown = [
        _shown(condition, stored.get(condition.code), sources, public=True)
        for condition in _up_to(today, found, unit, perimeter)
        if _matters(condition, stored)
    ]
    agrees = found.verdict is verdict
    return Explanation(
        label=verdict.label,
        tone=TONES[verdict],
        summary=found.reason if agrees else _sentence(verdict),
        day=day,
        perimeter_version=perimeter.version,
        conditions=shown,
        next_steps=found.next_steps if agrees else (),
    )


def _up_to(today: date | None, found: Qualification, unit: Unit, perimeter: Perimeter) -> Sequence[Condition]:
    """The conditions of the edition's day, that of the Esus agreement as it stands on the day of reading."""
    facts = _facts(unit)
    if today is None or facts.esus is None or not perimeter.in_force(today):
        return found.conditions
    now = qualify(facts, perimeter, today).condition("esus")
    kept = [condition for condition in found.conditions if condition.code != "esus"]
    return [*kept, now] if now else kept


def of_answers(found: Qualification) -> Explanation:
    """The verdict of a self-assessment: everything comes from the answers."""
    return Explanation(
        label=found.verdict.label,
        tone=TONES[found.verdict],
        summary=found.reason,
        day=found.on,
        perimeter_version=found.perimeter,
        conditions=[_shown(condition, None, (), public=False) for condition in found.conditions],
        next_steps=found.next_steps,
    )


def _matters(condition: Condition, stored: Mapping[str, Any]) -> bool:
    """The details that nobody answered are told by the condition that they detail."""
    return (
        condition.code in stored or condition.parent is None or condition.state is not ConditionState.UNKNOWN
    )


def _facts(unit: Unit) -> UnitFacts:
    stored = {str(condition.get("code")): condition for condition in unit.conditions}
    agreements = [tag for tag in unit.tags if tag[0] == Tag.ESUS.value and tag[1] == "esus"]
    # The one that holds longest; an unknown end never closes it.
    esus = max(agreements, key=lambda tag: tag[3] or date.max, default=None)
    return UnitFacts(
        siren=unit.siren,
        legal_category=unit.legal_category or None,
        activity=unit.naf or None,
        ess_flag=stored.get("ess_flag", {}).get("value") or None,
        on_ess_france_list=_LISTED.get(str(stored.get("ess_list", {}).get("state"))),
        esus=EsusAgreement(esus[2], esus[3]) if esus else None,
        markers=_markers(unit.tags),
        state="A",
    )


def _markers(tags: Iterable[tuple[str, str, date | None, date | None]]) -> frozenset[Tag]:
    """Tags that directories brought; those deduced from the legal category are in the perimeter."""
    brought = {code for code, source, _since, _until in tags if source not in ("perimeter", "esus")}
    return frozenset(tag for tag in Tag if tag.value in brought)


def _shown(
    condition: Condition,
    stored: Mapping[str, Any] | None,
    sources: Sequence[Mapping[str, Any]],
    *,
    public: bool,
) -> Shown:
    """The condition in words; `public`: told by an edition, which says nothing of a source that it did not have."""
    origin = Origin(condition.source, condition.source_date)
    state = str(condition.state.value)
    if stored is not None:
        origin = origin_of(str(stored.get("source") or ""), stored.get("date"), sources) or origin
        state = str(stored.get("state") or state)
    unasked = condition.source == NOBODY or (public and stored is None)
    silent = unasked and state == ConditionState.UNKNOWN.value
    changed = stored is not None and state != str(condition.state.value)
    return Shown(
        code=condition.code,
        label=condition.label,
        state=state,
        value=str((stored or {}).get("value") or "") if changed else condition.explanation,
        source="" if silent else origin.label,
        day=origin.day,
        reference=condition.reference,
        certainty=condition.certainty,
        silent=silent,
    )


def _sentence(verdict: Verdict) -> str:
    return {
        Verdict.ESS_BY_STATUS: _("Son statut la range dans l’une des familles de l’ESS."),
        Verdict.ESS_DECLARED: _("Une source publique la déclare entreprise de l’ESS."),
        Verdict.TO_CHECK: _("Les sources ne suffisent pas pour conclure : une personne doit vérifier."),
        Verdict.OUTSIDE: _("Les sources ne la rangent pas dans l’ESS."),
    }[verdict]


def known_answers(unit: Unit, perimeter: Perimeter, day: date) -> dict[str, str]:
    """What the register already answers to the questions of « Suis-je de l'ESS ? » on a day."""
    facts = _facts(unit)
    category = perimeter.category(unit.legal_category)
    answers = {"legal_form": _form(unit, perimeter)}
    rule = perimeter.exclusion(unit.naf, category.family if category else None)
    answers["activity"] = rule.prefix if rule else "none"
    if facts.ess_flag:
        answers["ess_flag"] = str((Answer.YES if facts.ess_flag == "O" else Answer.NO).value)
    if facts.on_ess_france_list is not None:
        answers["ess_list"] = str((Answer.YES if facts.on_ess_france_list else Answer.NO).value)
    insertion = next(
        (code for code in ("ei", "etti", "ai", "aci", "ea", "esat") if Tag(code) in facts.markers), ""
    )
    if insertion:
        answers["insertion"] = insertion
    if facts.esus and facts.esus.in_force(day):
        answers["esus"] = str(Answer.YES.value)
    return answers


_FORM_OF_CATEGORY = {
    "9230": "association_rup",
    "9260": "association_local",
    "9210": "collective",
    "6316": "cuma",
    "6317": "farm_cooperative",
    "6318": "farm_cooperative",
    "6411": "mutual_insurer",
}
_FORM_OF_FAMILY = {
    "association": "association",
    "cooperative": "cooperative",
    "mutual": "mutual",
    "foundation": "foundation",
}


def _form(unit: Unit, perimeter: Perimeter) -> str:
    """The everyday word of the form for the legal category and the tags of the register."""
    codes = {tag[0] for tag in unit.tags}
    for tag in ("scop", "scic", "cae"):
        if tag in codes:
            return tag
    category = perimeter.category(unit.legal_category)
    if category is None:
        return "other"
    if category.code in _FORM_OF_CATEGORY:
        return _FORM_OF_CATEGORY[category.code]
    if category.family is not None:
        return _FORM_OF_FAMILY.get(str(category.family.value), "other")
    if category.kind is CategoryKind.COMPANY_FORM:
        return "company"
    if category.kind is CategoryKind.PERSONAL:
        return "sole_trader"
    return {"6": "civil_company", "7": "public_body", "4": "public_body", "8": "union"}.get(
        category.code[0], "other"
    )
