"""The situations that come with Essor: read once; a fault names file, field, value and remedy."""

from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from essor.kit.course.library import lessons
from essor.kit.fiche import Example
from essor.kit.front_matter import ContentError, Reader, mapping
from essor.kit.game.rules_game import LETTERS, ROUNDS, Choice, Situation
from essor.kit.law_tests import read_law_test
from essor.kit.library import fiches
from essor.kit.words import LEVER_KINDS

FOLDER = Path(__file__).parent / "situations"
FEWEST = 3  # choices of a card: the rule puts the best one in any of three places
LARGEST = 20  # points that one effect or one cost may reach


@cache
def situations() -> dict[str, Situation]:
    """Situations by code. ContentError when one does not read, or when there are too few for a game."""
    found = {
        path.stem: read_situation(path.read_text(encoding="utf-8"), path.name)
        for path in sorted(FOLDER.glob("*.yaml"))
    }
    if len(found) < ROUNDS:
        raise ContentError(_("Il faut au moins %s situations pour une partie.") % ROUNDS)
    return found


def example_of(situation: Situation) -> Example:
    """What somebody really did, told by the fiche."""
    return next(each for each in fiches()[situation.fiche].examples if each.who == situation.who)


def read_situation(text: str, file: str) -> Situation:
    """The situation of a file. ContentError, in French, at the first fault."""
    reader = Reader(mapping(text, file), file)
    told = Reader(reader.raw("example"), f"{file}, example")
    fiche = told.choice("fiche", fiches())
    who = told.choice("who", [example.who for example in fiches()[fiche].examples])
    told.end()
    rows = reader.items("choices")
    if not FEWEST <= len(rows) <= len(LETTERS):
        raise reader.fail("choices", len(rows), _("Écrivez trois ou quatre choix."))
    situation = Situation(
        code=file.removesuffix(".yaml"),
        title=reader.text("title", longest=80),
        text=reader.text("text", longest=500),
        lever=reader.choice("lever", LEVER_KINDS),
        lesson=reader.choice("lesson", lessons()),
        fiche=fiche,
        who=who,
        choices=tuple(_choice(row, f"{file}, choix {rank}") for rank, row in enumerate(rows, start=1)),
    )
    reader.end()
    return situation


def _choice(row: object, where: str) -> Choice:
    reader = Reader(row, where)
    effects = reader.items("effects")
    if len(effects) != 3 or not all(type(each) is int and abs(each) <= LARGEST for each in effects):
        raise reader.fail(
            "effects", effects, _("Écrivez trois nombres entiers : besoins, coopération, solidité.")
        )
    cost = reader.whole("cost")
    if cost > LARGEST:
        raise reader.fail("cost", cost, _("Un choix coûte au plus %s points.") % LARGEST)
    law = reader.raw("law")
    choice = Choice(
        text=reader.text("text", longest=260),
        cost=cost,
        effects=(effects[0], effects[1], effects[2]),
        told=reader.text("told", longest=400),
        law=read_law_test(law, f"{where}, law") if law is not None else None,
        is_careful=bool(reader.raw("careful")),
    )
    reader.end()
    return choice
