"""What two texts do not say alike, in words: field by field, line by line, word by word. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Mark = Literal["", "added", "removed"]
_WORDS = re.compile(r"\s+|[^\s]+")
# Under this likeness two lines are told one after the other: words in common would only blur them.
ALIKE = 0.45


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and whether they came or went."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that came, went, or was changed (then its pieces say where)."""

    mark: Literal["added", "removed", "changed"]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs: its label, its lines that are not alike."""

    label: str
    lines: tuple[Line, ...]


Told = Mapping[str, Sequence[str]]


def differences(before: Told, after: Told) -> list[Difference]:
    """The fields that differ between two texts told by `words.told`, in the order of the later one."""
    labels = [*after, *(label for label in before if label not in after)]
    found = []
    for label in labels:
        lines = tuple(_lines(list(before.get(label, ())), list(after.get(label, ()))))
        if lines:
            found.append(Difference(label, lines))
    return found


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, start_after, end_after in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = before[start:end], after[start_after:end_after]
        paired = min(len(gone), len(come))
        for old, new in zip(gone[:paired], come[:paired], strict=True):
            yield from _changed(old, new)
        yield from (Line("removed", (Piece(line, "removed"),)) for line in gone[paired:])
        yield from (Line("added", (Piece(line, "added"),)) for line in come[paired:])


def _changed(old: str, new: str) -> Iterator[Line]:
    """One line changed word by word, or two lines when they have little in common."""
    words, others = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < ALIKE:
        yield Line("removed", (Piece(old, "removed"),))
        yield Line("added", (Piece(new, "added"),))
        return
    pieces: list[Piece] = []
    for tag, start, end, start_after, end_after in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(words[start:end])))
            continue
        if end > start:
            pieces.append(Piece("".join(words[start:end]), "removed"))
        if end_after > start_after:
            pieces.append(Piece("".join(others[start_after:end_after]), "added"))
    yield Line("changed", tuple(pieces))


@dataclass(frozen=True, slots=True)
class Threefold:
    """A field that the package, this installation, or both changed since the same text."""

    label: str
    who: Literal["package", "here", "both", "alike"]
    package: tuple[Line, ...]
    here: tuple[Line, ...]


def threefold(base: Told, package: Told, here: Told) -> list[Threefold]:
    """Who changed what since `base`, field by field."""
    labels = [*here, *(label for label in (*package, *base) if label not in here)]
    found = []
    for label in dict.fromkeys(labels):
        was, now, ours = (list(told.get(label, ())) for told in (base, package, here))
        theirs, own = tuple(_lines(was, now)), tuple(_lines(was, ours))
        if not theirs and not own:
            continue
        alike = now == ours
        who: Literal["package", "here", "both", "alike"] = (
            "alike" if alike else "both" if theirs and own else "package" if theirs else "here"
        )
        found.append(Threefold(label, who, theirs, own))
    return found


def merged(base: Mapping[str, Any], package: Mapping[str, Any], here: Mapping[str, Any]) -> dict[str, Any]:
    """Each field as the only side that changed it wrote it; where both did, the lines of a text that do not touch each
    other are taken from each side, else ours stays.
    """
    names = dict.fromkeys([*here, *package])
    chosen = {name: _chosen(base.get(name), package.get(name), here.get(name)) for name in names}
    return {name: value for name, value in chosen.items() if value is not None}


def _chosen(base: Any, package: Any, here: Any) -> Any:
    if here == base:
        return package
    if package in (base, here) or not all(isinstance(each, str) for each in (base, package, here)):
        return here
    lines = merged_lines(base.split("\n"), package.split("\n"), here.split("\n"))
    return here if lines is None else "\n".join(lines)


def merged_lines(base: Sequence[str], one: Sequence[str], other: Sequence[str]) -> list[str] | None:
    """The lines of `base` with what each side changed; None when both changed the same place, or two that touch."""
    changes = sorted(
        (start, end, tuple(side[come:gone]))
        for side in (one, other)
        for tag, start, end, come, gone in SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
        if tag != "equal"
    )
    found: list[str] = []
    place, last = 0, -1
    for start, end, lines in changes:
        if start <= last:
            return None
        found += [*base[place:start], *lines]
        place = last = end
    return [*found, *base[place:]]
