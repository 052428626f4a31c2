"""A small made-up register on made-up ground, and its figures counted one by one, without any of the columns."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from essor.indicators.rules_jobs import JOBS
from essor.registry.filters import SIZE_GROUP_OF
from essor.registry.models import EstablishmentFacts, OrganisationFacts
from essor.registry.rules_insee import insee_family
from essor.territories.enums import EpciType, Kind
from essor.territories.models import Territory
from tests.factories import TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

EDITION = date(2026, 11, 1)
DAY = date(2026, 11, 20)
QUARTER = [{"generation": 2024, "code": "QN031", "relation": "in", "certainty": "sure", "distance": 0}]
NEAR = [{"generation": 2024, "code": "QN031", "relation": "near", "certainty": "sure", "distance": 40}]
FORMS = [
    ("association", "9220", "88.99B"), ("association", "9260", "93.12Z"), ("cooperative", "5458", "41.20A"),
    ("cooperative", "5710", "47.11F"), ("mutual", "8210", "65.12Z"), ("foundation", "9300", "86.10Z"),
    ("ess_company", "5499", "38.11Z"), ("association", "9220", "94.91Z"),
]  # fmt: skip
CREATED = [None, date(2026, 6, 1), date(2023, 11, 1), date(2023, 11, 2), date(2016, 10, 31), date(1999, 1, 1),
           date(1976, 11, 1), date(1901, 7, 1)]  # fmt: skip


def paris() -> dict[str, Territory]:
    """Grand Paris: two EPT of one métropole, two départements, in one région, all covered."""
    region = TerritoryFactory(kind=Kind.REGION, code="11", name="Île-de-France")
    first = TerritoryFactory(kind=Kind.DEPARTEMENT, code="93", name="Seine-Saint-Denis", region=region)
    second = TerritoryFactory(kind=Kind.DEPARTEMENT, code="94", name="Val-de-Marne", region=region)
    whole = TerritoryFactory(kind=Kind.EPCI, code="200054781", epci_type=EpciType.METRO, name="Grand Paris")
    plaine = TerritoryFactory(kind=Kind.EPT, code="200057867", name="Plaine Commune")
    bievre = TerritoryFactory(kind=Kind.EPT, code="200058014", name="Grand-Orly")
    alsace = TerritoryFactory(kind=Kind.COLLECTIVITE, code="6AE", name="Collectivité d’essai")
    made = {"region": region, "first": first, "second": second, "whole": whole, "plaine": plaine, "bievre": bievre,
            "alsace": alsace}  # fmt: skip
    for rank, population in enumerate((900, 2000, 50_000, 1999, None)):
        north = rank < 3
        made[f"c{rank}"] = TerritoryFactory(
            name=f"Commune {rank}", code=f"9{3 if north else 4}00{rank}", population=population, epci=whole,
            ept=plaine if north else bievre, departement=first if north else second, region=region,
            collectivite=None if north else alsace,
        )  # fmt: skip
    edition_in_force(scope="region:11", day=EDITION)
    return made


def fill(made: dict[str, Territory], *, organisations: int = 40, seed: int = 7) -> None:
    """Organisations with up to three establishments, some of them hidden from the figures."""
    chance = random.Random(seed)  # always the same register
    communes = [made[f"c{rank}"] for rank in range(5)]
    for _number in range(organisations):
        family, category, naf = chance.choice(FORMS)
        seat = chance.choice(communes)
        row = FactsFactory(
            commune=seat, family=family, legal_category=category, naf=naf, created_on=chance.choice(CREATED),
            size_band=chance.choice(list(JOBS)), organisation__is_public=chance.random() > 0.1,
            verdict=chance.choice(["ess_by_status"] * 6 + ["ess_declared", "to_check"]),
        )  # fmt: skip
        for place in (seat, *chance.sample(communes, chance.randint(0, 2))):
            lon = chance.choice([None, 2.1, 2.3, 2.5])
            PlaceFactory(
                organisation=row.organisation, commune=place, size_band=chance.choice(list(JOBS)),
                created_on=chance.choice(CREATED), longitude=lon,
                latitude=None if lon is None else chance.choice([48.7, 48.9]),
                qpv=chance.choice([[], QUARTER, NEAR]) if lon is not None else [], present=chance.random() > 0.1,
            )  # fmt: skip


def places() -> list[tuple[OrganisationFacts, EstablishmentFacts]]:
    """Every establishment that counts, with its organisation."""
    found = []
    for site in EstablishmentFacts.objects.filter(present=True).select_related(
        "establishment__organisation__facts"
    ):
        facts = site.establishment.organisation.facts
        if facts.verdict != "to_check" and facts.organisation.is_public:
            found.append((facts, site))
    return found


def age(created: date | None) -> str:
    """The band of ages on the edition's day, by counting birthdays."""
    if created is None:
        return "inconnue"
    years = EDITION.year - created.year - ((EDITION.month, EDITION.day) < (created.month, created.day))
    return next(
        code
        for least, code in ((50, "50"), (20, "20-49"), (10, "10-19"), (3, "3-9"), (-9, "0-2"))
        if years >= least
    )


Figures = dict[tuple[str, str, str], Decimal]


def by_hand(rows: Iterable[tuple[OrganisationFacts, EstablishmentFacts]]) -> Figures:
    """The figures of some establishments taken together: (code, dimension, value) → figure; zero parts are absent."""
    found: Counter[tuple[str, str, str]] = Counter()
    seen: dict[int, OrganisationFacts] = {}

    def add(code: str, amount: Any, **cuts: str) -> None:
        found[(code, "", "")] += amount
        for dimension, value in cuts.items():
            found[(code, dimension, value)] += amount

    for facts, site in rows:
        seen[facts.pk] = facts
        jobs, kinds = JOBS[site.size_band], {"famille": facts.family, "secteur": facts.sector}
        size = str(SIZE_GROUP_OF[site.size_band].value)
        add("etablissements", 1, **kinds, taille=size, anciennete=age(site.created_on))
        add("etablissements_employeurs", int(jobs.low > 0), **kinds)
        add("emplois", jobs.best, **kinds)
        add("emplois_min", jobs.low)
        add("emplois_max", jobs.high)
        if insee := insee_family(facts.legal_category, facts.naf).family:
            add("etablissements_insee", int(jobs.low > 0), famille_insee=str(insee.value))
            add("emplois_insee", jobs.best, famille_insee=str(insee.value))
    for facts in seen.values():
        add("organisations", 1, famille=facts.family, secteur=facts.sector, anciennete=age(facts.created_on))
        add("employeurs", int(facts.is_employer), famille=facts.family)
    return {key: Decimal(value) for key, value in found.items() if value or not key[1]}


def by_territory(made: dict[str, Territory]) -> dict[str, Figures]:
    """The figures of each territory, by its name: every organisation is seated at one of its establishments."""
    inside: dict[str, list[Any]] = defaultdict(list)
    for facts, site in places():
        commune = site.commune
        assert commune is not None
        for territory in (
            commune,
            commune.epci,
            commune.ept,
            commune.departement,
            commune.collectivite,
            commune.region,
        ):
            if territory is not None:
                inside[territory.name].append((facts, site))
    return {name: by_hand(rows) for name, rows in inside.items()}
