"""Files: accepted by their content, private, kept once."""

import io
import os
import re
import stat
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel import file_views, files
from essor.kernel.file_kinds import KINDS
from essor.kernel.files import FileRefused, clean_name, store
from essor.kernel.models import StoredFile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 30


def owner_only(request: HttpRequest, stored: StoredFile) -> bool:
    """La personne qui a déposé le fichier."""
    return bool(request.user.pk == stored.uploaded_by)


files.register_purpose("tests.piece", owner_only)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def archive(names: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in names.items():
            opened.writestr(name, content)
    return buffer.getvalue()


XLSX = archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"})
ODS = archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"x"})


def give(name: str, content: bytes, **options) -> StoredFile:
    return store(SimpleUploadedFile(name, content), purpose="tests.piece", **{"uploaded_by": 7, **options})


@pytest.mark.django_db
def test_a_file_is_kept_under_its_content_for_the_owner_only(settings) -> None:
    stored = give("../../Délibération n°\u202e 12.PDF", PDF, authority_id=3)
    assert (stored.name, stored.content_type, stored.size, stored.authority_id) == (
        "Délibération n° 12.PDF",
        "application/pdf",
        len(PDF),
        3,
    )
    path = Path(settings.MEDIA_ROOT) / stored.sha256[:2] / stored.sha256
    assert files.local_path(stored) == path
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.django_db(transaction=True)
def test_the_same_content_is_kept_once_and_until_the_last_file(settings) -> None:
    first, second = give("a.pdf", PDF), give("b.pdf", PDF)
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1
    files.delete(first)
    with files.open_stored(second) as content:
        assert content.read() == PDF
    path = files.local_path(second)
    files.delete(second)
    assert path
    assert not path.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "allowed", "kind"),
    [
        ("a.pdf", PDF, ["pdf"], "pdf"),
        ("a.png", PNG, ["png"], "png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + b"\0" * 20, ["jpeg"], "jpeg"),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20, ["webp"], "webp"),
        ("a.xlsx", XLSX, ["xlsx"], "xlsx"),
        ("a.docx", archive({"[Content_Types].xml": b"x", "word/document.xml": b"x"}), ["docx"], "docx"),
        ("a.ods", ODS, ["ods"], "ods"),
        ("a.odt", archive({"mimetype": b"application/vnd.oasis.opendocument.text"}), ["odt"], "odt"),
        ("a.csv", "siren;nom\n1;Café\n".encode("cp1252"), ["csv"], "csv"),
        ("a.geojson", b'\xef\xbb\xbf {"type": "FeatureCollection"}', ["json"], "json"),
        ("a.parquet", b"PAR1" + b"\0" * 20 + b"PAR1", ["parquet"], "parquet"),
        ("a.zip", XLSX, ["zip"], "zip"),
    ],
)
def test_each_kind_is_recognised_and_only_that_one(
    name: str, content: bytes, allowed: list[str], kind: str
) -> None:
    assert give(name, content, allowed=allowed).content_type == KINDS[kind].content_type
    others = set(KINDS) - {kind, "zip", "csv", "json"} if kind != "zip" else set()
    for other in sorted(others):
        wrong = KINDS[other]
        with pytest.raises(FileRefused):
            give(f"a{wrong.extensions[0]}", content, allowed=[other])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("vide.pdf", b"", "est vide"),
        ("gros.pdf", PDF + b"0" * 2_000_000, "pèse 1,9 Mo ; la limite est de 1 Mo"),
        ("programme.exe", b"MZ" + b"\0" * 60, "n’est pas d’un type accepté ici (PDF, CSV, classeur Excel)"),
        ("sans-extension", PDF, "n’est pas d’un type accepté"),
        ("faux.pdf", b"MZ" + b"\0" * 60, "ne correspond pas à son extension .pdf"),
        ("page.csv", b" <!doctype html><script>alert(1)</script>", "ne correspond pas"),
        ("dessin.csv", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "ne correspond pas"),
        ("binaire.csv", b"a;b\n" + b"x" * 70_000 + b"\0", "ne correspond pas"),
        (
            "macro.xlsx",
            archive({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b""}),
            "ne correspond",
        ),
        ("coupe.xlsx", XLSX[:-30], "ou le fichier est abîmé"),
        ("bombe.xlsx", None, "ne correspond pas"),
    ],
)
def test_refusals_say_what_and_why(
    name: str, content: bytes | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is None:
        monkeypatch.setattr("essor.kernel.file_kinds.MAX_UNPACKED", 1_000_000)
        content = archive({"[Content_Types].xml": b"", "xl/workbook.xml": b"0" * 1_000_001})
    with pytest.raises(FileRefused, match=re.escape(words)):
        give(name, content, allowed=["pdf", "csv", "xlsx"], max_bytes=1_048_576)
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_an_undeclared_usage_is_refused() -> None:
    with pytest.raises(LookupError):
        store(SimpleUploadedFile("a.pdf", PDF), purpose="tests.unknown")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 0", None),
        ('grep -q EICAR-STANDARD-ANTIVIRUS-TEST-FILE "$1" && exit 1; exit 0', "programme malveillant"),
        ("exit 2", "n’a pas pu vérifier"),
    ],
)
def test_the_antivirus_has_the_last_word(settings, tmp_path: Path, script: str, words: str | None) -> None:
    command = tmp_path / "scan me.sh"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    settings.ANTIVIRUS_COMMAND = f"'{command}'"
    infected = PDF + b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    if words is None:
        assert give("a.pdf", infected).size == len(infected)
        return
    with pytest.raises(FileRefused, match=words):
        give("a.pdf", infected)


