"""What every test may use: bounded property tests, the real data folder."""

import os
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


@pytest.fixture(autouse=True, scope="session")
def _tests_empty_the_audit_log():
    """Transactional tests empty every table after themselves: only there is the append-only log unlocked."""
    from essor.kernel.triggers import unlocked

    empty = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with unlocked():
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
