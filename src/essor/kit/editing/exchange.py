"""Corrections as files: all of them in one archive, to propose them upstream; read back on another installation."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from essor.accounts.models import User
from essor.kit.editing import actions
from essor.kit.editing.actions import Thing
from essor.kit.editing.screens import KINDS
from essor.kit.front_matter import ContentError
from essor.kit.models.content import LONGEST, ContentKind, ContentVersion

LARGEST = 10_000_000
MOST = 400
_NAME = re.compile(
    r"(?P<base>base/)?(?P<what>fiches|recettes)/(?P<code>[A-Za-z0-9-]{1,60})\.(?P<form>md|yaml)"
)
FORMS = {"fiches": "md", "recettes": "yaml"}


def export_all() -> bytes:
    """An archive of the texts corrected here; under `base/`, the package's text that each was written over."""
    buffer = io.BytesIO()
    rows = ContentVersion.objects.filter(authority__isnull=True, is_latest=True, is_reset=False)
    words = {kind: what for what, kind in KINDS.items()}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rows.order_by("kind", "code"):
            what = words[ContentKind(row.kind)]
            code = row.code.lower() if what == "fiches" else row.code
            archive.writestr(f"{what}/{code}.{FORMS[what]}", row.text)
            archive.writestr(f"base/{what}/{code}.{FORMS[what]}", row.base_text)
    return buffer.getvalue()


@dataclass(frozen=True)
class Imported:
    """What an import did: codes of the texts corrected, and of those that said the same already."""

    corrected: tuple[str, ...]
    same: tuple[str, ...]


def import_all(actor: User | None, name: str, content: bytes) -> Imported:
    """Put in force the corrections of an archive, or of one file (.md, .yaml): all of them or none.

    Raises `ValidationError` with every fault, in French, each with its file.
    """
    files = _files(name, content)
    faults, corrected, same = [], [], []
    with transaction.atomic():
        for path, text in files.items():
            found = _NAME.fullmatch(path)
            if found is None or found["base"]:
                continue
            thing = Thing(
                KINDS[found["what"]], found["code"].upper() if found["what"] == "fiches" else found["code"]
            )
            latest = thing.latest()
            try:
                if not actions.exists(thing):
                    raise ContentError(_("Essor n’a pas ce texte : vérifiez le nom du fichier."))
                seen = latest.number if latest else 0
                reason = _("Import de %(file)s") % {"file": name[:200]}
                actions.check(thing, text)
                if actions.says_the_same(thing, text):
                    same.append(thing.code)
                    continue
                actions.correct(
                    actor, thing, text, reason, seen=seen, base_text=files.get(f"base/{path}", "")
                )
                corrected.append(thing.code)
            except ContentError as error:
                shown = str(error)
                faults.append(shown if path in shown else f"{path} — {shown}")
            except actions.ChangedMeanwhileError:
                faults.append(
                    _("%(file)s : quelqu’un vient de corriger ce texte. Recommencez.") % {"file": path}
                )
        if faults:
            raise ValidationError(faults)
    return Imported(tuple(corrected), tuple(same))


def _files(name: str, content: bytes) -> dict[str, str]:
    """The texts of an upload by path. ValidationError, in French, for what is no archive of corrections."""
    if len(content) > LARGEST:
        raise ValidationError(
            _("Ce fichier est trop gros : %(limit)s Mo au plus.") % {"limit": LARGEST // 1_000_000}
        )
    path = PurePath(name.replace("\\", "/"))
    single = {".md": "fiches", ".yaml": "recettes", ".yml": "recettes"}.get(path.suffix.lower())
    raw = {f"{single}/{path.stem}.{FORMS[single]}": content} if single else _unzipped(content)
    found = {}
    for each, bytes_ in raw.items():
        try:
            found[each] = bytes_.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise ValidationError(
                _("%(file)s n’est pas du texte en UTF-8 (octet %(place)s).")
                % {"file": each, "place": error.start + 1}
            ) from error
    if not any(_NAME.fullmatch(each) for each in found):
        raise ValidationError(
            _(
                "Ce fichier n’a aucune correction : on attend fiches/k01.md ou recettes/cit-er-44.yaml dans un ZIP."
            )
        )
    return found


def _unzipped(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist()[: 2 * MOST + 1]:
                if not _NAME.fullmatch(info.filename):
                    continue
                with archive.open(info) as stream:
                    found[info.filename] = stream.read(LONGEST + 1)
                if len(found[info.filename]) > LONGEST or len(found) > 2 * MOST:
                    raise ValidationError(
                        _("%(file)s est trop gros pour un texte.") % {"file": info.filename}
                    )
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise ValidationError(
            _("Ce fichier n’est ni un ZIP lisible, ni une fiche .md, ni une recette .yaml.")
        ) from error
    return found
