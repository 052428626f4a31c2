"""The official columns of SIRENE's two stock files and of INSEE's geolocation file.

Sources: INSEE, « Dessin du fichier stock » of both files (35 and 54 columns, NAF 2025 ones included) and
documentation of the geolocation file (19 columns); types are those of the official Parquet files.
"""

from datetime import date
from typing import Any

import numpy as np

from essor.demo.draws import Bools, Floats, Ints, Objects, derived, either
from essor.demo.economy import Days, Establishments, Units, band, of_profiles
from essor.demo.identifiers import padded, rnas
from essor.demo.locations import QUALITIES, Locations, located
from essor.demo.naf25 import naf25
from essor.demo.names import NOT_DISCLOSED, plain_capitals
from essor.demo.places import Atlas
from essor.demo.profiles import profiles
from essor.demo.quarters import Quarter, codes_at
from essor.demo.sheets import Sheet
from essor.formats.projections import to_lambert93

TEXT, WHOLE, DAY, MOMENT, REAL = "VARCHAR", "BIGINT", "DATE", "TIMESTAMP", "DOUBLE"
_OTHER_TYPES = {
    "unitePurgeeUniteLegale": "BOOLEAN", "etablissementSiege": "BOOLEAN", "dateDebut": DAY,
    "categorieJuridiqueUniteLegale": WHOLE, "x": REAL, "y": REAL, "distance_precision": REAL, "x_longitude": REAL,
    "y_latitude": REAL,
}  # fmt: skip


def _typed(names: str) -> dict[str, str]:
    """Columns with their types: told by the official names, but for a few."""
    types = {}
    for name in names.split():
        kind = _OTHER_TYPES.get(name, TEXT)
        if name.startswith("dateCreation"):
            kind = DAY
        elif name.startswith("dateDernierTraitement"):
            kind = MOMENT
        elif name.startswith(("annee", "nombrePeriodes")):
            kind = WHOLE
        types[name] = kind
    return types


LEGAL_UNIT_COLUMNS = _typed("""
    siren statutDiffusionUniteLegale unitePurgeeUniteLegale dateCreationUniteLegale sigleUniteLegale sexeUniteLegale
    prenom1UniteLegale prenom2UniteLegale prenom3UniteLegale prenom4UniteLegale prenomUsuelUniteLegale
    pseudonymeUniteLegale identifiantAssociationUniteLegale trancheEffectifsUniteLegale anneeEffectifsUniteLegale
    dateDernierTraitementUniteLegale nombrePeriodesUniteLegale categorieEntreprise anneeCategorieEntreprise dateDebut
    etatAdministratifUniteLegale nomUniteLegale nomUsageUniteLegale denominationUniteLegale
    denominationUsuelle1UniteLegale denominationUsuelle2UniteLegale denominationUsuelle3UniteLegale
    categorieJuridiqueUniteLegale activitePrincipaleUniteLegale nomenclatureActivitePrincipaleUniteLegale
    nicSiegeUniteLegale economieSocialeSolidaireUniteLegale societeMissionUniteLegale caractereEmployeurUniteLegale
    activitePrincipaleNAF25UniteLegale
""")
ESTABLISHMENT_COLUMNS = _typed("""
    siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement
    anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement dateDernierTraitementEtablissement
    etablissementSiege nombrePeriodesEtablissement complementAdresseEtablissement numeroVoieEtablissement
    indiceRepetitionEtablissement dernierNumeroVoieEtablissement indiceRepetitionDernierNumeroVoieEtablissement
    typeVoieEtablissement libelleVoieEtablissement codePostalEtablissement libelleCommuneEtablissement
    libelleCommuneEtrangerEtablissement distributionSpecialeEtablissement codeCommuneEtablissement
    codeCedexEtablissement libelleCedexEtablissement codePaysEtrangerEtablissement libellePaysEtrangerEtablissement
    identifiantAdresseEtablissement coordonneeLambertAbscisseEtablissement coordonneeLambertOrdonneeEtablissement
    complementAdresse2Etablissement numeroVoie2Etablissement indiceRepetition2Etablissement typeVoie2Etablissement
    libelleVoie2Etablissement codePostal2Etablissement libelleCommune2Etablissement
    libelleCommuneEtranger2Etablissement distributionSpeciale2Etablissement codeCommune2Etablissement
    codeCedex2Etablissement libelleCedex2Etablissement codePaysEtranger2Etablissement libellePaysEtranger2Etablissement
    dateDebut etatAdministratifEtablissement enseigne1Etablissement enseigne2Etablissement enseigne3Etablissement
    denominationUsuelleEtablissement activitePrincipaleEtablissement nomenclatureActivitePrincipaleEtablissement
    caractereEmployeurEtablissement activitePrincipaleNAF25Etablissement
""")
GEOLOCATION_COLUMNS = _typed("""
    siret x y qualite_xy epsg plg_qp24 plg_iris plg_zus plg_qp15 plg_qva plg_code_commune distance_precision
    qualite_qp24 qualite_iris qualite_zus qualite_qp15 qualite_qva y_latitude x_longitude
""")
NO_EMPLOYEE = "NN"
# Legal categories of the associations that are declared to the RNA.
DECLARED = frozenset({"9220", "9221", "9222", "9223", "9230"})


