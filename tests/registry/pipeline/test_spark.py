"""The same SQL on Spark, in local mode: the same rows as DuckDB's, statement by statement. One session for all."""

import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from essor.formats.problems import InputProblem
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
from essor.registry.pipeline.edition import FILES, verify
from essor.registry.pipeline.engines import Engine, EngineMissing, engine_opener, spark_session
from essor.registry.pipeline.engines.contract import ROW_NUMBER, EngineNotStarted
from essor.registry.pipeline.engines.duckdb_engine import DuckDBEngine
from tests.conftest import missing
from tests.formats.stocks import establishment, unit, write_stocks
from tests.registry.pipeline.conftest import FRANCE, HAUTE_GARONNE
from tests.registry.pipeline.two_engines import (
    DAY,
    Watched,
    everything,
    look_duckdb,
    look_spark,
    stocks_alone,
)

pytestmark = pytest.mark.slow
# Small data: one core, nothing compiled at run time, no screen, nothing but this machine.
SMALL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
NUMBERED = ("row", ROW_NUMBER)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark, started once."""
    scratch = str(tmp_path_factory.mktemp("spark"))
    places = {"spark.local.dir": scratch, "spark.sql.warehouse.dir": f"{scratch}/warehouse"}
    try:
        started = spark_session.spark_session("local[1]", {**SMALL, **places})
    except EngineNotStarted:
        raise  # Spark and Java are there: that is a fault, not an absence
    except EngineMissing as error:
        missing(str(error))
    yield started
    started.stop()


Made = Callable[[Path], Sources]


@pytest.fixture
def spark_engine(session: Any) -> Callable[[Path], Engine]:
    """Opens a Spark engine."""
    from essor.registry.pipeline.engines.spark_engine import SparkEngine

    return lambda work: SparkEngine(work, session)


def watched_build(
    open_engine: Callable[[Path], Engine], look: Any, out: Path, sources: Sources, scope: TerritoryScope
) -> tuple[Path, Any, list[Watched]]:
    """A build, and its engines: one a pass."""
    engines: list[Watched] = []

    def opened(work: Path) -> Watched:
        engines.append(Watched(open_engine(work), look))
        return engines[-1]

    folder, manifest = build(sources, scope, default_perimeter(), out, DAY, open_engine=opened)
    return folder, manifest, engines


def comparable(engine: Watched) -> list[tuple[str, list[str]]]:
    """What was made, in order; rows sorted; a row number, which has no meaning, replaced by what it numbers."""
    numbered: dict[int, str] = {}
    told = []
    for name, (columns, rows) in engine.made:
        if ROW_NUMBER in columns:
            rank = columns.index(ROW_NUMBER)
            numbered = {row[rank]: repr(row[:rank] + row[rank + 1 :]) for row in rows}
        ranks = [rank for rank, column in enumerate(columns) if column in NUMBERED]
        shown = [
            tuple(numbered[cell] if rank in ranks else cell for rank, cell in enumerate(row)) for row in rows
        ]
        told.append((name, sorted(map(repr, shown))))
    return told


@pytest.mark.parametrize(
    ("made", "scope", "passes"),
    [(lambda folder: everything(folder, "csv"), HAUTE_GARONNE, 1), (stocks_alone, FRANCE, 2)],
    ids=["every list and every fault", "stocks alone, a SIREN twice"],
)
def test_both_engines_give_the_same_rows_statement_by_statement(
    spark_engine: Callable[[Path], Engine], tmp_path: Path, made: Made, scope: TerritoryScope, passes: int
) -> None:
    sources = made(tmp_path)
    folder, manifest, engines = watched_build(DuckDBEngine, look_duckdb, tmp_path / "duckdb", sources, scope)
    told, spark_manifest, others = watched_build(spark_engine, look_spark, tmp_path / "spark", sources, scope)

    assert (len(engines), len(others)) == (passes, passes)
    for engine, other in zip(engines, others, strict=True):
        assert engine.queries == other.queries
        for expected, found in zip(comparable(engine), comparable(other), strict=True):
            assert found == expected
    for file in FILES:
        with duckdb.connect() as connection:
            here, there = (
                connection.execute(f"SELECT * FROM '{edition / file}'").fetchall()
                for edition in (folder, told)
            )
        assert there == here
    assert (manifest.engine, spark_manifest.engine) == ("duckdb", "spark")
    one, other_one = manifest.to_json(), spark_manifest.to_json()
    assert {key for key in one if one[key] != other_one[key]} <= {"engine", "id", "files"}
    assert verify(told) == spark_manifest


WHOLE = [
    "12",
    " 12 ",
    "12.5",
    "-12.5",
    "12.4",
    "1e3",
    "+7",
    "40000",
    "99999999999999",
    "1,5",
    "NN",
    "",
    "1e-1",
    "٣",
]
REAL = [
    "1.44",
    " 43.6 ",
    "-.5",
    "5.",
    "1e-5",
    "nan",
    "-inf",
    "Infinity",
    "1.5f",
    "2d",
    "1,5",
    "[ND]",
    "",
    "1e400",
]
DAY_TEXTS = [
    "2026-11-22",
    " 2026-1-2 ",
    "0001-01-01",
    "2026",
    "2026-02",
    "2026-02-30",
    "22/11/2026",
    "2026/1/2",
    "x",
    "",
    "20261122",
]
MOMENT_TEXTS = [
    *DAY_TEXTS,
    "2026-09-01T10:00:00",
    "2026-09-01 10:00:00.123",
    "2026-09-01T10:00:00Z",
    "2026-09-01T10:00:00+02:00",
    "2026-09-01T25:00:00",
    "10:00:00",
    "2026-09-01T10:00",
    "2026-09-01 10:00:00.1234567 ",
    "2026-09-01T10:00:00-0530",
    "2026-01-02 ",
]


def test_texts_become_numbers_and_days_alike(spark_engine: Callable[[Path], Engine], tmp_path: Path) -> None:
    """Cells of a CSV that hold what nobody expected."""
    answers = []
    for open_engine in (DuckDBEngine, spark_engine):
        work = tmp_path / f"work-{len(answers)}"
        work.mkdir()
        engine = open_engine(work)
        told = {}
        for kinds, texts in (
            (("SMALLINT", "BIGINT"), WHOLE),
            (("DOUBLE",), REAL),
            (("DATE",), DAY_TEXTS),
            (("TIMESTAMP",), MOMENT_TEXTS),
        ):
            engine.table("cell", [("text", "VARCHAR")], [(text,) for text in texts])
            casts = ", ".join(f"TRY_CAST(text AS {kind})" for kind in kinds)
            told |= {(kinds, row[0]): repr(row[1:]) for row in engine.rows(f"SELECT text, {casts} FROM cell")}
        answers.append(told)
        engine.close()
    assert answers[1] == answers[0]


def test_a_parquet_damaged_inside_is_told(spark_engine: Callable[[Path], Engine], tmp_path: Path) -> None:
    units, places = write_stocks(tmp_path, [unit(n) for n in range(1, 400)], [establishment(1)])
    body = bytearray(units.read_bytes())
    middle = len(body) // 8
    body[middle : middle + 600] = b"\x5a" * 600
    units.write_bytes(bytes(body))
    with pytest.raises(InputProblem) as caught:
        build(
            Sources(units, places), FRANCE, default_perimeter(), tmp_path / "editions", DAY,
            open_engine=spark_engine,
        )  # fmt: skip
    assert (caught.value.file, caught.value.reason) == (
        units.name,
        "le fichier est abîmé : sa lecture échoue.",
    )
    assert list((tmp_path / "editions").iterdir()) == []


def test_without_java_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if find_spec("pyspark") is None:
        missing(f"PySpark n’est pas là. {spark_session.INSTALL}")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineMissing) as caught:
        engine_opener("spark")
    assert str(caught.value) == (
        "Spark a besoin de Java, qui n’est pas là. "
        "Installez Java 17 ou plus (Debian : apt-get install default-jre-headless)."
    )


def test_without_pyspark_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineMissing) as caught:
        engine_opener("spark")
    assert str(caught.value) == (
        "Le moteur Spark n’est pas installé. "
        "Installez le groupe « spark » : uv sync --group spark (ou pip install pyspark sqlglot)."
    )
