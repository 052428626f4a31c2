"""The indicators that the register computes: what they are, how they are observed, what makes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from essor.indicators import register_reading as reading
from essor.indicators.definition import (
    Asked,
    Dimension,
    Explained,
    Indicator,
    Observed,
    Parts,
    Span,
    month,
    year,
)
from essor.indicators.enums import Direction, Origin, Periodicity
from essor.indicators.register_reading import Columns
from essor.registry.enums import Family
from essor.registry.filters import sector_choices

YEARS = 6  # years of creations and closures that are kept, the current one included
SOURCE = "Registre de l’ESS d’Essor, d’après les données ouvertes de l’État"
PRESENT = (
    "Une organisation est comptée sur un territoire quand son siège ou l’un de ses établissements y est. "
    "Elle compte une fois par territoire : présente dans deux communes, elle compte dans chacune, et une seule fois "
    "dans leur intercommunalité."
)
OPEN = (
    "Chiffre fait de données publiques, nommées une à une dans le registre : aucun petit nombre n’est masqué."
)
FAMILY = Dimension("famille", "Famille", tuple(Family.choices()))
SECTOR = Dimension("secteur", "Secteur", tuple(sector_choices()))
Mask = Callable[[Columns], npt.NDArray[np.bool_]]


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


def _all(columns: Columns) -> npt.NDArray[np.bool_]:
    return np.ones(len(columns.ids), dtype=np.bool_)


def _employers(columns: Columns) -> npt.NDArray[np.bool_]:
    return columns.employer


def _esus(columns: Columns) -> npt.NDArray[np.bool_]:
    return columns.esus


def _cells(span: Span, counts: dict[int, int], parts: Parts = ()) -> Iterator[Observed]:
    """The cells of one count; those of a part leave out what is zero."""
    for territory, count in counts.items():
        if count or not parts:
            yield Observed(span, territory, parts, Decimal(count))


def organisations(mask: Mask, dimensions: tuple[Dimension, ...], asked: Asked) -> Iterator[Observed]:
    """Organisations on each territory in the month of the edition, and by value of each dimension."""
    columns = READER.columns(asked)
    if columns is None:
        return
    span, chosen = month(columns.edition.day), mask(columns)
    yield from _cells(span, reading.distinct(columns, chosen))
    for dimension in dimensions:
        values = np.array(columns.family if dimension is FAMILY else columns.sector)
        for code, _label in dimension.values:
            yield from _cells(
                span, reading.distinct(columns, chosen & (values == code)), ((dimension.code, code),)
            )


def establishments(asked: Asked) -> Iterator[Observed]:
    """Establishments on each territory."""
    columns = READER.columns(asked)
    if columns is not None:
        yield from _cells(month(columns.edition.day), reading.each(columns, columns.site))


def creations(asked: Asked) -> Iterator[Observed]:
    """Organisations of today's register by year of creation."""
    columns = READER.columns(asked)
    if columns is None:
        return
    last = columns.edition.day.year
    for number in range(last - YEARS + 1, last + 1):
        yield from _cells(year(number), reading.distinct(columns, columns.year == number))


def closures(asked: Asked) -> Iterator[Observed]:
    """Organisations that closed, by year."""
    columns = READER.columns(asked)
    if columns is None:
        return
    last = columns.edition.day.year
    for number in range(last - YEARS + 1, last + 1):
        there = columns.closed_place[columns.closed_year == number]
        if len(there):
            yield from _cells(year(number), reading.each(columns, there))


def quarter_share(asked: Asked) -> Iterator[Observed]:
    """Establishments inside a priority neighbourhood, over those whose position is known."""
    columns = READER.columns(asked)
    if columns is None:
        return
    span = month(columns.edition.day)
    inside = reading.each(columns, columns.site[columns.in_quarter & columns.located])
    known = reading.each(columns, columns.site[columns.located])
    for territory, count in inside.items():
        yield Observed(span, territory, (), Decimal(count), Decimal(known[territory]))


def density(asked: Asked) -> Iterator[Observed]:
    """Organisations over inhabitants, where the population is known."""
    columns = READER.columns(asked)
    if columns is None:
        return
    span, population = month(columns.edition.day), columns.ground.population
    for territory, count in reading.distinct(columns, _all(columns)).items():
        if territory in population:
            yield Observed(span, territory, (), Decimal(count), Decimal(population[territory]))


@dataclass(frozen=True)
class Listed:
    """How the register's list shows what makes a figure."""

    sentence: str
    query: tuple[tuple[str, str], ...] = ()
    dimensions: bool = True

    def __call__(self, ref: str, span: Span, parts: Parts) -> Explained:
        """The list of the territory, with the filters of the figure."""
        filters = parts if self.dimensions else ()
        return Explained(_(self.sentence), "registry:list", (("territoire", ref), *self.query, *filters))


