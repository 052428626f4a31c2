"""Formulas of indicators: a small language (numbers, codes, + − × ÷, parentheses), read without `eval`. Pure.

A formula is computed on `Decimal`; a division by zero, or a value that is missing, gives no value with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

from essor.indicators.definition import CODE, PERCENT

MAX_LENGTH = 500
MAX_DEPTH = 40
PRECISION = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:[   ]\d{3})*(?:[.,]\d+)?)|(?P<code>[a-z][a-z0-9_.]*)|(?P<sign>[-+−–*×/÷:()]))",
    re.ASCII,
)
_SAME = {"−": "-", "–": "-", "*": "×", "/": "÷", ":": "÷"}


class FormulaError(ValueError):
    """A formula that cannot be used; its text, in French, says what is wrong, where, and what to write."""


@dataclass(frozen=True)
class Number:
    """A number."""

    value: Decimal


@dataclass(frozen=True)
class Named:
    """The value of an indicator."""

    code: str


@dataclass(frozen=True)
class Operation:
    """Two parts and the sign between them: + - × ÷."""

    sign: str
    left: Node
    right: Node


Node = Number | Named | Operation


@dataclass(frozen=True)
class Result:
    """A value, or None with the reason in French."""

    value: Decimal | None
    reason: str = ""


def parse(text: str) -> Node:
    """The tree of a formula. Raises FormulaError."""
    if not text.strip():
        raise FormulaError(
            "La formule est vide : écrivez par exemple « registre.employeurs ÷ registre.organisations »."
        )
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"La formule dépasse {MAX_LENGTH} caractères : coupez-la en plusieurs indicateurs."
        )
    reader = _Reader(_tokens(text))
    tree = reader.sum(0)
    reader.must_end()
    return tree


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, place = [], 0
    whole = text.rstrip()
    while place < len(whole):
        token = _TOKEN.match(whole, place)
        if token is None:
            start = place + len(whole[place:]) - len(whole[place:].lstrip())
            raise FormulaError(
                f"« {whole[start]} » (caractère {start + 1}) n’a pas de sens dans une formule : "
                "nombres, codes d’indicateurs, + − × ÷ et parenthèses."
            )
        kind = str(token.lastgroup)
        word = token.group(kind)
        if kind == "code" and not CODE.fullmatch(word):
            raise FormulaError(
                f"« {word} » (caractère {token.start(kind) + 1}) n’est pas un code d’indicateur : "
                "un code s’écrit « salle.nom », par exemple « registre.organisations »."
            )
        found.append((kind, _SAME.get(word, word) if kind == "sign" else word, token.start(kind) + 1))
        place = token.end()
    return found


class _Reader:
    """Reads the words of a formula, from left to right."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self.tokens, self.place = tokens, 0

    def sum(self, depth: int) -> Node:
        """Products added or taken away."""
        tree = self.product(depth)
        while self.sign() in ("+", "-"):
            sign = self.take()
            tree = Operation(sign, tree, self.product(depth))
        return tree

    def product(self, depth: int) -> Node:
        """Factors multiplied or divided."""
        tree = self.factor(depth)
        while self.sign() in ("×", "÷"):
            sign = self.take()
            tree = Operation(sign, tree, self.factor(depth))
        return tree

    def factor(self, depth: int) -> Node:
        """A number, a code, a parenthesis, or its opposite."""
        if depth > MAX_DEPTH:
            raise FormulaError(
                "La formule a trop de parenthèses les unes dans les autres : coupez-la en plusieurs."
            )
        if self.place == len(self.tokens):
            raise FormulaError("La formule s’arrête trop tôt : il manque un nombre ou un code à la fin.")
        kind, word, at = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            return Number(Decimal(re.sub(r"\s", "", word).replace(",", ".")))
        if kind == "code":
            return Named(word)
        if word == "-":
            return Operation("-", Number(Decimal(0)), self.factor(depth + 1))
        if word == "(":
            tree = self.sum(depth + 1)
            if self.sign() != ")":
                raise FormulaError(f"La parenthèse ouverte au caractère {at} n’est pas refermée.")
            self.place += 1
            return tree
        raise FormulaError(
            f"« {word} » (caractère {at}) n’est pas à sa place : il manque un nombre ou un code avant."
        )

    def sign(self) -> str:
        """The sign that comes, "" when it is something else."""
        if self.place == len(self.tokens) or self.tokens[self.place][0] != "sign":
            return ""
        return self.tokens[self.place][1]

    def take(self) -> str:
        """The sign that comes, passed over."""
        self.place += 1
        return self.tokens[self.place - 1][1]

    def must_end(self) -> None:
        """FormulaError when something is left."""
        if self.place < len(self.tokens):
            _kind, word, at = self.tokens[self.place]
            raise FormulaError(
                f"« {word} » (caractère {at}) n’est pas à sa place : il manque un signe avant."
            )


