"""A build of everything that the pipeline knows to do, watched statement by statement, for any engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from essor.formats.problems import InputProblem
from essor.formats.tables import Table
from essor.registry.pipeline.build import Sources
from essor.registry.pipeline.engines import Engine
from tests.formats.stocks import (
    establishment,
    position,
    siren,
    siret,
    unit,
    write_csv,
    write_geolocation,
    write_stocks,
)

# Names of columns, and rows.
Rows = tuple[list[str], list[tuple[Any, ...]]]
WRONG_SIREN = "123456789"
RNA_COLUMNS = ("id", "siret", "date_disso", "objet", "siteweb", "position")
SQUARE = [[1.43, 43.59], [1.45, 43.59], [1.45, 43.61], [1.43, 43.61], [1.43, 43.59]]


class Watched(Engine):
    """An engine that notes every query, and the rows of every table once made."""

    def __init__(self, engine: Engine, look: Callable[[Engine, str], Rows]) -> None:
        self.inner = engine
        self.look = look
        self.name = engine.name
        self.reader = engine.reader
        self.queries: list[str] = []
        self.made: list[tuple[str, Rows]] = []

    def _look(self, name: str) -> None:
        self.made.append((name, self.look(self.inner, name)))

    def adopt(self, table: Table) -> Table:
        return self.inner.adopt(table)

    def make(self, name: str, query: str) -> None:
        self.queries.append(query)
        self.inner.make(name, query)
        self._look(name)

    def make_numbered(self, name: str, query: str) -> None:
        self.queries.append(query)
        self.inner.make_numbered(name, query)
        self._look(name)

    def make_enum(self, name: str, query: str) -> None:
        self.queries.append(query)
        self.inner.make_enum(name, query)

    def append(self, name: str, query: str) -> int:
        self.queries.append(query)
        added = self.inner.append(name, query)
        self._look(name)
        return added

    def drop(self, name: str) -> None:
        self.inner.drop(name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        self.queries.append(query)
        rows = self.inner.rows(query)
        self.made.append((" ".join(query.split()), ([], rows)))
        return rows

    def arrays(self, query: str) -> Mapping[str, np.ndarray]:
        self.queries.append(query)
        return self.inner.arrays(query)

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        self.inner.table(name, columns, rows)
        self._look(name)

    def load(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        self.inner.load(name, arrays)
        self._look(name)

    def write(self, path: Path, columns: Mapping[str, str], query: str, order: Sequence[str]) -> None:
        self.queries.append(query)
        self.inner.write(path, columns, query, order)
        self.made.append((path.name, read(self.reader, f"'{path}'")))

    def explain(self, error: Exception, label: str, work: Path) -> InputProblem | None:
        return self.inner.explain(error, label, work)

    def close(self) -> None:
        self.inner.close()


def read(connection: duckdb.DuckDBPyConnection, source: str) -> Rows:
    """The columns of a source of DuckDB, and its rows."""
    cursor = connection.execute(f"SELECT * FROM {source}")
    return [column[0] for column in cursor.description], cursor.fetchall()


def look_duckdb(engine: Engine, name: str) -> Rows:
    """The rows of a table of DuckDB."""
    return read(engine.reader, name)


def look_spark(engine: Any, name: str) -> Rows:
    """The rows of a table of Spark, read where they were written: several times faster than by a query."""
    files = [f"{folder}/*.parquet" for folder in engine._folders[name]]
    return read(engine.reader, f"read_parquet({files})")


# Cells of a CSV that are not what their column announces.
MOMENTS = [
    "2026-01-01T00:00:00",
    "2025-01-01 00:00:00.5",
    "2026-06-01T01:00:00Z",
    "2026-06-01",
    "2026",
    "x",
]
YEARS = ["2019", "12.6", " 2020 ", "1e3", "40000", "NN"]


def _units(odd: bool) -> list[dict[str, object]]:
    company: dict[str, object] = {"categorieJuridiqueUniteLegale": "5710"}
    cells = zip(MOMENTS, YEARS, strict=True) if odd else [("2026-06-01", "2020")] * len(YEARS)
    return [
        unit(1, denominationUniteLegale="Les Voisins", sigleUniteLegale="[ND]", denominationUsuelle1UniteLegale=" A "),
        unit(2, **company),
        unit(3, economieSocialeSolidaireUniteLegale="O", societeMissionUniteLegale="O", **company),
        unit(4, **company),
        unit(5, siren=WRONG_SIREN),
        unit(6, statutDiffusionUniteLegale="P"),
        unit(7, etatAdministratifUniteLegale="C"),
        unit(8, categorieJuridiqueUniteLegale="9999"),
        unit(9, identifiantAssociationUniteLegale="W313001234", activitePrincipaleNAF25UniteLegale="88.99Y"),
        unit(10, identifiantAssociationUniteLegale="W313000010", nomenclatureActivitePrincipaleUniteLegale="NAF2025"),
        unit(11, denominationUniteLegale="", denominationUsuelle2UniteLegale="L’Été, l’« Œuvre »"),
        unit(12),
        unit(13),
        unit(14, categorieJuridiqueUniteLegale="1000", economieSocialeSolidaireUniteLegale="O"),
        unit(15, activitePrincipaleUniteLegale="94.20Z"),
        unit(16, categorieJuridiqueUniteLegale="7410", economieSocialeSolidaireUniteLegale="O"),
        unit(17, categorieJuridiqueUniteLegale="", economieSocialeSolidaireUniteLegale="O"),
        unit(18, siren="356000000", categorieJuridiqueUniteLegale="9220"),
        *(
            unit(20 + rank, dateDernierTraitementUniteLegale=moment, anneeEffectifsUniteLegale=year,
                 dateCreationUniteLegale=moment[:10])
            for rank, (moment, year) in enumerate(cells)
        ),
    ]  # fmt: skip


def _establishments() -> list[dict[str, object]]:
    return [
        establishment(1, codeCommuneEtablissement="75101"),
        establishment(1, 2, codeCommuneEtablissement="31069", trancheEffectifsEtablissement="03"),
        establishment(1, 3, trancheEffectifsEtablissement="11", enseigne1Etablissement="L’Atelier"),
        establishment(1, 4, codeCommuneEtablissement="32013"),
        establishment(2),
        establishment(3),
        establishment(4, numeroVoieEtablissement="", typeVoieEtablissement="", libelleVoieEtablissement=""),
        establishment(5, siren=WRONG_SIREN, siret=siret(WRONG_SIREN)),
        establishment(6),
        establishment(7),
        establishment(8),
        establishment(9, codeCommuneEtablissement="31300"),
        establishment(9, 2, statutDiffusionEtablissement="P"),
        establishment(9, 3, etatAdministratifEtablissement="F"),
        establishment(10, codeCommuneEtablissement="31999"),
        establishment(10, 2, codeCommuneEtablissement="99999"),
        establishment(10, 3, siret="2,43E+13"),
        establishment(10, 4, siret=siret(siren(2), 7)),
        establishment(10, 5, siret=f"{siren(10)}00059"),
        establishment(10, 6),
        establishment(10, 7, codeCommuneEtablissement=""),
        establishment(
            11, enseigne1Etablissement="A", dateDernierTraitementEtablissement="2025-01-01T00:00:00"
        ),
        establishment(11, enseigne1Etablissement="C"),
        establishment(11, enseigne1Etablissement="B"),
        *(establishment(number) for number in (12, 13, 14, 15, 16, 17)),
        establishment(18, siren="356000000", siret="35600000009075", etablissementSiege="false"),
        *(establishment(number, anneeEffectifsEtablissement="2023") for number in range(20, 26)),
    ]


def _positions() -> list[dict[str, object]]:
    return [
        position(1, 3, lon=1.44, lat=43.6, plg_qp24="QN03101M", plg_qp15="QP031001"),
        position(2, lon=1.4605, lat=43.6, qualite_xy="21", distance_precision=""),
        position(3, lon=1.4512345678, lat=43.6, qualite_xy="33", distance_precision="", plg_qp15="QP031002"),
        position(3, lon=1.4512345678, lat=43.6, qualite_xy="12", distance_precision="12.4"),
        position(4, lon=43.6, lat=1.44),
        position(9, distance_precision="0", plg_qp15="QP031003"),
        position(11, lon=1.5, lat=43.7, qualite_xy="99", distance_precision="x"),
        position(12, lon=1.5, lat=43.7, x_longitude="", y_latitude="[ND]"),
        *(position(number, lon=1.4 + number / 77, lat=43.5) for number in range(20, 26)),
    ]


def everything(folder: Path, form: str) -> Sources:
    """All the sources, with every fault but a SIREN written twice."""
    units, places = write_stocks(folder, _units(form == "csv"), _establishments(), form=form)
    if form == "csv":
        with places.open("a", encoding="utf-8") as stream:
            stream.write("tronquée\n")
    rna = [
        ("W313001234", "", "0001-01-01", "Faire le « bien »", "www.canal.fr", "A"),
        ("W313001234", "", "2020-01-01", "Ancien objet", "HTTPS://exemple.fr/a", "D"),
        ("W313000010", "", "", "", "pas un site", "A"),
        ("W999999999", "", "", "Autre", "", "A"),
    ]
    folder.joinpath("qpv.geojson").write_text(_quartiers(), encoding="utf-8")
    return Sources(
        units,
        places,
        geolocation=write_geolocation(folder / "geo.csv", _positions()),
        ess_list=write_csv(
            folder / "liste_ess.csv",
            ["SIREN"],
            [{"SIREN": siren(2).lstrip("0")}, {"SIREN": "12"}, {"SIREN": "x"}],
        ),
        rna=write_csv(
            folder / "rna.csv",
            RNA_COLUMNS,
            [dict(zip(RNA_COLUMNS, row, strict=True)) for row in rna],
            delimiter=";",
            encoding="cp1252",
        ),
        siae=(
            write_csv(
                folder / "siae.csv",
                ["siret", "kind"],
                [
                    {"siret": siret(siren(1), 3), "kind": "EI"},
                    {"siret": siret(siren(1), 3), "kind": "ACI"},
                    {"siret": siret(siren(4)), "kind": "AI"},
                    {"siret": "0", "kind": "AI"},
                ],
            ),
        ),
        esus=write_csv(
            folder / "esus.csv",
            ["SIREN", "Date de décision", "Date de fin"],
            [
                {"SIREN": siren(4), "Date de décision": "01/03/2024", "Date de fin": "28/02/2029"},
                {"SIREN": siren(3), "Date de décision": "01/03/2015", "Date de fin": "28/02/2020"},
            ],
        ),
        own_list=write_csv(
            folder / "suivies.csv", ["SIRET"], [{"SIRET": siret(siren(3))}, {"SIRET": siret(siren(99))}]
        ),
        qpv=(folder / "qpv.geojson",),
    )


def stocks_alone(folder: Path) -> Sources:
    """The two stocks in Parquet, with their types, positions in Lambert 93, and SIREN written twice: two passes."""
    here = {
        "coordonneeLambertAbscisseEtablissement": "574357.82",
        "coordonneeLambertOrdonneeEtablissement": "6279642.97",
    }
    abroad = {**here, "coordonneeLambertAbscisseEtablissement": "-9999999.0"}
    former = {"dateDernierTraitementUniteLegale": "2025-01-01 00:00:00.5"}
    units = [
        *(unit(number, anneeEffectifsUniteLegale="2023") for number in range(1, 5)),
        unit(5, denominationUniteLegale="ANCIEN", **former),
        unit(5, denominationUniteLegale="NOUVEAU"),
        unit(5, denominationUniteLegale="JUMEAU"),
        unit(6, **former),
        unit(6, categorieJuridiqueUniteLegale="5499"),
    ]
    places = [
        establishment(1, **here),
        establishment(2, codeCommuneEtablissement="97411", **here),
        establishment(3, **abroad),
        establishment(4, coordonneeLambertAbscisseEtablissement="[ND]"),
        *(establishment(number) for number in (5, 6)),
    ]
    return Sources(*write_stocks(folder, units, places))


def _quartiers() -> str:
    feature = {
        "type": "Feature",
        "properties": {"code_qp": "QN03101M", "lib_qp": "Canal"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


DAY = date(2026, 11, 22)
