"""The fiches, the package's or those corrected here: read once, found by code, searched without accents."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from essor.kernel.text import fold
from essor.kit import markdown
from essor.kit.editing.in_force import PerStamp, Written, written
from essor.kit.fiche import Fiche, read_fiche
from essor.kit.front_matter import ContentError, split
from essor.kit.models.content import ContentKind
from essor.kit.sectors import sectors
from essor.kit.words import FIELDS

logger = logging.getLogger("essor.kit")

FOLDER = Path(__file__).parent / "fiches"
# Within a field of action: the kit of the départements, the urban study (champs, focus, cadres), the bloc communal.
SERIES = "KUFCB"


@dataclass(frozen=True)
class Library:
    """Fiches by code in the order of the contents; `corrected`: those whose text was written on this installation."""

    fiches: dict[str, Fiche]
    corrected: dict[str, Written]
    words: dict[str, str]


@cache
def package_texts() -> dict[str, str]:
    """The texts of the package, by code. ContentError when one has no header."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))]
    found = {str(split(text, "fiche")[0].get("code")): text for text in texts}
    if len(found) != len(texts):
        raise ContentError(_("Deux fiches portent le même code."))
    return found


@cache
def _package() -> Library:
    """The fiches that come with Essor. ContentError when one does not read, or leads nowhere."""
    read = {code: read_fiche(text, f"{code.lower()}.md") for code, text in package_texts().items()}
    for each in read.values():
        check_links(each, read)
    return Library(_in_order(read), {}, {})


def check_links(fiche: Fiche, known: Mapping[str, Fiche]) -> None:
    """Refuse a fiche that sends to one that does not exist. ContentError, in French."""
    for code in fiche.see:
        if code not in known:
            raise ContentError(
                _("%(fiche)s renvoie à la fiche « %(code)s », qui n’existe pas.")
                % {"fiche": fiche.code, "code": code},
                field="see",
            )


def _in_order(read: Mapping[str, Fiche]) -> dict[str, Fiche]:
    fields = list(FIELDS)
    ordered = sorted(
        read.values(), key=lambda each: (fields.index(each.field), SERIES.index(each.code[0]), each.code)
    )
    return {each.code: each for each in ordered}


def _with_corrections() -> Library:
    """The fiches with the texts written here. A text that does not read gives way to the package's, and is told."""
    read, corrected = dict(_package().fiches), {}
    for row in written(ContentKind.FICHE):
        try:
            fiche = read_fiche(row.text, f"{row.code.lower()}.md")
            if row.code not in read or fiche.code != row.code:
                raise ContentError(_("« %s » n’est pas une fiche d’Essor.") % row.code)
            check_links(fiche, read)
        except (ContentError, ValueError, TypeError, KeyError):
            logger.exception("correction left out", extra={"fiche": row.code, "number": row.number})
            continue
        read[row.code], corrected[row.code] = fiche, row
    return Library(_in_order(read), corrected, {})


_library = PerStamp(_package, _with_corrections)


def fiches() -> dict[str, Fiche]:
    """Fiches in force by code, in the order of the contents: one query a request, none for each."""
    return _library.get().fiches


def package_fiches() -> dict[str, Fiche]:
    """Fiches as they come with Essor, whatever was written here."""
    return _package().fiches


def corrected() -> dict[str, Written]:
    """The texts written here that are read, by code."""
    return _library.get().corrected


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the contents; an empty choice keeps everything."""

    words: str = ""
    sectors: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether something is asked."""
        return bool(self.words or self.sectors or self.levels or self.goals)


def found(asked: Asked) -> list[Fiche]:
    """Fiches that answer, in order: all the words, one of the sectors, one of the levels, one of the goals."""
    words = fold(asked.words).split()
    return [
        each
        for each in fiches().values()
        if (not asked.sectors or set(asked.sectors) & set(each.sectors))
        and (not asked.levels or set(asked.levels) & set(each.levels))
        and (not asked.goals or set(asked.goals) & set(each.goals))
        and all(word in _words_of(each.code) for word in words)
    ]


def _words_of(code: str) -> str:
    """All that one may search in a fiche, folded; worked out once."""
    library = _library.get()
    if code not in library.words:
        library.words[code] = _folded(library.fiches[code])
    return library.words[code]


def _folded(each: Fiche) -> str:
    parts = [
        each.code,
        each.title,
        each.summary,
        *(sectors()[sector].label for sector in each.sectors),
        *(lever.title for lever in each.levers),
        *(f"{example.who} {example.text}" for example in each.examples),
        *each.helpers,
        *(run.text for run in markdown.runs_of(each.body)),
    ]
    return fold(" ".join(parts))
