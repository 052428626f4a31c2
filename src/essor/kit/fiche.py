"""A fiche of the kit: what is written in its file, checked. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from essor.kernel.french import unbroken
from essor.kernel.goals import GOALS
from essor.kit import markdown
from essor.kit.front_matter import ContentError, Reader, split
from essor.kit.sectors import sectors
from essor.kit.words import FIELDS, GUIDES, LEVELS, LEVER_KINDS, Guide
from essor.law import parameters as law
from essor.law.rules import RULES
from essor.law.rules.competence import Domain, Support

INTERNAL = ("fiche:", "regle:", "recette:")


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from: a guide and the place in it."""

    guide: Guide
    place: str

    @property
    def text(self) -> str:
        """In one line."""
        return f"{self.guide.title}, {self.place}"

    @property
    def data(self) -> dict[str, str]:
        """As a file writes it."""
        return {"guide": self.guide.letter, "place": self.place}


@dataclass(frozen=True, slots=True)
class FicheLever:
    """A lever: what to do, and the screen that does it (« room:page »), or nothing while that screen is to come."""

    code: str
    title: str
    kind: str
    screen: str

    @property
    def kind_label(self) -> str:
        """In words."""
        return str(LEVER_KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody really did: who, when, what with its figures, and the source."""

    who: str
    when: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Fiche:
    """A fiche: `asks` are the (domain, support) that the competence rule answers for the reader's level."""

    code: str
    title: str
    summary: str
    field: str
    source: Source
    levels: tuple[str, ...]
    sectors: tuple[str, ...]
    goals: tuple[int, ...]
    asks: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    levers: tuple[FicheLever, ...]
    examples: tuple[Example, ...]
    helpers: tuple[str, ...]
    see: tuple[str, ...]
    body: tuple[markdown.Block, ...]

    @property
    def texts(self) -> tuple[tuple[markdown.Block, ...], ...]:
        """All that is written in Markdown: the body, then each example."""
        return (self.body, *(markdown.parse(example.text) for example in self.examples))

    @property
    def targets(self) -> list[str]:
        """Where its words lead."""
        return [run.target for text in self.texts for run in markdown.runs_of(text) if run.target]

    @property
    def law(self) -> list[str]:
        """Legal values that it tells."""
        return [run.law for text in self.texts for run in markdown.runs_of(text) if run.law]


def read_fiche(text: str, file: str) -> Fiche:
    """The fiche of a file. ContentError, in French, at the first fault."""
    data, body = split(text, file)
    reader = Reader(data, file)
    code = reader.text("code", longest=6)
    fiche = Fiche(
        code=code,
        title=reader.text("title", longest=120),
        summary=reader.text("summary", longest=260),
        field=reader.choice("field", FIELDS),
        source=_source(reader),
        levels=reader.choices("levels", LEVELS),
        sectors=reader.choices("sectors", sectors()),
        goals=reader.choices("odd", GOALS),
        asks=tuple(_ask(reader, pair) for pair in reader.items("asks")),
        rules=reader.choices("rules", RULES),
        levers=tuple(
            _lever(each, f"{file}, levier {rank}", f"{code}.{rank}")
            for rank, each in enumerate(reader.items("levers"), start=1)
        ),
        examples=tuple(
            _example(each, f"{file}, exemple {rank}")
            for rank, each in enumerate(reader.items("examples"), start=1)
        ),
        helpers=reader.texts("helpers"),
        see=reader.texts("see"),
        body=markdown.parse(unbroken(body)),
    )
    reader.end()
    _check(fiche, file)
    return fiche


def _source(reader: Reader) -> Source:
    told = Reader(reader.raw("source"), f"{reader.where}, source")
    source = Source(GUIDES[told.choice("guide", GUIDES)], told.text("place", longest=120))
    told.end()
    return source


def _ask(reader: Reader, pair: object) -> tuple[str, str]:
    domains, supports = {domain.value for domain in Domain}, {support.value for support in Support}
    if (
        not isinstance(pair, list)
        or len(pair) != 2
        or not all(isinstance(each, str) for each in pair)
        or pair[0] not in domains
        or pair[1] not in supports
    ):
        raise reader.fail(
            "asks", pair, _("Écrivez « [domaine, forme de soutien] » de la règle de compétence.")
        )
    return pair[0], pair[1]


def _lever(data: object, where: str, code: str) -> FicheLever:
    reader = Reader(data, where)
    lever = FicheLever(
        code,
        reader.text("title", longest=200),
        reader.choice("kind", LEVER_KINDS),
        reader.text("screen", required=False, longest=80),
    )
    reader.end()
    return lever


def _example(data: object, where: str) -> Example:
    reader = Reader(data, where)
    example = Example(
        reader.text("who", longest=120),
        reader.text("when", required=False, longest=60),
        reader.text("text"),
        _source(reader),
    )
    reader.end()
    return example


def _check(fiche: Fiche, file: str) -> None:
    for value in fiche.law:
        try:
            law.parameter(value)
        except law.UnknownParameterError as error:
            raise ContentError(f"{file} : {error}", field="body", told=str(error)) from error
    for target in fiche.targets:
        if not target.startswith(("https://", *INTERNAL)):
            raise ContentError(
                _(
                    "%(file)s : le lien « %(target)s » doit commencer par https://, fiche:, regle: ou recette:."
                )
                % {"file": file, "target": target[:80]},
                field="body",
            )
    if fiche.code[0] not in "KUFCB":
        raise ContentError(
            _("%(file)s : le code « %(code)s » doit commencer par K, U, F, C ou B.")
            % {"file": file, "code": fiche.code}
        )
    if not fiche.levels or not fiche.sectors or not fiche.goals or not fiche.body:
        raise ContentError(
            _("%(file)s : une fiche a au moins un niveau, un secteur, un ODD et un texte.") % {"file": file}
        )
