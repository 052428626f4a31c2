"""The portable subset of SQL, and its translation for Spark by SQLGlot (ADR 15 gives it in words).

A statement outside the subset is refused: SQLGlot translates most of DuckDB's SQL without a word, and not always to
the same rows (QUALIFY with ORDER BY…). What is in the subset but reads otherwise in Spark is rewritten here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from textwrap import shorten

import sqlglot
from sqlglot import exp

# Nodes of SQLGlot's tree that a statement may hold.
_NODES = """
Abs Add Alias And ArgMin Boolean CTE Case Cast Ceil Coalesce Column ConcatWs Count DPipe DataType Distinct
EQ Filter From GT Group GroupConcat Having Identifier If In IntDiv Is Join LT LTE Left Like Limit Literal
LogicalOr Lower Max Min Mod Mul NEQ Neg Not Null NullSafeNEQ Nullif Or Order Ordered Pad Paren RegexpFullMatch
RegexpReplace RowNumber Select Star StartsWith Sub Subquery Table TableAlias Trim TryCast Tuple Union Where Window With
"""
SUBSET = frozenset(_NODES.split())
# What DuckDB makes of a text, for Spark: the day; the moment, whose zone it drops; what is no number though Java
# would read one (« 1.5f », digits of another script).
_DAY = r"\A *(\d{4,}([-/])\d{1,2}\2\d{1,2}) *\z"
_MOMENT = (
    r"\A *(?=[\d/-]+(?:\z|[ T]\d))(\d{4,}([-/])\d{1,2}\2\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?)"
    r"(?:(?<=\.\d{6})\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)? *\z"
)
_SUFFIXED = r"[0-9.][dDfF]\s*\z"
_NUMBER = r"\A\s*[+-]?[0-9.]+([eE][+-]?\d+)?\s*\z"
_WHOLE = (exp.DataType.Type.SMALLINT, exp.DataType.Type.INT, exp.DataType.Type.BIGINT)

_TYPES = (
    *_WHOLE,
    exp.DataType.Type.BOOLEAN,
    exp.DataType.Type.DATE,
    exp.DataType.Type.DOUBLE,
    exp.DataType.Type.TIMESTAMP,
    exp.DataType.Type.TIMESTAMPNTZ,
    exp.DataType.Type.TEXT,
)


class NotPortable(ValueError):
    """A statement that leaves the subset. `str(error)` names what."""


def translate(query: str, enums: Collection[str] = ()) -> str:
    """The statement in Spark's SQL. `enums`: names of enumerations, which are texts there. Raises NotPortable."""
    return _to_spark(parse(query, enums))


def translate_unsorted(query: str, enums: Collection[str] = ()) -> str:
    """The same without the ORDER BY of its SELECTs: the rows will be sorted afterwards. Raises NotPortable."""
    tree = parse(query, enums)
    for select in tree.find_all(exp.Select):
        if select.args.get("limit") is None:
            select.set("order", None)
    return _to_spark(tree)


def parse(query: str, enums: Collection[str] = ()) -> exp.Expression:
    """The tree of a statement of the subset. Raises NotPortable."""
    try:
        statements = sqlglot.parse(query, read="duckdb")
    except sqlglot.errors.ParseError as error:
        raise NotPortable(f"not understood: {shorten(query, 400)}") from error
    if len(statements) != 1 or not isinstance(statements[0], (exp.Select, exp.Union)):
        raise NotPortable(f"not one SELECT: {shorten(query, 400)}")
    tree = statements[0]
    for node in tree.walk():
        trouble = _trouble(node, enums)
        if trouble:
            raise NotPortable(f"{trouble} « {shorten(node.sql('duckdb'), 400)} »")
    return tree


