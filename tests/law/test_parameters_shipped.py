"""The legal values shipped: each known at a day, kept under its identifier, read back by OpenFisca-core."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from essor.law import parameters as law
from essor.law.audit import audit
from essor.law.certainty import Certainty

MILLION = 1_000_000
# One row at least for each fact of the law that Essor keeps: identifier, day, value on that day.
KNOWN: list[tuple[str, str, Any]] = [
    # State aid
    ("state_aid.de_minimis.general", "2006-12-31", 100_000),
    ("state_aid.de_minimis.general", "2013-12-31", 200_000),
    ("state_aid.de_minimis.general", "2021-06-01", 200_000),
    ("state_aid.de_minimis.general", "2023-12-31", 200_000),
    ("state_aid.de_minimis.general", "2024-01-01", 300_000),
    ("state_aid.de_minimis.general", "2031-01-01", None),
    ("state_aid.de_minimis.road_freight", "2023-12-31", 100_000),
    ("state_aid.de_minimis.road_freight", "2026-01-01", 300_000),
    ("state_aid.de_minimis.sieg", "2012-04-28", None),
    ("state_aid.de_minimis.sieg", "2021-06-01", 500_000),
    ("state_aid.de_minimis.sieg", "2026-06-01", 750_000),
    ("state_aid.de_minimis.agriculture", "2013-12-31", 7_500),
    ("state_aid.de_minimis.agriculture", "2019-03-13", 15_000),
    ("state_aid.de_minimis.agriculture", "2024-12-15", 20_000),
    ("state_aid.de_minimis.agriculture", "2024-12-16", 50_000),
    ("state_aid.de_minimis.agriculture", "2033-01-01", None),
    ("state_aid.de_minimis.fisheries", "2026-01-01", 30_000),
    ("state_aid.de_minimis.fisheries_register", "2023-10-25", 40_000),
    ("state_aid.de_minimis.loan.safe_harbour.amount_5y", "2023-12-31", MILLION),
    ("state_aid.de_minimis.loan.safe_harbour.amount_5y", "2024-01-01", 1_500_000),
    ("state_aid.de_minimis.loan.safe_harbour.amount_10y", "2024-01-01", 750_000),
    ("state_aid.de_minimis.loan.safe_harbour.collateral", "2024-01-01", "0.5"),
    ("state_aid.de_minimis.guarantee.safe_harbour.amount_5y", "2024-01-01", 2_250_000),
    ("state_aid.de_minimis.guarantee.safe_harbour.amount_10y", "2024-01-01", 1_125_000),
    ("state_aid.de_minimis.guarantee.safe_harbour.share", "2024-01-01", "0.8"),
    ("state_aid.de_minimis.record_keeping", "2026-01-01", 10),
    ("state_aid.de_minimis.registry.obligation", "2025-12-31", None),
    ("state_aid.de_minimis.registry.obligation", "2026-01-01", True),
    ("state_aid.de_minimis.registry.delay", "2026-01-01", 20),
    ("state_aid.de_minimis.registry.france", "2026-12-31", 3),
    ("state_aid.de_minimis.registry.france", "2027-01-01", 4),
    ("state_aid.de_minimis.registry.local_authorities", "2026-11-22", False),
    ("state_aid.de_minimis.registry.fields", "2026-01-01", 9),
    ("state_aid.de_minimis.registry.regulation_fields", "2026-01-01", 6),
    ("state_aid.de_minimis.registry.open_data", "2026-01-01", 3),
    ("state_aid.de_minimis.single_undertaking", "2014-01-01", 4),
    ("state_aid.de_minimis.unit", "2014-01-01", 2),
    ("state_aid.de_minimis.undertaking_in_difficulty", "2023-12-31", True),
    ("state_aid.de_minimis.undertaking_in_difficulty", "2024-01-01", False),
    ("state_aid.de_minimis.period.years", "2026-01-01", 3),
    ("state_aid.de_minimis.period.rolling", "2023-12-31", False),
    ("state_aid.de_minimis.period.rolling", "2024-01-01", True),
    ("state_aid.de_minimis.period.rolling_agriculture", "2024-12-15", False),
    ("state_aid.de_minimis.period.rolling_fisheries", "2026-01-01", False),
    # Who may grant what
    ("region.economic_aid", "2015-12-31", None),
    ("region.economic_aid", "2016-01-01", True),
    ("region.delegation", "2016-01-01", 3),
    ("communes.epci.topup", "2016-01-01", True),
    ("bloc_communal.real_estate", "2016-01-01", 3),
    ("bloc_communal.delegation_to_departement", "2016-01-01", True),
    ("bloc_communal.region_participation", "2016-01-01", True),
    ("departement", "2016-01-01", 6),
    ("departement_agriculture", "2016-01-01", True),
    ("epci.economic_competence", "2016-12-31", None),
    ("epci.economic_competence", "2017-01-01", 4),
    ("srdeii", "2016-01-01", True),
    ("sress.strategy", "2014-08-02", True),
    ("sress.conference_interval", "2014-08-02", 2),
    ("creation.aid.intermediaries", "2021-01-01", True),
    ("general.interest.associations", "2021-01-01", True),
    ("third_party_instruction", "2014-12-22", 3),
    ("control.of.beneficiary", "2009-05-14", 3),
    ("min.self.financing", "2012-11-22", "0.2"),
    # Grants
    ("grants.definition", "2014-08-02", 4),
    ("grants.convention_threshold", "2001-06-10", 23_000),
    ("grants.open_data.threshold", "2017-08-01", 23_000),
    ("grants.open_data.delay", "2017-08-01", 3),
    ("grants.open_data.kept", "2017-08-01", 5),
    ("grants.open_data.scope_general", "2018-10-07", 50),
    ("grants.open_data.anonymise", "2016-10-09", True),
    ("algorithm.transparency", "2016-10-09", 50),
    ("data.exchange", "2022-02-23", True),
    ("grants.financial_report.delay", "2021-01-01", 6),
    ("grants.auditor.threshold", "2021-01-01", 153_000),
    ("grants.forms", "2021-01-01", 2),
    ("cpo.max_years", "2015-09-29", 4),
    ("cer.obligation", "2022-01-01", None),
    ("cer.obligation", "2022-01-02", True),
    ("cer.commitments", "2022-01-02", 7),
    ("cer.restitution", "2022-01-02", 6),
    ("european_support", "2021-01-01", 2),
    # Procurement
    ("procurement.no_publicity.supplies_services", "2015-09-30", 15_000),
    ("procurement.no_publicity.supplies_services", "2019-12-31", 25_000),
    ("procurement.no_publicity.supplies_services", "2021-06-01", 40_000),
    ("procurement.no_publicity.supplies_services", "2026-03-31", 40_000),
    ("procurement.no_publicity.supplies_services", "2026-04-01", 60_000),
    ("procurement.no_publicity.works", "2019-12-31", 25_000),
    ("procurement.no_publicity.works", "2020-07-23", 40_000),
    ("procurement.no_publicity.works", "2020-12-07", 70_000),
    ("procurement.no_publicity.works", "2025-12-31", 100_000),
    ("procurement.no_publicity.works", "2026-01-01", 100_000),
    ("procurement.no_publicity.small_lots.works", "2026-01-01", 100_000),
    ("procurement.no_publicity.small_lots.supplies_services", "2026-04-01", 60_000),
    ("procurement.no_publicity.small_lots.share", "2026-01-01", "0.2"),
    ("procurement.buyer_profile.demat", "2026-03-31", 40_000),
    ("procurement.buyer_profile.demat", "2026-04-01", 60_000),
    ("procurement.innovative.general", "2018-12-25", 100_000),
    ("procurement.innovative.defence", "2025-01-01", 300_000),
    ("procurement.publicity.boamp_or_jal", "2026-01-01", 90_000),
    ("procurement.social_services.joue", "2016-04-01", 750_000),
    ("procurement.formal.local.supplies_services", "2019-12-31", 221_000),
    ("procurement.formal.local.supplies_services", "2021-06-01", 214_000),
    ("procurement.formal.local.supplies_services", "2023-12-31", 215_000),
    ("procurement.formal.local.supplies_services", "2025-12-31", 221_000),
    ("procurement.formal.local.supplies_services", "2027-12-31", 216_000),
    ("procurement.formal.local.supplies_services", "2028-01-01", None),
    ("procurement.formal.state.supplies_services", "2018-01-01", 144_000),
    ("procurement.formal.state.supplies_services", "2020-01-01", 139_000),
    ("procurement.formal.state.supplies_services", "2022-01-01", 140_000),
    ("procurement.formal.state.supplies_services", "2024-01-01", 143_000),
    ("procurement.formal.state.supplies_services", "2026-01-01", 140_000),
    ("procurement.formal.entities.supplies_services", "2018-01-01", 443_000),
    ("procurement.formal.entities.supplies_services", "2020-01-01", 428_000),
    ("procurement.formal.entities.supplies_services", "2022-01-01", 431_000),
    ("procurement.formal.entities.supplies_services", "2024-01-01", 443_000),
    ("procurement.formal.entities.supplies_services", "2026-01-01", 432_000),
    ("procurement.formal.works_and_concessions", "2018-01-01", 5_548_000),
    ("procurement.formal.works_and_concessions", "2020-01-01", 5_350_000),
    ("procurement.formal.works_and_concessions", "2022-01-01", 5_382_000),
    ("procurement.formal.works_and_concessions", "2024-01-01", 5_538_000),
    ("procurement.formal.works_and_concessions", "2026-01-01", 5_404_000),
    ("procurement.allotissement", "2019-04-01", True),
    ("procurement.small_lots.exception.supplies_services", "2019-04-01", 80_000),
    ("procurement.small_lots.exception.works", "2019-04-01", MILLION),
    ("procurement.small_lots.exception.share", "2019-04-01", "0.2"),
    ("procurement.turnover_cap", "2025-12-31", 2),
    ("procurement.turnover_cap", "2026-01-01", "1.5"),
    ("procurement.second_ranked", "2026-01-01", True),
    ("procurement.reserved.handicap", "2019-04-01", 3),
    ("procurement.reserved.insertion", "2019-04-01", 5),
    ("procurement.reserved.prison", "2022-10-19", None),
    ("procurement.reserved.prison", "2022-10-20", True),
    ("procurement.reserved.min_share", "2019-04-01", "0.5"),
    ("procurement.reserved.both", "2020-12-08", True),
    ("procurement.reserved.ess.scope", "2016-04-01", 3),
    ("procurement.reserved.ess.conditions", "2016-04-01", 4),
    ("procurement.reserved.ess.previous_years", "2016-04-01", 3),
    ("procurement.reserved.ess.max_duration", "2016-04-01", 3),
    ("procurement.reserved.ess.cpv", "2016-04-01", 18),
    ("procurement.reserved.concessions", "2019-04-01", True),
    # Responsible purchases
    ("procurement.spaser.threshold", "2022-12-31", 100 * MILLION),
    ("procurement.spaser.threshold", "2023-01-01", 50 * MILLION),
    ("procurement.spaser.scope", "2023-10-24", 2),
    ("procurement.spaser.scope", "2023-10-25", 4),
    ("procurement.spaser.joint", "2023-10-25", True),
    ("procurement.spaser.indicators", "2023-01-01", 5),
    ("procurement.spaser.publication_interval", "2023-01-01", 2),
    ("climate.art35.law_deadline", "2026-08-21", None),
    ("climate.art35.law_deadline", "2026-08-22", True),
    ("climate.art35.decree_date", "2026-08-20", None),
    ("climate.art35.decree_date", "2026-08-21", True),
    ("climate.award_criterion", "2026-08-20", None),
    ("climate.award_criterion", "2026-08-21", True),
    ("climate.performance_env", "2026-08-21", None),
    ("climate.performance_env", "2026-08-22", True),
    ("climate.performance_social", "2026-08-22", True),
    ("climate.performance_social_exceptions", "2026-08-22", 4),
    ("climate.concession_report", "2026-08-21", True),
    ("climate.ccp_principle", "2021-08-25", True),
    ("pnad.social.target", "2025-12-31", "0.3"),
    ("pnad.social.target", "2026-01-01", None),
    ("pnad.social.step_state", "2024-06-01", "0.25"),
    ("pnad.environment.target", "2025-12-31", 1),
    ("pnad.environment.step_state", "2023-06-01", "0.6"),
    ("pnad.next", "2026-06-01", False),
    ("decp.publication.threshold", "2024-01-01", 40_000),
    ("decp.publication.delay", "2024-01-01", 2),
    ("agec58.obligation", "2021-01-01", True),
    ("agec58.new", "2024-07-01", 4),
    ("agec58.textiles.reuse", "2024-07-01", "0.08"),
    ("agec58.textiles.reuse", "2027-01-01", "0.15"),
    ("agec58.textiles.recycled", "2024-07-01", "0.2"),
    ("agec58.textiles.recycled", "2030-01-01", "0.3"),
    ("agec58.street_furniture.reuse", "2024-07-01", "0.04"),
    ("agec58.street_furniture.recycled", "2030-01-01", "0.4"),
    ("agec58.other", "2024-07-01", 15),
    ("agec58.families", "2024-07-01", 17),
    ("agec58.declaration", "2024-10-11", 9),
    ("agec58.no_sanction", "2021-01-01", True),
    ("insertion.clause.usual_share", "2021-01-01", "0.05"),
    ("insertion.fte.hours.legal", "2021-01-01", 1607),
    ("insertion.fte.hours.aci", "2021-01-01", 1820),
    ("insertion.fte.hours.ei", "2021-01-01", 1505),
    ("insertion.fte.hours.etti", "2021-01-01", 1600),
    ("insertion.fte.hours.ai", "2021-01-01", 1607),
    ("insertion.formula", "2021-01-01", 4),
    # The law of 31 July 2014, Esus
    ("ess.art1.conditions", "2014-08-02", 3),
    ("ess.families", "2014-08-02", 5),
    ("ess.company.dev_fund", "2015-08-12", "0.2"),
    ("ess.company.dev_fund_limit", "2015-08-12", "0.2"),
    ("ess.company.reserves", "2015-08-12", "0.5"),
    ("ess.company.capital", "2015-08-12", 2),
    ("ess.company.statutes", "2016-01-01", True),
    ("ess.utility", "2019-05-23", 3),
    ("ess.utility", "2019-05-24", 4),
    ("ess.good_practices_guide", "2016-06-01", 8),
    ("ptce", "2014-08-02", 5),
    ("social.innovation", "2014-08-02", 2),
    ("local.currency", "2014-08-02", 2),
    ("cress", "2014-08-02", True),
    ("impact.contract", "2021-01-01", 2),
    ("esus.conditions", "2014-08-02", 6),
    ("esus.pay.avg5", "2014-08-02", 7),
    ("esus.pay.max", "2014-08-02", 10),
    ("esus.pay.before", "2014-08-01", 5),
    ("esus.burden", "2015-07-01", "0.66"),
    ("esus.full_right", "2014-08-02", 15),
    ("esus.duration.usual", "2015-07-01", 5),
    ("esus.duration.young", "2015-07-01", 2),
    ("esus.duration.young_age", "2015-07-01", 3),
    ("esus.authority.silence", "2015-07-01", 2),
    ("esus.assimilated.fund_securities", "2014-08-02", "0.35"),
    ("esus.assimilated.fund_esus", "2014-08-02", 2),
    ("esus.assimilated.loans", "2014-08-02", "0.8"),
    # Scic, Scop
    ("cooperatives.scic.law", "2001-07-17", None),
    ("cooperatives.scic.law", "2001-07-18", True),
    ("cooperatives.scic.member_categories.minimum", "2001-07-18", 3),
    ("cooperatives.scic.member_categories.required", "2026-01-01", 2),
    ("cooperatives.scic.colleges", "2001-07-18", 3),
    ("cooperatives.scic.college.max", "2001-07-18", "0.5"),
    ("cooperatives.scic.college.min", "2001-07-18", "0.1"),
    ("cooperatives.scic.public_capital_cap", "2014-07-31", "0.2"),
    ("cooperatives.scic.public_capital_cap", "2014-08-01", "0.5"),
    ("cooperatives.scic.legal_reserve", "2021-01-01", "0.15"),
    ("cooperatives.scic.statutory_reserve", "2021-01-01", "0.5"),
    ("cooperatives.scic.impartible_total", "2021-01-01", "0.575"),
    ("cooperatives.scic.share_interest_max", "2021-01-01", "0.425"),
    ("cooperatives.scic.one_person_one_vote", "2021-01-01", True),
    ("cooperatives.scic.revision", "2021-01-01", 5),
    ("cooperatives.scic.public_aid", "2002-02-21", True),
    ("cooperatives.scop.capital.share", "2021-01-01", "0.51"),
    ("cooperatives.scop.capital.votes", "2021-01-01", "0.65"),
    ("cooperatives.scop.distribution.workers", "2021-01-01", "0.25"),
    ("cooperatives.scop.distribution.reserves", "2021-01-01", "0.16"),
    ("cooperatives.scop.distribution.dividends", "2021-01-01", "0.33"),
    # Long-term unemployment, solidarity lease
    ("tzcld.laws", "2020-12-14", 10),
    ("tzcld.laws", "2020-12-15", 60),
    ("tzcld.cde.range.min", "2021-07-01", "0.53"),
    ("tzcld.cde.range.max", "2021-07-01", "1.02"),
    ("tzcld.cde.rate", "2023-09-30", "1.02"),
    ("tzcld.cde.rate", "2024-06-30", "0.95"),
    ("tzcld.cde.rate", "2024-07-01", None),
    ("tzcld.departement", "2021-07-01", "0.15"),
    ("tzcld.end", "2026-12-31", True),
    ("tzcld.end", "2027-01-01", None),
    ("tzcld.perennisation", "2027-01-01", False),
    ("tzcld.lf2026", "2026-06-01", 68_830_000),
    ("ofs.definition", "2014-03-27", 4),
    ("brs.lease.min", "2016-07-22", 18),
    ("brs.lease.max", "2016-07-22", 99),
    ("brs.fee", "2021-01-01", True),
]


def as_known(value: law.LegalValue | None) -> Any:
    """A value in the form of the table: a number, a boolean, the length of a list, None when there is none."""
    if value is None or isinstance(value.value, bool):
        return value.value if value else None
    return len(value.value) if isinstance(value.value, tuple) else value.value


def test_every_known_value_on_its_day() -> None:
    found = [(name, day, as_known(law.in_force(name, date.fromisoformat(day)))) for name, day, _ in KNOWN]
    expected = [(name, day, Decimal(v) if isinstance(v, str) else v) for name, day, v in KNOWN]
    assert found == expected


def test_every_parameter_shipped_is_in_the_table_of_known_values() -> None:
    assert sorted({item.id for item in law.tree().parameters()}) == sorted({name for name, _, _ in KNOWN})


def test_two_texts_two_days_for_the_criterion_of_august_2026() -> None:
    decree, statute = law.history("climate.award_criterion")
    assert (decree.valid_from, decree.last_day, statute.valid_from, statute.last_day) == (
        date(2026, 8, 21),
        date(2026, 8, 21),
        date(2026, 8, 22),
        None,
    )
    assert "décret n° 2022-767" in decree.reference
    assert "loi n° 2021-1104" in statute.reference


def test_every_uncertain_value_says_what_to_verify() -> None:
    values = [value for item in law.tree().parameters() for value in item.history()]
    assert [f"{v.parameter} {v.valid_from}" for v in values if not v.certainty.is_sure and not v.note] == []


def test_values_not_known_are_never_given_as_sure() -> None:
    for name in (
        "agec58.other",
        "pnad.next",
        "tzcld.perennisation",
        "state_aid.de_minimis.registry.local_authorities",
    ):
        assert {value.certainty for value in law.history(name)} == {Certainty.UNKNOWN}


def test_the_least_of_scic_reserves_is_the_product_of_both() -> None:
    day = date(2026, 1, 1)
    legal, statutory, total = (
        law.value(f"cooperatives.scic.{name}", day).decimal
        for name in ("legal_reserve", "statutory_reserve", "impartible_total")
    )
    assert legal + statutory * (1 - legal) == total


@pytest.mark.parametrize(
    ("name", "day", "words"),
    [
        ("state_aid.de_minimis.registry.delay", date(2026, 1, 1), "20 jours ouvrés"),
        ("procurement.turnover_cap", date(2026, 1, 1), "1,5 fois"),
        ("grants.open_data.scope_general", date(2026, 1, 1), "50 équivalents temps plein"),
        ("insertion.fte.hours.legal", date(2026, 1, 1), "1\u202f607 heures"),
        ("tzcld.cde.rate", date(2023, 1, 1), "102\u00a0% du Smic horaire brut"),
    ],
)
def test_new_units_in_french(name: str, day: date, words: str) -> None:
    assert law.value(name, day).text == words


def test_audit_of_the_shipped_values() -> None:
    report = audit(date(2026, 11, 22))
    assert (report.faults, report.warnings) == ((), ())
    assert report.parameters == len(list(law.tree().parameters()))
    assert 0 < report.to_verify < report.values


def test_every_code_of_a_list_has_french_words() -> None:
    lists = [value for item in law.tree().parameters() if item.unit == "list" for value in item.history()]
    without = {value.parameter for value in lists if not value.labels}
    assert without == {"procurement.reserved.ess.cpv"}
    assert law.value("ess.families", date(2026, 1, 1)).text == (
        "associations, coopératives, mutuelles, fondations, sociétés commerciales de l’ESS"
    )


# ── Other people's tools ──


@pytest.fixture(scope="module")
def openfisca() -> Any:
    parameters = pytest.importorskip("openfisca_core.parameters")
    with resources.as_file(resources.files("essor.law").joinpath("parameters")) as folder:
        return parameters.ParameterNode("", directory_path=Path(folder))


def _days(item: law.Parameter) -> list[date]:
    starts = [entry.start for entry in item.entries]
    return sorted({day + timedelta(days=shift) for day in starts for shift in (-1, 0, 1)})


def test_openfisca_finds_the_same_values_on_the_same_days(openfisca: Any) -> None:
    different = []
    for item in law.tree().parameters():
        node = openfisca
        for name in item.id.split("."):
            node = node.children[name]
        for day in _days(item):
            ours = law.in_force(item.id, day)
            theirs = node.get_at_instant(day.isoformat())
            if _plain(ours) != theirs:
                different.append((item.id, day, _plain(ours), theirs))
    assert different == []


def _plain(value: law.LegalValue | None) -> Any:
    if value is None or isinstance(value.value, bool):
        return value.value if value else None
    if isinstance(value.value, tuple):
        return [float(item) if isinstance(item, Decimal) else item for item in value.value]
    return float(value.value)
