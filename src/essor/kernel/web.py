"""Asking the web, politely and without being led inside: for the rare works that a person asked to go out.

Each address is resolved here and its numbers looked at: private, loopback, link-local and reserved networks are refused
(a link must not make the server read what only it can reach). The connection goes to the very number that was looked
at, so that a second resolution cannot lead elsewhere; every redirection is looked at again.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import IO
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from essor.kernel.release import version

TIMEOUT = 10.0
MAX_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
PERMANENT = (301, 308)
REDIRECTIONS = (301, 302, 303, 307, 308)
BLOCK = 1 << 16
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class WebRefused(Exception):
    """The address may not be asked; the message, in French, says why."""


class WebFailed(Exception):
    """No answer. `for_sure`: the name does not exist, so that asking again changes nothing. `status`: what the server
    answered instead (0: nothing), `wait`: the seconds after which it asks to be asked again.
    """

    def __init__(self, message: str, *, for_sure: bool = False, status: int = 0, wait: int = 0) -> None:
        super().__init__(message)
        self.for_sure, self.status, self.wait = for_sure, status, wait


@dataclass(frozen=True)
class Answer:
    """What an address answered in the end. `moved_to`: where permanent redirections alone led, or nothing."""

    status: int
    url: str
    moved_to: str = ""


@dataclass(frozen=True)
class _Step:
    status: int
    location: str


def is_public(number: str) -> bool:
    """Whether an IP address is one of the public Internet, whatever form hides an IPv4 one."""
    try:
        ip = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if hidden is not None:
            ip = hidden
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def look_at(url: str) -> Answer:
    """Ask an address without reading it: HEAD, then GET where HEAD is not known. WebRefused, WebFailed."""
    moved_to, permanent = "", True
    asked = url
    for _hop in range(MAX_REDIRECTS + 1):
        step = _ask(asked, "HEAD")
        if step.status in (400, 403, 404, 405, 406, 500, 501, 503):
            step = _ask(asked, "GET")
        if step.status not in REDIRECTIONS or not step.location:
            return Answer(step.status, asked, moved_to)
        permanent = permanent and step.status in PERMANENT
        asked = urljoin(asked, step.location)
        moved_to = asked if permanent else moved_to
    raise WebFailed(_("trop de redirections"))


def download(url: str, sink: IO[bytes], *, limit: int, headers: dict[str, str] | None = None) -> int:
    """Copy what an address gives, `limit` bytes at most; gives how many. `headers` are for its first server only.

    WebRefused beyond the limit too; WebFailed when it does not answer 200.
    """
    asked, more = url, dict(headers or {})
    origin = urlsplit(url)[:2]
    for _hop in range(MAX_REDIRECTS + 1):
        with _connected(asked) as (connection, target):
            named = more if urlsplit(asked)[:2] == origin else {}
            response = _request(connection, "GET", target, named)
            if response.status not in REDIRECTIONS:
                if response.status != http.client.OK:
                    raise WebFailed(_("le serveur répond %(status)s") % {"status": response.status})
                return _copy(response, sink, limit)
            location = response.getheader("Location", "")
        asked = urljoin(asked, location)
    raise WebFailed(_("trop de redirections"))


def post(url: str, body: bytes, content_type: str, *, limit: int, seconds: float = TIMEOUT) -> bytes:
    """Send a body, and give what is answered: `limit` bytes at most, `seconds` to begin and as many to end.

    What is sent goes to the server that `url` names and to no other: a redirection elsewhere is refused. WebRefused
    beyond the limit too; WebFailed, with the status, when the answer is not 200.
    """
    asked, origin = url, urlsplit(url)[:2]
    headers = {"Content-Type": content_type}
    for _hop in range(MAX_REDIRECTS + 1):
        with (
            _connected(asked, seconds) as (connection, target),
            _request(connection, "POST", target, headers, body) as response,
        ):
            if response.status == http.client.OK:
                sink = BytesIO()
                _copy(response, sink, limit, seconds)
                return sink.getvalue()
            location = response.getheader("Location", "")
            if response.status not in (307, 308) or not location:
                wait = response.getheader("Retry-After", "")
                raise WebFailed(
                    _("le serveur répond %(status)s") % {"status": response.status},
                    status=response.status,
                    wait=int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0,
                )
        asked = urljoin(asked, location)
        if urlsplit(asked)[:2] != origin:
            raise WebRefused(_("le serveur renvoie vers un autre serveur"))
    raise WebFailed(_("trop de redirections"))


def _copy(response: http.client.HTTPResponse, sink: IO[bytes], limit: int, seconds: float = 300) -> int:
    size = 0
    end = time.monotonic() + seconds
    try:
        # read1: what has come, so that a server which gives a byte now and then does not hold us.
        while block := response.read1(BLOCK):
            size += len(block)
            if size > limit:
                raise WebRefused(_("le fichier dépasse %(size)s Mo") % {"size": limit >> 20})
            if time.monotonic() > end:
                raise WebFailed(_("le serveur est trop lent"))
            sink.write(block)
    except (OSError, http.client.HTTPException) as error:
        raise WebFailed(_("la réponse s’est interrompue")) from error
    return size


def _ask(url: str, method: str) -> _Step:
    with _connected(url) as (connection, target):
        response = _request(connection, method, target, {})
        return _Step(response.status, response.getheader("Location", ""))


def _request(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    headers: dict[str, str],
    body: bytes | None = None,
) -> http.client.HTTPResponse:
    known = {
        "User-Agent": f"Essor/{version()} (+{settings.PUBLIC_URL})",
        "Accept": "*/*",
        "Connection": "close",
    }
    try:
        connection.request(method, target, body, headers=known | headers)
        return connection.getresponse()
    except ssl.SSLError as error:
        raise WebFailed(_("le certificat n’est pas valable")) from error
    except TimeoutError as error:
        raise WebFailed(
            _("pas de réponse en %(count)s secondes") % {"count": int(connection.timeout or TIMEOUT)}
        ) from error
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise WebFailed(_("la connexion échoue")) from error


@contextmanager
def _connected(url: str, seconds: float = TIMEOUT) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    """A connection to a number that was looked at, and what to ask there."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError as error:
        raise WebRefused(_("cette adresse est mal écrite")) from error
    if scheme not in PORTS or not host or parts.username is not None:
        raise WebRefused(_("seules les adresses http et https, sans nom de compte, sont demandées"))
    number = _number_of(host, port or PORTS[scheme], is_usual=port in (None, PORTS[scheme]))
    kind = _Tls if scheme == "https" else _Plain
    connection = kind(host, port, number, seconds)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    )
    try:
        yield connection, target
    finally:
        connection.close()


