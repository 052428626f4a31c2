"""The verdict of millions of units by the very rules that judge one.

What the rules look at takes few distinct values: legal category, mark, list, directories, and of the activity only
whether the perimeter leaves it out. Each distinct case is judged once by `rules.qualify`, then joined back. Nothing
of the rules is written a second time in SQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from essor.registry.enums import EsusBasis, Tag, Verdict
from essor.registry.facts import EsusAgreement, Qualification, UnitFacts
from essor.registry.perimeter import Perimeter
from essor.registry.pipeline.job import Job, quote
from essor.registry.pipeline.lists import ESUS, PERIMETER, SIAE, SIRENE
from essor.registry.rules import qualify

# Where the fact of a condition comes from: the key of a source (its day is in the manifest).
SOURCES = {
    "legal_form": SIRENE,
    "activity": SIRENE,
    "ess_flag": SIRENE,
    "state": SIRENE,
    "ess_list": "ess_list",
    "esus": ESUS,
}
VALUED = frozenset({"legal_form", "ess_flag"})
OTHER = "*"

# The columns that make a case, in the table `facts`: texts without NULL, so that they join. The first three are
# always there; the others where a list was given.
SIRENE_KEYS = ("legal_category", "ess_flag", "activity")
LISTED_KEY = "listed"
MARKS_KEY = "marks"
ESUS_KEYS = ("esus_since", "esus_until")


@dataclass(frozen=True)
class Case:
    """What distinguishes one case from another, as texts; `naf` is the activity of one of its units."""

    legal_category: str
    ess_flag: str
    activity: str
    naf: str | None
    listed: str = ""
    marks: str = ""
    esus_since: str = "-"
    esus_until: str = "-"

    def facts(self) -> UnitFacts:
        """The case as the rules want it."""
        agreed = self.esus_since != "-"
        return UnitFacts(
            legal_category=self.legal_category or None,
            activity=self.naf,
            ess_flag=self.ess_flag or None,
            on_ess_france_list={"O": True, "N": False}.get(self.listed),
            esus=EsusAgreement(_day(self.esus_since), _day(self.esus_until)) if agreed else None,
            markers=frozenset(Tag(code) for code in self.marks.split(",") if code),
            state="A",
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text not in ("", "-") else None


def inside_codes(perimeter: Perimeter, on: date) -> tuple[str, ...]:
    """The legal categories that are not outside when no other source speaks: what a first scan keeps."""
    return tuple(
        code
        for code in sorted(perimeter.categories)
        if qualify(UnitFacts(legal_category=code), perimeter, on).verdict is not Verdict.OUTSIDE
    )


def may_be_ess_sql(perimeter: Perimeter, on: date) -> str:
    """SQL condition of the first scan: false only for units that the rules judge outside, or of a category that the
    perimeter does not know and that no source says of the ESS (these are counted and told, not put in the register).

    A unit that a list alone brings in comes by the table `named`.
    """
    codes = ", ".join(quote(code) for code in inside_codes(perimeter, on)) or "''"
    return f"(legal_category IN ({codes}) OR ess_flag = 'O')"


def activity_sql(perimeter: Perimeter) -> str:
    """SQL: the activity where the perimeter leaves it out for some family, `*` for any other, '' for none."""
    prefixes = sorted({rule.prefix for rule in perimeter.exclusions})
    excluded = " OR ".join(f"starts_with(naf, {quote(prefix)})" for prefix in prefixes) or "false"
    return f"CASE WHEN naf IS NULL THEN '' WHEN {excluded} THEN naf ELSE '{OTHER}' END"


def judge(job: Job, keys: Sequence[str]) -> None:
    """From `facts` (siren, naf and `keys`) make `verdict` (one row a case) and `case_tag`.

    `verdict`: case_id, `keys`, verdict, family, conditions (JSON), of every case, those outside included.
    """
    listed = ", ".join(keys)
    found = job.rows(f"SELECT {listed}, min(naf) FROM facts GROUP BY {listed} ORDER BY {listed}")
    verdicts, tags = [], []
    for number, row in enumerate(found):
        case = Case(**dict(zip((*keys, "naf"), row, strict=True)))
        answer = qualify(case.facts(), job.perimeter, job.on)
        family = answer.family.value if answer.family else None
        conditions = conditions_json(answer, LISTED_KEY in keys)
        verdicts.append((number, *row[:-1], answer.verdict.value, family, conditions))
        tags += [(number, code, source) for code, source in _tags(answer, case)]
    columns = [("case_id", "INTEGER"), *((key, "VARCHAR") for key in keys)]
    job.table(
        "verdict",
        [*columns, ("verdict", "VARCHAR"), ("family", "VARCHAR"), ("conditions", "VARCHAR")],
        verdicts,
    )
    job.table("case_tag", [("case_id", "INTEGER"), ("code", "VARCHAR"), ("source", "VARCHAR")], tags)
    job.counts["distinct_cases"] = len(found)


def conditions_json(answer: Qualification, with_ess_list: bool = True) -> str:
    """The conditions in short: code, state, value (of the form and the mark), key of the source.

    Words, references and certainty come back by applying the rules again; the details that nobody answered, and a list
    that was not given, are left out.
    """
    kept = []
    for condition in answer.conditions:
        if condition.parent is not None or (condition.code == "ess_list" and not with_ess_list):
            continue
        source = SOURCES.get(condition.code, "")
        if condition.code == "esus" and answer.esus in (EsusBasis.BY_RIGHT, EsusBasis.POSSIBLE_BY_RIGHT):
            source = SIAE
        entry = {"code": condition.code, "state": str(condition.state.value), "source": source}
        if condition.code in VALUED and condition.value:
            entry["value"] = condition.value
        kept.append(entry)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _tags(answer: Qualification, case: Case) -> list[tuple[str, str]]:
    """Tags that the case brings by itself; those of directories and agreements have their own rows."""
    own = [str(tag.value) for tag in answer.tags]
    brought = set(case.marks.split(","))
    esus = str(Tag.ESUS.value)
    tags = [(code, PERIMETER) for code in own if code not in brought and code != esus]
    if esus in own and answer.esus is EsusBasis.BY_RIGHT:
        tags.append((esus, SIAE))
    return tags
