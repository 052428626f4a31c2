"""Two small editions with known changes, built by the real pipeline; and their places in the database."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from essor.registry import editions
from essor.registry.models import Edition
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
from essor.territories.models import Territory
from tests.factories import TerritoryFactory
from tests.formats.stocks import establishment, unit, write_stocks

FIRST, SECOND = date(2026, 10, 1), date(2026, 11, 1)
TOULOUSE, MURET = "31555", "31395"
SAME = range(20, 32)

MURET_PLACE = {"codeCommuneEtablissement": MURET, "libelleCommuneEtablissement": "MURET"}


def _employs(band: str) -> dict[str, Any]:
    return {
        "trancheEffectifsUniteLegale": band,
        "anneeEffectifsUniteLegale": "2024",
        "caractereEmployeurUniteLegale": "O",
    }


def first() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The units and the establishments of the first edition."""
    units = [
        unit(1),
        unit(2, activitePrincipaleUniteLegale="93.12Z", **_employs("21")),
        unit(3),
        unit(4, **_employs("01")),
        unit(5, **_employs("22")),
        unit(6),
        unit(8),
        unit(9),
        *(unit(number) for number in SAME),
    ]
    places = [
        establishment(1),
        establishment(2, **MURET_PLACE),
        *(establishment(number) for number in (3, 4, 5, 6, 8, 9, *SAME)),
        establishment(1, 2),
    ]
    return units, places


def second() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One renamed that loses a place, one closed, one moved, one grown, one shrunk, one gone, one new, one requalified,
    one with another activity and a new place."""
    units = [
        unit(1, denominationUniteLegale="AMICALE NOUVELLE"),
        unit(2, activitePrincipaleUniteLegale="93.12Z", etatAdministratifUniteLegale="C", **_employs("21")),
        unit(3),
        unit(4, **_employs("12")),
        unit(5, **_employs("11")),
        unit(7),
        unit(8, categorieJuridiqueUniteLegale="5458"),
        unit(9, activitePrincipaleUniteLegale="93.12Z"),
        *(unit(number) for number in SAME),
    ]
    places = [
        establishment(1),
        establishment(2, etatAdministratifEtablissement="F", **MURET_PLACE),
        establishment(3, **MURET_PLACE),
        *(establishment(number) for number in (4, 5, 7, 8, 9, *SAME)),
        establishment(9, 2, **MURET_PLACE),
    ]
    return units, places


def build_both(folder: Path) -> Path:
    """The two editions in a folder of editions; needs no database."""
    known = {code: code for code in (TOULOUSE, MURET)}
    scope = TerritoryScope("departement:31", frozenset(known), known)
    for number, (day, made) in enumerate(((FIRST, first()), (SECOND, second()))):
        sources = Sources(*write_stocks(folder / f"stocks-{number}", *made))
        build(sources, scope, default_perimeter(day), folder / "editions", day)
    return folder / "editions"


def in_database(built: Path, home: Path) -> tuple[Edition, Edition]:
    """The two editions copied into the installation's folder and recorded; their communes are made first."""
    make_places()
    shutil.copytree(built, home)
    by_day = {
        edition.day: edition
        for folder in sorted(home.iterdir())
        for edition in [editions.record_edition(folder, editions.read_manifest(folder))]
    }
    return by_day[FIRST], by_day[SECOND]


def make_places() -> dict[str, Territory]:
    """Toulouse and Muret, each in its intercommunality, in Haute-Garonne."""
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    made = {"departement": departement}
    for code, name, epci, epci_name in (
        (TOULOUSE, "Toulouse", "243100518", "Toulouse Métropole"),
        (MURET, "Muret", "200068641", "Le Muretain Agglo"),
    ):
        group = TerritoryFactory(
            kind="epci", code=epci, name=epci_name, epci_type="CA", departement=departement
        )
        made[epci_name] = group
        made[name] = TerritoryFactory(code=code, name=name, epci=group, departement=departement)
    return made


def quiet(label: str, done: int, total: int | None) -> None:
    """Progress that nobody looks at."""
