"""PDF documents by Typst: tagged (PDF/UA-1), fonts embedded, data passed as JSON and never written into the source.

A room keeps its templates in its `documents/` folder; each imports `house.typ`, which gives the layout and its pieces.
The compiler sees a temporary folder with the room's templates, the house's layout and the data, and nothing else.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import typst
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LAYOUT = HERE / "documents" / "house.typ"

_NAME = re.compile(r"(?P<app>[a-z_]+)/(?P<file>[a-z0-9_-]+\.typ)")
_UNREADABLE = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\ufffd"
_ATTEMPTS = 4


class DocumentError(Exception):
    """A document that could not be made; its text, in French, says which and why."""


def render_pdf(template: str, data: dict[str, Any], title: str) -> bytes:
    """The PDF made of `template` (« registry/page.typ ») with `data` (JSON: text, numbers, lists; dates as ISO text).

    Characters that no font can draw become « � ». DocumentError when the template is unknown or Typst refuses it.
    """
    found = _NAME.fullmatch(template)
    folder = _folder_of(found["app"]) if found else None
    if found is None or folder is None or not (folder / found["file"]).is_file():
        raise DocumentError(_("Le modèle de document « %(name)s » n’existe pas.") % {"name": template[:80]})
    plain = json.loads(json.dumps({"title": title, "data": data}, cls=DjangoJSONEncoder))
    content = _with_text(plain, lambda text: _CONTROL.sub("", text))
    if not content["title"].strip():
        raise DocumentError(
            _("Un document doit avoir un titre : c’est lui que les lecteurs d’écran annoncent.")
        )
    with tempfile.TemporaryDirectory(prefix="essor-document-") as place:
        root = Path(place)
        for source in (*folder.glob("*.typ"), LAYOUT):
            shutil.copyfile(source, root / source.name)
        return _compile(root, found["file"], content, title)


def _folder_of(app: str) -> Path | None:
    try:
        return Path(apps.get_app_config(app).path) / "documents"
    except LookupError:
        return None


def _compile(root: Path, name: str, content: Any, title: str) -> bytes:
    compiler = typst.Compiler(str(root / name), root=str(root), font_paths=_fonts(), ignore_system_fonts=True)
    for _attempt in range(_ATTEMPTS):
        (root / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        try:
            made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            unreadable = _unreadable(error)
            if not unreadable:
                raise DocumentError(
                    _("Le document « %(title)s » n’a pas pu être fabriqué : %(reason)s")
                    % {"title": title[:120], "reason": str(error)}
                ) from error
            signs = str.maketrans(dict.fromkeys(unreadable, REPLACEMENT))
            content = _with_text(content, partial(_translated, signs=signs))
        else:
            # The stubs also know lists of pages and files; asked for one PDF in memory, it gives bytes.
            return cast("bytes", made)
    raise DocumentError(
        _("Le document « %(title)s » contient trop de caractères qu’aucune police ne sait écrire.")
        % {"title": title[:120]}
    )


@cache
def _fonts() -> typst.Fonts:
    """The house's fonts, read once; DocumentError when `make assets` has not made them."""
    if not any(FONTS.glob("*.ttf")):
        raise DocumentError(
            _("Les polices des documents manquent : lancez « make assets » puis recommencez.")
        )
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _unreadable(error: typst.TypstError) -> set[str]:
    """Characters that Typst says no font can draw."""
    found: set[str] = set()
    for quoted in _UNREADABLE.findall(f"{error.message}\n{error.diagnostic}"):
        found.update(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), quoted))
    return found - {REPLACEMENT}


def _with_text(content: Any, change: Callable[[str], str]) -> Any:
    """The same data with each text changed, keys left alone."""
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list):
        return [_with_text(item, change) for item in content]
    if isinstance(content, dict):
        return {key: _with_text(value, change) for key, value in content.items()}
    return content


def _translated(text: str, signs: dict[int, str]) -> str:
    return text.translate(signs)
