"""Asking a service where addresses are: by default the national one (Géoplateforme), else the one of the settings.

Only what tells the place leaves: number and street, commune, postal code, code of the commune, and a number of order.
Nothing of it is written in a log nor kept.

Source: documentation of the batch geocoding of the Géoplateforme (IGN), which took over that of the national address
base: a CSV in a form (`data`), the names of the columns that hold the address (`columns`), the postal code (`postcode`)
and the code of the commune (`citycode`), the columns wanted (`result_columns`); the answer is the same CSV with
`latitude`, `longitude` and `result_…`. Files of 50 MB at most; a request is abandoned after some time: small batches.
"""

import csv
import io
import math
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from essor.formats.address_columns import WrittenAddress, five
from essor.kernel import web
from essor.kernel.doctor import Check, register_check
from essor.registry.rules_addresses import Answered, Placed, Refused, Unanswered, place

BATCH = 1_000
SECONDS = 90.0
PAUSES = (2.0, 8.0)  # before the second try, before the third
LONGEST_PAUSE = 30
ANSWER_PER_ROW = 4_000  # bytes of an answer, at most
WANTED = (
    "latitude", "longitude", "result_label", "result_score", "result_type", "result_city", "result_citycode",
    "result_postcode", "result_status",
)  # fmt: skip
NEEDED = {"rang", "latitude", "longitude", "result_score", "result_type"}
_SENT = ("rang", "adresse", "ville", "code_postal", "code_commune")
_GIVE_UP = 2  # batches without answer one after the other: the others are not tried

Progress = Callable[[str, int, int | None], object]


class NoService(Exception):
    """The service did not answer, or something else than an answer; the message, in French, says why."""


@dataclass(frozen=True)
class Service:
    """The service of the installation."""

    url: str

    @property
    def name(self) -> str:
        """What people are told of where addresses go: « data.geopf.fr »."""
        return urlsplit(self.url).hostname or self.url


def service() -> Service | None:
    """The service of the settings; None when the installation has none."""
    url = str(settings.ADDRESS_URL)
    return Service(url) if url else None


def find(
    addresses: Sequence[WrittenAddress], progress: Progress | None = None
) -> dict[WrittenAddress, Placed | Refused]:
    """Where each address is, or why it has no position. Each is asked once, by batches."""
    used = service()
    if used is None:
        raise NoService(_("cette installation n’a pas de service d’adresses."))
    wanted = list(dict.fromkeys(addresses))
    found = _round(used, {each: _strict(each) for each in wanted}, progress, _("Recherche des adresses"))
    # A postal code of firms (CEDEX) or mistyped hides the address: what was not found is asked by its words alone.
    again = {each: _loose(each) for each in wanted if _hidden_by_postcode(each, found[each])}
    found |= _round(used, again, progress, _("Nouvelle recherche, sans filtre de code postal"))
    return found


def _strict(address: WrittenAddress) -> WrittenAddress:
    """With its code of commune as a filter, else its postal code."""
    return WrittenAddress(
        address.street, "" if address.citycode else address.postcode, address.city, address.citycode
    )


def _loose(address: WrittenAddress) -> WrittenAddress:
    return WrittenAddress(address.street, "", f"{address.postcode} {address.city}".strip(), "")


def _hidden_by_postcode(address: WrittenAddress, found: Placed | Refused) -> bool:
    refused = isinstance(found, Refused) and not isinstance(found, Unanswered)
    return refused and bool(address.postcode) and not address.citycode


def _round(
    used: Service, asked: Mapping[WrittenAddress, WrittenAddress], progress: Progress | None, step: str
) -> dict[WrittenAddress, Placed | Refused]:
    found: dict[WrittenAddress, Placed | Refused] = {}
    wanted, silent, why = list(asked), 0, ""
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        if progress:
            progress(step, start, len(wanted))
        if silent < _GIVE_UP:
            try:
                said = ask(used, [asked[each] for each in batch])
            except NoService as problem:
                silent, why = silent + 1, str(problem)
            else:
                silent = 0
                found |= {each: _judged(each, answer) for each, answer in zip(batch, said, strict=True)}
                continue
        found |= dict.fromkeys(batch, _unanswered(used, why))
    if progress and wanted:
        progress(step, len(wanted), len(wanted))
    return found


def _judged(address: WrittenAddress, said: Answered | None) -> Placed | Refused:
    if said is None:
        return Unanswered(
            _("le service d’adresses n’a rien dit de cette ligne."),
            _("Redonnez plus tard les lignes sans réponse."),
        )
    return place(address, said)


