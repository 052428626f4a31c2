"""`essor serve` for real: the site answers, a killed child starts again, a signal ends everything."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from essor.config.serve import PAUSES, Child

PROJECT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        code = error.code
        error.close()
        return int(code)
    except OSError:
        return 0


def wait_for(condition: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "cela n’est pas arrivé à temps"
        time.sleep(0.2)


def children_of(pid: int) -> dict[int, str]:
    """Process ids of the children, with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == pid:
                found[int(folder.name)] = (folder / "cmdline").read_bytes().decode().replace("\0", " ")
        except (OSError, ValueError, IndexError):
            continue
    return found


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "ESSOR_DATA_DIR": str(tmp_path),
        "ESSOR_HOSTS": "127.0.0.1",
        "ESSOR_LOG_LEVEL": "ERROR",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    essor = [sys.executable, "-m", "essor.config"]
    subprocess.run([*essor, "upgrade"], env=environment, check=True, cwd=PROJECT, capture_output=True)
    process = subprocess.Popen([*essor, "serve", "--port", str(port)], env=environment, cwd=PROJECT)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="lit les processus dans /proc (Linux)")
def test_an_installation_serves_recovers_and_stops(installation: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = installation
    wait_for(lambda: status(f"{address}/") == 200)
    assert status(f"{address}/rien-ici/") == 404
    worker = next(
        pid for pid, command in children_of(process.pid).items() if command.rstrip().endswith(" work --clock")
    )
    os.kill(worker, signal.SIGKILL)
    wait_for(
        lambda: any(
            pid != worker and command.rstrip().endswith(" work --clock")
            for pid, command in children_of(process.pid).items()
        )
    )
    assert status(f"{address}/") == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert status(f"{address}/") == 0


def test_the_pause_before_a_new_start_grows_while_a_process_keeps_falling() -> None:
    child = Child("essai", ["false"])
    child.started = time.monotonic()
    assert [child.pause() for _ in range(7)] == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    child.started = time.monotonic() - 3600
    assert child.pause() == PAUSES[0]
