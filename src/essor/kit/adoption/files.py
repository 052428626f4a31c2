"""The file of a recipe that comes from elsewhere: read whatever it holds, told in French when it does not read."""

import json
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from essor.kit.editing.in_force import digest
from essor.kit.front_matter import ContentError, check_plain, mapping
from essor.kit.recipe import Recipe, export, recipe_of
from essor.kit.recipe_library import check

LARGEST = 500_000


def read_file(name: str, content: bytes) -> Recipe:
    """The recipe of a file, YAML or JSON. ContentError, in French, with the file, the line or the field."""
    shown = PurePath(name.replace("\\", "/").replace("\x00", "")).name[:80] or "recette.yaml"
    if len(content) > LARGEST:
        raise ContentError(
            _("%(file)s : ce fichier est trop gros pour une recette (%(limit)s ko au plus).")
            % {"file": shown, "limit": LARGEST // 1000}
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(
            _("%(file)s : ce fichier n’est pas du texte en UTF-8 (octet %(place)s). Enregistrez-le en UTF-8.")
            % {"file": shown, "place": error.start + 1}
        ) from error
    data = _json(text, shown) if text.lstrip().startswith("{") else mapping(text, shown)
    recipe = recipe_of(data, shown)
    check(recipe, shown)
    return recipe


def _json(text: str, file: str) -> Any:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ContentError(
            _("%(file)s, ligne %(line)s, colonne %(column)s : ce JSON ne se lit pas (%(why)s).")
            % {"file": file, "line": error.lineno, "column": error.colno, "why": error.msg}
        ) from error
    except (RecursionError, ValueError) as error:
        raise ContentError(
            _("%(file)s : trop de niveaux emboîtés, ou un nombre trop long.") % {"file": file}
        ) from error
    check_plain(data, file)
    return data


def digest_of(recipe: Recipe) -> str:
    """What names what a recipe says, whatever the layout of its file."""
    return digest(json.dumps(export(recipe), sort_keys=True, ensure_ascii=False, default=str))
