"""Kinds of files that may be accepted, recognised by their content; what cannot be recognised is refused."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEAD = 64 * 1024
MAX_UNPACKED = 500 * 1_048_576
MAX_ENTRIES = 20_000
# What a text file must not be: pages and images that run scripts, programs.
ACTIVE = frozenset({"text/html", "image/svg+xml", "application/xhtml+xml", "application/x-msdownload"})


@dataclass(frozen=True)
class FileKind:
    """A kind: code, French label, extensions, type under which it is served, what recognises its content."""

    code: str
    label: str | Promise
    extensions: tuple[str, ...]
    content_type: str
    recognises: Callable[[BinaryIO], bool]


def _magic(*mime_types: str) -> Callable[[BinaryIO], bool]:
    def recognises(file: BinaryIO) -> bool:
        return not _guesses(_head(file)).isdisjoint(mime_types)

    return recognises


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(HEAD)


def _guesses(head: bytes) -> set[str]:
    """What the first bytes look like."""
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _text(file: BinaryIO) -> bool:
    head = _head(file)
    if b"\0" in head or not ACTIVE.isdisjoint(_guesses(head.lstrip())) or head.lstrip()[:1] == b"<":
        return False
    file.seek(0)
    return not any(b"\0" in chunk for chunk in iter(lambda: file.read(1_048_576), b""))


def _json(file: BinaryIO) -> bool:
    return _text(file) and _head(file).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def _parquet(file: BinaryIO) -> bool:
    file.seek(0, 2)
    if file.tell() < 12:
        return False
    file.seek(-4, 2)
    tail = file.read(4)
    return _head(file)[:4] == tail == b"PAR1"


def _archive(accepts: Callable[[zipfile.ZipFile], bool]) -> Callable[[BinaryIO], bool]:
    """A zip that opens, does not swell, is not encrypted and holds what the format says."""

    def recognises(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                sound = (
                    len(entries) <= MAX_ENTRIES
                    and sum(entry.file_size for entry in entries) <= MAX_UNPACKED
                    and not any(entry.flag_bits & 1 for entry in entries)
                )
                return sound and accepts(archive)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, KeyError, RuntimeError):
            return False

    return recognises


def _office(part: str) -> Callable[[BinaryIO], bool]:
    def accepts(archive: zipfile.ZipFile) -> bool:
        names = set(archive.namelist())
        macros = any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names)
        return {"[Content_Types].xml", part} <= names and not macros

    return _archive(accepts)


def _open_document(content_type: str) -> Callable[[BinaryIO], bool]:
    def accepts(archive: zipfile.ZipFile) -> bool:
        if archive.getinfo("mimetype").file_size > 200:
            return False
        macros = any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist())
        return archive.read("mimetype").decode("ascii", "replace").strip() == content_type and not macros

    return _archive(accepts)


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODT = "application/vnd.oasis.opendocument.text"
_OOXML = "application/vnd.openxmlformats-officedocument"

KINDS: dict[str, FileKind] = {
    kind.code: kind
    for kind in (
        FileKind("pdf", _("PDF"), (".pdf",), "application/pdf", _magic("application/pdf")),
        FileKind("png", _("image PNG"), (".png",), "image/png", _magic("image/png")),
        FileKind("jpeg", _("image JPEG"), (".jpg", ".jpeg"), "image/jpeg", _magic("image/jpeg")),
        FileKind("webp", _("image WebP"), (".webp",), "image/webp", _magic("image/webp")),
        FileKind("csv", _("CSV"), (".csv", ".txt"), "text/csv", _text),
        FileKind("json", _("JSON"), (".json", ".geojson"), "application/json", _json),
        FileKind(
            "xlsx",
            _("classeur Excel"),
            (".xlsx",),
            f"{_OOXML}.spreadsheetml.sheet",
            _office("xl/workbook.xml"),
        ),
        FileKind(
            "docx",
            _("document Word"),
            (".docx",),
            f"{_OOXML}.wordprocessingml.document",
            _office("word/document.xml"),
        ),
        FileKind("ods", _("classeur OpenDocument"), (".ods",), _ODS, _open_document(_ODS)),
        FileKind("odt", _("document OpenDocument"), (".odt",), _ODT, _open_document(_ODT)),
        FileKind("zip", _("archive ZIP"), (".zip",), "application/zip", _archive(lambda archive: True)),
        FileKind("parquet", _("Parquet"), (".parquet",), "application/vnd.apache.parquet", _parquet),
    )
}
DOCUMENTS = ("pdf", "png", "jpeg", "webp", "docx", "odt", "xlsx", "ods")
IMAGES = ("png", "jpeg", "webp")
TABLES = ("csv", "xlsx", "ods")
