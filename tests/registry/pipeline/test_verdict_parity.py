"""The verdict of the pipeline is that of the rules, for every legal category, mark, list and kind of activity."""

import json
from itertools import product
from pathlib import Path

import pytest

from essor.registry.enums import CategoryKind, Tag, Verdict
from essor.registry.facts import UnitFacts
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, build
from essor.registry.pipeline.qualification import conditions_json
from essor.registry.rules import qualify
from tests.formats.stocks import establishment, siren, siret, unit, write_csv, write_stocks
from tests.registry.pipeline.conftest import DAY, FRANCE, Built

PERIMETER = default_perimeter()
FLAGS = ("O", "N", "")
# One activity of each exclusion, one that no exclusion names, none, and one of a former nomenclature.
ACTIVITIES = (
    *dict.fromkeys(
        f"{rule.prefix}.11Z"[:6] if len(rule.prefix) == 2 else rule.prefix for rule in PERIMETER.exclusions
    ),
    "88.99B",
    "",
    "NAP",
)
DIRECTORIES = (None, "ei", "esat")


@pytest.fixture(scope="module")
def cases() -> list[tuple[UnitFacts, str]]:
    found = []
    codes = [code for code, each in PERIMETER.categories.items() if each.kind is not CategoryKind.PERSONAL]
    for code, flag, listed, activity in product(codes, FLAGS, (True, False), ACTIVITIES):
        found.append((code, flag, listed, activity, None))
    by_status = next(code for code in codes if PERIMETER.categories[code].family is not None)
    found += [
        (code, flag, listed, "88.99B", mark)
        for code, flag, listed, mark in product(
            (by_status, "5710", "7410"), FLAGS, (True, False), DIRECTORIES[1:]
        )
    ]
    return [
        (
            UnitFacts(
                siren=siren(number),
                legal_category=code,
                activity=activity if activity not in ("", "NAP") else None,
                ess_flag=flag or None,
                on_ess_france_list=listed,
                markers=frozenset({Tag(mark)} if mark else ()),
                state="A",
            ),
            activity,
        )
        for number, (code, flag, listed, activity, mark) in enumerate(found, 1)
    ]


@pytest.fixture(scope="module")
def built(cases: list[tuple[UnitFacts, str]], tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder: Path = tmp_path_factory.mktemp("parity")
    units, places, listed, marked = [], [], [], []
    for number, (facts, activity) in enumerate(cases, 1):
        units.append(
            unit(
                number,
                categorieJuridiqueUniteLegale=facts.legal_category,
                economieSocialeSolidaireUniteLegale=facts.ess_flag or "",
                activitePrincipaleUniteLegale="55.1A" if activity == "NAP" else activity,
                nomenclatureActivitePrincipaleUniteLegale="NAP" if activity == "NAP" else "NAFRev2",
            )
        )
        places.append(establishment(number))
        listed += [{"SIREN": facts.siren}] if facts.on_ess_france_list else []
        marked += [{"siret": siret(str(facts.siren)), "kind": tag.value} for tag in facts.markers]
    stocks = write_stocks(folder, units, places, form="csv")
    ess_list = write_csv(folder / "ess.csv", ["SIREN"], listed)
    siae = write_csv(folder / "siae.csv", ["siret", "kind"], marked)
    sources = Sources(*stocks, ess_list=ess_list, siae=(siae,))
    return Built(*build(sources, FRANCE, PERIMETER, folder / "editions", DAY))


def test_every_case_has_the_verdict_and_the_conditions_of_the_rules(
    cases: list[tuple[UnitFacts, str]], built: Built
) -> None:
    assert len(cases) > 10_000
    expected = {}
    for facts, _ in cases:
        answer = qualify(facts, PERIMETER, DAY)
        if answer.verdict is not Verdict.OUTSIDE:
            family = answer.family.value if answer.family else None
            expected[facts.siren] = (answer.verdict.value, family, conditions_json(answer))
    found = {
        row["siren"]: (row["verdict"], row["family"], row["conditions"])
        for row in built.rows("organisations")
    }
    assert found == expected


def test_every_case_has_the_tags_of_the_rules(cases: list[tuple[UnitFacts, str]], built: Built) -> None:
    kept = {row["siren"] for row in built.rows("organisations")}
    expected = {
        (facts.siren, tag.value)
        for facts, _ in cases
        if facts.siren in kept
        for tag in qualify(facts, PERIMETER, DAY).tags
    }
    assert {(row["siren"], row["code"]) for row in built.rows("tags")} == expected


def test_the_kept_conditions_say_what_the_rules_say() -> None:
    answer = qualify(UnitFacts(legal_category="9220", activity="88.99B", ess_flag="N"), PERIMETER, DAY)
    assert json.loads(conditions_json(answer, with_ess_list=False)) == [
        {"code": "legal_form", "state": "met", "source": "sirene", "value": "9220"},
        {"code": "activity", "state": "met", "source": "sirene"},
        {"code": "ess_flag", "state": "not_met", "source": "sirene", "value": "N"},
    ]
