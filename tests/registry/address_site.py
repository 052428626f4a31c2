"""An address service on this machine that answers in the shape of the national one, or as a hostile one would."""

import csv
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HEAD = (
    "longitude", "latitude", "result_score", "result_score_next", "result_label", "result_type", "result_id",
    "result_city", "result_citycode", "result_postcode", "result_status",
)  # fmt: skip


class Site:
    """What the service knows (words of the address → answer) and was asked; `plan`: what it does of each request."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, Any]] = []
        self.plan: list[Any] = []
        self.url = ""
        self.host = ""

    def answer(self, form: dict[str, Any]) -> str:
        """The table sent, with what is known of each row; filters keep only what matches them."""
        out = io.StringIO()
        reader = csv.DictReader(io.StringIO(form["data"]))
        writer = csv.DictWriter(out, [*(reader.fieldnames or ()), *HEAD])
        writer.writeheader()
        for row in reader:
            words = " ".join(row[name] for name in form["columns"] if row[name]).casefold()
            known = next((each for key, each in self.known.items() if key.casefold() in words), None)
            for name, column in (("postcode", "result_postcode"), ("citycode", "result_citycode")):
                wanted = row[form[name][0]] if name in form else ""
                known = None if known and wanted and known.get(column) != wanted else known
            writer.writerow(
                row | ({"result_status": "ok", **known} if known else {"result_status": "not-found"})
            )
        return out.getvalue()


@contextmanager
def serving() -> Iterator[Site]:
    """The service, as long as it is needed."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = _form(self.headers["Content-Type"], body)
            site.asked.append(form)
            step = site.plan.pop(0) if site.plan else None
            status, headers, text = step(form) if callable(step) else (step or 200, {}, "")
            content = (text if callable(step) else site.answer(form) if status == 200 else "").encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.host = f"127.0.0.1:{server.server_port}"
    site.url = f"http://{site.host}/geocodage/search/csv"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _form(kind: str, body: bytes) -> dict[str, Any]:
    """The fields of the form: the table as text, the others as lists."""
    parts = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    form: dict[str, Any] = {}
    for part in parts.get_payload():
        name = part.get_param("name", header="content-disposition")
        text = part.get_payload(decode=True).decode()
        if name == "data":
            form["data"] = text.rstrip()
        else:
            form.setdefault(name, []).append(text)
    return form


def text(content: str) -> Any:
    """A step that answers this text."""
    return lambda _form: (200, {}, content)


def redirect(address: str, status: int = 307) -> Any:
    """A step that sends elsewhere."""
    return lambda _form: (status, {"Location": address}, "")


def slow(seconds: float) -> Any:
    """A step that answers too late."""

    def step(_form: Any) -> tuple[int, dict[str, str], str]:
        time.sleep(seconds)
        return 200, {}, ""

    return step


def found(lon: float, lat: float, **more: Any) -> dict[str, str]:
    """An answer of the service."""
    said = {"longitude": lon, "latitude": lat, "result_score": 0.95, "result_type": "housenumber"} | more
    return {name: str(value) for name, value in said.items()}
