"""Fields of the full-text index, and the document of an organisation.

Names are folded (`kernel.text.fold`): accents, case and punctuation never matter. `words` serves exact words, prefixes
and typos; `stems` the same words cut by the French stemmer; `trade` the words of the activity and of the purpose, cut
too; `places` the communes, intercommunalités and postal codes.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import tantivy

from essor.kernel.text import fold
from essor.registry.enums import Tag
from essor.registry.nomenclatures import naf_label, normalise_naf, sectors
from essor.registry.search.source import Entry

WORD, STEM, RAW = "essor_words", "essor_stems", "raw"
PURPOSE_LENGTH = 400
OWN_WORDS_LENGTH = 4000
NAF_LENGTHS = (2, 4, 5, 6)  # « 88 », « 88.1 », « 88.10 », « 88.10A »: a synonym may name any of them
# Words that say nothing of what is looked for.
_EMPTY = (
    "a au aux avec ce ces d dans de des du en et l la le les leur leurs ou par pour s sa ses son sur un une"
)
EMPTY_WORDS = frozenset(_EMPTY.split())


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("pk", indexed=True, fast=True)
    for name in ("exact", "numbers", "naf"):
        builder.add_text_field(name, tokenizer_name=RAW, index_option="basic")
    for name in ("words", "places"):
        builder.add_text_field(name, tokenizer_name=WORD)
    for name in ("stems", "trade"):
        builder.add_text_field(name, tokenizer_name=STEM)
    return builder.build()


def _stemmer() -> tantivy.TextAnalyzer:
    spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return spaces.filter(tantivy.Filter.stemmer("french")).build()


_analyzer = _stemmer()


def stems(text: str) -> list[str]:
    """The words of a folded text, cut by the French stemmer."""
    return _analyzer.analyze(text)


def opened(path: Path, *, create: bool = False) -> tantivy.Index:
    """The index of a folder; ValueError when it is missing or damaged."""
    index = tantivy.Index(schema(), str(path), reuse=False) if create else tantivy.Index.open(str(path))
    index.register_tokenizer(WORD, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.register_tokenizer(STEM, _stemmer())
    return index


@lru_cache(maxsize=4096)
def _activity_words(naf: str, sector: str) -> str:
    labels = {each.code: each.label for each in sectors()}
    return fold(f"{naf_label(naf) or ''} {labels.get(sector, '')}")


@lru_cache(maxsize=4096)
def naf_codes(naf: str) -> tuple[str, ...]:
    """The activity and the levels above it."""
    code = normalise_naf(naf) or ""
    return tuple(dict.fromkeys(code[:length] for length in NAF_LENGTHS if len(code) >= length))


_TAG_WORDS = {code: fold(f"{label} {code}") for code, label in Tag.choices()}


Words = set[tuple[str, str]]


@lru_cache(maxsize=4096)
def _activity_stems(naf: str, sector: str) -> frozenset[tuple[str, str]]:
    return frozenset(
        ("trade", word) for word in stems(_activity_words(naf, sector)) if word not in EMPTY_WORDS
    )


def _texts(entry: Entry, names: list[str], place_names: Mapping[int, str]) -> dict[str, str]:
    """What each field of words holds of an organisation, but for the words of its activity."""
    # A sign's name is a name too; a postal code is a place.
    signs = [text for text in sorted(entry.place_words) if not text.isdigit() and text not in names]
    codes = [text for text in sorted(entry.place_words) if text.isdigit()]
    tags = [_TAG_WORDS.get(code, "") for code, _until in entry.tags]
    said = [fold(entry.purpose[:PURPOSE_LENGTH]), fold(entry.own_words[:OWN_WORDS_LENGTH])]
    words = " ".join(names)
    places = [*(place_names.get(pk, "") for pk in sorted(entry.communes)), *codes]
    trade = " ".join(text for text in (*signs, *tags, *said) if text)
    return {"words": words, "stems": words, "trade": trade, "places": " ".join(places)}


def _words(entry: Entry, texts: Mapping[str, str]) -> Words:
    """Each word of each field, but those that say nothing."""
    found = {
        (field, word)
        for field, text in texts.items()
        for word in (stems(text) if field in ("stems", "trade") else text.split())
        if word not in EMPTY_WORDS
    }
    found |= _activity_stems(entry.naf, entry.sector)
    found.update(("naf", code) for code in naf_codes(entry.naf))
    return found


def document(entry: Entry, place_names: Mapping[int, str]) -> tuple[tantivy.Document, Words]:
    """What the index keeps of an organisation, and its words: (field, word)."""
    names = list(dict.fromkeys(fold(name) for name in entry.names))
    texts = _texts(entry, names, place_names)
    found = tantivy.Document()
    found.add_integer("pk", entry.pk)
    for name in names:
        found.add_text("exact", name)
    activity = _activity_words(entry.naf, entry.sector)
    for field, text in {**texts, "trade": f"{activity} {texts['trade']}"}.items():
        found.add_text(field, text)
    for number in dict.fromkeys(entry.numbers):
        found.add_text("numbers", number.upper())
    for code in naf_codes(entry.naf):
        found.add_text("naf", code)
    return found, _words(entry, texts)
