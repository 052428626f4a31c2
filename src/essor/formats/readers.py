"""What every format needs before reading: what a file really is, safe unzipping, text in UTF-8, bounded lines.

Nothing here trusts a name or a size that a file declares. Every trouble is an `InputProblem`.
"""

from __future__ import annotations

import codecs
import csv
import errno
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from essor.formats.problems import InputProblem, OutOfSpace

BLOCK = 1 << 20
# A line of the official files has a few thousand characters at most.
MAX_LINE = 1_000_000
# The biggest official file (establishments) has about 10 GB once unzipped, eight times its zip.
MAX_UNZIPPED = 64 << 30
MAX_RATIO = 200
RATIO_FLOOR = 64 << 20
MAX_MEMBERS = 1000
FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Kind(Enum):
    """What a file is, by its content."""

    PARQUET = "parquet"
    TEXT = "texte"
    JSON = "json"
    XLSX = "xlsx"
    ZIP = "zip"


_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "c’est une archive gzip.", "Décompressez-la, puis donnez le fichier obtenu."),
    (
        b"\xd0\xcf\x11\xe0",
        "c’est un ancien fichier Excel (.xls).",
        "Enregistrez-le en .xlsx ou en CSV (UTF-8).",
    ),
    (b"%PDF", "c’est un document PDF.", "Donnez le tableau d’origine (CSV ou .xlsx)."),
    (b"7z\xbc\xaf", "c’est une archive 7z.", "Décompressez-la, puis donnez le fichier obtenu."),
    (b"Rar!", "c’est une archive RAR.", "Décompressez-la, puis donnez le fichier obtenu."),
)


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """Turn « no space left » into a clear problem; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL_DISK:
            raise OutOfSpace(str(place)) from error
        raise


def require_file(path: Path) -> None:
    """Raise when the path is not a readable, non-empty file."""
    try:
        if not path.is_file():
            raise InputProblem(path.name, "le fichier est introuvable.", "Vérifiez son emplacement.")
        if path.stat().st_size == 0:
            raise InputProblem(path.name, "le fichier est vide.", "Téléchargez-le de nouveau.")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise InputProblem(path.name, "le fichier ne peut pas être lu.", "Vérifiez ses droits.") from error


def sniff(path: Path) -> Kind:
    """What the file is, by its first and last bytes; the name counts for nothing."""
    require_file(path)
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(max(0, path.stat().st_size - 4))
        tail = stream.read(4)
    if head.startswith(b"PAR1"):
        if tail != b"PAR1" or path.stat().st_size < 12:
            raise InputProblem(
                path.name,
                "le fichier Parquet est tronqué : sa fin manque.",
                "Le téléchargement s’est sans doute interrompu : recommencez-le.",
            )
        return Kind.PARQUET
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    for magic, reason, remedy in _MAGIC:
        if head.startswith(magic):
            raise InputProblem(path.name, reason, remedy)
    return _kind_of_text(path, head)


def _kind_of_text(path: Path, head: bytes) -> Kind:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Kind.TEXT
    if b"\0" in head:
        raise InputProblem(
            path.name,
            "ce n’est pas un fichier de données reconnu (contenu binaire).",
            "Formats lus : Parquet, CSV, zip de CSV, .xlsx, JSON, GeoJSON.",
        )
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise InputProblem(
            path.name,
            "c’est une page web (HTML), pas un fichier de données.",
            "Le lien de téléchargement a sans doute changé : reprenez le fichier sur data.gouv.fr.",
        )
    return Kind.JSON if start.startswith((b"{", b"[")) else Kind.TEXT


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """An opened zip; whatever is wrong with it becomes an `InputProblem`."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (InputProblem, OutOfSpace):
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise InputProblem(
            path.name,
            "l’archive zip est abîmée, chiffrée ou incomplète.",
            "Téléchargez-la de nouveau, ou décompressez-la vous-même et donnez le CSV.",
        ) from error
    except OSError as error:
        if error.errno in FULL_DISK:
            raise
        raise InputProblem(path.name, "l’archive zip est abîmée.", "Téléchargez-la de nouveau.") from error


