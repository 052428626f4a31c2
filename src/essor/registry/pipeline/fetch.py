"""Download of the official files, only when somebody asks for it.

Each download goes to a hidden file of its own beside its place, checked (size, content), flushed, then renamed: a cut
connection leaves the former file, and two downloads at once do not meet. The date of publication that the server
announces becomes the file's own date.
Addresses: data.gouv.fr, as public code used them in 2026.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from essor.formats.problems import InputProblem
from essor.formats.readers import disk_errors, sniff

_STORE = "https://object.files.data.gouv.fr/data-pipeline-open/siren"
TIMEOUT = 60
BLOCK = 1 << 20
MAX_SIZE = 20 << 30
OLD_PARTIAL = 3600.0  # seconds without a block received: no download waits so long


@dataclass(frozen=True)
class OfficialFile:
    """A file to download: its kind (a field of `Sources`), its words, its address, its name on disk."""

    kind: str
    label: str
    url: str
    name: str


OFFICIAL: tuple[OfficialFile, ...] = (
    OfficialFile(
        "legal_units",
        "Sirene, unités légales",
        f"{_STORE}/stock/StockUniteLegale_utf8.parquet",
        "StockUniteLegale_utf8.parquet",
    ),
    OfficialFile(
        "establishments",
        "Sirene, établissements",
        f"{_STORE}/stock/StockEtablissement_utf8.parquet",
        "StockEtablissement_utf8.parquet",
    ),
    OfficialFile(
        "geolocation",
        "Géolocalisation des établissements",
        f"{_STORE}/geoloc/GeolocalisationEtablissement_Sirene_pour_etudes_statistiques_utf8.parquet",
        "GeolocalisationEtablissement_utf8.parquet",
    ),
    OfficialFile(
        "ess_list",
        "Liste des entreprises de l’ESS",
        "https://www.data.gouv.fr/fr/datasets/r/57bc99ca-0432-4b46-8fcc-e76a35c9efaf",
        "liste_ess_france.csv",
    ),
)

# (label, bytes done, bytes expected or None)
Show = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Fetched:
    """A downloaded file, with its SHA-256."""

    path: Path
    sha256: str
    size: int


def fetch_official(
    folder: Path, show: Show, files: tuple[OfficialFile, ...] = OFFICIAL
) -> Mapping[str, Path]:
    """Download the official files into `folder`; gives the path of each kind. Raises InputProblem."""
    return {each.kind: fetch(each, folder, show).path for each in files}


def fetch(file: OfficialFile, folder: Path, show: Show) -> Fetched:
    """Download one file. Raises InputProblem (unreachable, cut, not the announced size, not a data file, full disk)."""
    if urlsplit(file.url).scheme not in ("http", "https"):
        raise InputProblem(file.name, "cette adresse n’est pas une adresse web.", "Corrigez-la (https://…).")
    target = folder / file.name
    partial = folder / f"{_partial_name(file)}{uuid.uuid4().hex}"
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _remove_old_partials(folder, file)
        try:
            digest, size, stamp = _download(file, partial, show)
            sniff(partial)
            with partial.open("rb") as stream:
                os.fsync(stream.fileno())
            if stamp is not None:
                os.utime(partial, (stamp, stamp))
            partial.replace(target)
        except InputProblem as problem:
            raise InputProblem(file.name, problem.reason, problem.remedy) from problem
        finally:
            partial.unlink(missing_ok=True)
    return Fetched(target, digest, size)


def _partial_name(file: OfficialFile) -> str:
    return f".{file.name}.en-cours-"


def _remove_old_partials(folder: Path, file: OfficialFile) -> None:
    """What killed downloads left; one that another process writes now is younger."""
    before = time.time() - OLD_PARTIAL
    for path in folder.glob(f"{_partial_name(file)}*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_ctime < before:  # its own date on disk may already be that of the server's file
                path.unlink()


def _download(file: OfficialFile, partial: Path, show: Show) -> tuple[str, int, float | None]:
    digest = hashlib.sha256()
    size = 0
    with _network(file), urllib.request.urlopen(file.url, timeout=TIMEOUT) as answer:  # noqa: S310 (scheme checked)
        expected = _expected(answer)
        with partial.open("wb") as sink:
            while block := answer.read(BLOCK):
                size += len(block)
                if size > MAX_SIZE:
                    raise InputProblem(file.name, "le fichier est démesuré.", "Vérifiez son adresse.")
                digest.update(block)
                sink.write(block)
                show(file.label, size, expected)
        stamp = _stamp(answer)
    if expected is not None and size != expected:
        raise InputProblem(
            file.name,
            f"le téléchargement s’est interrompu : {size} octets reçus sur {expected}.",
            "Recommencez ; l’ancien fichier, s’il existe, est intact.",
        )
    return digest.hexdigest(), size, stamp


@contextmanager
def _network(file: OfficialFile) -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise InputProblem(
            file.name,
            f"le serveur refuse le téléchargement (code {error.code}).",
            f"Vérifiez l’adresse {file.url}, ou téléchargez le fichier vous-même.",
        ) from error
    except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
        raise InputProblem(
            file.name,
            "le serveur ne répond pas ou coupe la connexion.",
            "Vérifiez l’accès à internet et recommencez ; l’ancien fichier, s’il existe, est intact.",
        ) from error


def _expected(answer: HTTPResponse) -> int | None:
    text = answer.headers.get("Content-Length", "")
    return int(text) if text.isdigit() and not answer.headers.get("Content-Encoding") else None


def _stamp(answer: HTTPResponse) -> float | None:
    text = answer.headers.get("Last-Modified")
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return parsedate_to_datetime(text).timestamp() if text else None
    return None
