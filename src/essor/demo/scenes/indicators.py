"""Indicators: the register's figures, a collected case whose parts do not add up, small numbers, a formula, a board."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from essor.demo.scenes.cast import Cast
from essor.indicators import actions, catalogue, materialise
from essor.indicators.definition import Observed, year
from essor.indicators.enums import Direction, Origin, Periodicity
from essor.indicators.models import StoredIndicator
from essor.kernel.periods import today
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

ORLEANS = "commune:45234"
PUBLISHED = (
    "Guide « Économie circulaire », ressourcerie d’Orléans, bilan 2020 (parts publiées telles quelles)"
)
INVENTED = "Exemple inventé de la démonstration"
OUTCOME = {
    "code": "devenir",
    "label": "Devenir",
    "values": [["reemploi", "Réemploi"], ["recyclage", "Recyclage"], ["rendu", "Rendu"]],
    "partition": True,
}
TRADE = {
    "code": "activite",
    "label": "Activité",
    "values": [
        ["batiment", "Bâtiment"],
        ["textile", "Textile"],
        ["maraichage", "Maraîchage"],
        ["velo", "Vélo"],
    ],
    "partition": True,
}
# Tonnes that the demonstration's own reuse centres received (invented), by year.
TONNES = {2020: 410, 2021: 455, 2022: 520, 2023: 498, 2024: 590, 2025: 640}
# People in work integration by trade (invented): how many structures, the share of the largest.
PEOPLE = {
    "batiment": (84, 6, "0.4"),
    "textile": (31, 2, "0.7"),
    "maraichage": (52, 5, "0.3"),
    "velo": (19, 4, "0.5"),
}


def figures() -> None:
    """The figures of the register, as the work of an edition makes them."""
    materialise.materialise(today(), timezone.now())


def play() -> None:
    """Play the scene once; the register's figures follow what the other scenes did."""
    figures()
    if StoredIndicator.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        department = cast.department.territory
        assert department is not None  # noqa: S101  # the demonstration gave it one
        _orleans()
        _tonnes(cast, department)
        _people(cast, department)
        _board(cast, department)


def _orleans() -> None:
    """Orléans 2020: 122 t, 66 % reused, 34 % recycled, 2 % given back. The parts make 102 %."""
    try:
        place = resolve(ORLEANS)
    except UnknownTerritoryError:
        return
    common = {
        "periodicity": Periodicity.YEAR.value,
        "direction": Direction.UP.value,
        "is_public": True,
        "source": PUBLISHED,
        "origin": Origin.COLLECTED.value,
    }
    received = actions.define(
        None,
        None,
        {
            **common,
            "label": "Tonnes reçues par les ressourceries",
            "unit": "tonnes",
            "numerator": "tonnes reçues",
        },
    )
    shares = actions.define(
        None,
        None,
        {
            **common,
            "label": "Devenir des objets reçus",
            "unit": "%",
            "dimensions": [OUTCOME],
            "method": "Parts des 122 tonnes reçues en 2020 (indicateur « Tonnes reçues par les ressourceries »).",
            "numerator": "tonnes de chaque devenir",
            "denominator": "tonnes reçues",
            "direction": Direction.NONE.value,
            "limits": "Parts arrondies par la source ; leur somme dépasse 100 % : elles sont gardées telles quelles.",
        },
    )
    day, span = date(2021, 6, 1), year(2020)
    known = catalogue.everything()
    actions.collect(None, known[received.code], [Observed(span, place.pk, (), Decimal(122))], PUBLISHED, day)
    parts = {"reemploi": 66, "recyclage": 34, "rendu": 2}
    cells = [
        Observed(span, place.pk, (("devenir", code),), Decimal(part), Decimal(100))
        for code, part in parts.items()
    ]
    actions.collect(None, known[shares.code], cells, PUBLISHED, day)


def _tonnes(cast: Cast, department: Territory) -> None:
    """A series of the authority, a target, and a formula that reads two indicators."""
    row = actions.define(
        cast.agent,
        cast.department,
        {
            "origin": Origin.COLLECTED.value,
            "label": "Tonnes réemployées",
            "unit": "tonnes",
            "direction": Direction.UP.value,
            "periodicity": Periodicity.YEAR.value,
            "numerator": "tonnes réemployées",
            "source": INVENTED,
            "method": "Pesées déclarées chaque année par les structures conventionnées.",
            "is_public": True,
        },
    )
    indicator = catalogue.everything()[row.code]
    cells = [Observed(year(number), department.pk, (), Decimal(tonnes)) for number, tonnes in TONNES.items()]
    actions.collect(cast.agent, indicator, cells, INVENTED, date(2026, 3, 2))
    actions.set_target(cast.agent, cast.department, indicator, department, Decimal(900), date(2029, 1, 1))
    actions.define(
        cast.agent,
        cast.department,
        {
            "origin": Origin.FORMULA.value,
            "label": "Créations par fermeture",
            "unit": "créations par fermeture",
            "formula": "registre.creations ÷ registre.fermetures",
            "source": "Registre",
            "is_public": True,
            "direction": Direction.UP.value,
        },
    )


def _people(cast: Cast, department: Territory) -> None:
    """People in work integration by trade: one trade has two structures, and is hidden with another one."""
    row = actions.define(
        cast.agent,
        cast.department,
        {
            "origin": Origin.COLLECTED.value,
            "label": "Salariées et salariés en insertion",
            "unit": "personnes",
            "direction": Direction.UP.value,
            "numerator": "personnes en contrat d’insertion au 31 décembre",
            "dimensions": [TRADE],
            "protected": True,
            "source": INVENTED,
            "is_public": True,
        },
    )
    indicator = catalogue.everything()[row.code]
    span = year(2025)
    cells = [
        Observed(span, department.pk, (("activite", code),), Decimal(count), None, units, Decimal(largest))
        for code, (count, units, largest) in PEOPLE.items()
    ]
    total = sum(count for count, _units, _largest in PEOPLE.values())
    units = sum(each for _count, each, _largest in PEOPLE.values())
    cells.append(Observed(span, department.pk, (), Decimal(total), None, units, Decimal("0.2")))
    actions.collect(cast.agent, indicator, cells, INVENTED, date(2026, 2, 10))


def _board(cast: Cast, department: Territory) -> None:
    """What the agent follows, one of them out of its thresholds."""
    for code in (
        "registre.organisations",
        "collecte.tonnes_reemployees",
        "registre.part_qpv",
        "registre.densite",
    ):
        item = actions.follow(cast.agent, cast.department, code, department)
        if code == "registre.densite":
            actions.set_thresholds(item, Decimal(20), None)
