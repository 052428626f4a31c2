"""Official tables in the demonstration: the forms of INSEE and of the Urssaf, every figure invented and said to be.

The amounts follow the population of the places, so that levels agree; a grid of density is not invented.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from essor.demo.draws import Draws
from essor.demo.evolution import SEED
from essor.formats import flores, urssaf
from essor.kernel.periods import today
from essor.observatory import actions_official as actions
from essor.observatory.models import OfficialLoad
from essor.territories.enums import Kind
from essor.territories.models import Qpv, Territory
from essor.territories.queries import UnknownTerritoryError, resolve

INVENTED = "Démonstration, chiffres inventés"
DEPARTMENT = "departement:31"
# Weight of each family in jobs, in establishments; full-time equivalents and yearly gross pay of a job.
FAMILIES: dict[str, tuple[float, float, float, int]] = {
    "Associations": (0.76, 0.82, 0.78, 24_300),
    "Coopératives": (0.13, 0.11, 0.93, 33_800),
    "Fondations": (0.05, 0.02, 0.86, 29_400),
    "Mutuelles": (0.05, 0.03, 0.91, 35_100),
    "Autres organismes privés à but non lucratif": (0.01, 0.02, 0.80, 26_900),
}
ACTIVITIES = {
    "Action sociale": 0.41, "Enseignement": 0.15, "Santé": 0.09, "Finance et assurance": 0.09,
    "Sport et loisirs": 0.06, "Culture": 0.03, "Commerce": 0.03, "Autres activités": 0.14,
}  # fmt: skip
JOBS_A_HEAD, PRIVATE_A_HEAD, JOBS_A_PLACE = 0.0335, 0.262, 10.6
FLORES_YEARS, URSSAF_YEARS = (2018, 2019, 2020), (2019, 2020, 2021, 2022, 2023)
GROWTH = {2018: 1.0, 2019: 1.011, 2020: 1.004, 2021: 1.018, 2022: 1.029, 2023: 1.034}
SMALL = 60  # jobs of a family under which the table writes « s »


def play() -> None:
    """Load the tables once."""
    if OfficialLoad.objects.exists():
        return
    try:
        department = resolve(DEPARTMENT)
    except UnknownTerritoryError:
        return
    places = _places(department)
    with TemporaryDirectory(prefix="essor-demo-") as folder:
        tables: Sequence[tuple[str, Sequence[str], Iterable[Sequence[object]], int, date]] = (
            ("flores-demonstration.csv", flores.MODEL, _flores(places), 2020, date(2023, 5, 11)),
            ("urssaf-demonstration.csv", urssaf.MODEL, _urssaf(places), 2023, date(2024, 9, 12)),
            ("qpv-demonstration.csv", QUARTER_HEAD, _quarters(), 2019, date(2021, 4, 26)),
        )
        for name, head, rows, vintage, day in tables:
            path = Path(folder) / name
            with path.open("w", encoding="utf-8", newline="") as sink:
                writer = csv.writer(sink, delimiter=";")
                writer.writerow(head)
                writer.writerows(rows)
            _load(path, vintage, min(day, today()))


def _load(path: Path, vintage: int, day: date) -> None:
    from essor.formats.problems import InputProblem

    try:
        row = actions.give(None, path, vintage=vintage, source=INVENTED, day=day)
    except InputProblem:
        return  # without a neighbourhood there is no table of them
    actions.load(None, row.pk)


def _places(department: Territory) -> list[Territory]:
    """The département, its région, its EPCI, France."""
    inside = Territory.objects.communes_of(department).filter(epci__isnull=False)
    groups = Territory.objects.active().of_kind(Kind.EPCI).filter(pk__in=inside.values("epci_id"))
    above = [department.region] if department.region else []
    return [resolve("france"), *above, department, *groups.order_by("code")]


def _people(place: Territory) -> int:
    """Its population; levels that have none are the sum of their communes."""
    if place.population:
        return place.population
    return sum(
        Territory.objects.communes_of(place).values_list("population", flat=True).exclude(population=None)
    )


def _taste(place: Territory) -> float:
    """How far a place is from the mean: a tenth at most, always the same for it."""
    if place.kind in (Kind.FRANCE, Kind.REGION):
        return 1.0 if place.kind == Kind.FRANCE else 1.06
    return 0.92 + 0.2 * float(Draws(SEED, f"official {place.ref}").unit(1)[0])


def _flores(places: Sequence[Territory]) -> Iterator[tuple[object, ...]]:
    for place in places:
        people, taste = _people(place), _taste(place)
        for year in FLORES_YEARS if place.kind != Kind.EPCI else FLORES_YEARS[-2:]:
            jobs = people * JOBS_A_HEAD * taste * GROWTH[year]
            totals = [0, 0, 0, 0]
            secret = False
            for family, weights in FAMILIES.items():
                row = _amounts(jobs, weights)
                totals = [total + amount for total, amount in zip(totals, row, strict=True)]
                # A family too small is secret, as in the real tables: its line says « s », never zero.
                secret = row[1] < SMALL and place.kind == Kind.EPCI
                yield (place.ref, year, family, "Ensemble", *(["s"] * 4 if secret else row))
            yield (place.ref, year, "Ensemble ESS", "Ensemble", *totals)
            private = round(people * PRIVATE_A_HEAD * GROWTH[year]) - totals[1]
            yield (place.ref, year, "Privé hors économie sociale", "Ensemble", "", max(private, 1), "", "")
            yield from _by_activity(place, year, totals)


def _amounts(jobs: float, weights: tuple[float, float, float, int]) -> list[int]:
    """Establishments, jobs, full-time equivalents, pay of a family."""
    in_jobs, in_places, full_time, pay = weights
    number = max(1, round(jobs * in_jobs))
    places = max(1, round(jobs / JOBS_A_PLACE * in_places))
    return [places, number, round(number * full_time), round(number * full_time * pay / 1000) * 1000]


def _by_activity(place: Territory, year: int, totals: Sequence[int]) -> Iterator[tuple[object, ...]]:
    left = list(totals)
    for rank, (activity, share) in enumerate(ACTIVITIES.items(), 1):
        last = rank == len(ACTIVITIES)
        row = [rest if last else round(total * share) for total, rest in zip(totals, left, strict=True)]
        left = [rest - amount for rest, amount in zip(left, row, strict=True)]
        yield (place.ref, year, "Ensemble ESS", activity, *row)


def _urssaf(places: Sequence[Territory]) -> Iterator[tuple[object, ...]]:
    for place in places:
        if place.kind != Kind.DEPARTEMENT:
            continue
        jobs = (
            _people(place) * JOBS_A_HEAD * _taste(place) * 0.86
        )  # without agriculture, private sector alone
        for year in URSSAF_YEARS:
            whole = 0
            for family, weights in list(FAMILIES.items())[:4]:
                number, pay, full_time = round(jobs * GROWTH[year] * weights[0]), weights[3], weights[2]
                whole += number
                count = round(number / JOBS_A_PLACE)
                yield (year, place.code, family, "Ensemble", count, number, round(number * full_time * pay))
            outside = round(_people(place) * PRIVATE_A_HEAD * GROWTH[year] * 0.95) - whole
            yield (year, place.code, "Hors ESS", "Ensemble", round(outside / 11), outside, outside * 31_000)


QUARTER_HEAD = (
    "code_qp",
    "nom_qp",
    "pop_mun",
    "tp60",
    "disp_q2",
    "tx_tot_empl",
    "tx_f_empl",
    "pmimp",
    "nbetab",
)


def _quarters() -> Iterator[tuple[object, ...]]:
    """The figures of the invented neighbourhoods."""
    for quarter in Qpv.objects.filter(name__startswith="Quartier de démonstration").order_by("code"):
        one, two, three = Draws(SEED, f"official {quarter.code}").unit(3).tolist()
        poverty = round(36 + 18 * one, 1)
        jobs = round(56 - 0.4 * (poverty - 36) - 4 * two, 1)
        yield (
            quarter.code, quarter.name, round(1_100 + 6_200 * three), poverty, round(15_400 - 90 * poverty),
            jobs, round(jobs - 4.5, 1), round(33 - 0.3 * poverty, 1), round(90 + 420 * two),
        )  # fmt: skip
