"""YAML as legal files need it: exact decimals, no duplicated key, French errors that name the line."""

from collections.abc import Hashable
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml


class YamlProblem(ValueError):
    """The text is not usable YAML; the message, in French, names file, line and remedy."""


# libyaml's parser, ten times faster, where PyYAML was built with it.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Safe):  # type: ignore[misc]
    """Safe loader that reads numbers as ``Decimal`` and refuses a key written twice.

    ``SafeLoader`` keeps silently the last of two equal keys: two values at the same date would hide one.
    """


def _decimal(loader: _StrictLoader, node: yaml.ScalarNode) -> Decimal:
    try:
        return Decimal(str(node.value).replace("_", ""))
    except InvalidOperation:
        raise yaml.constructor.ConstructorError(
            None, None, f"« {node.value} » n’est pas un nombre décimal ordinaire", node.start_mark
        ) from None


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(
                None, None, "une clé doit être un mot, un nombre ou une date", key_node.start_mark
            )
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"la clé « {key} » est écrite deux fois", key_node.start_mark
            )
        seen.add(key)
    result: dict[Hashable, Any] = loader.construct_mapping(node, deep=True)
    return result


_StrictLoader.add_constructor("tag:yaml.org,2002:int", _decimal)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str, name: str) -> Any:
    """Read one YAML document. ``name`` is the file's name, used in messages.

    Numbers come as ``Decimal``, dates as ``datetime.date``. Raises ``YamlProblem``.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - derives from SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", ligne {mark.line + 1}" if mark else ""
        raise YamlProblem(
            f"{name}{line} : YAML illisible ({error.problem or error.context}). Corrigez cette ligne."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlProblem(f"{name} : YAML illisible ({error}). Vérifiez le fichier.") from error
