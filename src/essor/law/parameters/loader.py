"""Read legal parameters written in the YAML form of OpenFisca-core.

A folder is a node (its words stand in ``index.yaml``), a file is a parameter (it has ``values``)
or a node that holds several. ``certainty``, ``note`` and ``reference`` stand under ``metadata``;
only ``null`` ends a value.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any

from essor.law import strict_yaml
from essor.law.certainty import Certainty
from essor.law.parameters.model import (
    UNITS,
    Entry,
    LegalParameterError,
    Node,
    Parameter,
    Raw,
    Reference,
    Value,
)

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NODE_KEYS = frozenset({"description", "metadata", "documentation"})
_PARAMETER_KEYS = frozenset({"description", "metadata", "documentation", "values"})


def load_tree(folder: Traversable) -> Node:
    """Read a whole folder of parameters. Raises ``LegalParameterError`` naming the file and the fault."""
    return _folder(folder, "")


def _fail(where: str, what: str) -> LegalParameterError:
    return LegalParameterError(f"{where} : {what}")


def _join(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name


def _folder(folder: Traversable, node_id: str) -> Node:
    children: dict[str, Node | Parameter] = {}
    child: Node | Parameter
    description = ""
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            if not _NAME.fullmatch(entry.name):
                continue
            name = entry.name
            node = _folder(entry, _join(node_id, name))
            if not node.children:
                continue
            child = node
        elif entry.name == "index.yaml":
            description = _index(entry)
            continue
        elif entry.name.endswith(".yaml"):
            name = entry.name.removesuffix(".yaml")
            child_data = _read(entry)
            child = _node_or_parameter(child_data, _join(node_id, _checked(name, entry.name)), entry.name)
        else:
            continue
        if name in children:
            raise _fail(
                entry.name, f"« {_join(node_id, name)} » existe déjà : un fichier ou un dossier, pas les deux"
            )
        children[name] = child
    return Node(id=node_id, description=description, children=children)


def _read(entry: Traversable) -> Mapping[Any, Any]:
    try:
        data = strict_yaml.load(entry.read_text(encoding="utf-8"), entry.name)
    except strict_yaml.YamlProblem as error:
        raise LegalParameterError(str(error)) from error
    except UnicodeDecodeError as error:
        raise _fail(entry.name, "le fichier n’est pas en UTF-8, enregistrez-le dans cet encodage") from error
    if not isinstance(data, Mapping):
        raise _fail(entry.name, "une table est attendue (description, metadata, values)")
    return data


def _index(entry: Traversable) -> str:
    return _text(_read(entry).get("description"), entry.name, "description")


def _checked(name: Any, where: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _fail(where, f"« {name} » n’est pas un nom de paramètre (minuscules, chiffres et _)")
    return name


def _text(value: Any, where: str, what: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise _fail(where, f"« {what} » manque")
    return text


def _node_or_parameter(data: Any, identifier: str, file: str) -> "Node | Parameter":
    where = f"{file}, {identifier}"
    if not isinstance(data, Mapping):
        raise _fail(where, "une table est attendue (description, metadata, values)")
    description = _text(data.get("description"), where, "description")
    if "values" in data:
        return _parameter(data, identifier, description, where)
    children = {
        _checked(name, where): _node_or_parameter(child, _join(identifier, str(name)), file)
        for name, child in data.items()
        if name not in _NODE_KEYS
    }
    if not children:
        raise _fail(where, "ni « values » ni sous-paramètre")
    return Node(id=identifier, description=description, children=children)


def _parameter(data: Mapping[Any, Any], identifier: str, description: str, where: str) -> Parameter:
    unknown = sorted(str(key) for key in data if key not in _PARAMETER_KEYS)
    if unknown:
        raise _fail(
            where, f"clé inconnue « {unknown[0]} » (attendues : {', '.join(sorted(_PARAMETER_KEYS))})"
        )
    metadata = _metadata(data, where)
    unit = metadata.get("unit")
    if not isinstance(unit, str) or unit not in UNITS:
        raise _fail(where, f"unité « {unit} » inconnue (admises : {', '.join(UNITS)})")
    values = data["values"]
    if not isinstance(values, Mapping) or not values:
        raise _fail(where, "« values » doit porter au moins une date")
    entries = [_entry(day, body, unit, where) for day, body in values.items()]
    return Parameter(
        id=identifier,
        description=description,
        unit=unit,
        entries=tuple(sorted(entries, key=lambda entry: entry.start)),
        labels=_labels(metadata.get("labels"), entries, where),
    )


def _labels(raw: Any, entries: list[Entry], where: str) -> tuple[tuple[str, str], ...]:
    """French words of the codes of a list. Given at all, they must cover every code, and no other."""
    if raw is None:
        return ()
    if not isinstance(raw, Mapping):
        raise _fail(where, "« labels » doit être une table (code : libellé)")
    words = {str(code): _text(label, where, f"labels.{code}") for code, label in raw.items()}
    codes = {str(item) for entry in entries if isinstance(entry.value, tuple) for item in entry.value}
    if codes != set(words):
        different = ", ".join(sorted(codes ^ set(words)))
        raise _fail(where, f"« labels » ne dit pas les mêmes codes que les valeurs : {different}")
    return tuple(words.items())


def _metadata(data: Mapping[Any, Any], where: str) -> Mapping[Any, Any]:
    metadata = data.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        raise _fail(where, "« metadata » doit être une table")
    return metadata


def _entry(day: Any, body: Any, unit: str, where: str) -> Entry:
    if type(day) is not date:
        raise _fail(where, f"« {day} » n’est pas une date AAAA-MM-JJ")
    where = f"{where}, {day.isoformat()}"
    if not isinstance(body, Mapping) or "value" not in body:
        raise _fail(where, "« value » manque (écrivez null pour mettre fin à la valeur)")
    metadata = _metadata(body, where)
    certainty = metadata.get("certainty")
    known = [str(member.value) for member in Certainty]
    if certainty not in known:
        raise _fail(where, f"certitude « {certainty} » inconnue (admises : {', '.join(known)})")
    note = metadata.get("note") or ""
    if not isinstance(note, str):
        raise _fail(where, "« note » doit être un texte")
    raw = body["value"]
    return Entry(
        start=day,
        value=None if raw is None else checked_value(raw, unit, where),
        references=_references(metadata.get("reference"), where),
        certainty=Certainty(certainty),
        note=note.strip(),
    )


def checked_value(raw: Any, unit: str, where: str) -> Value:
    """A value that suits its unit. Raises ``LegalParameterError``, whose message begins with ``where``."""
    if unit in ("list", "fraction"):
        if not isinstance(raw, list) or not raw:
            raise _fail(where, "une liste non vide est attendue")
        items = tuple(_scalar(item, where) for item in raw)
        if unit == "fraction" and not (
            len(items) == 2 and all(isinstance(item, Decimal) for item in items) and items[1] != 0
        ):
            raise _fail(where, "une fraction s’écrit [numérateur, dénominateur]")
        return items
    if unit == "boolean":
        if isinstance(raw, bool):
            return raw
        raise _fail(where, "true ou false est attendu")
    if isinstance(raw, Decimal) and raw.is_finite():
        if unit == "/1" and not 0 <= raw <= 1:
            raise _fail(where, f"une part est entre 0 et 1 (lu : {raw} ; 20 % s’écrit 0.20)")
        return raw
    raise _fail(where, f"un nombre est attendu (lu : « {raw} »)")


def _scalar(item: Any, where: str) -> Raw:
    if isinstance(item, bool | str | Decimal):
        return item
    raise _fail(where, f"élément de liste « {item} » inattendu")


def _references(value: Any, where: str) -> tuple[Reference, ...]:
    rows = value if isinstance(value, list) else [value]
    references = []
    for row in rows:
        if isinstance(row, str) and row.strip():
            references.append(Reference(row.strip()))
        elif isinstance(row, Mapping):
            href = row.get("href")
            references.append(Reference(_text(row.get("title"), where, "title"), str(href) if href else None))
        else:
            raise _fail(where, "une référence est demandée sous metadata (title, et href s’il est connu)")
    if not references:
        raise _fail(where, "une référence est demandée sous metadata (title, et href s’il est connu)")
    return tuple(references)
