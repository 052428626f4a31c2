"""What the indicators of the register share: reading once, the words of the source, the list that a figure leads to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from essor.indicators import register_reading as reading
from essor.indicators.definition import Asked, Explained, Indicator, Observed, Parts, Span
from essor.indicators.enums import Origin, Periodicity
from essor.indicators.register_counting import Counted
from essor.indicators.register_reading import SOURCE, Columns
from essor.registry.rules_insee import OURS

OPEN = (
    "Chiffre fait de données publiques, nommées une à une dans le registre : aucun petit nombre n’est masqué."
)
COUNTED = "Les organisations comptées sont celles de cette liste du registre."


class Reader:
    """Reads the register once for the indicators that one work asks one after the other."""

    def __init__(self) -> None:
        self._key: object = None
        self._columns: Columns | None = None

    def columns(self, asked: Asked) -> Columns | None:
        """The register as columns, the same as long as `asked` is the same object."""
        if self._key is not asked:
            self._columns, self._key = reading.read(asked.day), asked
        return self._columns

    def forget(self) -> None:
        """Free the memory."""
        self._key = self._columns = None


READER = Reader()


@dataclass(frozen=True)
class FromRegister:
    """Observes an indicator by counting the register's columns; `count` serves places too (`of_place`)."""

    count: Callable[[Columns], Iterator[Counted]]

    def __call__(self, asked: Asked) -> Iterator[Observed]:
        """The cells of all the territories; none before the first edition."""
        columns = READER.columns(asked)
        if columns is not None:
            for counted in self.count(columns):
                yield from counted.observed(columns.ids)


@dataclass(frozen=True)
class Listed:
    """How the register's list shows what makes a figure.

    `filters`: the dimensions that are filters of the list too; for another, the sentence says that the list is wider.
    """

    sentence: str
    query: tuple[tuple[str, str], ...] = ()
    filters: tuple[str, ...] = ("famille", "secteur")

    def __call__(self, ref: str, span: Span, parts: Parts) -> Explained:
        """The list of the territory, with the filters of the figure."""
        kept = tuple((code, value) for code, value in parts if code in self.filters)
        sentence = _(self.sentence)
        if len(kept) < len(parts):
            sentence = f"{sentence} {_(WIDER)}"
        return Explained(sentence, "registry:list", (("territoire", ref), *self.query, *kept))


@dataclass(frozen=True)
class ListedByInsee:
    """How the register's list shows what INSEE counts: our families that it counts, or the one of a part."""

    query: tuple[tuple[str, str], ...] = ()

    def __call__(self, ref: str, span: Span, parts: Parts) -> Explained:
        """The list of the territory: employers, without the commercial companies."""
        wanted = dict(parts).get("famille_insee")
        kept = [
            ("famille", str(ours.value)) for each, ours in OURS.items() if wanted in (None, str(each.value))
        ]
        return Explained(_(INSEE_LIST), "registry:list", (("territoire", ref), *self.query, *kept))


INSEE_LIST = (
    "La liste montre les organisations qui emploient, sans les sociétés commerciales, que l’Insee ne compte pas. "
    "Elle garde les coopératives en société par actions simplifiée, qu’il ne voit pas. La page « Familles » de "
    "l’observatoire compare les deux comptes."
)
WIDER = (
    "La liste du registre n’a pas ce filtre-là : elle montre plus d’organisations que ce chiffre n’en compte."
)


def indicator(code: str, label: str, unit: str, **more: Any) -> Indicator:
    """An indicator of the register; a key left out takes what they have in common."""
    given: dict[str, Any] = {
        "source": SOURCE,
        "periodicity": Periodicity.EDITION,
        "room": "registry",
        "room_label": "Registre",
        "limits": OPEN,
        **more,
    }
    if "count" in given:
        given["observe"] = FromRegister(given.pop("count"))
    if "formula" in more:
        given["origin"] = Origin.FORMULA
    return Indicator(f"registre.{code}", label, unit, **given)
