"""One small demonstration for all tests of the room: they only read it."""

import pytest

from essor.demo.build import Generated, generate
from essor.demo.evolution import Economy, economy
from essor.demo.places import Atlas, read_atlas

SCALE = 0.02


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return read_atlas()


@pytest.fixture(scope="session")
def small_economy(atlas) -> Economy:
    return economy(atlas, SCALE)


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory) -> Generated:
    return generate(tmp_path_factory.mktemp("demo"), scale=SCALE)