def _trouble(node: exp.Expression, enums: Collection[str]) -> str:
    """Why a node is outside the subset, empty when it is inside."""
    kind = type(node).__name__
    if kind not in SUBSET:
        return f"{kind} is not in the subset:"
    if isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier):
        return "only named tables are read:"
    if isinstance(node, exp.Star) and any(node.args.values()):
        return "EXCLUDE, REPLACE and RENAME are not in the subset:"
    if isinstance(node, exp.Star) and isinstance(node.parent, exp.Select) and _joins_using(node.parent):
        return "Spark puts the columns of USING first, name those of the SELECT instead of"
    if isinstance(node, exp.Tuple) and not isinstance(node.parent, exp.ArgMin):
        return "a row of values stands only in arg_min:"
    if isinstance(node, exp.Limit) and node.parent and node.parent.args.get("order") is None:
        return "LIMIT without ORDER BY gives any rows:"
    if isinstance(node, exp.Window) and node.args.get("order") is None:
        return "a window needs an ORDER BY:"
    if isinstance(node, exp.RegexpReplace) and node.text("modifiers") != "g":
        return "regexp_replace is « g »:"
    if isinstance(node, exp.DataType) and node.this not in _TYPES and node.args.get("kind") not in enums:
        return "this type is not in the subset:"
    return ""


def _joins_using(select: exp.Select) -> bool:
    return any(join.args.get("using") for join in select.args.get("joins") or ())


def _to_spark(tree: exp.Expression) -> str:
    for common in tree.find_all(exp.CTE):
        common.set("materialized", None)  # advice to DuckDB, that Spark does not read
    # Deepest first: what is inside has already been rewritten.
    for node in reversed(list(tree.find_all(*_REWRITES))):
        node.replace(_REWRITES[type(node)](node))
    return tree.sql("spark", identify=True)


def _full_match(node: exp.Expression) -> exp.Expression:
    pattern = exp.Literal.string(rf"\A(?:{node.expression.name})\z")
    return exp.RegexpLike(this=node.this, expression=pattern)


def _replace_all(node: exp.Expression) -> exp.Expression:
    """Spark's own replaces everywhere."""
    return exp.RegexpReplace(this=node.this, expression=node.expression, replacement=node.args["replacement"])


def _arg_min(node: exp.Expression) -> exp.Expression:
    """DuckDB passes over rows whose value is NULL; Spark would give NULL."""
    known = exp.Where(this=exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null())))
    return exp.Filter(this=node.copy(), expression=known)


def _try_cast(node: exp.Expression) -> exp.Expression:
    """DuckDB rounds « 12.6 » to a whole number, Spark gives NULL; Spark makes a day of « 2024 », DuckDB gives NULL…"""
    value, target = node.this, node.args["to"]
    if target.this in _WHOLE:
        exact = _cast(value, exp.DataType.build("DECIMAL(38, 6)", dialect="spark"))
        whole = _cast(exp.func("ROUND", exact, exp.Literal.number(0)), target)
        text = exp.Cast(this=value.copy(), to=exp.DataType.build("STRING", dialect="spark"))
        return exp.Case(ifs=[exp.If(this=_like(text, _NUMBER), true=whole)])
    if target.this == exp.DataType.Type.DOUBLE:
        ifs = [exp.If(this=_like(value, _SUFFIXED), true=exp.Null())]
        return exp.Case(ifs=ifs, default=node.copy())
    if target.this == exp.DataType.Type.DATE:
        return _cast(_dashed(_first_group(value, _DAY)), target)
    return _cast(_dashed(_first_group(value, _MOMENT)), target)


def _cast(value: exp.Expression, target: exp.Expression) -> exp.Expression:
    return exp.TryCast(this=value.copy(), to=target.copy(), safe=True)


def _like(value: exp.Expression, pattern: str) -> exp.Expression:
    return exp.RegexpLike(this=value.copy(), expression=exp.Literal.string(pattern))


def _dashed(value: exp.Expression) -> exp.Expression:
    return exp.func("REPLACE", value, exp.Literal.string("/"), exp.Literal.string("-"))


def _first_group(value: exp.Expression, pattern: str) -> exp.Expression:
    """The text that the first group holds, empty where the pattern does not match: no day, no moment."""
    arguments = (value.copy(), exp.Literal.string(pattern), exp.Literal.number(1))
    return exp.Anonymous(this="REGEXP_EXTRACT", expressions=arguments)


def _data_type(node: exp.Expression) -> exp.Expression:
    return node if node.this in _TYPES else exp.DataType.build("VARCHAR", dialect="duckdb")


_REWRITES: dict[type[exp.Expression], Callable[[exp.Expression], exp.Expression]] = {
    exp.RegexpFullMatch: _full_match,
    exp.RegexpReplace: _replace_all,
    exp.ArgMin: _arg_min,
    exp.TryCast: _try_cast,
    exp.DataType: _data_type,
}
