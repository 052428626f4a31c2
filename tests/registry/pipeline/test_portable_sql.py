"""The SQL of the pipeline stays in the subset that both engines read alike."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
from essor.registry.pipeline.engines.duckdb_engine import DuckDBEngine
from tests.conftest import missing
from tests.registry.pipeline.conftest import DAY, FRANCE, HAUTE_GARONNE
from tests.registry.pipeline.two_engines import Watched, everything, look_duckdb, stocks_alone

ENUMS = ("condition_text",)
A_DAY = r"REGEXP_EXTRACT(`a`, '\\A *(\\d{4,}([-/])\\d{1,2}\\2\\d{1,2}) *\\z', 1)"
Said = Callable[[Sources, TerritoryScope], set[str]]


@pytest.fixture(scope="module")
def dialect() -> ModuleType:
    """The module that knows the subset."""
    try:
        from essor.registry.pipeline.engines import dialect
    except ImportError:
        missing("SQLGlot n’est pas installé : uv sync --group spark")
    return dialect


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """The statements of a build, by DuckDB."""

    def build_and_note(sources: Sources, scope: TerritoryScope) -> set[str]:
        engines: list[Watched] = []

        def opened(work: Path) -> Watched:
            engines.append(Watched(DuckDBEngine(work), look_duckdb))
            return engines[-1]

        build(sources, scope, default_perimeter(), tmp_path / "editions", DAY, open_engine=opened)
        return {query for engine in engines for query in engine.queries}

    return build_and_note


def test_every_statement_of_a_build_is_of_the_subset(dialect: ModuleType, said: Said, tmp_path: Path) -> None:
    """With every kind of file, then with the stocks alone for all France: no other branch writes SQL."""
    queries = said(everything(tmp_path, "csv"), HAUTE_GARONNE) | said(everything(tmp_path, "parquet"), FRANCE)
    queries |= said(stocks_alone(tmp_path), FRANCE)
    used = {type(node).__name__ for query in queries for node in dialect.parse(query, ENUMS).walk()}
    assert used == dialect.SUBSET


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1",
        "SELECT * EXCLUDE (a) FROM t",
        "SELECT * REPLACE (1 AS a) FROM t",
        "SELECT * FROM a JOIN b USING (k)",
        "SELECT strip_accents(a) FROM t",
        "SELECT list_sum([1, 2]) FROM t",
        "SELECT a[1:9] FROM t",
        "SELECT printf('%.6g', a) FROM t",
        "SELECT a FROM read_parquet('f.parquet')",
        "SELECT a FROM t, unnest(range(3))",
        "SELECT a FROM t ORDER BY ALL",
        "SELECT a FROM t LIMIT 3",
        "SELECT row_number() OVER (PARTITION BY a) FROM t",
        "SELECT regexp_replace(a, 'x', 'y') FROM t",
        "SELECT CAST(a AS HUGEINT) FROM t",
        "SELECT CAST(a AS other_enum) FROM t",
        "SELECT (a, b) FROM t",
        "SELECT list_transform(a, lambda x: x + 1) FROM t",
        "CREATE TABLE a AS SELECT 1",
        "DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT FROM WHERE",
    ],
)
def test_what_is_outside_is_refused(dialect: ModuleType, query: str) -> None:
    with pytest.raises(dialect.NotPortable):
        dialect.parse(query, ENUMS)


@pytest.mark.parametrize(
    ("query", "spark"),
    [
        (
            "SELECT arg_min(a, (b, c)) FROM t",
            "SELECT MIN_BY(`a`, (`b`, `c`)) FILTER(WHERE NOT `a` IS NULL) FROM `t`",
        ),
        (r"SELECT regexp_full_match(a, '\d+') FROM t", r"SELECT `a` RLIKE '\\A(?:\\d+)\\z' FROM `t`"),
        ("SELECT a // 10 FROM t ORDER BY a", "SELECT `a` DIV 10 FROM `t` ORDER BY `a` NULLS LAST"),
        ("SELECT a::condition_text FROM t", "SELECT CAST(`a` AS STRING) FROM `t`"),
        (
            "SELECT TRY_CAST(a AS DATE) FROM t",
            f"SELECT TRY_CAST(REPLACE({A_DAY}, '/', '-') AS DATE) FROM `t`",
        ),
    ],
)
def test_what_reads_otherwise_in_spark_is_rewritten(dialect: ModuleType, query: str, spark: str) -> None:
    assert dialect.translate(query, ENUMS) == spark