def codes(tree: Node) -> tuple[str, ...]:
    """The indicators that a formula reads, each once, in order."""
    match tree:
        case Named(code):
            return (code,)
        case Operation(_sign, left, right):
            return tuple(dict.fromkeys((*codes(left), *codes(right))))
        case _:
            return ()


def check_cycles(code: str, text: str, formulas: Mapping[str, str]) -> None:
    """FormulaError when the indicator `code` would read itself, straight or through others."""
    known = {**formulas, code: text}

    def walk(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            turn = " → ".join((*path[path.index(name) :], name))
            raise FormulaError(
                f"La formule tourne en rond : {turn}. Un indicateur ne peut pas se lire lui-même."
            )
        if len(path) > MAX_DEPTH:
            raise FormulaError("Trop de formules s’appellent les unes les autres.")
        if name in known:
            for other in codes(parse(known[name])):
                walk(other, (*path, name))

    walk(code, ())


def evaluate(tree: Node, value_of: Callable[[str], Result]) -> Result:
    """The value of a formula. `value_of` gives that of an indicator, or None with the reason."""
    match tree:
        case Number(value):
            return Result(value)
        case Named(code):
            return value_of(code)
        case Operation(sign, left, right):
            first, second = evaluate(left, value_of), evaluate(right, value_of)
            if first.value is None:
                return first
            if second.value is None:
                return second
            return _compute(sign, first.value, second.value)


def _compute(sign: str, left: Decimal, right: Decimal) -> Result:
    if sign == "÷" and right == 0:
        return Result(None, "division par zéro")
    with localcontext() as context:
        context.prec = PRECISION
        try:
            match sign:
                case "+":
                    return Result(left + right)
                case "-":
                    return Result(left - right)
                case "×":
                    return Result(left * right)
                case _:
                    return Result(left / right)
        except (InvalidOperation, DivisionByZero, Overflow):
            return Result(None, "le calcul dépasse ce qu’un nombre peut tenir")


Units = tuple[tuple[str, int], ...]


def unit_of(tree: Node, unit: Callable[[str], str]) -> Units | None:
    """The unit of the result as powers of plain units; () for a plain number, None where a number makes it unsure.

    Raises FormulaError when unlike things are added.
    """
    match tree:
        case Number(_value):
            return None
        case Named(code):
            name = unit(code)
            return () if name in ("", PERCENT) else ((name, 1),)
        case Operation(sign, left, right):
            first, second = unit_of(left, unit), unit_of(right, unit)
            if sign in ("+", "-"):
                return _added(first, second)
            if first is None or second is None:
                return first if second is None else second if sign == "×" else None
            return _multiplied(first, second, 1 if sign == "×" else -1)


def _added(first: Units | None, second: Units | None) -> Units | None:
    if first is None or second is None:
        return second if first is None else first
    if first != second:
        raise FormulaError(
            f"On n’additionne pas des « {words(first)} » et des « {words(second)} » : les unités diffèrent."
        )
    return first


def _multiplied(first: Units, second: Units, power: int) -> Units:
    total = dict(first)
    for name, exponent in second:
        total[name] = total.get(name, 0) + power * exponent
    return tuple(sorted((name, exponent) for name, exponent in total.items() if exponent))


def words(units: Units) -> str:
    """A unit in words: « tonnes par habitants »."""
    above = " × ".join(name for name, power in units for _each in range(power))
    below = " par ".join(name for name, power in units for _each in range(-power))
    if not units:
        return "nombres sans unité"
    return f"{above or '1'} par {below}" if below else above


def check_unit(tree: Node, declared: str, unit: Callable[[str], str]) -> None:
    """FormulaError when the unit that was declared cannot be that of the result."""
    found = unit_of(tree, unit)
    if found is None or _has_number(tree):  # a number may turn tonnes into kilograms
        return
    if declared == PERCENT and found:
        raise FormulaError(
            f"Le résultat est en « {words(found)} », pas en % : une part divise deux nombres de même unité."
        )
    if len(found) == 1 and found[0][1] == 1 and declared != found[0][0]:
        raise FormulaError(
            f"Le résultat est en « {found[0][0]} », pas en « {declared or 'nombre sans unité'} »."
        )


def _has_number(tree: Node) -> bool:
    match tree:
        case Operation(_sign, left, right):
            return _has_number(left) or _has_number(right)
        case _:
            return isinstance(tree, Number)
