"""What the columns of official tables of employment say, by their folded names: place, year, family, activity, measure.

The published tables change their headings from one year to the next: names are recognised by words, never by place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from essor.formats.sheets import fold

# Measures, as the figures bear them.
ESTABLISHMENTS, JOBS, FTE, PAY = "etablissements", "effectifs", "etp", "remunerations"
# Families of INSEE (five since the 2018 figures), and what stands beside them in the same tables.
FAMILIES = ("association", "cooperative", "mutuelle", "fondation", "autre_prive")
WHOLE, OUTSIDE, PUBLIC, PRIVATE, ALL = "ess", "hors_ess", "public", "prive", "ensemble"
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
LEVELS = ("commune", "epci", "ept", "departement", "region", "france")


class Role(Enum):
    """What a column holds."""

    PLACE = "place"
    LEVEL = "level"
    YEAR = "year"
    QUARTER = "quarter"
    FAMILY = "family"
    ACTIVITY = "activity"
    MEASURE = "measure"
    STATUS = "status"
    VALUE = "value"
    NAME = "name"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Column:
    """A column: its place, its name, its role; for a value what the heading already says, and its scale."""

    rank: int
    name: str
    role: Role
    level: str = ""
    year: int | None = None
    family: str = ""
    measure: str = ""
    scale: int = 1


_PLACES: dict[str, str] = {
    "codgeo": "commune", "code commune": "commune", "depcom": "commune", "com": "commune",
    "commune": "commune", "code insee": "commune", "code insee commune": "commune", "insee com": "commune",
    "epci": "epci", "code epci": "epci", "siren epci": "epci", "code siren epci": "epci",
    "ept": "ept", "code ept": "ept",
    "dep": "departement", "departement": "departement", "code departement": "departement",
    "code dept": "departement", "dept": "departement", "num departement": "departement",
    "reg": "region", "region": "region", "code region": "region",
    "geo": "", "code geo": "", "code geographique": "", "territoire": "", "code territoire": "",
    "reference": "", "zone geographique": "", "territoires": "", "code": "",
}  # fmt: skip
_NAMES = re.compile(r"^(?:lib|libelle|nom|intitule)\b")
_LEVEL_NAMES = {"geo object", "niveau", "niveau geographique", "maille", "type de territoire", "nivgeo"}
_YEAR_NAMES = {"annee", "an", "time period", "millesime", "date", "periode", "year"}
_QUARTER_NAMES = {"trimestre", "dernier jour du trimestre", "annee trimestre", "periode trimestrielle"}
_FAMILY_NAMES = re.compile(
    r"famille|legal status|categorie juridique|type d employeur|type employeur|statut ess|perimetre|^ess$"
)
_ACTIVITY_NAMES = re.compile(
    r"activite|^secteur|^grand secteur|^na ?\d|^a ?\d\d$|^naf|^ape$|^code ape|^activity"
)
_VALUE_NAMES = {"valeur", "obs value", "value", "val"}
_STATUS_NAMES = {"obs status", "conf status", "statut", "secret", "obs status fr", "conf status fr"}
# What is no amount: shares, changes, smoothed series. Read as such, a figure would be wrong.
_NO_AMOUNT = re.compile(
    r"%|\bpart\b|\btaux\b|\bpoids\b|\bevolution\b|\bvariation\b|\bcvs\b|\bmoyenne? par\b|\bprime\b"
)
_OLD_REGION = re.compile(r"ancienne")
_UNKNOWN_LEVEL = re.compile(r"zone d emploi|\bze\b|bassin|canton|iris|arrondissement")


def measure_of(text: str) -> str:
    """The measure that a folded text names, "" when it names none."""
    if re.search(r"\betp\b|eqtp|equivalent|temps plein", text):
        return FTE
    if re.search(r"remuneration|masse salariale|salaires bruts|assiette", text):
        return PAY
    if re.search(r"etablissement|\betab|\bnb et\b|\bnet\b", text) and "salarie" not in text.split("etab")[0]:
        return ESTABLISHMENTS
    if re.search(r"effectif|\bposte|salarie|\beff\b|\bemploi", text):
        return JOBS
    return ESTABLISHMENTS if "etab" in text else ""


def family_of(text: str) -> str:
    """The family, or what stands beside the families, that a folded text names; "" when it names none."""
    if re.search(r"hors (?:champ )?(?:de )?(?:l )?(?:economie sociale|ess)", text):
        return OUTSIDE
    if re.search(r"\bautres? (?:org|isbl|prive|famille)|non lucratif|\bisbl", text):
        return "autre_prive"
    for start, family in (
        ("associat", "association"), ("cooperat", "cooperative"), ("mutuel", "mutuelle"), ("mutualit", "mutuelle"),
        ("fondat", "fondation"),
    ):  # fmt: skip
        if re.search(rf"\b{start}", text):
            return family
    if re.search(r"economie sociale|\bess\b|\bes\b", text):
        return WHOLE
    if re.search(r"\bpubli(?:c|que|cs)\b", text):
        return PUBLIC
    if re.search(r"\bprive", text):
        return PRIVATE
    return ALL if re.search(r"^(?:ensemble|total|tous|toutes)\b|^t$|^_t$", text) else ""


def scale_of(text: str) -> int:
    """What a folded heading says of the unit: thousands, millions; 1 otherwise."""
    if re.search(r"\bmilliards?\b|\bmd€|\bmds\b", text):
        return 1_000_000_000
    if re.search(r"\bmillions?\b|\bm ?€|\bmeur", text):
        return 1_000_000
    return 1_000 if re.search(r"\bmilliers?\b|\bk ?€|\bkeur", text) else 1


def year_of(text: str) -> int | None:
    """The only year that a text names; None when it names none or several."""
    found = set(YEAR.findall(text))
    return int(found.pop()) if len(found) == 1 else None


def column_of(rank: int, name: str) -> Column:
    """What the heading of a column says."""
    folded = fold(name)
    words = YEAR.sub("", folded).strip()
    if not folded:
        return Column(rank, name, Role.IGNORED)
    if _OLD_REGION.search(folded) or _UNKNOWN_LEVEL.search(folded):
        return Column(rank, name, Role.IGNORED)
    if folded in _STATUS_NAMES:
        return Column(rank, name, Role.STATUS)
    if folded in _QUARTER_NAMES:
        return Column(rank, name, Role.QUARTER)
    if folded in _YEAR_NAMES:
        return Column(rank, name, Role.YEAR)
    if folded in _LEVEL_NAMES:
        return Column(rank, name, Role.LEVEL)
    if folded in _VALUE_NAMES:
        return Column(rank, name, Role.VALUE)
    if folded in _PLACES:
        return Column(rank, name, Role.PLACE, level=_PLACES[folded])
    if folded in ("mesure", "measure", "indicateur", "variable") or folded.endswith(" measure"):
        return Column(rank, name, Role.MEASURE)
    if _NO_AMOUNT.search(folded):
        return Column(rank, name, Role.IGNORED)
    if _NAMES.search(folded):
        return Column(rank, name, Role.NAME)
    measure, family = measure_of(words), family_of(words)
    if not measure and _FAMILY_NAMES.search(words) and not re.search(r"ensemble|total|hors", words):
        return Column(rank, name, Role.FAMILY)
    if not measure and _ACTIVITY_NAMES.search(words):
        return Column(rank, name, Role.ACTIVITY)
    year = year_of(folded)
    if measure or family or (year and not words):
        return Column(
            rank, name, Role.VALUE, year=year, family=family, measure=measure, scale=scale_of(folded)
        )
    return Column(rank, name, Role.IGNORED)


_SDMX = re.compile(r"(?:20\d\d-)?(COM|EPCI|EPT|DEP|REG)-([0-9AB]{1,9})", re.ASCII | re.IGNORECASE)
_SDMX_LEVELS = {"com": "commune", "epci": "epci", "ept": "ept", "dep": "departement", "reg": "region"}
_CODE = re.compile(r"(?:[0-9AB]{1,5}|[0-9]{9})", re.ASCII)
_CODE_THEN_NAME = re.compile(r"([0-9][0-9AB]{0,8})\s*[-–:]\s*\D.*", re.ASCII)
_FRANCE = re.compile(
    r"^(?:france(?: entiere)?(?: hors mayotte)?|f|fr|france m?fm|ensemble|ensemble france|total france)$"
)
_LEVEL_WORDS = (
    (re.compile(r"^com"), "commune"), (re.compile(r"^ept"), "ept"), (re.compile(r"^epci|^interco"), "epci"),
    (re.compile(r"^dep"), "departement"), (re.compile(r"^reg"), "region"), (re.compile(r"^(?:france|f)\b"), "france"),
)  # fmt: skip
_PADDED = {"commune": 5, "departement": 2, "region": 2}


def level_of(text: str) -> str:
    """The level that a cell names: « DEP », « Région », « COM »; "" when it is another one."""
    folded = fold(text)
    return next((level for pattern, level in _LEVEL_WORDS if pattern.search(folded)), "")


def place_of(text: str, level: str) -> tuple[str, str] | None:
    """The level and the code, or the name, of a place: « 2023-DEP-31 », « epci:243100518 », « 76 - Occitanie ».

    A leading zero that a spreadsheet took away is given back. None when the level cannot be told.
    """
    written = " ".join(text.split())
    if _FRANCE.match(fold(written)):
        return "france", "FR"
    if found := _SDMX.fullmatch(written):
        return _SDMX_LEVELS[found[1].lower()], found[2].upper()
    kind, colon, code = written.partition(":")
    if colon and kind.strip().casefold() in LEVELS:
        return kind.strip().casefold(), code.strip().upper()
    if found := _CODE_THEN_NAME.fullmatch(written):
        written = found[1]
    if _CODE.fullmatch(written.upper()):
        code = written.upper()
        if not level:
            level = {9: "epci", 5: "commune"}.get(len(code), "departement" if len(code) in (2, 3) else "")
        return (level, code.zfill(_PADDED.get(level, 0))) if level else None
    return (level, written) if level and written else None
