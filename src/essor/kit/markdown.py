"""The subset of Markdown that a fiche is written in: read into blocks, then told as HTML or as plain data. Pure.

Titles (`##`, `###`), paragraphs, lists (`-` or `1.`), **strong**, *stress*, [words](target) and {{ law:identifier }}.
Anything else, HTML first of all, is text: what an editor types can never become markup of the page.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

MAX_LENGTH = 60_000

_INLINE = re.compile(
    r"\{\{ *law: *(?P<law>[a-z0-9_.]{1,120}) *\}\}"
    r"|\[(?P<words>[^\[\]\n]{1,300})\]\((?P<target>[^()\s]{1,500})\)"
    r"|\*\*(?P<strong>[^*\n]{1,600})\*\*"
    r"|\*(?P<stress>[^*\n]{1,600})\*"
)
_ITEM = re.compile(r"(?:-|\d{1,3}\.) +(?P<text>.+)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: words, how they are said, where they lead; `law` names a value in place of words."""

    text: str = ""
    style: Literal["", "strong", "stress"] = ""
    target: str = ""
    law: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A title (`h2`, `h3`), a paragraph (`p`) of one line, or a list (`ul`, `ol`) of several."""

    kind: Literal["h2", "h3", "p", "ul", "ol"]
    lines: tuple[Line, ...]


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text, cut at `MAX_LENGTH` characters; never fails."""
    clean = text[:MAX_LENGTH].replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return tuple(block for part in re.split(r"\n[ \t]*\n", clean) for block in _blocks(part))


def _blocks(part: str) -> Iterator[Block]:
    """Blocks of lines that no empty line separates: a title stands alone, items follow one another."""
    words: list[str] = []
    items: list[str] = []
    ordered = False

    def flush() -> Iterator[Block]:
        if words:
            yield Block("p", (line_of(" ".join(words)),))
            words.clear()
        if items:
            yield Block("ol" if ordered else "ul", tuple(line_of(item) for item in items))
            items.clear()

    for raw in part.split("\n"):
        line = raw.strip()
        item = _ITEM.fullmatch(line)
        if not line:
            continue
        if line.startswith(("## ", "### ")):
            yield from flush()
            marks, _space, title = line.partition(" ")
            yield Block("h2" if marks == "##" else "h3", (line_of(title.strip()),))
        elif item:
            if words or (items and ordered != line[0].isdigit()):
                yield from flush()
            ordered = line[0].isdigit()
            items.append(item["text"])
        elif items:
            items[-1] = f"{items[-1]} {line}"
        else:
            words.append(line)
    yield from flush()


def line_of(text: str) -> Line:
    """The pieces of one line."""
    runs: list[Run] = []
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            runs.append(Run(text[end : found.start()]))
        end = found.end()
        if found["law"]:
            runs.append(Run(law=found["law"]))
        elif found["target"]:
            runs.append(Run(found["words"], target=found["target"]))
        else:
            strong = found["strong"]
            runs.append(Run(strong or found["stress"], "strong" if strong else "stress"))
    if end < len(text):
        runs.append(Run(text[end:]))
    return tuple(runs)


def runs_of(blocks: tuple[Block, ...]) -> Iterator[Run]:
    """Every piece of a text, in order."""
    return (run for block in blocks for line in block.lines for run in line)


def to_html(
    blocks: tuple[Block, ...], address: Callable[[str], str], value: Callable[[str], SafeString]
) -> SafeString:
    """The text as HTML. `address` turns a target into a URL ("" leaves plain words), `value` writes a legal value."""

    def run_html(run: Run) -> SafeString | str:
        if run.law:
            return value(run.law)
        if run.target:
            url = address(run.target)
            return format_html('<a href="{}">{}</a>', url, run.text) if url else run.text
        if run.style == "strong":
            return format_html("<strong>{}</strong>", run.text)
        return format_html("<em>{}</em>", run.text) if run.style else run.text

    def line_html(line: Line) -> SafeString:
        return format_html_join("", "{}", ((run_html(run),) for run in line))

    def block_html(block: Block) -> SafeString:
        tag = mark_safe(block.kind)  # noqa: S308 - one of five names written above
        if block.kind in {"ul", "ol"}:
            items = format_html_join("", "<li>{}</li>", ((line_html(line),) for line in block.lines))
            return format_html("<{0}>{1}</{0}>", tag, items)
        return format_html("<{0}>{1}</{0}>", tag, line_html(block.lines[0]))

    return format_html_join("\n", "{}", ((block_html(block),) for block in blocks))


def to_data(blocks: tuple[Block, ...], value: Callable[[str], str]) -> list[dict[str, Any]]:
    """The text as plain data for a printed document: kind, lines of (text, style)."""
    return [
        {
            "kind": block.kind,
            "lines": [
                [{"text": value(run.law) if run.law else run.text, "style": run.style} for run in line]
                for line in block.lines
            ],
        }
        for block in blocks
    ]
