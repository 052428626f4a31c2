"""The columns of the register: one number an organisation and a fact, which filters and facets count."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from essor.registry.enums import Family, SizeBand, Tag, Verdict
from essor.registry.filters import SIZE_GROUP_OF, SizeGroup, sector_choices
from essor.registry.search.common import Gathered, Word
from essor.registry.search.source import Commune, Entry
from essor.registry.tag_words import LABEL

Array = npt.NDArray[Any]
NEVER = date.max.toordinal()
FAMILIES = [code for code, _label in Family.choices()] + [""]
VERDICTS = [code for code, _label in Verdict.choices()]
SECTORS = [code for code, _label in sector_choices()]
SIZES = [code for code, _label in SizeGroup.choices()]
TAGS = [code for code, _label in Tag.choices()]  # then the labels of authorities, as entries bring them
BANDS = [str(SizeBand.NN.value), *sorted(code for code, _label in SizeBand.choices() if code != "NN")]
# What the codes mean: columns written with other lists are made again.
MEANING = json.dumps([3, FAMILIES, VERDICTS, SECTORS, SIZES, TAGS, BANDS], sort_keys=True)


@dataclass
class Columns:
    """One row an organisation, by id; pairs (`…_row`, value) where it has several values."""

    ids: Array
    family: Array
    sector: Array
    size: Array
    band: Array
    verdict: Array
    employer: Array
    created: Array  # ordinal of the day, 0 when unknown
    quarters: Array  # bits, in the order of `Quarter`
    commune_row: Array
    commune: Array  # rank in `communes`
    point_row: Array
    longitude: Array
    latitude: Array
    tag_row: Array
    tag: Array
    tag_until: Array  # ordinal of the first day without it
    word_row: Array  # in no order
    word: Array  # rank in `words`
    sort_keys: list[str]
    communes: list[Commune]
    tags: list[str]  # codes, by rank
    words: list[Word]  # those that are common

    def __len__(self) -> int:
        return len(self.ids)


_LISTS = ("sort_keys", "communes", "tags", "words")
_ARRAYS = [field.name for field in fields(Columns) if field.name not in _LISTS]
_OF_ROWS = ("ids", "family", "sector", "size", "band", "verdict", "employer", "created", "quarters")
_PAIRS = {
    "commune_row": ("commune",),
    "point_row": ("longitude", "latitude"),
    "tag_row": ("tag", "tag_until"),
    "word_row": ("word",),
}
_OF_WORDS = ("word_row", "word")
_TYPES: dict[str, Any] = {
    "ids": np.int64, "family": np.int8, "sector": np.int8, "size": np.int8, "band": np.int8, "verdict": np.int8,
    "employer": np.bool_, "created": np.int32, "quarters": np.uint8, "commune_row": np.int32, "commune": np.int32,
    "point_row": np.int32, "longitude": np.float64, "latitude": np.float64, "tag_row": np.int32, "tag": np.int16,
    "tag_until": np.int32, "word_row": np.int32, "word": np.int16,
}  # fmt: skip


class Builder:
    """Gathers entries, then makes columns of them; `words`: those that are common, when it is known."""

    def __init__(
        self,
        communes: Iterable[Commune] = (),
        tags: Iterable[str] = TAGS,
        words: Sequence[Word] | None = None,
    ) -> None:
        self._values: dict[str, list[Any]] = {name: [] for name in _ARRAYS if name not in _OF_WORDS}
        self._words = Gathered(words)
        self._sort_keys: list[str] = []
        self.communes = list(communes)
        self.tags = list(tags)
        self._rank = {commune.pk: rank for rank, commune in enumerate(self.communes)}

    def know(self, communes: Iterable[Commune]) -> None:
        """Learn communes that entries will name."""
        for commune in communes:
            if commune.pk not in self._rank:
                self._rank[commune.pk] = len(self.communes)
                self.communes.append(commune)

    def unknown(self, wanted: Iterable[int]) -> set[int]:
        """Communes among `wanted` that it has not learnt."""
        return {pk for pk in wanted if pk not in self._rank}

    def add(self, entry: Entry, words: Iterable[Word] = ()) -> None:
        """Take an organisation in, with its words."""
        add, row = self._values, len(self._sort_keys)
        self._words.add(row, words)
        self._sort_keys.append(entry.sort_key)
        add["ids"].append(entry.pk)
        add["family"].append(_code(FAMILIES, entry.family))
        add["sector"].append(_code(SECTORS, entry.sector))
        add["size"].append(SIZES.index(str(SIZE_GROUP_OF.get(entry.size_band, SizeGroup.NONE).value)))
        add["band"].append(max(0, _code(BANDS, entry.size_band)))
        add["verdict"].append(_code(VERDICTS, entry.verdict))
        add["employer"].append(entry.is_employer)
        add["created"].append(entry.created_on.toordinal() if entry.created_on else 0)
        add["quarters"].append(entry.quarters)
        for commune in sorted(entry.communes):
            add["commune_row"].append(row)
            add["commune"].append(self._rank[commune])
        for longitude, latitude in entry.points:
            add["point_row"].append(row)
            add["longitude"].append(longitude)
            add["latitude"].append(latitude)
        for code, until in entry.tags:
            if code in self.tags or code.startswith(LABEL):
                add["tag_row"].append(row)
                add["tag"].append(self._tag(code))
                add["tag_until"].append(until.toordinal() if until else NEVER)

    def _tag(self, code: str) -> int:
        if code not in self.tags:
            self.tags.append(code)
        return self.tags.index(code)

    def build(self) -> Columns:
        """The columns, by id."""
        arrays = {name: np.array(values, dtype=_TYPES[name]) for name, values in self._values.items()}
        words, arrays["word_row"], arrays["word"] = self._words.common(len(self._sort_keys))
        return _sorted(arrays, self._sort_keys, self.communes, self.tags, words)


def _code(codes: list[str], value: str) -> int:
    """Rank of a code; -1 for one that this version does not know, which no choice of a facet is."""
    try:
        return codes.index(value)
    except ValueError:
        return -1


def _sorted(
    arrays: dict[str, Array],
    sort_keys: list[str],
    communes: list[Commune],
    tags: list[str],
    words: list[Word],
) -> Columns:
    order = np.argsort(arrays["ids"], kind="stable")
    moved = np.empty_like(order)
    moved[order] = np.arange(len(order))
    for name in _OF_ROWS:
        arrays[name] = arrays[name][order]
    for rows, values in _PAIRS.items():
        new_rows = moved[arrays[rows]].astype(np.int32)
        if rows == "word_row":  # millions, which nobody reads by row
            arrays[rows] = new_rows
            continue
        by_row = np.argsort(new_rows, kind="stable")
        arrays[rows] = new_rows[by_row]
        for name in values:
            arrays[name] = arrays[name][by_row]
    keys = [sort_keys[rank] for rank in order]
    return Columns(**arrays, sort_keys=keys, communes=communes, tags=tags, words=words)


def replaced(columns: Columns, touched: Iterable[int], news: Columns) -> Columns:
    """The columns without the touched organisations, and with what is now known of them.

    `news` was built on the communes, the tags and the common words of `columns`, then some communes and tags.
    """
    keep = ~np.isin(columns.ids, np.array(sorted(touched), dtype=np.int64))
    moved = np.cumsum(keep) - 1
    kept = int(keep.sum())
    arrays = {name: np.concatenate([getattr(columns, name)[keep], getattr(news, name)]) for name in _OF_ROWS}
    for rows, values in _PAIRS.items():
        old = getattr(columns, rows)
        staying = keep[old]
        arrays[rows] = np.concatenate([moved[old[staying]], getattr(news, rows) + kept]).astype(np.int32)
        for name in values:
            arrays[name] = np.concatenate([getattr(columns, name)[staying], getattr(news, name)])
    sort_keys = [key for key, stays in zip(columns.sort_keys, keep, strict=True) if stays] + news.sort_keys
    return _sorted(arrays, sort_keys, news.communes, news.tags, columns.words)


def save(columns: Columns, path: Path) -> None:
    """Write the columns, whole or not at all."""
    words = {
        "meaning": MEANING,
        "sort_keys": "\n".join(columns.sort_keys),
        "communes": json.dumps([_plain(commune) for commune in columns.communes]),
        "tags": json.dumps(columns.tags),
        "words": json.dumps(columns.words),
    }
    texts = {name: np.frombuffer(text.encode(), dtype=np.uint8) for name, text in words.items()}
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.savez(file, **{name: getattr(columns, name) for name in _ARRAYS}, **texts)
    draft.replace(path)


def _plain(commune: Commune) -> list[Any]:
    return [getattr(commune, field.name) for field in fields(Commune)]


def load(path: Path) -> Columns:
    """Read columns. ValueError, OSError, KeyError… when they are damaged or of another version."""
    # Opened here: numpy leaves a damaged file open.
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        texts = {name: file[name].tobytes().decode() for name in ("meaning", *_LISTS)}
        if texts["meaning"] != MEANING:
            raise ValueError("columns of another version")
        arrays = {name: file[name] for name in _ARRAYS}
    sort_keys = texts["sort_keys"].split("\n") if len(arrays["ids"]) else []
    if len(sort_keys) != len(arrays["ids"]):
        raise ValueError("columns of different lengths")
    communes = [Commune(*row) for row in json.loads(texts["communes"])]
    words = [(field, word) for field, word in json.loads(texts["words"])]
    return Columns(
        **arrays, sort_keys=sort_keys, communes=communes, tags=json.loads(texts["tags"]), words=words
    )
