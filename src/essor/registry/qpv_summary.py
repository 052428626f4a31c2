"""What a file of places gives, in figures: by list, situation and certainty, and by commune. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from essor.registry.qpv_answers import CERTAINTIES, IN, NEAR, OUT, UNKNOWN, Answer, generations

RELATIONS = (IN, NEAR, OUT, UNKNOWN)
UNANSWERED = "unanswered"
HEAD = ("liste", "commune", "situation", "certitude", "lignes")


@dataclass(frozen=True)
class Tally:
    """How many rows a list puts in each situation, by commune and certainty."""

    counts: Mapping[tuple[int, str, str, str], int]

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Tally":
        """The figures of the answers; a row without answer counts in each list."""
        found: Counter[tuple[int, str, str, str]] = Counter()
        for answer in answers:
            if not answer.told:
                found.update((generation, answer.commune, UNANSWERED, "") for generation in generations())
            for told in answer.told:
                found[told.generation, answer.commune, told.relation, told.certainty] += 1
        return cls(found)

    @classmethod
    def read(cls, rows: Iterable[Sequence[str]]) -> "Tally":
        """The figures as `rows` wrote them."""
        return cls({(int(row[0]), row[1], row[2], row[3]): int(row[4]) for row in rows})

    def rows(self) -> list[list[Any]]:
        """One row a figure, under `HEAD`."""
        return [[*key, count] for key, count in sorted(self.counts.items())]

    def by_list(self) -> list[dict[str, Any]]:
        """For each list, latest first: rows in, near, out, unknown, without answer."""
        return [{"generation": each, **self._situations(each)} for each in generations()]

    def _situations(self, generation: int, commune: str | None = None) -> dict[str, int]:
        found = dict.fromkeys((*RELATIONS, UNANSWERED), 0)
        for (year, where, relation, _certainty), count in self.counts.items():
            if year == generation and commune in (None, where):
                found[relation] += count
        return found

    def by_certainty(self) -> list[dict[str, Any]]:
        """For each list: rows answered sure, probable, uncertain; those in or near a quartier apart."""
        lines = []
        for generation in generations():
            every, beside = Counter[str](), Counter[str]()
            for (year, _where, relation, certainty), count in self.counts.items():
                if year == generation and certainty:
                    every[certainty] += count
                    beside[certainty] += count if relation in (IN, NEAR) else 0
            lines.append(
                {
                    "generation": generation,
                    "certainties": [(code, every[code], beside[code]) for code in CERTAINTIES],
                }
            )
        return lines

    def by_commune(self, generation: int) -> list[dict[str, Any]]:
        """For one list, each commune and its rows; those with most rows in or near a quartier first."""
        communes: dict[str, dict[str, int]] = {}
        for (year, where, relation, _certainty), count in self.counts.items():
            if year == generation:
                line = communes.setdefault(where, dict.fromkeys((*RELATIONS, UNANSWERED), 0))
                line[relation] += count
        found: list[dict[str, Any]] = [{"commune": name, **line} for name, line in communes.items()]
        return sorted(found, key=lambda line: (-line[IN] - line[NEAR], -line[OUT], line["commune"]))


def summary(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """For each list, latest first: how many places are in, near, out, unknown; and how many have no answer."""
    return Tally.of(answers).by_list()
