"""Indicators cut by Essor's own dimensions: people supported and what it cost, by goal, policy and service; a token."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from essor.accounts.models import Service
from essor.demo.scenes.cast import Cast
from essor.indicators import actions, actions_tokens, catalogue
from essor.indicators.definition import Observed, Parts, year
from essor.indicators.enums import Direction, Origin, Periodicity
from essor.indicators.models import CollectToken
from essor.kernel.periods import today
from essor.territories.models import Territory

INVENTED = "Exemple inventé de la démonstration"
YEARS = {2023: Decimal("0.8"), 2024: Decimal("0.9"), 2025: Decimal(1)}
# Of the last year, by sector policy: people supported, euros spent.
BY_POLICY = {
    "insertion": (420, 310_000),
    "action-sociale": (265, 240_000),
    "habitat": (96, 88_000),
    "mobilite": (54, 31_000),
}
BY_GOAL = {"8": 420, "10": 365, "11": 150, "1": 96}
COMMON = {
    "periodicity": Periodicity.YEAR.value,
    "source": INVENTED,
    "is_public": True,
    "origin": Origin.COLLECTED.value,
    "direction": Direction.UP.value,
}


def play() -> None:
    """Play the scene once."""
    if CollectToken.objects.exists():
        return
    with transaction.atomic():
        cast = Cast()
        department = cast.department.territory
        assert department is not None  # noqa: S101  # the demonstration gave it one
        people = _people(cast, department)
        spent = _spent(cast, department)
        actions.define(
            cast.agent,
            cast.department,
            {
                **COMMON,
                "origin": Origin.FORMULA.value,
                "label": "Dépense par personne accompagnée",
                "unit": "€ par personne",
                "formula": f"{spent} ÷ {people}",
                "direction": Direction.NONE.value,
                "method": "Quotient de deux indicateurs collectés, pour l’ensemble et pour chaque politique.",
            },
        )
        actions_tokens.make_token(
            cast.agent,
            cast.department,
            "Logiciel de suivi de l’insertion",
            [people],
            today() + timedelta(days=180),
        )


def _people(cast: Cast, department: Territory) -> str:
    services = list(Service.objects.filter(authority=cast.department).order_by("pk")[:2])
    axes = [("politique", "Politique sectorielle"), ("odd", "ODD")] + (
        [("service", "Service")] if services else []
    )
    code = _define(cast, "Personnes accompagnées vers l’emploi dans l’ESS", "personnes", axes)
    total = sum(people for people, _euros in BY_POLICY.values())
    values: dict[Parts, int] = {(): total}
    values |= {(("politique", policy),): people for policy, (people, _euros) in BY_POLICY.items()}
    values |= {(("odd", goal),): people for goal, people in BY_GOAL.items()}
    if len(services) == 2:
        values |= {(("service", str(services[0].pk)),): total - 254, (("service", str(services[1].pk)),): 254}
    _collect(cast, code, department, values)
    return code


def _spent(cast: Cast, department: Territory) -> str:
    code = _define(
        cast, "Dépenses d’accompagnement vers l’emploi", "€", [("politique", "Politique sectorielle")]
    )
    values: dict[Parts, int] = {(): sum(euros for _people, euros in BY_POLICY.values())}
    values |= {(("politique", policy),): euros for policy, (_people, euros) in BY_POLICY.items()}
    _collect(cast, code, department, values)
    return code


def _define(cast: Cast, label: str, unit: str, axes: list[tuple[str, str]]) -> str:
    dimensions = [{"code": code, "label": name, "shared": True} for code, name in axes]
    row = actions.define(
        cast.agent,
        cast.department,
        {**COMMON, "label": label, "unit": unit, "numerator": unit, "dimensions": dimensions},
    )
    return str(row.code)


def _collect(cast: Cast, code: str, department: Territory, values: dict[Parts, int]) -> None:
    """The same cut each year, a little smaller in the first ones."""
    indicator = catalogue.everything()[code]
    cells = [
        Observed(year(number), department.pk, parts, (value * rate).quantize(Decimal(1)))
        for number, rate in YEARS.items()
        for parts, value in values.items()
    ]
    actions.collect(cast.agent, indicator, cells, INVENTED, date(2026, 2, 16))
