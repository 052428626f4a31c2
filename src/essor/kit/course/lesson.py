"""A lesson of the short course: what is written in its file, checked. Pure."""

from collections.abc import Container
from dataclasses import dataclass

from django.utils.translation import gettext as _

from essor.kernel.french import unbroken
from essor.kit import markdown
from essor.kit.fiche import INTERNAL, Example
from essor.kit.front_matter import ContentError, Reader, split
from essor.kit.library import fiches
from essor.kit.recipe_library import recipes
from essor.law import parameters as law
from essor.law.rules import RULES

POINTS = 3  # that a reader takes away


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: `points`, `body` and `tomorrow` are Markdown; `figures` is the fiche whose sectors are counted."""

    code: str
    rank: int
    title: str
    summary: str
    objective: str
    minutes: int
    points: tuple[markdown.Block, ...]
    body: tuple[markdown.Block, ...]
    tomorrow: tuple[markdown.Block, ...]
    example: Example
    example_fiche: str
    figures: str
    further: tuple[str, ...]

    @property
    def texts(self) -> tuple[tuple[markdown.Block, ...], ...]:
        """All that is written in Markdown."""
        return (self.points, self.body, self.tomorrow)


def read_lesson(text: str, file: str, rank: int) -> Lesson:
    """The lesson of a file. ContentError, in French, at the first fault."""
    data, body = split(text, file)
    reader = Reader(data, file)
    points = reader.texts("points")
    fiche, example = _example(reader)
    lesson = Lesson(
        code=reader.text("code", longest=40),
        rank=rank,
        title=reader.text("title", longest=120),
        summary=reader.text("summary", longest=260),
        objective=reader.text("objective", longest=300),
        minutes=reader.whole("minutes"),
        points=_list(points, "1."),
        body=markdown.parse(unbroken(body)),
        tomorrow=_list(reader.texts("tomorrow"), "-"),
        example=example,
        example_fiche=fiche,
        figures=reader.choice("figures", fiches()),
        further=reader.choices("further", fiches()),
    )
    reader.end()
    if len(points) != POINTS or not lesson.tomorrow or not lesson.further or not lesson.minutes:
        raise ContentError(
            _(
                "%(file)s : une leçon a trois points clés, de quoi agir demain, "
                "des fiches et une durée en minutes."
            )
            % {"file": file}
        )
    for blocks in lesson.texts:
        check_text(blocks, file)
    return lesson


def _list(texts: tuple[str, ...], mark: str) -> tuple[markdown.Block, ...]:
    return markdown.parse("\n".join(f"{mark} {text}" for text in texts))


def _example(reader: Reader) -> tuple[str, Example]:
    """The example of a fiche, named by who did it: its figures and its source stay those of the fiche."""
    told = Reader(reader.raw("example"), f"{reader.where}, example")
    fiche = told.choice("fiche", fiches())
    known = {example.who: example for example in fiches()[fiche].examples}
    who = told.choice("who", known)
    told.end()
    return fiche, known[who]


def check_text(blocks: tuple[markdown.Block, ...], file: str) -> None:
    """Refuse, with ContentError, a text that names a value, a fiche, a rule or a recipe that does not exist."""
    for run in markdown.runs_of(blocks):
        if run.law:
            try:
                law.parameter(run.law)
            except law.UnknownParameterError as error:
                raise ContentError(f"{file} : {error}") from error
        kind, _colon, name = run.target.partition(":")
        kinds: dict[str, Container[str]] = {"fiche": fiches(), "recette": recipes(), "regle": RULES}
        known = kinds.get(kind)
        if run.target and not (name in known if known is not None else kind == "https"):
            raise ContentError(
                _(
                    "%(file)s : le lien « %(target)s » ne mène nulle part ; commencez par %(kinds)s ou https://."
                )
                % {"file": file, "target": run.target[:80], "kinds": ", ".join(INTERNAL)}
            )
