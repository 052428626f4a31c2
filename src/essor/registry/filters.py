"""What a person asks of the register's list: filters, order, facets. Pure: the day is a value, counting is arithmetic.

One grouped count of the database (`Group`) is enough for the total and for every facet: the choices of each facet
are applied here, so that a facet shows what each of its values would give with the other filters kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from essor.law.labelled import Labelled
from essor.registry.enums import Family, SizeBand, Tag, Verdict
from essor.registry.nomenclatures import sectors

MAX_WORDS = 8


class Section(Labelled):
    """The two parts of the list: what is of the ESS, and what somebody must check."""

    REGISTER = "registre", "Dans le registre"
    TO_CHECK = "a-verifier", "À vérifier"

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The verdicts that the part shows."""
        if self is Section.TO_CHECK:
            return (Verdict.TO_CHECK.value,)
        return (Verdict.ESS_BY_STATUS.value, Verdict.ESS_DECLARED.value)


class Sort(Labelled):
    """Orders of the list."""

    RELEVANCE = "pertinence", "Pertinence"
    DISTANCE = "distance", "Distance"
    NAME = "nom", "Nom, de A à Z"
    SIZE = "taille", "Effectif décroissant"
    NEWEST = "recentes", "Les plus récentes"
    OLDEST = "anciennes", "Les plus anciennes"


class SizeGroup(Labelled):
    """Bands of employees gathered as people speak of them."""

    NONE = "0", "Aucun salarié ou inconnu"
    SMALL = "1-9", "1 à 9 salariés"
    MEDIUM = "10-49", "10 à 49 salariés"
    LARGE = "50-249", "50 à 249 salariés"
    VERY_LARGE = "250", "250 salariés et plus"

    @property
    def bands(self) -> tuple[str, ...]:
        """Codes of the official bands that it gathers."""
        return tuple(band.value for band in SizeBand if _group_of(band) is self)


def _group_of(band: SizeBand) -> SizeGroup:
    low = band.low or 0
    limits = (
        (250, SizeGroup.VERY_LARGE),
        (50, SizeGroup.LARGE),
        (10, SizeGroup.MEDIUM),
        (1, SizeGroup.SMALL),
    )
    return next((group for least, group in limits if low >= least), SizeGroup.NONE)


class CreationBand(Labelled):
    """Years of creation, gathered."""

    BEFORE_1980 = "avant-1980", "Avant 1980"
    FROM_1980 = "1980-1999", "De 1980 à 1999"
    FROM_2000 = "2000-2009", "De 2000 à 2009"
    FROM_2010 = "2010-2019", "De 2010 à 2019"
    FROM_2020 = "2020", "Depuis 2020"

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the band, both within."""
        return _YEARS[str(self.value)]


_YEARS = {
    "avant-1980": (1, 1979),
    "1980-1999": (1980, 1999),
    "2000-2009": (2000, 2009),
    "2010-2019": (2010, 2019),
    "2020": (2020, 9999),
}


class Quarter(Labelled):
    """Where the establishments stand against the quartiers prioritaires of one generation of outlines."""

    IN_2024 = "2024-dans", "Dans un quartier prioritaire"
    NEAR_2024 = "2024-proche", "À moins de 300 m d’un quartier"
    IN_2015 = "2015-dans", "Dans un quartier de 2015"
    NEAR_2015 = "2015-proche", "À moins de 300 m d’un quartier de 2015"

    @property
    def relation(self) -> tuple[int, str]:
        """Generation of the outlines, and relation as the establishments' facts say it."""
        generation, _dash, where = str(self.value).partition("-")
        return int(generation), "in" if where == "dans" else "near"


SIZE_GROUP_OF: dict[str, SizeGroup] = {band.value: _group_of(band) for band in SizeBand}


@dataclass(frozen=True)
class Place:
    """A territory by which the list is limited: reference, words, words after « de », communes (None: no limit)."""

    ref: str
    name: str
    of_name: str
    commune_ids: frozenset[int] | None = None


@dataclass(frozen=True)
class Near:
    """A point and a distance around it: degrees, kilometres, reference, words, words after « de »."""

    longitude: float
    latitude: float
    kilometres: float
    ref: str
    name: str
    of_name: str = ""


@dataclass(frozen=True)
class Zone:
    """A part of the map: degrees of its western, southern, eastern and northern sides, all within it."""

    west: float
    south: float
    east: float
    north: float

    @property
    def ref(self) -> str:
        """As the address writes it: « 1.2,43.4,1.6,43.7 »."""
        return ",".join(f"{side:.5f}".rstrip("0").rstrip(".") for side in self.sides)

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return self.west, self.south, self.east, self.north


