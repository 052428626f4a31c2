"""What runs the SQL of a build: DuckDB on one machine (default), Apache Spark on a cluster. One SQL text for both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from essor.registry.pipeline.engines.contract import Engine, EngineMissing
from essor.registry.pipeline.engines.duckdb_engine import DuckDBEngine

__all__ = ["DUCKDB", "ENGINES", "SPARK", "Engine", "EngineMissing", "OpenEngine", "engine_opener"]

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)

# Opens an engine that works in a folder.
OpenEngine = Callable[[Path], Engine]


def engine_opener(name: str, spark_master: str = "") -> OpenEngine:
    """How to open the engine of this name. `spark_master`: address of the cluster (« spark://… »), else this machine.

    Raises EngineMissing when Spark or Java is not installed: before anything is read.
    """
    if name == DUCKDB:
        return DuckDBEngine
    if name == SPARK:
        from essor.registry.pipeline.engines.spark_session import spark_session

        session = spark_session(spark_master)
        from essor.registry.pipeline.engines.spark_engine import SparkEngine  # needs what was just looked for

        return lambda work: SparkEngine(work, session)
    raise EngineMissing(f"Moteur inconnu : « {name} ». Choisissez : {', '.join(ENGINES)}.")
