"""The finding of a portrait, in one sentence, and what makes it more exact. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from essor.kernel import french
from essor.territories.naming import is_plural, of_name, the_name

SHARE_STEP = Decimal("0.001")
DENSITY_STEP = Decimal("0.1")


@dataclass(frozen=True)
class Place:
    """A place as a sentence names it: its name, INSEE's type of liaison, its level."""

    name: str
    liaison: int = 0
    kind: str = "commune"

    @property
    def the(self) -> str:
        """« la Haute-Garonne »."""
        return the_name(self.name, self.liaison, self.kind)

    @property
    def first(self) -> str:
        """« La Haute-Garonne », as a sentence begins."""
        return self.the[:1].upper() + self.the[1:]

    @property
    def of(self) -> str:
        """« de la Haute-Garonne »."""
        return of_name(self.name, self.liaison, self.kind)

    @property
    def counts(self) -> str:
        """« compte », « comptent »."""
        return _("comptent") if is_plural(self.liaison, self.kind) else _("compte")


@dataclass(frozen=True)
class Official:
    """What an official table says: jobs of the ESS, their share of private employment, whose table, which year."""

    author: str
    year: str
    jobs: Decimal | None = None
    share: Decimal | None = None
    share_beside: Sequence[tuple[Place, Decimal]] = ()


@dataclass(frozen=True)
class Facts:
    """What a finding is made of. `beside`: the same figure of the territories around, the nearest first.

    `before` is the number of establishments of an earlier edition, and that edition's period in words.
    """

    place: Place
    establishments: Decimal | None = None
    jobs: Decimal | None = None
    density: Decimal | None = None
    density_beside: Sequence[tuple[Place, Decimal]] = ()
    official: Official | None = None
    before: tuple[Decimal, str] | None = None


@dataclass(frozen=True)
class Finding:
    """The title of a portrait, and the sentence that follows it (may be empty)."""

    title: str
    more: str = ""


def finding(facts: Facts) -> Finding:
    """The title and its following sentence. What is unknown is left out, never guessed."""
    if facts.establishments is None:
        return Finding(_official_title(facts))
    if facts.establishments == 0:
        text = _("%(place)s ne %(counts)s aucun établissement de l’ESS dans le registre")
        return Finding(text % {"place": facts.place.first, "counts": facts.place.counts}, _evolution(facts))
    return Finding(f"{_counted(facts)}{_weight(facts)}", _evolution(facts))


def about(jobs: Decimal) -> Decimal:
    """An estimate with no more digits than it deserves: 84 321 → 84 000, 1 234 → 1 200, 87 → 87."""
    for floor, step in ((10000, 1000), (1000, 100), (100, 10)):
        if jobs >= floor:
            return (jobs / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return jobs.quantize(Decimal(1), ROUND_HALF_UP)


def _counted(facts: Facts) -> str:
    said = {
        "place": facts.place.first,
        "counts": facts.place.counts,
        "sites": french.counted(facts.establishments, _("établissement de l’ESS,établissements de l’ESS")),
    }
    if not facts.jobs:
        return _("%(place)s %(counts)s %(sites)s") % said
    said["jobs"] = french.counted(about(facts.jobs), _("emploi,emplois"))
    return _("%(place)s %(counts)s %(sites)s et %(jobs)s environ") % said


def _weight(facts: Facts) -> str:
    """What the figure weighs, beside the nearest territory around that has the same figure.

    The official share has its own verb: it is not that of the register’s jobs, which are counted otherwise.
    """
    official = facts.official
    if official is not None and official.share is not None:
        said = {
            "share": french.percent(official.share),
            "author": official.author,
            "year": official.year,
            "beside": _beside(official.share, official.share_beside, SHARE_STEP),
        }
        return _(" ; selon %(author)s (%(year)s), l’ESS y porte %(share)s de l’emploi privé%(beside)s") % said
    if not facts.density:
        return ""
    said = {
        "density": french.number(_rounded(facts.density, DENSITY_STEP)),
        "words": french.plural(_rounded(facts.density, DENSITY_STEP), _("organisation,organisations")),
        "beside": _beside(facts.density, facts.density_beside, DENSITY_STEP),
    }
    return _(" : %(density)s %(words)s pour 1 000 habitants%(beside)s") % said


def _official_title(facts: Facts) -> str:
    """The title where the register does not speak: what the official tables say, else that nothing is known."""
    official = facts.official
    if official is None or (official.jobs is None and official.share is None):
        return _("%(place)s : pas encore de chiffre de l’ESS dans cet observatoire") % {
            "place": facts.place.first
        }
    said = {"place": facts.place.first, "counts": facts.place.counts, "author": official.author}
    said |= {"year": official.year}
    if official.jobs is not None:
        said["jobs"] = french.counted(official.jobs, _("emploi de l’ESS,emplois de l’ESS"))
        begun = _("%(place)s %(counts)s %(jobs)s selon %(author)s (%(year)s)") % said
    else:
        begun = _("%(place)s, selon %(author)s (%(year)s)") % said
    if official.share is None:
        return begun
    said = {
        "begun": begun,
        "share": french.percent(official.share),
        "beside": _beside(official.share, official.share_beside, SHARE_STEP),
    }
    return _("%(begun)s : %(share)s de l’emploi privé%(beside)s") % said


def _beside(value: Decimal, beside: Sequence[tuple[Place, Decimal]], step: Decimal) -> str:
    """« , plus que l’Occitanie »: what is compared is what is read, rounded the same."""
    if not beside:
        return ""
    place, other = beside[0]
    mine, theirs = _rounded(value, step), _rounded(other, step)
    if mine == theirs:
        text = _(", autant que %(place)s")
    else:
        text = _(", plus que %(place)s") if mine > theirs else _(", moins que %(place)s")
    return text % {"place": place.the}


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)


def _evolution(facts: Facts) -> str:
    if facts.before is None or facts.establishments is None:
        return ""
    before, period = facts.before
    change = facts.establishments - before
    said = {"period": period, "sites": french.counted(abs(change), _("établissement,établissements"))}
    if change == 0:
        return _("Autant d’établissements qu’en %(period)s.") % said
    if change > 0:
        return _("%(sites)s de plus qu’en %(period)s.") % said
    return _("%(sites)s de moins qu’en %(period)s.") % said
