"""Which rules read a parameter: found in the source of the rules, never in a list kept by hand.

A rule names its parameters in its own module and in those of its floor that it imports. An identifier written whole is
taken as it is; one written with a part to fill (``f"esus.duration.{kind}"``) stands for every parameter that it may
become with a word of these modules. The head of a chapter (``f"{part}.share"`` after ``part = "…safe_harbour"``)
stands for what is below it.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from essor.law.rules import RULES
from essor.law.rules.base import Rule

_PACKAGE = "essor.law.rules."
# What every rule stands on names no parameter.
_COMMON = frozenset({"essor.law.rules.base", "essor.law.rules.schema"})
_READS = frozenset({"value", "value_if_any", "in_force", "history"})


@dataclass(frozen=True, slots=True)
class _Named:
    """What the modules of a rule name: texts (which also fill the patterns), and those that are asked of the law."""

    texts: frozenset[str]
    asked: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def reads(self, identifier: str) -> bool:
        if identifier in self.asked:
            return True
        # A word without a dot says nothing unless it is asked of the law: « departement » is also a level.
        heads = [identifier.rsplit(".", cut)[0] for cut in range(identifier.count("."))]
        return any(self._names(text) for text in heads if "." in text)

    def _names(self, text: str) -> bool:
        return text in self.texts or any(self._fills(pattern, text) for pattern in self.patterns)

    def _fills(self, pattern: re.Pattern[str], text: str) -> bool:
        found = pattern.fullmatch(text)
        return found is not None and all(part.strip("_") in self.texts for part in found.groups())


@lru_cache(maxsize=1024)
def rules_reading(identifier: str) -> tuple[Rule[Any], ...]:
    """The rules that read a parameter, in the order of the list of rules; empty when none does."""
    return tuple(rule for name, rule in RULES.items() if _named(name).reads(identifier))


@lru_cache(maxsize=64)
def _named(name: str) -> _Named:
    texts: set[str] = set()
    asked: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for tree in _sources(RULES[name].apply.__module__, set()):
        inside = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                patterns.extend(_pattern(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                texts.add(node.value)
            elif isinstance(node, ast.Call):
                asked.update(_asked(node))
    return _Named(frozenset(texts), frozenset(asked), tuple(patterns))


def _asked(call: ast.Call) -> Iterator[str]:
    """The identifier that a call reads: ``reasons.value("srdeii")``, ``law.history("cress")``."""
    named = isinstance(call.func, ast.Attribute) and call.func.attr in _READS
    first = call.args[0] if call.args else None
    if named and isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value


def _sources(module: str, seen: set[str]) -> Iterator[ast.Module]:
    """The module of a rule and those of the rules' folder that it imports."""
    if module in seen:
        return
    seen.add(module)
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    yield tree
    for node in ast.walk(tree):
        name = node.module if isinstance(node, ast.ImportFrom) else None
        if name and name.startswith(_PACKAGE) and name not in _COMMON:
            yield from _sources(name, seen)


def _pattern(node: ast.JoinedStr) -> Iterator[re.Pattern[str]]:
    """The identifiers that an f-string may give: only one that begins with a chapter written whole, « esus. »."""
    first = node.values[0] if node.values else None
    if not (isinstance(first, ast.Constant) and re.match(r"[a-z][a-z0-9_]*\.", str(first.value))):
        return
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "([a-z0-9_]*)"
        for part in node.values
    ]
    yield re.compile("".join(parts))
