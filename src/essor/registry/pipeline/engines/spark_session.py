"""The Spark session of this process, with the settings under which Spark's SQL means what DuckDB's does."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from essor.registry.pipeline.engines.contract import EngineMissing, EngineNotStarted

# Errors rather than silent NULL, no moving of hours, and days as the calendar has them.
MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
}
# What goes wrong is said in French, once (`SparkEngine.explain`); Spark's own journal stays on its executors.
QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "FATAL"}
QUERY_LOGGER = "SQLQueryContextLogger"
JAVA_NEEDED = 17
INSTALL = "Installez le groupe « spark » : uv sync --group spark (ou pip install pyspark sqlglot)."
INSTALL_JAVA = f"Installez Java {JAVA_NEEDED} ou plus (Debian : apt-get install default-jre-headless)."


def spark_session(master: str = "", options: Mapping[str, str] | None = None) -> Any:
    """The session, started if need be. `master`: of the cluster; empty: as spark-submit says, else this machine.

    `options`: settings of Spark, over those of `spark-defaults.conf`. Raises EngineMissing.
    """
    try:
        import sqlglot  # noqa: F401 - needed by the translation, looked for before a session is started
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(f"Le moteur Spark n’est pas installé. {INSTALL}") from error
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted:
        _require_java()
    logging.getLogger(QUERY_LOGGER).setLevel(logging.CRITICAL)
    builder = SparkSession.builder.appName("Essor")
    if master or not submitted:
        builder = builder.master(master or "local[*]")
    for key, value in {**QUIET, **(options or {}), **MEANING}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise _not_started(master, error) from error
    except Exception as error:  # py4j has its own errors for what Java throws
        if not type(error).__module__.startswith("py4j"):
            raise
        raise _not_started(master, error) from error


def _not_started(master: str, error: Exception) -> EngineNotStarted:
    where = f"« {master} »" if master else "cette machine"
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return EngineNotStarted(f"Spark ne démarre pas sur {where} : {lines[0]}")


def _require_java() -> None:
    """Raise EngineMissing unless a Java recent enough is there (JAVA_HOME first, as Spark does)."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not java or not Path(java).is_file():
        raise EngineMissing(f"Spark a besoin de Java, qui n’est pas là. {INSTALL_JAVA}")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < JAVA_NEEDED:
        raise EngineMissing(f"Le Java trouvé ({java}) est trop ancien pour Spark. {INSTALL_JAVA}")
