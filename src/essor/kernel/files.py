"""Files that people give: private, checked by their content, kept once by content, served after the predicate
of their purpose.
"""

import hashlib
import logging
import re
import shlex
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.file_kinds import DOCUMENTS, KINDS, FileKind
from essor.kernel.models import StoredFile

logger = logging.getLogger("essor.files")

FilePredicate = Callable[[HttpRequest, StoredFile], bool]

MAX_NAME = 120
ANTIVIRUS_SECONDS = 120
ORPHAN_AGE = timedelta(days=1)
_FORBIDDEN = re.compile(r'[\\/:*?"<>|%]')

_purposes: dict[str, FilePredicate] = {}


class FileRefused(ValidationError):
    """The file is not accepted; the message says why and what to do."""


def register_purpose(purpose: str, predicate: FilePredicate) -> None:
    """Declare a usage of files, « room.usage », and who may read them: a predicate whose docstring is the
    rule in French.
    """
    if not predicate.__doc__:
        raise TypeError(f"{predicate.__name__}: the docstring of a predicate is its rule")
    if purpose in _purposes and _purposes[purpose] is not predicate:
        raise ImproperlyConfigured(f"files: {purpose} is declared twice")
    _purposes[purpose] = predicate


def may_read(request: HttpRequest, stored: StoredFile) -> bool:
    """Whether the person of the request may read the file; nobody when its usage is not declared."""
    predicate = _purposes.get(stored.purpose)
    return predicate is not None and predicate(request, stored)


def store(
    upload: "File[bytes]",
    *,
    purpose: str,
    allowed: Sequence[str] = DOCUMENTS,
    max_bytes: int | None = None,
    authority_id: int | None = None,
    uploaded_by: int | None = None,
) -> StoredFile:
    """Check a file and keep it. `allowed` are codes of `file_kinds.KINDS`; `max_bytes` is MAX_UPLOAD_BYTES
    unless told.

    Raises `FileRefused` in French: too big, empty, content of another kind than the name says, refused by the
    antivirus.
    """
    if purpose not in _purposes:
        raise LookupError(f"files: {purpose} is not declared")
    name = clean_name(upload.name or "")
    size = _size(upload, name, max_bytes or settings.MAX_UPLOAD_BYTES)
    kind = _recognise(cast(BinaryIO, upload), name, allowed)
    _scan(upload, name)
    digest = _digest(upload)
    _keep(upload, digest)
    return StoredFile.objects.create(
        sha256=digest,
        name=name,
        content_type=kind.content_type,
        size=size,
        purpose=purpose,
        authority_id=authority_id,
        uploaded_by=uploaded_by,
        created_at=timezone.now(),
    )


def open_stored(stored: StoredFile) -> "File[bytes]":
    """The content, to read."""
    return default_storage.open(address_of(stored.sha256))


def delete(stored: StoredFile) -> None:
    """Forget the file, and its content once the transaction is committed if no other file has the same."""
    digest = stored.sha256
    stored.delete()
    transaction.on_commit(lambda: _drop(digest))


def address_of(digest: str) -> str:
    """Where a content lies in the storage."""
    return f"{digest[:2]}/{digest}"


