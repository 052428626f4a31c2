"""How exact the position that a service found for an address is, and when what it found is not the address. Pure.

The bounds of error are of the same order as those of INSEE's geolocation file of establishments; the levels are those
of the national address base (`result_type`): number, number estimated between two others, way, place, commune.
"""

from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from essor.formats.address_columns import WrittenAddress
from essor.formats.outlines import position_trouble
from essor.law.labelled import Labelled


class Level(Labelled):
    """What was found of an address."""

    NUMBER = "housenumber", "au numéro"
    ESTIMATED = "interpolation", "au numéro, estimé entre deux autres"
    WAY = "street", "à la rue"
    PLACE = "locality", "au lieu-dit"
    COMMUNE = "municipality", "au centre de la commune"
    REGISTER = "register", "au numéro, par le registre"


# Upper bound of the error in metres.
ERRORS = {
    Level.NUMBER: 50,
    Level.ESTIMATED: 150,
    Level.WAY: 500,
    Level.PLACE: 1_500,
    Level.COMMUNE: 3_000,
    Level.REGISTER: 100,
}
NOT_FOUND = 0.5  # under this score the service itself doubts that it is the right place
LIKELY = 0.7  # under this one it may be another way of the same commune
DOUBTFUL_ERROR = 1_500


@dataclass(frozen=True)
class Answered:
    """What the service says of an address, as it says it."""

    lon: float | None = None
    lat: float | None = None
    score: float | None = None
    kind: str = ""
    label: str = ""
    city: str = ""
    citycode: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class Placed:
    """An address with its position (degrees), the bound of its error in metres, and why it is so."""

    lon: float
    lat: float
    error: int
    level: Level
    words: str
    score: float | None = None
    label: str = ""
    city: str = ""
    citycode: str = ""

    @property
    def is_commune_alone(self) -> bool:
        """Whether only its commune is known."""
        return self.level is Level.COMMUNE


@dataclass(frozen=True)
class Refused:
    """An address without position: the reason and what to do."""

    reason: str
    remedy: str


class Unanswered(Refused):
    """An address that the service could not be asked: another day it may be found."""


def place(asked: WrittenAddress, said: Answered) -> Placed | Refused:
    """The position to keep of what a service answered, or why there is none."""
    if said.score is None or not isfinite(said.score) or said.lon is None or said.lat is None:
        return Refused(
            _("l’adresse n’a pas été trouvée."), _("Vérifiez la voie, le code postal et la commune.")
        )
    if said.score < NOT_FOUND:
        return Refused(
            _(
                "l’adresse n’a pas été trouvée : ce qui lui ressemble le plus est trop différent (score %(score)s)."
            )
            % {"score": _number(said.score)},
            _("Vérifiez la voie, le code postal et la commune."),
        )
    if position_trouble(said.lon, said.lat):
        return Refused(
            _("le service d’adresses a donné une position qui n’est pas en France."),
            _("Vérifiez l’adresse, ou donnez la longitude et la latitude."),
        )
    if not _same_departement(asked, said):
        return Refused(
            _("l’adresse n’a été trouvée que dans un autre département."),
            _("Vérifiez le code postal et la commune."),
        )
    level = next(
        (each for each in Level if each.value == said.kind and each is not Level.REGISTER), Level.COMMUNE
    )
    error, words = ERRORS[level], _WORDS[level]()
    if said.score < LIKELY and level is not Level.COMMUNE:
        error = max(error, DOUBTFUL_ERROR)
        words = _(
            "L’adresse trouvée ressemble à celle du fichier sans être sûre (score %(score)s) : relisez-la."
        ) % {"score": _number(said.score)}
    return Placed(said.lon, said.lat, error, level, words, said.score, said.label, said.city, said.citycode)


_WORDS = {
    Level.NUMBER: lambda: _("Adresse trouvée au numéro."),
    Level.ESTIMATED: lambda: _("Numéro estimé entre deux numéros connus de la voie."),
    Level.WAY: lambda: _("Seule la voie est trouvée : ajoutez ou vérifiez le numéro."),
    Level.PLACE: lambda: _("Seul le lieu-dit est trouvé : ajoutez la voie et le numéro."),
    Level.COMMUNE: lambda: _("Seule la commune est trouvée : la position est celle de son centre."),
}


def by_register(lon: float, lat: float, error: int | None, citycode: str, city: str) -> Placed:
    """The position of an establishment of the register at the same address."""
    bound = ERRORS[Level.REGISTER] if error is None else max(error, ERRORS[Level.NUMBER])
    words = _("Position d’un établissement du registre à la même adresse.")
    return Placed(lon, lat, bound, Level.REGISTER, words, city=city, citycode=citycode)


def of_commune_alone(certainty: str, *, has_quarters: bool) -> str:
    """How sure an answer is when only the commune is known: never, where the commune has a quartier of the list."""
    return "uncertain" if has_quarters else certainty


def _same_departement(asked: WrittenAddress, said: Answered) -> bool:
    wanted = asked.departement
    found = WrittenAddress(postcode=said.postcode, citycode=said.citycode)
    if not wanted or not found.departement:
        return True
    # Postal codes sometimes cross a border of département: a postal code found equal is the same place.
    near = {_corsican(wanted), _corsican(asked.postcode[:2])}
    return _corsican(found.departement) in near or bool(asked.postcode and asked.postcode == said.postcode)


def _corsican(departement: str) -> str:
    return "20" if departement in ("2A", "2B") else departement


def _number(score: float) -> str:
    return f"{score:.2f}".replace(".", ",")