def _unanswered(used: Service, why: str) -> Unanswered:
    return Unanswered(
        _("le service d’adresses (%(name)s) n’a pas répondu : %(why)s.")
        % {"name": used.name, "why": why.rstrip(".")},
        _("Redonnez plus tard les lignes sans réponse, ou leur longitude et leur latitude."),
    )


def ask(used: Service, addresses: Sequence[WrittenAddress]) -> list[Answered | None]:
    """What the service says of each address, in order; None where it says nothing. Raises NoService."""
    body, kind = _form(addresses)
    limit = 64_000 + ANSWER_PER_ROW * len(addresses)
    for tried in range(len(PAUSES) + 1):
        try:
            return _read(web.post(used.url, body, kind, limit=limit, seconds=SECONDS), len(addresses))
        except web.WebRefused as problem:
            raise NoService(str(problem)) from problem
        except web.WebFailed as problem:
            passing = problem.status in (0, 408, 425, 429) or problem.status >= 500
            if not passing or problem.for_sure or tried == len(PAUSES):
                raise NoService(str(problem)) from problem
            time.sleep(min(LONGEST_PAUSE, max(PAUSES[tried], problem.wait)))
    raise AssertionError


def _form(addresses: Sequence[WrittenAddress]) -> tuple[bytes, str]:
    """The form to send, and its content type (RFC 7578)."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_SENT)
    for rank, each in enumerate(addresses):
        writer.writerow((rank, each.street, each.city, each.postcode, each.citycode))
    fields = [("columns", "adresse"), ("columns", "ville")]
    fields += [("postcode", "code_postal")] if any(each.postcode for each in addresses) else []
    fields += [("citycode", "code_commune")] if any(each.citycode for each in addresses) else []
    fields += [("result_columns", name) for name in WANTED]
    border = f"essor-{uuid.uuid4().hex}"
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    file = 'Content-Disposition: form-data; name="data"; filename="adresses.csv"'
    parts.append(
        f"--{border}\r\n{file}\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n{table.getvalue()}\r\n--{border}--\r\n"
    )
    return "".join(parts).encode(), f"multipart/form-data; boundary={border}"


def _read(content: bytes, count: int) -> list[Answered | None]:
    """The answers by rank. Raises NoService when it is not the table that was asked."""
    unusable = _("sa réponse n’est pas le tableau attendu")
    try:
        text = content.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), strict=True)
        if not set(reader.fieldnames or ()) >= NEEDED:
            raise NoService(unusable)
        found: list[Answered | None] = [None] * count
        for row in reader:
            rank = row["rang"] or ""
            if rank.isascii() and rank.isdigit() and len(rank) < 9 and int(rank) < count:
                found[int(rank)] = _answer(row)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise NoService(unusable) from problem
    return found


def _answer(row: Mapping[str, str | None]) -> Answered | None:
    """One row; None when the service says that it failed on it."""
    status = row.get("result_status") or "ok"
    if status not in ("ok", "not-found"):
        return None
    said = {name: (row.get(name) or "").strip() for name in NEEDED | set(WANTED)}
    return Answered(
        *(_number(said[name]) for name in ("longitude", "latitude", "result_score")),
        said["result_type"][:20],
        _line(said["result_label"]),
        _line(said["result_city"]),
        five(said["result_citycode"]),
        five(said["result_postcode"]),
    )


def _line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)[:200]


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


@register_check
def check() -> Check:
    """`essor doctor`: which service the addresses of files would go to. It is not asked: nothing goes out."""
    used, label = service(), _("Service d’adresses")
    if used is None:
        return Check("addresses", label, "ok", _("aucun : les adresses des fichiers ne sortent pas."))
    parts = urlsplit(used.url)
    if parts.scheme not in web.PORTS or not parts.hostname:
        remedy = _("Donnez à ESSOR_ADDRESS_URL une adresse https, ou rien pour ne pas avoir de service.")
        return Check("addresses", label, "fail", _("ESSOR_ADDRESS_URL n’est pas une adresse http."), remedy)
    if parts.scheme == "http":
        remedy = _("Préférez une adresse https : les adresses partent en clair.")
        return Check("addresses", label, "warn", used.name, remedy)
    return Check("addresses", label, "ok", _("%(name)s, à la demande seulement") % {"name": used.name})
