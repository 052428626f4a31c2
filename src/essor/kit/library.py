"""The fiches that come with Essor: read once, found by code, searched without accents."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from essor.kernel.text import fold
from essor.kit import markdown
from essor.kit.fiche import Fiche, read_fiche
from essor.kit.front_matter import ContentError
from essor.kit.sectors import sectors
from essor.kit.words import FIELDS

FOLDER = Path(__file__).parent / "fiches"
# Within a field of action: the kit of the départements, the urban study (champs, focus, cadres), the bloc communal.
SERIES = "KUFCB"


@cache
def fiches() -> dict[str, Fiche]:
    """Fiches by code, in the order of the contents. ContentError when one does not read, or leads nowhere."""
    read = [read_fiche(path.read_text(encoding="utf-8"), path.name) for path in sorted(FOLDER.glob("*.md"))]
    fields = list(FIELDS)
    found = {
        each.code: each
        for each in sorted(
            read, key=lambda each: (fields.index(each.field), SERIES.index(each.code[0]), each.code)
        )
    }
    if len(found) != len(read):
        raise ContentError(_("Deux fiches portent le même code."))
    for each in read:
        for code in each.see:
            if code not in found:
                raise ContentError(
                    _("%(fiche)s renvoie à la fiche « %(code)s », qui n’existe pas.")
                    % {"fiche": each.code, "code": code}
                )
    return found


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


@cache
def _words_of(code: str) -> str:
    """All that one may search in a fiche, folded."""
    each = fiches()[code]
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
