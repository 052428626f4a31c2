"""Downloads, against a real local server."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from essor.formats.problems import InputProblem
from essor.registry.pipeline.fetch import OFFICIAL, OfficialFile, fetch, fetch_official

BODY = b"SIREN\n" + b"123456782\n" * 200_000


class Handler(BaseHTTPRequestHandler):
    """Serves a good file, a cut one, a web page, and nothing."""

    def do_GET(self) -> None:
        if self.path == "/good.csv":
            self._send(BODY, len(BODY))
        elif self.path == "/cut.csv":
            self._send(BODY[: len(BODY) // 2], len(BODY))
        elif self.path == "/page.csv":
            self._send(b"<!DOCTYPE html><html></html>", 28)
        else:
            self.send_error(404)

    def _send(self, body: bytes, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.send_header("Last-Modified", "Sun, 01 Nov 2026 10:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def file_at(address: str, path: str) -> OfficialFile:
    return OfficialFile("ess_list", "Liste", f"{address}/{path}", "liste.csv")


def test_a_file_is_downloaded_with_progress_checksum_and_its_date(address: str, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int | None]] = []
    found = fetch(file_at(address, "good.csv"), tmp_path, lambda *step: steps.append(step))
    assert found.path.read_bytes() == BODY
    assert (found.sha256, found.size) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert steps[-1] == ("Liste", len(BODY), len(BODY))
    assert found.path.stat().st_mtime == 1_793_527_200
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("cut.csv", "le téléchargement s’est interrompu : 1000003 octets reçus sur 2000006."),
        ("page.csv", "c’est une page web (HTML), pas un fichier de données."),
        ("absent.csv", "le serveur refuse le téléchargement (code 404)."),
    ],
)
def test_a_failed_download_keeps_the_former_file(
    address: str, tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "liste.csv").write_text("SIREN\n", encoding="utf-8")
    with pytest.raises(InputProblem) as caught:
        fetch(file_at(address, path), tmp_path, lambda *_: None)
    assert caught.value.reason == reason
    assert caught.value.file == "liste.csv"
    assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [
        ("liste.csv", "SIREN\n")
    ]


def test_two_downloads_at_once_do_not_meet(address: str, tmp_path: Path) -> None:
    file, gate, found = file_at(address, "good.csv"), threading.Barrier(2, timeout=10), []

    def show(_label: str, done: int, total: int | None) -> None:
        if done == total:
            gate.wait()  # both are whole before either is renamed

    threads = [
        threading.Thread(target=lambda: found.append(fetch(file, tmp_path, show))) for _each in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [(each.path, each.size) for each in found] == [(tmp_path / "liste.csv", len(BODY))] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]


def test_what_killed_downloads_left_is_removed(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / ".liste.csv.en-cours-abc"
    left.write_bytes(b"x")
    fetch(file_at(address, "good.csv"), tmp_path, lambda *_: None)
    assert left.exists()  # young: another process may be writing it

    monkeypatch.setattr("essor.registry.pipeline.fetch.OLD_PARTIAL", -1.0)
    fetch(file_at(address, "good.csv"), tmp_path, lambda *_: None)
    assert not left.exists()


def test_no_server_and_a_foreign_scheme_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="le serveur ne répond pas"):
        fetch(file_at("http://127.0.0.1:1", "x"), tmp_path, lambda *_: None)
    with pytest.raises(InputProblem, match="pas une adresse web"):
        fetch(file_at("file:///etc", "passwd"), tmp_path, lambda *_: None)


def test_the_official_files_are_fetched_by_kind(address: str, tmp_path: Path) -> None:
    files = tuple(replace(each, url=f"{address}/good.csv") for each in OFFICIAL)
    found = fetch_official(tmp_path, lambda *_: None, files)
    assert found == {each.kind: tmp_path / each.name for each in OFFICIAL}
