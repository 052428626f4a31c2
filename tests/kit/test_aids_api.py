"""The API of aids, page after page: read as a file is, its token given to its own server only."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from essor.formats.aids import read_aids
from essor.kit.aids_api import Unreachable, fetch_pages


class _Api(BaseHTTPRequestHandler):
    tokens: list[str] = []

    def do_GET(self) -> None:
        self.tokens.append(self.headers.get("Authorization", ""))
        row = {"url": "/a/", "targeted_audiences": ["Associations"], "categories": ["Eau"]}
        pages: dict[str, Any] = {
            "/api/": {
                "count": 2,
                "next": "/api/?page=2",
                "previous": None,
                "results": [row | {"id": 1, "name": "Une"}],
            },
            "/api/?page=2": {"count": 2, "next": None, "results": [row | {"id": 2, "name": "Deux"}]},
            "/ailleurs/": {"next": "https://pirate.example/", "results": []},
            "/autre/": {"message": "?"},
        }
        body = json.dumps(pages[self.path]).encode() if self.path in pages else b""
        self.send_response(200 if body else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api(settings: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEB_PRIVATE_ALLOWED = (f"127.0.0.1:{server.server_port}",)
    _Api.tokens.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_pages_become_one_list_that_the_import_reads(api: str, tmp_path: Path) -> None:
    path, told = tmp_path / "api.json", list[int]()
    assert fetch_pages(f"{api}/api/", "jeton", path, told.append, delay=0) == 2
    found = read_aids(path, pytest.fail)
    assert ([aid.name for aid in found.aids], found.form.code) == (["Une", "Deux"], "aides-territoires-api")
    assert (_Api.tokens, told) == (["Bearer jeton"] * 2, [1, 2])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/ailleurs/", "renvoie à un autre serveur"),
        ("/autre/", "pas de liste"),
        ("/refus/", "401. Rien n’a changé"),
    ],
)
def test_what_is_not_the_list_changes_nothing(api: str, tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(Unreachable, match=said):
        fetch_pages(f"{api}{path}", "jeton", tmp_path / "api.json", lambda _done: None, delay=0)
    assert list(tmp_path.iterdir()) == []
