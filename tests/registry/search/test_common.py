"""Thousands of answers, found in lists of common words, are those that the index gives one by one."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.text import fold
from essor.registry.search import columns, common, schema, synonyms, words
from essor.registry.search import view as view_module
from essor.registry.search.source import Commune, Entry
from essor.registry.search.view import View

_NAMES = "association associations associée club clubs sportif sportive recyclerie réemploi crèche de la Lilas lilas"
VOCABULARY = [*_NAMES.split(), "Blagnac"]
COMMUNES = [Commune(1, "31001", "Lilas", 0, "", ""), Commune(2, "31069", "Blagnac", 0, "", "")]
NAFS = ("38.32Z", "94.99Z", "88.91A", "", "47.79Z")


def made(count: int, seed: int = 7, first: int = 1) -> Iterator[Entry]:
    """Organisations of few words, so that most are common."""
    chance = random.Random(seed)
    for pk in range(first, first + count):
        names = tuple(
            " ".join(chance.choices(VOCABULARY, k=chance.randint(1, 3)))
            for _each in range(chance.choice([1, 2]))
        )
        yield Entry(
            pk, fold(names[0]), names, chance.choice(NAFS), "", "association", "ess_by_status", "NN", False, None,
            chance.choice(["", "réemploi sportif"]), communes=set(chance.sample([1, 2], chance.randrange(3))),
            place_words={"31000"} if pk % 3 else set(),
        )  # fmt: skip


def opened(
    folder: Path, known: columns.Columns | None, entries: Iterator[Entry]
) -> tuple[columns.Columns, schema.tantivy.Index]:
    """Columns and index of some organisations."""
    builder = columns.Builder(COMMUNES, words=known.words if known else None)
    index = schema.opened(folder, create=True)
    writer = index.writer(15_000_000, 1)
    for entry in entries:
        document, its_words = schema.document(entry, {1: "lilas", 2: "blagnac"})
        writer.add_document(document)
        builder.add(entry, its_words)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return builder.build(), index


@pytest.fixture(scope="module")
def view() -> Iterator[View]:
    """300 organisations; a word of 40 is common."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(common, "LEAST", 40)
        patch.setattr(view_module, "MANY_ANSWERS", 5)
        found, index = opened(Path(folder), None, made(300))
        lines = synonyms.by_stems(line for line in synonyms.packaged() if line.naf or line.equivalents)
        yield View((1, "", "", 1), found, index, lines)


TEXTS = st.lists(
    st.sampled_from([*VOCABULARY, "a", "as", "cl", "blag", "31000", "zzz", "de"]), min_size=1, max_size=4
)


@given(TEXTS)
def test_common_words_give_what_the_index_gives(view: View, text: list[str]) -> None:
    node = words.strict(words.read(" ".join(text)), view.lines)
    expected, _scores = view._run(node.query())
    rows, scores = view._strict(node)

    assert rows.tolist() == expected.tolist()
    assert (scores > 0).all()


def test_most_of_these_texts_are_answered_by_the_lists(view: View) -> None:
    asked = [
        words.strict(words.read(word), view.lines)
        for word in ("association", "club sportif", "recyclerie", "lil")
    ]

    assert [view.common.count(node) > 5 for node in asked] == [True, True, True, True]


def test_a_whole_name_comes_first_among_thousands(view: View) -> None:
    rows, scores = view._strict(words.strict(words.read("association"), view.lines))
    best = rows[scores == scores.max()]
    named = [
        row for row, entry in enumerate(made(300)) if "association" in [fold(name) for name in entry.names]
    ]

    assert best.tolist() == named


def test_lists_follow_what_changes() -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as one, TemporaryDirectory() as two:
        patch.setattr(common, "LEAST", 40)
        old, _index = opened(Path(one), None, made(300))
        news, _index = opened(Path(two), old, made(80, seed=9, first=250))
        after = columns.replaced(old, range(200, 330), news)

    kept = {entry.pk: entry for entry in [*list(made(300))[:199], *made(80, seed=9, first=250)]}
    expected = {word: set[int]() for word in old.words}
    for pk, entry in kept.items():
        for word in schema.document(entry, {1: "lilas", 2: "blagnac"})[1]:
            if word in expected:
                expected[word].add(pk)
    found = {
        word: set(after.ids[after.word_row[after.word == rank]].tolist())
        for rank, word in enumerate(after.words)
    }
    assert found == expected
    assert len(np.unique(after.word_row.astype(np.int64) * 1000 + after.word)) == len(after.word)