def employees_of_units(units: Units, places: Establishments) -> Ints:
    """Employees of each unit: the sum of its establishments'."""
    return np.bincount(places.unit, weights=places.employees, minlength=len(units)).astype(np.int64)


def has_rna(units: Units) -> Bools:
    """Which units are associations declared to the RNA."""
    return np.array([category in DECLARED for category in units.category])


def rna_numbers(units: Units) -> Objects:
    """The RNA number of declared associations, None for the others."""
    return either(has_rna(units), rnas(units.serial), None)


def legal_units(units: Units, places: Establishments, day: date) -> Sheet:
    """The stock of legal units on the day, sorted by SIREN."""
    year = year_of_employees(day)
    n = len(units)
    staff = employees_of_units(units, places)
    alive = np.isnat(units.closed)
    person = of_profiles(units, "person") == 1
    masked = units.hidden & ~person
    seats = places.take(places.seat)
    nic = np.zeros(n, dtype=np.int64)
    nic[seats.unit] = seats.nic
    bands = band(staff)
    company = np.char.startswith(units.category.astype(str), "5")
    small_firm = alive & (company | (staff > 0))
    values: dict[str, Any] = dict.fromkeys(LEGAL_UNIT_COLUMNS)
    values |= {
        "siren": padded(units.siren, 9),
        "statutDiffusionUniteLegale": either(units.hidden, "P", "O"),
        "dateCreationUniteLegale": units.created,
        "sigleUniteLegale": either(masked, None, units.acronym),
        "sexeUniteLegale": units.sex,
        "prenom1UniteLegale": units.first_name,
        "prenomUsuelUniteLegale": units.first_name,
        "identifiantAssociationUniteLegale": either(
            derived(units.number, 1) < 0.04, None, rna_numbers(units)
        ),
        "trancheEffectifsUniteLegale": either(alive, either(staff > 0, bands, NO_EMPLOYEE), None),
        "anneeEffectifsUniteLegale": _years(alive & (staff > 0), year),
        "dateDernierTraitementUniteLegale": _moments(units.changed, units.number, day),
        "nombrePeriodesUniteLegale": 1
        + (units.changed > units.created)
        + (derived(units.number, 2) ** 3 * 4).astype(np.int64),
        "categorieEntreprise": either(small_firm, either(staff > 250, "ETI", "PME"), None),
        "anneeCategorieEntreprise": _years(small_firm, year),
        "dateDebut": units.changed,
        "etatAdministratifUniteLegale": either(alive, "A", "C"),
        "nomUniteLegale": either(person, units.name, None),
        "denominationUniteLegale": either(person, None, either(masked, NOT_DISCLOSED, units.name)),
        "denominationUsuelle1UniteLegale": either(masked, None, units.usual_name),
        "categorieJuridiqueUniteLegale": units.category,
        "activitePrincipaleUniteLegale": units.naf,
        "nomenclatureActivitePrincipaleUniteLegale": np.full(n, "NAFRev2", dtype=object),
        "nicSiegeUniteLegale": padded(nic, 5),
        "economieSocialeSolidaireUniteLegale": units.flag,
        "societeMissionUniteLegale": either(units.mission, "O", either(company, "N", None)),
        "caractereEmployeurUniteLegale": either(staff > 0, "O", either(alive, "N", None)),
        "activitePrincipaleNAF25UniteLegale": naf25(units.naf),
    }
    return Sheet(LEGAL_UNIT_COLUMNS, values).take(np.argsort(units.siren, kind="stable"))