def clean_name(name: str) -> str:
    """A name that is safe to show and to download: no folder, no control nor direction sign, at most 120
    characters.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C"
    )
    plain = " ".join(_FORBIDDEN.sub("_", visible).split()).lstrip(". ")
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        return plain[:MAX_NAME] or _("fichier")
    extension = extension.strip()[:20]
    return f"{(stem.strip() or _('fichier'))[: MAX_NAME - len(extension) - 1]}.{extension}"


def sweep(now: datetime) -> int:
    """Erase contents that no file points to since a day (an upload whose transaction failed); gives how many."""
    erased = 0
    for folder in _folders():
        for name in default_storage.listdir(folder)[1]:
            address = f"{folder}/{name}"
            young = default_storage.get_modified_time(address) > now - ORPHAN_AGE
            if not young and not StoredFile.objects.filter(sha256=name).exists():
                default_storage.delete(address)
                erased += 1
    return erased


def _folders() -> list[str]:
    try:
        return sorted(
            folder for folder in default_storage.listdir("")[0] if re.fullmatch("[0-9a-f]{2}", folder)
        )
    except FileNotFoundError:
        return []


def _size(upload: "File[bytes]", name: str, limit: int) -> int:
    size = upload.size
    if size == 0:
        raise FileRefused(_("« %(name)s » est vide : choisissez un autre fichier.") % {"name": name})
    if size > limit:
        values = {"name": name, "size": _megabytes(size), "limit": _megabytes(limit)}
        raise FileRefused(
            _(
                "« %(name)s » pèse %(size)s Mo ; la limite est de %(limit)s Mo. "
                "Réduisez-le ou partagez-le en plusieurs."
            )
            % values
        )
    return size


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.1f}".replace(".", ",").removesuffix(",0")


def _recognise(upload: BinaryIO, name: str, allowed: Sequence[str]) -> FileKind:
    kinds = [KINDS[code] for code in allowed]
    labels = ", ".join(str(kind.label) for kind in kinds)
    extension = PurePosixPath(name).suffix.lower()
    named = [kind for kind in kinds if extension in kind.extensions]
    if not named:
        raise FileRefused(
            _("« %(name)s » n’est pas d’un type accepté ici (%(kinds)s).") % {"name": name, "kinds": labels}
        )
    for kind in named:
        if kind.recognises(upload):
            return kind
    values = {"name": name, "extension": extension, "kinds": labels}
    raise FileRefused(
        _(
            "Le contenu de « %(name)s » ne correspond pas à son extension %(extension)s, ou le fichier est abîmé. "
            "Enregistrez-le de nouveau dans l’un des types acceptés : %(kinds)s."
        )
        % values
    )


def _scan(upload: "File[bytes]", name: str) -> None:
    """Ask the antivirus, when the installation has one: exit code 0 clean, 1 infected; anything else refuses
    too.
    """
    command = settings.ANTIVIRUS_COMMAND
    if not command:
        return
    arguments = shlex.split(command) if isinstance(command, str) else list(command)
    with tempfile.NamedTemporaryFile(prefix="essor-scan-") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            done = subprocess.run(
                [*arguments, copy.name], capture_output=True, timeout=ANTIVIRUS_SECONDS, check=False
            )
            code: int | None = done.returncode
        except (OSError, subprocess.TimeoutExpired):
            code = None
    if code == 0:
        return
    if code == 1:
        logger.warning("file refused by the antivirus")
        raise FileRefused(
            _("L’antivirus a reconnu un programme malveillant dans « %(name)s » : il est refusé.")
            % {"name": name}
        )
    logger.error("antivirus failed", extra={"exit_code": code})
    raise FileRefused(
        _(
            "L’antivirus n’a pas pu vérifier « %(name)s ». Réessayez plus tard ; sinon, prévenez l’administration."
        )
        % {"name": name}
    )


def _digest(upload: "File[bytes]") -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    return found.hexdigest()


def _keep(upload: "File[bytes]", digest: str) -> None:
    """Write the content unless the storage has it."""
    address = address_of(digest)
    if default_storage.exists(address):
        return
    upload.seek(0)
    written = default_storage.save(address, upload)
    if written != address:  # another upload of the same content was faster
        default_storage.delete(written)


def _drop(digest: str) -> None:
    if not StoredFile.objects.filter(sha256=digest).exists():
        default_storage.delete(address_of(digest))


def local_path(stored: StoredFile) -> Path | None:
    """The path of the content when the storage is a folder of this machine, for tools that want a path."""
    try:
        return Path(default_storage.path(address_of(stored.sha256)))
    except NotImplementedError:
        return None