@pytest.mark.django_db
def test_a_missing_antivirus_refuses_rather_than_accepts(settings) -> None:
    settings.ANTIVIRUS_COMMAND = ["/nowhere/scan"]
    with pytest.raises(FileRefused, match="n’a pas pu vérifier"):
        give("a.pdf", PDF)


def request_for(stored_id: object, user_id: int | None, **headers: str) -> HttpRequest:
    path = reverse("file", args=[stored_id])
    request = RequestFactory().get(path, headers=headers)
    request.resolver_match = resolve(path)
    request.user = SimpleNamespace(is_authenticated=user_id is not None, pk=user_id)
    return request


@pytest.mark.django_db
def test_only_those_whom_the_usage_names_read_the_file() -> None:
    stored = give("a.pdf", PDF)
    assert file_views.reads_file(request_for(stored.pk, 7))
    assert not file_views.reads_file(request_for(stored.pk, 8))
    assert not file_views.reads_file(request_for(stored.pk, None))
    assert not file_views.reads_file(request_for(uuid4(), 7))
    StoredFile.objects.update(purpose="tests.gone")
    assert not file_views.reads_file(request_for(stored.pk, 7))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "kept"), [("été.pdf", PDF, "attachment"), ("é.png", PNG, "inline")]
)
def test_a_file_is_served_so_that_nothing_in_it_runs(name: str, content: bytes, kept: str) -> None:
    stored = give(name, content)
    response = file_views.serve_file(request_for(stored.pk, 7), file_id=stored.pk)
    assert b"".join(response.streaming_content) == content
    response.file_to_stream.close()
    assert response["Content-Disposition"].startswith(f"{kept}; filename*=utf-8''")
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-cache")
    again = file_views.serve_file(
        request_for(stored.pk, 7, **{"If-None-Match": response["ETag"]}), file_id=stored.pk
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_contents_left_by_a_failed_act_are_swept(settings) -> None:
    kept = give("a.pdf", PDF)
    orphan = give("b.pdf", PDF + b"%")
    young = give("c.pdf", PDF + b"%%")
    paths = [files.local_path(stored) for stored in (kept, orphan, young)]
    StoredFile.objects.exclude(pk=kept.pk).delete()
    day_before = (timezone.now() - timedelta(days=2)).timestamp()
    for path in paths[:2]:
        assert path
        os.utime(path, (day_before, day_before))
    assert files.sweep(timezone.now()) == 1
    assert [path.exists() for path in paths if path] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Users\\x\\Bilan 2025.pdf", "Bilan 2025.pdf"),
        ("..", "fichier"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("É" * 200 + ".pdf", "É" * 116 + ".pdf"),
        (".pdf", "pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(max_size=300))
def test_any_name_becomes_safe(name: str) -> None:
    clean = clean_name(name)
    assert 1 <= len(clean) <= files.MAX_NAME
    assert not set(clean) & set('/\\:*?"<>|%\r\n\0\u202e')
    assert not clean.startswith(".")