def establishments(
    units: Units, places: Establishments, locations: Locations, atlas: Atlas, day: date
) -> Sheet:
    """The stock of establishments on the day, in the order of `places`."""
    year = year_of_employees(day)
    n = len(places)
    alive = np.isnat(places.closed)
    hidden = units.hidden[places.unit]
    siren = units.siren[places.unit]
    naf = units.naf[places.unit]
    number = derived(units.number[places.unit] + places.nic / 100_000, 3)
    x, y = to_lambert93(locations.lon, locations.lat)
    seen = ~hidden & located(locations)
    towns = np.array([plain_capitals(name) for name in atlas.names], dtype=object)
    address = {
        "complementAdresseEtablissement": locations.complement,
        "numeroVoieEtablissement": locations.number,
        "indiceRepetitionEtablissement": locations.repetition,
        "typeVoieEtablissement": locations.street_type,
        "libelleVoieEtablissement": locations.street,
        "codePostalEtablissement": locations.postal_code,
        "distributionSpecialeEtablissement": locations.post_box,
    }
    values: dict[str, Any] = dict.fromkeys(ESTABLISHMENT_COLUMNS)
    values |= {
        "siren": padded(siren, 9),
        "nic": padded(places.nic, 5),
        "siret": padded(siren * 100_000 + places.nic, 14),
        "statutDiffusionEtablissement": either(hidden, "P", "O"),
        "dateCreationEtablissement": places.created,
        "trancheEffectifsEtablissement": either(
            alive, either(places.employees > 0, band(places.employees), NO_EMPLOYEE), None
        ),
        "anneeEffectifsEtablissement": _years(alive & (places.employees > 0), year),
        "dateDernierTraitementEtablissement": _moments(places.changed, number, day),
        "etablissementSiege": places.seat,
        "nombrePeriodesEtablissement": 1 + ~alive + (number**3 * 3).astype(np.int64),
        **{name: _masked(value, hidden) for name, value in address.items()},
        "libelleCommuneEtablissement": towns[places.commune],
        "codeCommuneEtablissement": atlas.codes[places.commune],
        "coordonneeLambertAbscisseEtablissement": _metres(x, seen, hidden),
        "coordonneeLambertOrdonneeEtablissement": _metres(y, seen, hidden),
        "dateDebut": places.changed,
        "etatAdministratifEtablissement": either(alive, "A", "F"),
        "enseigne1Etablissement": either(hidden, None, _signs(units, places, atlas)),
        "activitePrincipaleEtablissement": naf,
        "nomenclatureActivitePrincipaleEtablissement": np.full(n, "NAFRev2", dtype=object),
        "caractereEmployeurEtablissement": either(places.employees > 0, "O", either(alive, "N", None)),
        "activitePrincipaleNAF25Etablissement": naf25(naf),
    }
    return Sheet(ESTABLISHMENT_COLUMNS, values)


def _masked(value: Objects, hidden: Any) -> Objects:
    """The value, replaced where it may not be diffused."""
    return either(hidden & (value != None), NOT_DISCLOSED, value)  # noqa: E711 - element by element


def _metres(values: Any, seen: Any, hidden: Any) -> Objects:
    """Coordinates as the stock writes them: text, masked with the address."""
    text = np.full(len(values), None, dtype=object)
    text[hidden] = NOT_DISCLOSED
    text[seen] = np.round(values[seen], 1).astype(str).astype(object)
    return text


def _signs(units: Units, places: Establishments, atlas: Atlas) -> Objects:
    """What is written above the door of the places that are not the seat, in organisations that have several."""
    words_of = [_sign_word(profile.code) for profile in profiles()]
    signs = np.full(len(places), None, dtype=object)
    chosen = np.flatnonzero(~places.seat & np.isnat(places.closed))
    for row, rank, commune in zip(
        chosen.tolist(),
        units.profile[places.unit[chosen]].tolist(),
        places.commune[chosen].tolist(),
        strict=True,
    ):
        signs[row] = f"{words_of[rank]} {atlas.of_names[commune]}"
    return signs


def _sign_word(code: str) -> str:
    if code in {"bank", "mutual"}:
        return "Agence"
    return "Atelier" if code.startswith(("scop", "integration", "reuse")) else "Antenne"


def _years(where: Any, year: int) -> Objects:
    return either(where, str(year), None)


def _moments(days: Days, numbers: Floats, stock: date) -> Any:
    """When INSEE last treated the row: some days after the fact, in the evening, never after the stock's day."""
    later = (derived(numbers, 4) * 9).astype(np.int64).astype("timedelta64[D]")
    second = (18 * 3600 + derived(numbers, 5) * 5 * 3600).astype(np.int64).astype("timedelta64[s]")
    return np.minimum(days + later, np.datetime64(stock, "D")).astype("datetime64[s]") + second


def geolocation(sheet: Sheet, locations: Locations, atlas_codes: Objects, found: list[Quarter]) -> Sheet:
    """INSEE's geolocation of the establishments of a stock: those whose position is known."""
    rows = np.flatnonzero(located(locations))
    lon, lat = locations.lon[rows], locations.lat[rows]
    x, y = to_lambert93(lon, lat)
    quality = locations.quality[rows]
    errors = {code: error for code, (_share, error) in QUALITIES.items()}
    qp = {year: codes_at(lon, lat, year, found) for year in (2015, 2024)}
    sure = either(np.isin(quality, ["11", "21"]), "1", "2").astype(object)
    values: dict[str, Any] = dict.fromkeys(GEOLOCATION_COLUMNS)
    values |= {
        "siret": sheet.values["siret"][rows],
        "x": x.round(2),
        "y": y.round(2),
        "qualite_xy": quality,
        "epsg": np.full(len(rows), "2154", dtype=object),
        "plg_qp24": qp[2024],
        "plg_qp15": qp[2015],
        "plg_code_commune": atlas_codes[rows],
        "distance_precision": np.array([errors[code] for code in quality.tolist()]),
        "qualite_qp24": sure,
        "qualite_qp15": sure,
        "y_latitude": lat,
        "x_longitude": lon,
    }
    return Sheet(GEOLOCATION_COLUMNS, values)


def year_of_employees(day: date) -> int:
    """The year of the numbers of employees that a stock of that day gives."""
    return day.year - 2
