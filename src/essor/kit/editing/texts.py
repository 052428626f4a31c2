"""The files of fiches and recipes as data: taken apart, put back together, read by the kit's own readers. Pure."""

from collections.abc import Mapping
from typing import Any

import yaml

from essor.kit.fiche import Fiche, read_fiche
from essor.kit.front_matter import mapping, split
from essor.kit.models.content import ContentKind
from essor.kit.recipe import Recipe, read_recipe

BODY = "body"


def parts(kind: str, text: str, file: str = "") -> dict[str, Any]:
    """What a text says, by field; the Markdown of a fiche under `body`. ContentError when it has no form."""
    if kind == ContentKind.NOTE:
        return {BODY: text.strip()}
    if kind == ContentKind.RECIPE:
        return dict(mapping(text, file or kind))
    data, body = split(text, file or kind)
    return {**data, BODY: body}


def text_of(kind: str, data: Mapping[str, Any]) -> str:
    """The file that says this: `parts` reads it back."""
    if kind == ContentKind.NOTE:
        return f"{data[BODY].strip()}\n"
    head = {name: value for name, value in data.items() if name != BODY}
    written = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=110)
    return written if kind == ContentKind.RECIPE else f"---\n{written}---\n{data[BODY].strip()}\n"


def read(kind: str, code: str, text: str) -> Fiche | Recipe:
    """The fiche or the recipe of a text. ContentError, in French, at the first fault."""
    return read_fiche(text, f"{code}.md") if kind == ContentKind.FICHE else read_recipe(text, f"{code}.yaml")


def same(kind: str, one: str, other: str) -> bool:
    """True when two texts say the same thing, whatever the layout of the file."""
    return one == other or _said(kind, one) == _said(kind, other)


def _said(kind: str, text: str) -> dict[str, Any]:
    return {name: value for name, value in parts(kind, text).items() if value not in (None, "", [], {})}
