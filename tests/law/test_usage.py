"""Which rules read a parameter: what the source says must cover what the rules really read."""

import pytest

from essor.law import parameters as law
from essor.law.rules import RULES
from essor.law.usage import rules_reading


def names(identifier: str) -> list[str]:
    return [rule.name for rule in rules_reading(identifier)]


@pytest.mark.parametrize(
    ("identifier", "rules"),
    [
        ("procurement.spaser.threshold", ["spaser"]),
        ("cooperatives.scic.public_capital_cap", ["competence", "contract_form", "scic_capital"]),
        # written with a part to fill: f"esus.duration.{kind}", f"insertion.fte.hours.{post}"
        ("esus.duration.young", ["esus"]),
        ("insertion.fte.hours.aci", ["insertion_hours"]),
        ("procurement.no_publicity.works", ["procurement_threshold"]),
        # f"{part}.amount_5y", whose part is the head of a chapter
        ("state_aid.de_minimis.loan.safe_harbour.amount_5y", ["state_aid"]),
        # a word without a dot, asked of the law
        ("srdeii", ["competence"]),
        ("departement", ["competence"]),
        # « departement » is also a level of authority: that alone says nothing of its namesakes
        ("tzcld.departement", []),
        ("state_aid.de_minimis.unit", []),
        ("algorithm.transparency", []),
        ("n.existe.pas", []),
    ],
)
def test_rules_are_found_in_their_source(identifier: str, rules: list[str]) -> None:
    assert names(identifier) == rules


CASES = [
    ("spaser", {"purchases": 60000000, "on": "2026-05-01"}),
    ("scic_reserves", {"surplus": 10000, "on": "2026-05-01"}),
    (
        "scic_capital",
        {"holders": [{"name": "Ville", "kind": "commune", "amount": 10}], "on": "2026-05-01"},
    ),
    ("procurement_threshold", {"nature": "works", "amount": 10000, "on": "2026-05-01"}),
    (
        "insertion_hours",
        {"amount": 100000, "labour_share": 0.5, "hourly_cost": 30, "rate": 0.05, "on": "2026-05-01"},
    ),
    ("esus", {"on": "2026-05-01"}),
    ("ess_company", {"on": "2026-05-01"}),
    ("agec", {"family": "textiles", "on": "2026-05-01"}),
    (
        "competence",
        {
            "level": "departement",
            "domain": "economic_development",
            "support": "business_grant",
            "on": "2026-05-01",
        },
    ),
    ("state_aid", {"aids": [], "on": "2026-05-01", "undertaking": "a"}),
]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The identifiers that are really read."""
    found: set[str] = set()
    real = law.parameter

    def spied(identifier: str) -> law.Parameter:
        found.add(identifier)
        return real(identifier)

    monkeypatch.setattr(law, "parameter", spied)
    return found


@pytest.mark.parametrize(("name", "given"), CASES, ids=[name for name, _given in CASES])
def test_what_a_rule_reads_is_what_its_source_says(
    name: str, given: dict[str, object], read: set[str]
) -> None:
    """A rule that runs reads nothing that `rules_reading` does not tell."""
    RULES[name].run(given)
    assert read
    assert {identifier for identifier in read if name not in names(identifier)} == set()


def test_every_rule_reads_something() -> None:
    told = {name for parameter in law.all_parameters() for name in names(parameter.id)}
    assert told == set(RULES)
