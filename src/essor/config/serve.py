"""`essor serve`: web server, worker and clock in one command, for one small server without any other service."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from essor.kernel.command import say

# A process that falls is started again, after a pause that grows while it keeps falling.
PAUSES = (1, 2, 5, 15, 60)
STEADY_SECONDS = 120


class Child:
    """One supervised process."""

    def __init__(self, label: str, arguments: list[str]) -> None:
        self.label = label
        self.arguments = arguments
        self.falls = 0
        self.started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.arguments)

    def fallen(self) -> bool:
        """True when the process was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def pause(self) -> int:
        """Seconds to wait before the next start."""
        if time.monotonic() - self.started > STEADY_SECONDS:
            self.falls = 0
        self.falls += 1
        return PAUSES[min(self.falls, len(PAUSES)) - 1]

    def stop(self) -> None:
        """Ask the process to end, then insist."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def children(host: str, port: int, threads: int) -> list[Child]:
    """The processes of an installation."""
    essor = [sys.executable, "-m", "essor.config"]
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += [
        "--blocking-threads",
        str(threads),
        "--no-ws",
        "--log-level",
        "warning",
        "essor.config.wsgi:application",
    ]
    return [Child("site", web), Child("travail de fond", [*essor, "work", "--clock"])]


def run(host: str, port: int, threads: int, wait: Callable[[float], bool] | None = None) -> int:
    """Start everything and keep it running until a signal asks to stop; gives the exit code."""
    stop = threading.Event()
    pause = wait or stop.wait

    def ask_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if (
            signal.getsignal(number) is not signal.SIG_IGN
        ):  # « nohup » keeps it running when the terminal closes
            signal.signal(number, ask_stop)
    running = children(host, port, threads)
    for child in running:
        child.start()
    say(f"Essor répond à http://{host}:{port}/ (Ctrl+C pour arrêter).")
    try:
        while not stop.is_set():
            for child in running:
                if child.fallen():
                    seconds = child.pause()
                    say(f"{child.label} s’est arrêté ; nouveau départ dans {seconds} s.")
                    if pause(seconds):
                        break
                    child.start()
            pause(0.5)
    finally:
        for child in running:
            child.stop()
    return 0
