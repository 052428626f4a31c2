"""SIRENE stocks: `StockUniteLegale` and `StockEtablissement`, with or without the NAF 2025 columns.

Source: INSEE, « Dessin du fichier stock » of both files. Official column names stay here; the rest of Essor sees
the English names given by `legal_units_sql` and `establishments_sql`. Expressions are SQL over a `Table`: nothing is
computed for a row that a later filter drops, and filters on plain columns reach the Parquet reader.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from essor.formats.problems import Reject
from essor.formats.tables import Table, open_table

UNIT = "UniteLegale"
PLACE = "Etablissement"
LEGAL_UNIT_REQUIRED = (
    "siren",
    f"statutDiffusion{UNIT}",
    f"dateCreation{UNIT}",
    f"sigle{UNIT}",
    f"identifiantAssociation{UNIT}",
    f"trancheEffectifs{UNIT}",
    f"anneeEffectifs{UNIT}",
    f"dateDernierTraitement{UNIT}",
    "dateDebut",
    f"etatAdministratif{UNIT}",
    f"denomination{UNIT}",
    f"denominationUsuelle1{UNIT}",
    f"denominationUsuelle2{UNIT}",
    f"denominationUsuelle3{UNIT}",
    f"categorieJuridique{UNIT}",
    f"activitePrincipale{UNIT}",
    f"nomenclatureActivitePrincipale{UNIT}",
    f"nicSiege{UNIT}",
    f"economieSocialeSolidaire{UNIT}",
    f"caractereEmployeur{UNIT}",
)
# Added in 2023 and on 2025-12-16: older stocks do not have them.
LEGAL_UNIT_OPTIONAL = (f"societeMission{UNIT}", f"activitePrincipaleNAF25{UNIT}")
ESTABLISHMENT_REQUIRED = (
    "siren",
    "nic",
    "siret",
    f"statutDiffusion{PLACE}",
    f"dateCreation{PLACE}",
    f"trancheEffectifs{PLACE}",
    f"anneeEffectifs{PLACE}",
    f"dateDernierTraitement{PLACE}",
    "etablissementSiege",
    f"complementAdresse{PLACE}",
    f"numeroVoie{PLACE}",
    f"indiceRepetition{PLACE}",
    f"typeVoie{PLACE}",
    f"libelleVoie{PLACE}",
    f"codePostal{PLACE}",
    f"libelleCommune{PLACE}",
    f"distributionSpeciale{PLACE}",
    f"codeCommune{PLACE}",
    f"etatAdministratif{PLACE}",
    f"enseigne1{PLACE}",
    f"enseigne2{PLACE}",
    f"enseigne3{PLACE}",
    f"denominationUsuelle{PLACE}",
    f"activitePrincipale{PLACE}",
    f"nomenclatureActivitePrincipale{PLACE}",
    f"caractereEmployeur{PLACE}",
)
ESTABLISHMENT_OPTIONAL = (
    f"activitePrincipaleNAF25{PLACE}",
    f"coordonneeLambertAbscisse{PLACE}",
    f"coordonneeLambertOrdonnee{PLACE}",
    f"codePaysEtranger{PLACE}",
)
# The columns of `legal_units_sql`, in order.
LEGAL_UNIT_NAMES = (
    "siren",
    "diffusion",
    "state",
    "legal_category",
    "ess_flag",
    "legal_name",
    "usual_name",
    "acronym",
    "naf",
    "naf25",
    "created_on",
    "period_start",
    "size_band",
    "size_year",
    "employer",
    "rna",
    "mission_flag",
    "head_office",
    "processed_at",
)
# What INSEE writes in place of a value that may not be diffused.
MASKED = "[ND]"


def open_legal_units(
    connection: duckdb.DuckDBPyConnection, path: Path, workdir: Path, reject: Reject
) -> Table:
    """The stock of legal units, checked. Raises InputProblem."""
    return open_table(
        connection,
        path,
        workdir,
        required=LEGAL_UNIT_REQUIRED,
        optional=LEGAL_UNIT_OPTIONAL,
        what="le stock Sirene des unités légales",
        reject=reject,
    )


def open_establishments(
    connection: duckdb.DuckDBPyConnection, path: Path, workdir: Path, reject: Reject
) -> Table:
    """The stock of establishments, checked. Raises InputProblem."""
    return open_table(
        connection,
        path,
        workdir,
        required=ESTABLISHMENT_REQUIRED,
        optional=ESTABLISHMENT_OPTIONAL,
        what="le stock Sirene des établissements",
        reject=reject,
    )


def legal_units_sql(table: Table) -> str:
    """A SELECT of the stock of legal units, one row each, in Essor's names and types.

    `naf` and `naf25` are told apart by the nomenclature that the row announces, so that the switch of the main
    activity to NAF 2025 needs no change; an activity in an older nomenclature is not kept.
    """
    names = [f"denominationUsuelle{rank}{UNIT}" for rank in (1, 2, 3)]
    usual = f"nullif(concat_ws(' · ', {', '.join(_name(table, name) for name in names)}), '')"
    return f"""
        SELECT {table.digits("siren", 9)} AS siren,
          {table.text(f"statutDiffusion{UNIT}")} AS diffusion,
          {table.text(f"etatAdministratif{UNIT}")} AS state,
          {table.digits(f"categorieJuridique{UNIT}", 4)} AS legal_category,
          {table.text(f"economieSocialeSolidaire{UNIT}")} AS ess_flag,
          {_name(table, f"denomination{UNIT}")} AS legal_name,
          {usual} AS usual_name,
          {_name(table, f"sigle{UNIT}")} AS acronym,
          {_naf(table, UNIT)},
          {table.day(f"dateCreation{UNIT}")} AS created_on,
          {table.day("dateDebut")} AS period_start,
          {table.text(f"trancheEffectifs{UNIT}")} AS size_band,
          {table.integer(f"anneeEffectifs{UNIT}")} AS size_year,
          {table.text(f"caractereEmployeur{UNIT}")} AS employer,
          {_name(table, f"identifiantAssociation{UNIT}")} AS rna,
          {table.text(f"societeMission{UNIT}")} AS mission_flag,
          {table.digits("siren", 9)} || {table.digits(f"nicSiege{UNIT}", 5)} AS head_office,
          {table.moment(f"dateDernierTraitement{UNIT}")} AS processed_at
        FROM {table.sql}"""


def establishments_sql(table: Table) -> str:
    """A SELECT of the stock of establishments, one row each, in Essor's names and types."""
    signs = [f"enseigne{rank}{PLACE}" for rank in (1, 2, 3)]
    name = f"coalesce({_name(table, f'denominationUsuelle{PLACE}')}, nullif(concat_ws(' · ', "
    name += ", ".join(_name(table, sign) for sign in signs) + "), ''))"
    street = ("numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie")
    return f"""
        SELECT {table.digits("siret", 14)} AS siret,
          {table.digits("siren", 9)} AS siren,
          {table.text(f"statutDiffusion{PLACE}")} AS diffusion,
          {table.text(f"etatAdministratif{PLACE}")} AS state,
          {table.boolean("etablissementSiege")} AS is_head_office,
          {name} AS name,
          {_name(table, f"complementAdresse{PLACE}")} AS address_complement,
          nullif(concat_ws(' ', {", ".join(_name(table, f"{part}{PLACE}") for part in street)}), '')
            AS address_street,
          {_name(table, f"distributionSpeciale{PLACE}")} AS address_distribution,
          {table.digits(f"codePostal{PLACE}", 5)} AS postal_code,
          {_name(table, f"libelleCommune{PLACE}")} AS town,
          {table.digits(f"codeCommune{PLACE}", 5)} AS declared_commune,
          {_naf(table, PLACE)},
          {table.text(f"trancheEffectifs{PLACE}")} AS size_band,
          {table.integer(f"anneeEffectifs{PLACE}")} AS size_year,
          {table.text(f"caractereEmployeur{PLACE}")} AS employer,
          {table.day(f"dateCreation{PLACE}")} AS created_on,
          {table.number(f"coordonneeLambertAbscisse{PLACE}")} AS lambert_x,
          {table.number(f"coordonneeLambertOrdonnee{PLACE}")} AS lambert_y,
          {table.text(f"codePaysEtranger{PLACE}")} AS country,
          {table.moment(f"dateDernierTraitement{PLACE}")} AS processed_at
        FROM {table.sql}"""


def _name(table: Table, column: str) -> str:
    """A text meant for people: trimmed, empty and masked values are NULL."""
    return f"nullif(nullif(trim({table.text(column)}), ''), '{MASKED}')"


def _naf(table: Table, suffix: str) -> str:
    activity = f"nullif(trim({table.text(f'activitePrincipale{suffix}')}), '')"
    nomenclature = table.text(f"nomenclatureActivitePrincipale{suffix}")
    later = f"nullif(trim({table.text(f'activitePrincipaleNAF25{suffix}')}), '')"
    return (
        f"CASE WHEN {nomenclature} = 'NAFRev2' THEN {activity} END AS naf, "
        f"coalesce({later}, CASE WHEN {nomenclature} IN ('NAF2025', 'NAF25') THEN {activity} END) AS naf25"
    )
