"""What the list counts and what its address says, without database."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import Family, SizeBand, Verdict
from essor.registry.filters import (
    SIZE_GROUP_OF,
    Filters,
    Group,
    Section,
    SizeGroup,
    Value,
    count_facets,
    sector_choices,
)

DAY = date(2026, 11, 22)
FAMILIES = ("association", "cooperative", "")
SECTORS = ("culture", "sport", "")
BANDS = ("NN", "01", "12", "53")
VERDICTS = tuple(str(verdict.value) for verdict in Verdict)

groups = st.lists(
    st.builds(
        Group,
        st.sampled_from(FAMILIES),
        st.sampled_from(SECTORS),
        st.sampled_from(BANDS),
        st.sampled_from(VERDICTS),
        st.booleans(),
        st.integers(1, 9),
    ),
    max_size=30,
)
filters = st.builds(
    Filters,
    day=st.just(DAY),
    families=st.lists(st.sampled_from(FAMILIES), unique=True).map(tuple),
    sectors=st.lists(st.sampled_from(SECTORS), unique=True).map(tuple),
    sizes=st.lists(st.sampled_from([str(size.value) for size in SizeGroup]), unique=True).map(tuple),
    employer=st.booleans(),
    section=st.sampled_from(Section),
)


def kept(group: Group, asked: Filters, without: str = "") -> bool:
    """The list's rule, said once more and otherwise."""
    size = str(SIZE_GROUP_OF[group.size_band].value)
    return (
        (without == "family" or not asked.families or group.family in asked.families)
        and (without == "sector" or not asked.sectors or group.sector in asked.sectors)
        and (without == "size" or not asked.sizes or size in asked.sizes)
        and (not asked.employer or group.is_employer)
        and group.verdict in asked.section.verdicts
    )


@given(groups, filters)
def test_a_value_of_a_facet_counts_what_choosing_it_alone_would_show(
    rows: list[Group], asked: Filters
) -> None:
    found = count_facets(rows, asked)

    assert found.total == sum(row.count for row in rows if kept(row, asked))
    for value in found.families:
        assert value.count == sum(
            row.count for row in rows if row.family == value.value and kept(row, asked, "family")
        )
    for value in found.sectors:
        assert value.count == sum(
            row.count for row in rows if row.sector == value.value and kept(row, asked, "sector")
        )
    for value in found.sizes:
        assert value.count == sum(
            row.count
            for row in rows
            if SIZE_GROUP_OF[row.size_band].value == value.value and kept(row, asked, "size")
        )


def test_a_chosen_value_stays_on_the_page_when_it_gives_nothing() -> None:
    rows = [Group("association", "sport", "NN", "ess_by_status", False, 4)]

    found = count_facets(rows, Filters(day=DAY, families=("mutual",)))

    assert found.total == 0
    assert list(found.families) == [
        Value("association", Family.ASSOCIATION.label, 4, False),
        Value("mutual", Family.MUTUAL.label, 0, True),
    ]


def test_the_parts_of_the_list_are_counted_apart() -> None:
    rows = [
        Group("association", "sport", "NN", "ess_by_status", False, 4),
        Group("ess_company", "sport", "NN", "ess_declared", False, 2),
        Group("", "sport", "NN", "to_check", False, 3),
        Group("", "sport", "NN", "outside", False, 9),
    ]

    assert count_facets(rows, Filters(day=DAY)).by_section == {"registre": 6, "a-verifier": 3}
    assert count_facets(rows, Filters(day=DAY)).total == 6
    assert count_facets(rows, Filters(day=DAY, section=Section.TO_CHECK)).total == 3


def test_each_official_band_stands_in_one_group_of_sizes() -> None:
    assert sorted(band for size in SizeGroup for band in size.bands) == sorted(
        str(band.value) for band in SizeBand
    )
    assert SizeGroup.MEDIUM.bands == ("11", "12")
    assert SizeGroup.NONE.bands == ("NN", "00")


def test_an_unknown_activity_can_be_chosen() -> None:
    assert sector_choices()[-1] == ("", "Activité inconnue")