def _indicator(code: str, label: str, unit: str, **more: object) -> Indicator:
    given: dict[str, object] = {
        "source": SOURCE,
        "periodicity": Periodicity.EDITION,
        "room": "registry",
        "room_label": "Registre",
        "limits": OPEN,
        **more,
    }
    if "formula" in more:
        given["origin"] = Origin.FORMULA
    return Indicator(f"registre.{code}", label, unit, **given)  # type: ignore[arg-type]


COUNTED = "Les organisations comptées sont celles de cette liste du registre."
INDICATORS: tuple[Indicator, ...] = (
    _indicator(
        "organisations",
        "Organisations de l’ESS",
        "organisations",
        direction=Direction.UP,
        dimensions=(FAMILY, SECTOR),
        additive=False,
        numerator="organisations de l’ESS",
        method=PRESENT,
        observe=partial(organisations, _all, (FAMILY, SECTOR)),
        explain=Listed(COUNTED),
    ),
    _indicator(
        "employeurs",
        "Organisations de l’ESS qui emploient",
        "organisations",
        direction=Direction.UP,
        dimensions=(FAMILY,),
        additive=False,
        numerator="organisations qui ont un salarié au moins",
        method=f"{PRESENT} Elle emploie quand sa tranche d’effectif (Sirene) prouve un salarié au moins.",
        limits=f"L’effectif est celui de toute l’organisation, d’il y a un à deux ans. {OPEN}",
        observe=partial(organisations, _employers, (FAMILY,)),
        explain=Listed(COUNTED, (("employeur", "oui"),)),
    ),
    _indicator(
        "etablissements",
        "Établissements de l’ESS",
        "établissements",
        direction=Direction.UP,
        numerator="établissements ouverts des organisations de l’ESS",
        method="Établissements ouverts, chacun dans sa commune : les communes s’additionnent.",
        observe=establishments,
        explain=Listed(
            "Ces établissements sont ceux des organisations de cette liste ; une organisation peut en avoir plusieurs."
        ),
    ),
    _indicator(
        "creations",
        "Organisations créées dans l’année",
        "organisations",
        direction=Direction.UP,
        periodicity=Periodicity.YEAR,
        additive=False,
        numerator="organisations créées dans l’année",
        method=(
            f"Année de création dite par Sirene ou le RNA, parmi les organisations "
            f"du registre en vigueur. {PRESENT}"
        ),
        limits=(
            f"Celles qui ont fermé depuis n’y sont plus : les années anciennes sont "
            f"sous-estimées. L’année en cours n’est pas finie. {OPEN}"
        ),
        observe=creations,
        explain=Listed("La liste commence par les organisations les plus récentes.", (("tri", "recentes"),)),
    ),
    _indicator(
        "fermetures",
        "Fermetures constatées dans l’année",
        "organisations",
        direction=Direction.DOWN,
        periodicity=Periodicity.YEAR,
        numerator="organisations fermées dans l’année, à leur dernier siège",
        method="Fermetures dites par Sirene entre deux éditions du registre, et celles que les agents ont notées.",
        limits=(
            "Connues depuis la première édition du registre seulement ; l’année "
            "est celle de l’édition qui la constate."
        ),
        observe=closures,
        explain=Listed(
            "Le registre ne liste plus les organisations fermées : l’historique des éditions les nomme."
        ),
    ),
    _indicator(
        "part_qpv",
        "Part des établissements en quartier prioritaire",
        "%",
        numerator="établissements dans un quartier prioritaire de 2024",
        denominator="établissements dont la position est connue",
        method="Position de chaque établissement dans les contours des quartiers de la politique de la ville de 2024.",
        limits=(
            f"Une position imprécise peut tomber du mauvais côté d’une limite : le "
            f"registre dit la certitude de chacune. {OPEN}"
        ),
        observe=quarter_share,
        explain=Listed(
            "Les établissements en quartier prioritaire sont ceux des organisations de cette liste.",
            (("qpv", "2024-dans"),),
        ),
    ),
    _indicator(
        "esus",
        "Organisations Esus",
        "organisations",
        direction=Direction.UP,
        additive=False,
        numerator="organisations dont l’agrément Esus court",
        method=PRESENT,
        limits=f"Agréments de la liste publiée par l’État ; ceux de plein droit qui n’y sont pas manquent. {OPEN}",
        observe=partial(organisations, _esus, ()),
        explain=Listed(COUNTED, (("etiquette", "esus"),)),
    ),
    _indicator(
        "densite",
        "Organisations de l’ESS pour 1 000 habitants",
        "pour 1 000 habitants",
        direction=Direction.UP,
        numerator="organisations de l’ESS",
        denominator="habitants (population municipale)",
        factor=Decimal(1000),
        method=f"{PRESENT} Population municipale des communes du territoire (Insee).",
        observe=density,
        explain=Listed(COUNTED),
    ),
    _indicator(
        "part_employeurs",
        "Part des organisations qui emploient",
        "%",
        direction=Direction.UP,
        additive=False,
        formula="registre.employeurs ÷ registre.organisations",
        method="Quotient de deux indicateurs du registre, chacun sur le même territoire et le même mois.",
    ),
)
