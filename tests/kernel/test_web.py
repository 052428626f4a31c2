"""Going out on the web: private networks refused, redirections looked at again, limits held."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest

from essor.kernel import web


class _Site(BaseHTTPRequestHandler):
    """Answers by its path; `asked` remembers what was asked."""

    asked: list[tuple[str, str, str]] = []

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        routes: dict[str, tuple[int, str]] = {
            "/ici": (200, ""),
            "/parti": (404, ""),
            "/sans-tete": (405 if self.command == "HEAD" else 200, ""),
            "/demenage": (301, "/ici"),
            "/passe": (302, "/ici"),
            "/boucle": (302, "/boucle"),
            "/interne": (302, "http://169.254.169.254/latest/meta-data/"),
            "/local": (301, "http://127.0.0.1:1/"),
            "/fichier": (302, "file:///etc/passwd"),
            "/panne": (503, ""),
        }
        status, location = routes.get(self.path, (200, ""))
        body = b"x" * 3000 if self.path == "/gros" and self.command == "GET" else b""
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = _answer  # noqa: N815 - names of http.server

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(settings: Any) -> Iterator[Callable[[str], str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEB_PRIVATE_ALLOWED = (f"127.0.0.1:{server.server_port}",)
    _Site.asked.clear()
    yield lambda path: f"http://127.0.0.1:{server.server_port}{path}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.4.4", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::", "n’importe quoi"],
)  # fmt: skip
def test_private_numbers_are_refused(number: str) -> None:
    assert not web.is_public(number)


def test_public_numbers_are_taken() -> None:
    assert [web.is_public(number) for number in ("185.24.184.1", "2a01:c9c0::1", "64:ff9b::b918:b801")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "ftp://exemple.fr/",
     "file:///etc/passwd", "http://moi:secret@exemple.fr/", "http:///", "http://exemple.fr:8080/", "http://[mal/"],
)  # fmt: skip
def test_what_leads_inside_is_refused(url: str) -> None:
    with pytest.raises(web.WebRefused):
        web.look_at(url)


def test_answers_are_read_and_redirections_told(site: Callable[[str], str]) -> None:
    assert web.look_at(site("/ici")) == web.Answer(200, site("/ici"))
    assert web.look_at(site("/parti")).status == 404
    assert web.look_at(site("/demenage")) == web.Answer(200, site("/ici"), site("/ici"))
    assert web.look_at(site("/passe")) == web.Answer(200, site("/ici"))
    _Site.asked.clear()
    assert web.look_at(site("/sans-tete")).status == 200
    assert [method for method, _path, _token in _Site.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize("path", ["/interne", "/local", "/fichier"])
def test_a_redirection_inside_is_refused(site: Callable[[str], str], path: str) -> None:
    with pytest.raises(web.WebRefused):
        web.look_at(site(path))


def test_a_loop_and_a_closed_port_fail(site: Callable[[str], str], settings: Any) -> None:
    with pytest.raises(web.WebFailed, match="trop de redirections"):
        web.look_at(site("/boucle"))
    settings.WEB_PRIVATE_ALLOWED = ("127.0.0.1:9",)
    with pytest.raises(web.WebFailed, match="la connexion échoue"):
        web.look_at("http://127.0.0.1:9/")


def test_a_download_has_a_limit_and_a_token_stays_with_its_server(site: Callable[[str], str]) -> None:
    sink = BytesIO()
    assert web.download(site("/gros"), sink, limit=5000, headers={"Authorization": "Bearer secret"}) == 3000
    assert _Site.asked == [("GET", "/gros", "Bearer secret")]
    with pytest.raises(web.WebRefused, match="dépasse"):
        web.download(site("/gros"), BytesIO(), limit=1000)
    with pytest.raises(web.WebFailed, match="404"):
        web.download(site("/parti"), BytesIO(), limit=1000)
