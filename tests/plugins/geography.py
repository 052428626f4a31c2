"""Territories in the test database: a small subset for most tests, the whole division for those that need it.

`reference_territories`: every région, département and collectivity, all of Haute-Garonne (31), and the special
cases: Paris, Lyon, Marseille, the Métropole de Lyon and a commune of the Rhône outside it, the EPT Plaine Commune,
Corsica, Alsace, overseas. About 1 100 rows, loaded in a fifth of a second by the real action.
`module_territories`: the same, loaded once for the tests of a module.
`all_territories`: the 34 969 communes, once for a module: put such tests together and mark them `slow`.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pytest_django.plugin import DjangoDbBlocker

# Communes apart from those of Haute-Garonne, whose EPCI come along.
SPECIAL_COMMUNES = (
    "75056", "69123", "69029", "69264", "13055", "93066", "93001", "2A004", "2B033", "67482", "68066", "35238",
    "97105", "97209", "97302", "97411", "97611", "97502", "97701", "97801", "98818", "01015", "29083", "76351", "34172",
)  # fmt: skip
SPECIAL_GROUPS = ("200057867", "200054781")


@pytest.fixture(scope="session")
def reference_files() -> Path:
    """Folder of the Parquet files of the division, made by `make assets`."""
    from essor.territories.actions.reference import DATA, FILES

    lacking = [name for name in FILES if not (DATA / f"{name}.parquet").is_file()]
    if lacking:
        pytest.fail(f"découpage de référence absent ({', '.join(lacking)}) : lancez « make assets »")
    return DATA


@pytest.fixture(scope="session")
def reference_subset(reference_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the same files, cut to Haute-Garonne and the special cases."""
    folder = tmp_path_factory.mktemp("geography")
    communes = "', '".join(SPECIAL_COMMUNES)
    groups = "', '".join(SPECIAL_GROUPS)
    with duckdb.connect() as db:
        db.execute(
            f"CREATE TABLE communes AS FROM '{reference_files}/territories.parquet'"
            f" WHERE kind = 'commune' AND (departement = '31' OR code IN ('{communes}'))"
        )
        kept = "SELECT code FROM communes"
        parts = {
            "reference": f"FROM '{reference_files}/reference.parquet'",
            "territories": (
                f"FROM '{reference_files}/territories.parquet' WHERE kind NOT IN ('commune', 'epci', 'ept')"
                f" OR (kind = 'commune' AND code IN ({kept})) OR code IN ('{groups}')"
                " OR (kind IN ('epci', 'ept') AND code IN"
                " (SELECT epci FROM communes UNION SELECT ept FROM communes))"
            ),
            "commune_codes": f"FROM '{reference_files}/commune_codes.parquet' WHERE commune IN ({kept})",
            "postal_codes": f"FROM '{reference_files}/postal_codes.parquet' WHERE commune IN ({kept})",
        }
        for name, query in parts.items():
            db.execute(f"COPY ({query}) TO '{folder}/{name}.parquet' (FORMAT parquet)")
    return folder


@pytest.fixture
def reference_territories(db: None, reference_subset: Path) -> Path:
    """The subset in the database; gives the folder of its files."""
    from essor.territories.actions import load_reference

    load_reference(folder=reference_subset)
    return reference_subset


def _for_the_module(blocker: DjangoDbBlocker, folder: Path) -> Iterator[Path]:
    """Load in a transaction that lasts as long as the module; each test has its own inside it."""
    from django.db import transaction

    from essor.territories.actions import load_reference

    with blocker.unblock():
        block = transaction.atomic()
        block.__enter__()
        try:
            load_reference(folder=folder)
            yield folder
        finally:
            transaction.set_rollback(True)
            block.__exit__(None, None, None)


@pytest.fixture(scope="module")
def module_territories(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, reference_subset: Path
) -> Iterator[Path]:
    """The subset, loaded once for all the tests of the module; use it with `django_db`, never a transactional one."""
    yield from _for_the_module(django_db_blocker, reference_subset)


@pytest.fixture(scope="module")
def all_territories(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, reference_files: Path
) -> Iterator[Path]:
    """The whole division, loaded once for all the tests of the module, as `module_territories`."""
    yield from _for_the_module(django_db_blocker, reference_files)
