"""How the register's codes are said: numbers with spaces, activities, places, qualities of positions. Pure."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from essor.registry.enums import Tag
from essor.registry.nomenclatures import naf_label, normalise_naf, sectors

NBSP = "\u00a0"
POSITION_QUALITIES = {
    "number": "au numéro de la rue",
    "street": "à la rue",
    "commune": "au centre de la commune",
    "unknown": "de précision inconnue",
    "former": "à l’ancienne adresse",
}
# What gave the position, where it is not a source of the edition.
POSITION_SOURCES = {"same_address": ", d’après une autre organisation à cette adresse"}
QPV_CERTAINTIES = {
    "sure": "",
    "probable": "probable, à la précision de la position près",
    "uncertain": "incertain : la position n’est connue qu’au centre de la commune, à la rue ou à l’ancienne adresse",
}
QPV_RELATIONS = {
    "in": "Dans le quartier prioritaire",
    "near": "À moins de 300 m du quartier prioritaire",
    "out": "Sans doute hors du quartier prioritaire",
}


def spaced(number: str) -> str:
    """A SIREN or a SIRET in groups as people read it; another number as it stands."""
    text = (number or "").strip()
    if not text.isdigit() or len(text) not in (9, 14):
        return text
    parts = [text[0:3], text[3:6], text[6:9], text[9:]]
    return NBSP.join(part for part in parts if part)


def sector_label(code: str) -> str:
    """The words of a sector, empty when the activity is unknown."""
    return next((sector.label for sector in sectors() if sector.code == code), "")


def activity_label(naf: str) -> str:
    """The words of an activity (NAF rév. 2), the code itself when no label is known, empty without code."""
    return naf_label(naf) or (normalise_naf(naf) or naf or "")


def tag_label(code: str) -> str:
    """The words of a tag; the code itself when an older version wrote it."""
    return next((tag.label for tag in Tag if tag.value == code), code)


def safe_website(address: str) -> str:
    """The address when it is a plain http(s) one that a page may link to; else empty.

    An address without scheme (« www.exemple.fr ») is taken as https.
    """
    text = (address or "").strip()
    if not text or any(sign.isspace() or not sign.isprintable() for sign in text) or "\\" in text:
        return ""
    if "://" not in text and ":" not in text.split("/")[0]:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if (
        parts.scheme.lower() not in ("http", "https")
        or not host
        or "." not in host
        or parts.username is not None
    ):
        return ""
    return text if port in (None, 80, 443) else ""


def website_words(address: str) -> str:
    """A website's address as people read it: its host, without « www. »."""
    host = urlsplit(safe_website(address)).hostname or ""
    return host.removeprefix("www.")


def distance_words(metres: float | None) -> str:
    """« à 350 m », « à 2,4 km »; empty without distance."""
    if metres is None:
        return ""
    if metres < 995:
        return _("à %(metres)s m") % {"metres": int(round(metres, -1))}
    return _("à %(km)s km") % {"km": f"{metres / 1000:.1f}".replace(".", ",")}


def size_words(size: object) -> str:
    """« 12,4 Mo » for a number of bytes."""
    number, units = (
        float(size) if isinstance(size, int | float) else 0.0,
        [_("octets"), _("Ko"), _("Mo"), _("Go")],
    )
    while number >= 1000 and len(units) > 1:
        number /= 1000
        units.pop(0)
    whole = number >= 100 or units[0] == _("octets")
    written = f"{number:.0f}" if whole else f"{number:.1f}".replace(".", ",")
    return f"{written}{NBSP}{units[0]}"


def position(quality: str, source: str = "") -> str:
    """How a position is known: « au numéro de la rue », and what gave it when it is not a source of the edition."""
    told = POSITION_QUALITIES.get(quality, "")
    return f"{told}{POSITION_SOURCES.get(source, '')}" if told else ""
