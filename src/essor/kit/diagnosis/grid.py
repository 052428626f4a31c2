"""The grid: ten axes, the levers under each, five described stages a lever. Read once from `data/diagnosis.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from essor.kit.fiche import Source
from essor.kit.front_matter import ContentError, Reader, mapping
from essor.kit.library import fiches
from essor.kit.recipe_library import recipes
from essor.kit.words import GUIDES, LEVELS
from essor.law.rules.competence import Domain, Support

FILE = "diagnosis.yaml"
STAGES = 5
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the ten axes: what its levers have in common, in a sentence."""

    code: str
    title: str
    about: str
    number: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A reference figure of a guide, true at the time of the study."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do from a stage, and where the kit tells it: fiches and recipes, by code."""

    do: str
    fiches: tuple[str, ...]
    recipes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridLever:
    """A lever: the question, five stages as sentences that one can observe, what proves it, the step after each.

    `asks` are the (domain, support) of the competence rule; `levels` those that the lever is meant for, all when empty.
    """

    code: str
    axis: str
    title: str
    question: str
    fiches: tuple[str, ...]
    stages: tuple[str, ...]
    evidence: tuple[str, ...]
    next: tuple[NextStep, ...]
    asks: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]
    figures: tuple[Figure, ...]

    def stage(self, number: int) -> str:
        """What is seen at a stage, 1 to 5."""
        return self.stages[number - 1]

    def step_from(self, number: int) -> NextStep:
        """What to do next from a stage, 1 to 5."""
        return self.next[number - 1]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole grid, in the order of reading."""

    version: int
    source: Source
    axes: tuple[Axis, ...]
    levers: Mapping[str, GridLever]

    def of_axis(self, axis: str, kept: "tuple[str, ...] | list[str] | None" = None) -> list[GridLever]:
        """The levers of an axis; only those kept when they are given."""
        return [
            each for each in self.levers.values() if each.axis == axis and (kept is None or each.code in kept)
        ]

    def of_fiche(self, fiche: str) -> list[GridLever]:
        """The levers that a fiche helps to move."""
        return [each for each in self.levers.values() if fiche in each.fiches]


@cache
def grid() -> Grid:
    """The grid of this version. ContentError, in French, when it does not read or leads nowhere."""
    return read_grid(files("essor.kit").joinpath(f"data/{FILE}").read_text(encoding="utf-8"), FILE)


def read_grid(text: str, file: str) -> Grid:
    """The grid of a file. ContentError, in French, at the first fault."""
    reader = Reader(mapping(text, file), file)
    if reader.whole("format") != FORMAT:
        raise reader.fail(
            "format", reader.data["format"], _("Cette version d’Essor lit le format %s.") % FORMAT
        )
    axes = tuple(
        _axis(each, f"{file}, axe {rank}", rank) for rank, each in enumerate(reader.items("axes"), 1)
    )
    known = {axis.code for axis in axes}
    levers = [
        _lever(each, f"{file}, levier {rank}", known) for rank, each in enumerate(reader.items("levers"), 1)
    ]
    found = Grid(reader.whole("version"), _source(reader), axes, {lever.code: lever for lever in levers})
    reader.end()
    if len(found.levers) != len(levers) or len(known) != len(axes):
        raise ContentError(_("%(file)s : deux axes ou deux leviers portent le même code.") % {"file": file})
    for axis in axes:
        if not found.of_axis(axis.code):
            raise ContentError(
                _("%(file)s : l’axe « %(axis)s » n’a aucun levier.") % {"file": file, "axis": axis.code}
            )
    return found


def _source(reader: Reader) -> Source:
    told = Reader(reader.raw("source"), f"{reader.where}, source")
    source = Source(GUIDES[told.choice("guide", GUIDES)], told.text("place", longest=120))
    told.end()
    return source


def _axis(data: Any, where: str, number: int) -> Axis:
    reader = Reader(data, where)
    axis = Axis(
        reader.text("code", longest=40),
        reader.text("title", longest=60),
        reader.text("about", longest=200),
        number,
    )
    reader.end()
    return axis


def _lever(data: Any, where: str, axes: set[str]) -> GridLever:
    reader = Reader(data, where)
    lever = GridLever(
        code=reader.text("code", longest=40),
        axis=reader.choice("axis", axes),
        title=reader.text("title", longest=80),
        question=reader.text("question", longest=200),
        fiches=reader.choices("fiches", fiches()),
        stages=reader.texts("stages"),
        evidence=reader.texts("evidence"),
        next=tuple(
            _next(each, f"{where}, suite {rank}") for rank, each in enumerate(reader.items("next"), 1)
        ),
        asks=tuple(_ask(reader, pair) for pair in reader.items("asks")),
        levels=reader.choices("levels", LEVELS),
        figures=tuple(
            _figure(each, f"{where}, repère {rank}") for rank, each in enumerate(reader.items("figures"), 1)
        ),
    )
    reader.end()
    for field, told in (("stages", lever.stages), ("next", lever.next)):
        if len(told) != STAGES:
            raise reader.fail(field, len(told), _("Écrivez-en cinq, une par stade."))
    if len(set(lever.stages)) != STAGES or not lever.evidence or not lever.fiches:
        raise reader.fail(
            "stages", lever.code, _("Cinq stades différents, une preuve et une fiche au moins.")
        )
    return lever


def _next(data: Any, where: str) -> NextStep:
    reader = Reader(data, where)
    told = reader.choices("see", {**fiches(), **recipes()})
    step = NextStep(
        reader.text("do", longest=160),
        tuple(code for code in told if code in fiches()),
        tuple(code for code in told if code in recipes()),
    )
    reader.end()
    return step


def _figure(data: Any, where: str) -> Figure:
    reader = Reader(data, where)
    figure = Figure(reader.text("text", longest=200), _source(reader))
    reader.end()
    return figure


def _ask(reader: Reader, pair: Any) -> tuple[str, str]:
    domains, supports = {domain.value for domain in Domain}, {support.value for support in Support}
    if not isinstance(pair, list) or len(pair) != 2 or pair[0] not in domains or pair[1] not in supports:
        raise reader.fail(
            "asks", pair, _("Écrivez « [domaine, forme de soutien] » de la règle de compétence.")
        )
    return pair[0], pair[1]
