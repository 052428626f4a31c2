"""Words that people type and what they stand for: the package's list, and what the editors changed in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from essor.kernel.text import fold
from essor.law import strict_yaml
from essor.registry.models import SearchSynonym
from essor.registry.nomenclatures import naf_labels
from essor.registry.search.schema import EMPTY_WORDS, NAF_LENGTHS, stems


@dataclass(frozen=True, slots=True)
class Synonym:
    """What some words stand for: activities (beginnings of NAF codes) and other words."""

    words: str
    naf: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The folded words: two lines with the same key are one."""
        return fold(self.words)

    @property
    def stems(self) -> tuple[str, ...]:
        """The words as queries are compared with them: « ressourceries » is « ressourcerie »."""
        return tuple(stems(self.key))


@lru_cache(maxsize=1)
def packaged() -> tuple[Synonym, ...]:
    """The lines of the package."""
    entry = resources.files("essor.registry").joinpath("data", "search_words.yaml")
    data = strict_yaml.load(entry.read_text(encoding="utf-8"), entry.name)
    return tuple(
        Synonym(words, tuple(body.get("naf", ())), tuple(body.get("words", ())))
        for words, body in data["words"].items()
    )


def is_naf(code: str) -> bool:
    """Whether it begins some code of the NAF, at one of the levels that the index knows."""
    return len(code) in NAF_LENGTHS and any(known.startswith(code) for known in naf_labels())


def written() -> list[SearchSynonym]:
    """The lines of the editors."""
    return list(SearchSynonym.objects.all())


def in_force() -> list[Synonym]:
    """The lines that searches use, by key: an editor's line takes the place of the package's."""
    rows = [Synonym(row.words, tuple(row.naf), tuple(row.equivalents)) for row in written()]
    merged = {line.key: line for line in (*packaged(), *rows)}
    return [line for _key, line in sorted(merged.items()) if line.naf or line.equivalents]


def by_stems(lines: Iterable[Synonym]) -> dict[tuple[str, ...], Synonym]:
    """The lines by the stems of their useful words: « aide à domicile » is « aide domicile »."""
    found = {tuple(stem for stem in line.stems if stem not in EMPTY_WORDS): line for line in lines}
    found.pop((), None)
    return found
