"""What every test may use: bounded property tests, the real data folder."""

import os
import re
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.plugins.geography", "tests.plugins.browser"]

settings.register_profile(
    "bounded", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("bounded")

PROJECT = Path(__file__).resolve().parent.parent


# What a test that opens a database in its own way writes: such a test runs on both.
_OPENS_ITSELF = re.compile(r"DATABASE_URL|subprocess|processes|connection|call_command")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that no database can change: they run once, not once a database."""
    opening: dict[Path, bool] = {}
    for item in items:
        if item.path not in opening:
            opening[item.path] = bool(_OPENS_ITSELF.search(item.path.read_text(encoding="utf-8")))
        fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if not (fixtures or opening[item.path] or item.get_closest_marker("django_db")):
            item.add_marker(pytest.mark.without_database)


def missing(reason: str) -> None:
    """Skip with a reason; fail under CI, where nothing may be missing."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI : {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real public files."""
    folder = Path(os.environ.get("ESSOR_REAL_DATA") or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        missing(f"les fichiers publics réels ne sont pas là ({folder}) : indiquez ESSOR_REAL_DATA")
    return folder


# What Django writes after each migration, and would write again, the same, after each emptying.
_WRITTEN_BY_MIGRATIONS = {"django_content_type", "auth_permission", "django_migrations"}


@pytest.fixture(autouse=True, scope="session")
def _tests_empty_what_they_filled():
    """Transactional tests empty the tables that have rows, rather than all: three times quicker on PostgreSQL.

    Only there is the append-only log unlocked.
    """
    from essor.kernel.triggers import unlocked

    def teardown(case: TransactionTestCase) -> None:
        with unlocked():
            _empty()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


def _empty() -> None:
    """Delete the rows of every table that has some."""
    from django.db import connection, transaction

    quote = connection.ops.quote_name
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    wanted = sorted(names - _WRITTEN_BY_MIGRATIONS)
    # Names of our own tables.
    asked = " UNION ALL ".join(
        f"SELECT {rank} WHERE EXISTS (SELECT 1 FROM {quote(name)})" for rank, name in enumerate(wanted)
    )
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        for (rank,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {quote(wanted[rank])}")