def _number_of(host: str, port: int, *, is_usual: bool) -> str:
    allowed = f"{host}:{port}" in settings.WEB_PRIVATE_ALLOWED
    if not is_usual and not allowed:
        raise WebRefused(_("seuls les ports 80 et 443 sont demandés"))
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        gone = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        raise WebFailed(_("ce nom de site n’existe pas ou ne répond pas"), for_sure=gone) from error
    except (OSError, UnicodeError) as error:
        raise WebFailed(_("ce nom de site ne peut pas être cherché")) from error
    numbers = [str(each[4][0]) for each in found]
    if not allowed and not all(is_public(number) for number in numbers):
        raise WebRefused(_("cette adresse mène à un réseau privé"))
    return numbers[0]


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Plain(http.client.HTTPConnection):
    """A connection to a number, under the name of its host."""

    def __init__(self, host: str, port: int | None, number: str, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._number = number

    def connect(self) -> None:
        """Connect to the number, not to what the name would resolve to by now."""
        self.sock = socket.create_connection((self._number, self.port), self.timeout)


class _Tls(http.client.HTTPSConnection):
    """The same over TLS: the certificate must be the host's."""

    def __init__(self, host: str, port: int | None, number: str, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds, context=_certificates())
        self._number = number

    def connect(self) -> None:
        """Connect to the number, and ask for the certificate of the name."""
        plain = socket.create_connection((self._number, self.port), self.timeout)
        try:
            self.sock = _certificates().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise
