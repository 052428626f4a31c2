"""Small official files made for tests: SIRENE stocks (CSV, Parquet or zip), geolocation, with valid numbers.

Every column of the official files is there; a test gives only the cells that matter to it.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

UNIT_COLUMNS = (
    "siren", "statutDiffusionUniteLegale", "unitePurgeeUniteLegale", "dateCreationUniteLegale", "sigleUniteLegale",
    "sexeUniteLegale", "prenom1UniteLegale", "prenom2UniteLegale", "prenom3UniteLegale", "prenom4UniteLegale",
    "prenomUsuelUniteLegale", "pseudonymeUniteLegale", "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale", "categorieEntreprise", "anneeCategorieEntreprise", "dateDebut",
    "etatAdministratifUniteLegale", "nomUniteLegale", "nomUsageUniteLegale", "denominationUniteLegale",
    "denominationUsuelle1UniteLegale", "denominationUsuelle2UniteLegale", "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale", "economieSocialeSolidaireUniteLegale", "societeMissionUniteLegale",
    "caractereEmployeurUniteLegale", "activitePrincipaleNAF25UniteLegale",
)  # fmt: skip
_ADDRESS = (
    "complementAdresse{}Etablissement", "numeroVoie{}Etablissement", "indiceRepetition{}Etablissement",
    "typeVoie{}Etablissement", "libelleVoie{}Etablissement", "codePostal{}Etablissement",
    "libelleCommune{}Etablissement", "libelleCommuneEtranger{}Etablissement", "distributionSpeciale{}Etablissement",
    "codeCommune{}Etablissement", "codeCedex{}Etablissement", "libelleCedex{}Etablissement",
    "codePaysEtranger{}Etablissement", "libellePaysEtranger{}Etablissement",
)  # fmt: skip
ESTABLISHMENT_COLUMNS = (
    "siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement",
    "trancheEffectifsEtablissement", "anneeEffectifsEtablissement", "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement", "etablissementSiege", "nombrePeriodesEtablissement",
    *(name.format("") for name in _ADDRESS), "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement", *(name.format("2") for name in _ADDRESS), "dateDebut",
    "etatAdministratifEtablissement", "enseigne1Etablissement", "enseigne2Etablissement", "enseigne3Etablissement",
    "denominationUsuelleEtablissement", "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement", "caractereEmployeurEtablissement",
    "activitePrincipaleNAF25Etablissement",
)  # fmt: skip
NAF25_COLUMNS = ("activitePrincipaleNAF25UniteLegale", "activitePrincipaleNAF25Etablissement")
GEOLOCATION_COLUMNS = (
    "siret", "x", "y", "qualite_xy", "epsg", "plg_qp24", "plg_iris", "plg_zus", "plg_qp15", "plg_qva",
    "plg_code_commune", "distance_precision", "qualite_qp24", "qualite_iris", "qualite_zus", "qualite_qp15",
    "qualite_qva", "y_latitude", "x_longitude",
)  # fmt: skip

Cells = Mapping[str, object]


def _with_key(digits: str) -> str:
    total = 0
    for rank, char in enumerate(reversed(digits)):
        digit = int(char) * (1 if rank % 2 else 2)
        total += digit - 9 if digit > 9 else digit
    return digits + str(-total % 10)


def siren(number: int) -> str:
    """The `number`-th SIREN with a right key."""
    return _with_key(f"{10_000_000 + number}")


def siret(unit: str, place: int = 1) -> str:
    """The SIRET of the `place`-th establishment of a unit, with a right key."""
    return _with_key(f"{unit}{place:04d}")


def unit(number: int, /, **cells: object) -> dict[str, object]:
    """One row of the stock of legal units: an active, diffusible association unless the cells say otherwise."""
    row: dict[str, object] = dict.fromkeys(UNIT_COLUMNS, "")
    row |= {
        "siren": siren(number),
        "statutDiffusionUniteLegale": "O",
        "dateCreationUniteLegale": "2001-02-03",
        "trancheEffectifsUniteLegale": "NN",
        "dateDernierTraitementUniteLegale": "2026-09-01T10:00:00",
        "nombrePeriodesUniteLegale": "1",
        "dateDebut": "2010-01-01",
        "etatAdministratifUniteLegale": "A",
        "denominationUniteLegale": f"ASSOCIATION {number}",
        "categorieJuridiqueUniteLegale": "9220",
        "activitePrincipaleUniteLegale": "88.99B",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "nicSiegeUniteLegale": siret(siren(number))[9:],
        "caractereEmployeurUniteLegale": "N",
    }
    return _given(row, cells)


def establishment(number: int, /, place: int = 1, **cells: object) -> dict[str, object]:
    """One row of the stock of establishments: the active head office of unit `number`, at Toulouse."""
    row: dict[str, object] = dict.fromkeys(ESTABLISHMENT_COLUMNS, "")
    number_siret = siret(siren(number), place)
    row |= {
        "siren": siren(number),
        "nic": number_siret[9:],
        "siret": number_siret,
        "statutDiffusionEtablissement": "O",
        "dateCreationEtablissement": "2001-02-03",
        "trancheEffectifsEtablissement": "NN",
        "dateDernierTraitementEtablissement": "2026-09-01T10:00:00",
        "etablissementSiege": "true" if place == 1 else "false",
        "nombrePeriodesEtablissement": "1",
        "numeroVoieEtablissement": str(number),
        "typeVoieEtablissement": "RUE",
        "libelleVoieEtablissement": "DES LILAS",
        "codePostalEtablissement": "31000",
        "libelleCommuneEtablissement": "TOULOUSE",
        "codeCommuneEtablissement": "31555",
        "dateDebut": "2010-01-01",
        "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": "88.99B",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "caractereEmployeurEtablissement": "N",
    }
    return _given(row, cells)


def position(
    number: int, /, place: int = 1, lon: float = 1.44, lat: float = 43.6, **cells: object
) -> dict[str, object]:
    """One row of the geolocation file: an exact address in degrees."""
    row: dict[str, object] = dict.fromkeys(GEOLOCATION_COLUMNS, "")
    row |= {
        "siret": siret(siren(number), place),
        "qualite_xy": "11",
        "epsg": "2154",
        "plg_qp24": "HZ",
        "plg_qp15": "HZ",
        "distance_precision": "10",
        "x_longitude": str(lon),
        "y_latitude": str(lat),
    }
    return _given(row, cells)


def _given(row: dict[str, object], cells: Cells) -> dict[str, object]:
    unknown = set(cells) - set(row)
    if unknown:
        raise KeyError(f"not official columns: {sorted(unknown)}")
    return row | dict(cells)


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Cells],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """A CSV with these columns, in this order."""
    with path.open("w", newline="", encoding=encoding) as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)
    return path


TYPED = {
    "anneeEffectifsUniteLegale": "INTEGER",
    "anneeEffectifsEtablissement": "INTEGER",
    "dateCreationUniteLegale": "DATE",
    "dateCreationEtablissement": "DATE",
    "dateDebut": "DATE",
    "dateDernierTraitementUniteLegale": "TIMESTAMP",
    "dateDernierTraitementEtablissement": "TIMESTAMP",
    "etablissementSiege": "BOOLEAN",
    "x_longitude": "FLOAT",
    "y_latitude": "FLOAT",
    "distance_precision": "FLOAT",
}


def write_parquet(path: Path, columns: Sequence[str], rows: Sequence[Cells]) -> Path:
    """A Parquet file with the types of the official one."""
    plain = write_csv(path.with_suffix(".tmp.csv"), columns, rows)
    select = ", ".join(
        f'CAST(nullif("{column}", \'\') AS {TYPED.get(column, "VARCHAR")}) AS "{column}"'
        for column in columns
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {select} FROM read_csv('{plain}', header = true, all_varchar = true, delim = ',')) "
            f"TO '{path}' (FORMAT parquet)"
        )
    plain.unlink()
    return path


def write_zip(path: Path, columns: Sequence[str], rows: Sequence[Cells]) -> Path:
    """A zip of one CSV, as data.gouv.fr gives."""
    plain = write_csv(path.with_suffix(".tmp.csv"), columns, rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, f"{path.stem}.csv")
    plain.unlink()
    return path


WRITERS = {"csv": write_csv, "parquet": write_parquet, "zip": write_zip}


def write_stocks(
    folder: Path,
    units: Sequence[Cells],
    establishments: Sequence[Cells],
    *,
    form: str = "parquet",
    naf25: bool = True,
) -> tuple[Path, Path]:
    """Both stocks, in Parquet, CSV or zip, with or without the NAF 2025 columns: (legal units, establishments)."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, columns, rows in (
        ("StockUniteLegale_utf8", UNIT_COLUMNS, units),
        ("StockEtablissement_utf8", ESTABLISHMENT_COLUMNS, establishments),
    ):
        kept = [column for column in columns if naf25 or column not in NAF25_COLUMNS]
        paths.append(WRITERS[form](folder / f"{name}.{form}", kept, rows))
    return paths[0], paths[1]


def write_geolocation(path: Path, rows: Sequence[Cells]) -> Path:
    """The geolocation file, as INSEE's CSV (semicolons)."""
    return write_csv(path, GEOLOCATION_COLUMNS, rows, delimiter=";")
