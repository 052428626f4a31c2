"""Killed half-way, full disk, same inputs: an edition is whole or absent, and the former ones stand."""

import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.generate_national import generate
from essor.formats.problems import InputProblem, OutOfSpace
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import STEPS, Progress, Sources, TerritoryScope, build
from essor.registry.pipeline.edition import PARTIAL, clean_leftovers, editions, verify, workshop
from essor.registry.pipeline.engines import duckdb_engine
from tests.formats.stocks import establishment, unit, write_stocks
from tests.registry.pipeline.conftest import DAY, HAUTE_GARONNE

# A build in a process of its own, that says each step on its standard output and can be told to wait there.
SCRIPT = """
import sys, time
from datetime import date
from pathlib import Path
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
units, places, out, stop = sys.argv[1:]
def progress(step):
    print(step.step, flush=True)
    if step.step == stop:
        time.sleep(60)
scope = TerritoryScope("departement:31", frozenset({"31555"}), {"31555": "31555"})
build(Sources(Path(units), Path(places)), scope, default_perimeter(), Path(out), date(2026, 11, 22), progress)
"""


@pytest.fixture
def stocks(tmp_path: Path) -> tuple[Path, Path]:
    numbers = range(1, 40)
    return write_stocks(tmp_path, [unit(n) for n in numbers], [establishment(n) for n in numbers])


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def run(stocks: tuple[Path, Path], out: Path) -> Path:
    folder, _ = build(Sources(*stocks), HAUTE_GARONNE, default_perimeter(), out, DAY)
    return folder


def test_the_same_inputs_give_the_same_bytes_whatever_the_threads(
    stocks: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(stocks, tmp_path / "one")
    again = run(stocks, tmp_path / "one")
    assert (again, editions(tmp_path / "one")) == (first, [first])
    monkeypatch.setattr(duckdb_engine, "MAX_THREADS", 1)
    alone = run(stocks, tmp_path / "two")
    assert (alone.name, digests(alone)) == (first.name, digests(first))


def test_progress_tells_every_step_in_order(stocks: tuple[Path, Path], tmp_path: Path) -> None:
    steps: list[Progress] = []
    build(Sources(*stocks), HAUTE_GARONNE, default_perimeter(), tmp_path / "out", DAY, steps.append)
    assert [(each.step, each.label, each.done, each.total) for each in steps] == [
        (code, label, rank, len(STEPS)) for rank, (code, label) in enumerate(STEPS.items())
    ]


@pytest.mark.parametrize("step", ["check", "units", "write_places", "seal"])
def test_a_killed_build_leaves_no_half_edition(stocks: tuple[Path, Path], tmp_path: Path, step: str) -> None:
    out = tmp_path / "editions"
    former = run(stocks, out)
    before = digests(former)
    stocks[0].touch()
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, stocks), str(out), step], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == step:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert editions(out) == [former]
    assert digests(former) == before
    verify(former)
    assert len(list(out.glob(f"{PARTIAL}*"))) == 1
    assert clean_leftovers(out) == 1
    assert [path.name for path in out.iterdir()] == [former.name]


def test_killed_at_any_moment_again_and_again(stocks: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "editions"
    for delay in (0.3, 0.6, 0.8, 1.0):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *map(str, stocks), str(out), ""], stdout=subprocess.DEVNULL
        )
        time.sleep(delay)
        process.kill()
        process.wait()
        for edition in editions(out):
            verify(edition)
    built = run(stocks, out)
    assert [path.name for path in out.iterdir()] == [built.name]


def test_a_live_build_is_not_taken_for_a_leftover(tmp_path: Path) -> None:
    with workshop(tmp_path) as folder:
        assert clean_leftovers(tmp_path) == 0
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def full_disk(stocks: tuple[Path, Path], out: Path, limit: int) -> str:
    """Build where no file may pass `limit` bytes, in a process of its own; gives what it says."""
    script = SCRIPT.replace(
        "build(Sources",
        "from essor.formats.problems import OutOfSpace\ntry:\n    build(Sources",
    )
    script += "except OutOfSpace as problem:\n    print(f'OUT {problem}')\n"
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, stocks), str(out), ""],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    return done.stdout


@pytest.mark.parametrize("limit", [100, 2500])
def test_a_full_disk_is_told_and_the_former_edition_stands(
    stocks: tuple[Path, Path], tmp_path: Path, limit: int
) -> None:
    out = tmp_path / "editions"
    former = run(stocks, out)
    before = digests(former)
    stocks[0].touch()
    said = full_disk(stocks, out, limit).splitlines()[-1]
    assert said.startswith("OUT Disque de « ")
    assert said.endswith(
        "il n’y a plus de place pour écrire. Libérez de la place sur ce disque, ou choisissez un autre dossier, puis "
        "recommencez : les éditions précédentes sont intactes."
    )
    assert (editions(out), digests(former)) == ([former], before)


@pytest.mark.skipif(os.geteuid() != 0, reason="il faut être root pour monter un petit disque")
def test_a_really_full_disk(tmp_path: Path) -> None:
    numbers = range(1, 3000)
    stocks = write_stocks(tmp_path, [unit(n) for n in numbers], [establishment(n) for n in numbers])
    out = tmp_path / "petit"
    out.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(out)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("cette machine ne laisse pas monter de petit disque")
    try:
        with pytest.raises(OutOfSpace):
            run(stocks, out)
        assert list(out.iterdir()) == []
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_an_altered_edition_is_found_out(stocks: tuple[Path, Path], tmp_path: Path) -> None:
    folder = run(stocks, tmp_path / "out")
    (folder / "tags.parquet").write_bytes(b"PAR1PAR1")
    with pytest.raises(InputProblem, match="manque ou a été modifié"):
        verify(folder)
    (folder / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputProblem, match="n’est pas une édition"):
        verify(folder)


@pytest.mark.slow
def test_files_of_several_row_groups_give_the_same_bytes_whatever_the_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The invented national stocks, at one hundredth: threads race only on files of several row groups."""
    generate(tmp_path, 290_000, 400_000, seed=1)
    sources = Sources(
        tmp_path / "StockUniteLegale_utf8.parquet", tmp_path / "StockEtablissement_utf8.parquet"
    )
    communes = (tmp_path / "communes.csv").read_text(encoding="utf-8").split()[1:]
    scope = TerritoryScope("departement:3*", frozenset(code for code in communes if code[0] == "3"), {})
    found = []
    for threads in (1, 4):
        monkeypatch.setattr(duckdb_engine, "MAX_THREADS", threads)
        monkeypatch.setattr(os, "cpu_count", lambda: 4)
        folder, manifest = build(sources, scope, default_perimeter(), tmp_path / str(threads), DAY)
        found.append((manifest, digests(folder)))
    assert found[0] == found[1]
    assert found[0][0].counts["organisations"] == 890