def _kind_of_zip(path: Path) -> Kind:
    with open_zip(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return Kind.XLSX
        if "content.xml" in names and "mimetype" in names:
            raise InputProblem(
                path.name, "c’est un classeur ODS.", "Enregistrez-le en .xlsx ou en CSV (UTF-8)."
            )
        return Kind.ZIP


def check_bomb(path: Path, archive: zipfile.ZipFile, limit: int = MAX_UNZIPPED) -> None:
    """Refuse an archive whose declared content is out of proportion."""
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or total > limit:
        raise InputProblem(
            path.name,
            "l’archive zip contient beaucoup trop de données.",
            "Ce n’est pas un fichier officiel : reprenez-le sur data.gouv.fr.",
        )
    for info in infos:
        if info.file_size > RATIO_FLOOR and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise InputProblem(
                path.name,
                "l’archive zip est une « bombe » : son contenu est démesuré une fois décompressé.",
                "N’ouvrez pas cette archive ; reprenez le fichier sur data.gouv.fr.",
            )


def unzip(path: Path, workdir: Path) -> list[Path]:
    """Extract the tables of a zip under our own names; sizes are counted while writing, never believed."""
    written: list[Path] = []
    with open_zip(path) as archive, disk_errors(workdir):
        check_bomb(path, archive)
        infos = [
            info
            for info in archive.infolist()
            if not info.is_dir()
            and not info.filename.startswith("__MACOSX/")
            and info.filename.lower().endswith((".csv", ".txt", ".parquet"))
        ]
        if not infos:
            raise InputProblem(
                path.name, "l’archive zip ne contient pas de CSV.", "Vérifiez que c’est le bon fichier."
            )
        budget = MAX_UNZIPPED
        for info in sorted(infos, key=lambda each: each.filename):
            target = workdir / f"unzipped-{_next_number(workdir)}.data"
            with archive.open(info) as source, target.open("wb") as sink:
                ceiling = min(budget, max(RATIO_FLOOR, MAX_RATIO * info.compress_size))
                budget -= _copy_bounded(path, source, sink, ceiling)
            written.append(target)
    return written


def _copy_bounded(path: Path, source: IO[bytes], sink: IO[bytes], ceiling: int) -> int:
    copied = 0
    while block := source.read(BLOCK):
        copied += len(block)
        if copied > ceiling:
            raise InputProblem(
                path.name,
                "l’archive zip est une « bombe » : elle contient plus qu’elle ne l’annonce.",
                "N’ouvrez pas cette archive ; reprenez le fichier sur data.gouv.fr.",
            )
        sink.write(block)
    return copied


def _next_number(workdir: Path) -> int:
    return sum(1 for _ in workdir.iterdir())


@dataclass(frozen=True)
class Text:
    """A text file checked to the end: encoding, longest line, separator and header."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]


def examine_text(path: Path, label: str, max_line: int = MAX_LINE) -> str:
    """The encoding of a text file read to its end by blocks; lines are bounded, binary content refused.

    UTF-8 (with or without BOM), UTF-16 with BOM, else Windows-1252 (cp1252), which old exports still use.
    """
    with path.open("rb") as stream:
        start = stream.read(2)
        stream.seek(0)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        line, width = 1, 0
        while block := stream.read(BLOCK):
            if b"\0" in block:
                raise InputProblem(
                    label,
                    "contenu binaire dans un fichier de texte.",
                    "Téléchargez-le de nouveau.",
                    line=line,
                )
            line, width = _check_widths(block, label, line, width, max_line)
            decoder = _feed(decoder, block)
        if decoder is not None and _feed(decoder, b"", final=True) is not None:
            return "utf-8"
    return "cp1252"


def _feed(
    decoder: codecs.IncrementalDecoder | None, block: bytes, final: bool = False
) -> codecs.IncrementalDecoder | None:
    if decoder is None:
        return None
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _check_widths(block: bytes, label: str, line: int, width: int, max_line: int) -> tuple[int, int]:
    first = block.find(b"\n")
    if first < 0:
        width += len(block)
    else:
        width += first
        if width <= max_line:
            line += block.count(b"\n")
            width = len(block) - block.rfind(b"\n") - 1
    if width > max_line:
        raise InputProblem(
            label,
            "une cellule ou une ligne dépasse un million de caractères.",
            "Le fichier est abîmé (guillemet non fermé, retours à la ligne perdus) : reprenez l’original.",
            line=line,
        )
    return line, width


def as_utf8(path: Path, label: str, workdir: Path) -> Path:
    """The same text in UTF-8 without BOM: the file itself when it already is, else a copy in `workdir`."""
    encoding = examine_text(path, label)
    with path.open("rb") as stream:
        bom = stream.read(3) == codecs.BOM_UTF8
    if encoding == "utf-8" and not bom:
        return path
    target = workdir / f"utf8-{_next_number(workdir)}.csv"
    try:
        with (
            disk_errors(workdir),
            path.open(encoding="utf-8-sig" if bom else encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as sink,
        ):
            shutil.copyfileobj(source, sink, BLOCK)
    except UnicodeError as error:
        raise InputProblem(
            label,
            "l’encodage du texte n’est pas reconnu (ni UTF-8, ni Windows-1252).",
            "Enregistrez le fichier en UTF-8.",
        ) from error
    if encoding == "utf-16":
        examine_text(target, label)
    return target


_DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read_header(path: Path, label: str) -> Text:
    """Separator and column names of a UTF-8 CSV (already examined)."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline(MAX_LINE).strip("\r\n")
    if not first.strip():
        raise InputProblem(
            label,
            "la première ligne est vide : les noms de colonnes manquent.",
            "Reprenez le fichier d’origine.",
        )
    bare = _QUOTED.sub("", first)
    delimiter = max(_DELIMITERS, key=bare.count)
    try:
        names = next(csv.reader([first], delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        raise InputProblem(
            label, "la ligne des noms de colonnes est illisible.", "Reprenez le fichier d’origine.", line=1
        ) from error
    header = tuple(name.strip() for name in names)
    folded = [name.casefold() for name in header]
    doubled = sorted(
        {name for name, key in zip(header, folded, strict=True) if name and folded.count(key) > 1}
    )
    if doubled:
        raise InputProblem(
            label,
            "cette colonne apparaît deux fois.",
            "Gardez une seule colonne de ce nom.",
            line=1,
            column=doubled[0],
        )
    return Text(path, "utf-8", delimiter, header)


def bounded_lines(stream: IO[str], label: str) -> Iterator[str]:
    """The lines of a text, never more than a million characters at once. Raises InputProblem."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise InputProblem(
                label,
                "une ligne dépasse un million de caractères.",
                "Reprenez le fichier d’origine.",
                line=number,
            )
        yield line