@dataclass(frozen=True)
class InQuarter:
    """One quartier prioritaire: its code, its name, the organisations that have an establishment inside."""

    code: str
    name: str
    organisation_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Filters:
    """Everything that chooses and orders the rows of the list."""

    day: date
    text: str = ""
    place: Place | None = None
    families: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    employer: bool = False
    section: Section = Section.REGISTER
    sort: Sort = Sort.NAME
    near: Near | None = None
    zone: Zone | None = None
    epcis: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    quarters: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    created_in: int | None = None  # one year, whatever the bands chosen
    in_quarter: InQuarter | None = None

    @property
    def usual_sort(self) -> Sort:
        """The order when none is asked: what answers best, else what is nearest, else names."""
        if self.text:
            return Sort.RELEVANCE
        return Sort.DISTANCE if self.near else Sort.NAME

    @property
    def bands(self) -> tuple[str, ...]:
        """Official bands of the chosen sizes."""
        return tuple(band for size in self.sizes for band in SizeGroup(size).bands)


@dataclass(frozen=True)
class Group:
    """How many organisations share these five facts."""

    family: str
    sector: str
    size_band: str
    verdict: str
    is_employer: bool
    count: int


@dataclass(frozen=True)
class Value:
    """One value of a facet: what it would give (None: not counted), and whether it is chosen."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True)
class Facets:
    """Counts of the list: rows shown, rows of each part, values of each facet."""

    total: int
    by_section: dict[str, int]
    families: Sequence[Value]
    sectors: Sequence[Value]
    sizes: Sequence[Value]
    employers: int
    tags: Sequence[Value] = field(default=())
    epcis: Sequence[Value] = field(default=())
    communes: Sequence[Value] = field(default=())
    quarters: Sequence[Value] = field(default=())
    years: Sequence[Value] = field(default=())


def _tests(filters: Filters) -> dict[str, Callable[[Group], bool]]:
    """One test a facet; an empty choice keeps everything."""
    bands, verdicts = frozenset(filters.bands), frozenset(filters.section.verdicts)
    return {
        "family": lambda group: not filters.families or group.family in filters.families,
        "sector": lambda group: not filters.sectors or group.sector in filters.sectors,
        "size": lambda group: not bands or group.size_band in bands,
        "employer": lambda group: not filters.employer or group.is_employer,
        "section": lambda group: group.verdict in verdicts,
    }


def _values(choices: Iterable[tuple[str, str]], counts: Counter[str], chosen: Sequence[str]) -> list[Value]:
    """Values that would give something, and those chosen even when they give nothing."""
    return [
        Value(code, label, counts[code], code in chosen)
        for code, label in choices
        if counts[code] or code in chosen
    ]


def count_facets(groups: Iterable[Group], filters: Filters) -> Facets:
    """Facets of the list from the grouped counts of what matches text, place and tags.

    Sectors come largest first; families and sizes keep their own order.
    """
    tests = _tests(filters)
    rows = list(groups)

    def kept(without: str) -> list[Group]:
        others = [test for name, test in tests.items() if name != without]
        return [group for group in rows if all(test(group) for test in others)]

    def counter(without: str, key: Callable[[Group], str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for group in kept(without):
            counts[key(group)] += group.count
        return counts

    verdicts = counter("section", lambda group: group.verdict)
    by_sector = counter("sector", lambda group: group.sector)
    sector_values = _values(sector_choices(), by_sector, filters.sectors)
    return Facets(
        total=sum(group.count for group in kept("")),
        by_section={
            str(section.value): sum(verdicts[verdict] for verdict in section.verdicts) for section in Section
        },
        families=_values(Family.choices(), counter("family", lambda group: group.family), filters.families),
        sectors=sorted(sector_values, key=lambda value: -(value.count or 0)),
        sizes=_values(
            SizeGroup.choices(),
            counter("size", lambda group: str(SIZE_GROUP_OF.get(group.size_band, SizeGroup.NONE).value)),
            filters.sizes,
        ),
        employers=sum(group.count for group in kept("employer") if group.is_employer),
    )


def sector_choices() -> list[tuple[str, str]]:
    """Sectors of the trade, and the words for an organisation whose activity is unknown."""
    return [*((sector.code, sector.label) for sector in sectors()), ("", "Activité inconnue")]


def with_tags(
    facets: Facets, counts: Counter[str], filters: Filters, labels: Sequence[tuple[str, str]] = ()
) -> Facets:
    """The facets with the values of the tags, largest first; `labels`: those that authorities name."""
    values = _values([*Tag.choices(), *labels], counts, filters.tags)
    return replace(facets, tags=sorted(values, key=lambda value: -(value.count or 0)))
