"""The lists that accompany the stocks: ESS France, RNA, insertion structures, ESUS, the authority's own list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from essor.demo.draws import Bools, Ints, derived
from essor.demo.economy import Units, of_profiles
from essor.demo.evolution import FIRST_EDITION, Economy
from essor.demo.identifiers import padded, rnas, sirens
from essor.demo.names import Setting, settings_of
from essor.demo.places import Atlas
from essor.demo.profiles import profiles
from essor.demo.sheets import Sheet
from essor.demo.stocks import has_rna

Rows = Iterator[tuple[Any, ...]]

ESS_LIST_HEADER = ("SIREN", "DENOMINATION", "FAMILLE")
SIAE_HEADER = (
    "siret", "naf", "kind", "legal_form", "name", "brand", "city", "post_code", "department", "lon", "lat",
    "api_entreprise_employees",
)  # fmt: skip
ESUS_HEADER = ("Dénomination", "SIREN", "Département", "Date d’agrément", "Date de fin d’agrément")
OWN_LIST_HEADER = ("SIRET", "Nom dans nos dossiers", "Service qui suit")
RNA_HEADER = (
    "id", "id_ex", "siret", "rup_mi", "gestion", "date_creat", "date_decla", "date_publi", "date_disso", "nature",
    "groupement", "titre", "titre_court", "objet", "objet_social1", "objet_social2", "adrs_complement",
    "adrs_numvoie", "adrs_repetition", "adrs_typevoie", "adrs_libvoie", "adrs_distrib", "adrs_codeinsee",
    "adrs_codepostal", "adrs_libcommune", "adrg_declarant", "adrg_complemid", "adrg_complemgeo", "adrg_libvoie",
    "adrg_distrib", "adrg_codepostal", "adrg_achemine", "adrg_pays", "dir_civilite", "siteweb", "publiweb",
    "observation", "position", "maj_time",
)  # fmt: skip
FAMILY_WORDS = {
    "association": "Association", "cooperative": "Coopérative", "mutual": "Mutuelle", "foundation": "Fondation",
    "company": "Société commerciale de l’ESS",
}  # fmt: skip
# Associations declared to the RNA without a SIREN, and units of the ESS list that the stock does not have.
RNA_ONLY, LISTED_ELSEWHERE = 0.12, 0.004
WITH_WEBSITE = 0.2
# Associations that declare a website between the two editions.
NEW_WEBSITE = 0.02
FIRST_DECLARATIONS = date(1901, 7, 1)
SERVICES = ("Insertion et emploi", "Économie sociale et solidaire", "Culture", "Autonomie", "Environnement")


def seat_rows(now: Economy) -> Ints:
    """The rank, in the establishments, of each unit's seat."""
    rows = np.zeros(len(now.units), dtype=np.int64)
    seats = np.flatnonzero(now.places.seat)
    rows[now.places.unit[seats]] = seats
    return rows


def _chosen(now: Economy, mask: Bools) -> Ints:
    """Active and diffusible units of the mask, by SIREN."""
    ranks = np.flatnonzero(mask & np.isnat(now.units.closed) & ~now.units.hidden)
    found: Ints = ranks[np.argsort(now.units.siren[ranks], kind="stable")]
    return found


def ess_list(now: Economy) -> Rows:
    """The ESS France list: some closed units linger there, as in the real one, and some are of elsewhere."""
    units = now.units
    lately = np.datetime64(now.day, "D") - np.timedelta64(730, "D")
    there = units.listed & ~units.hidden & (np.isnat(units.closed) | (units.closed > lately))
    ranks = np.flatnonzero(there)
    names = profiles()
    for i in ranks[np.argsort(units.siren[ranks], kind="stable")].tolist():
        yield f"{units.siren[i]:09d}", units.name[i], FAMILY_WORDS.get(names[units.profile[i]].family, "")
    elsewhere = max(2, round(len(ranks) * LISTED_ELSEWHERE))
    for siren in padded(sirens(np.arange(900_000, 900_000 + elsewhere)), 9):
        yield siren, "Organisation d’un autre département", "Association"


def insertion(now: Economy, stock: Sheet, atlas: Atlas) -> Rows:
    """The directory of insertion and adapted-work structures."""
    ranks = _chosen(now, of_profiles(now.units, "siae_rate") > 0)
    seats = seat_rows(now)
    value = stock.values
    for i in ranks.tolist():
        kind = _kind(
            profiles()[now.units.profile[i]].siae, float(derived(now.units.number[i : i + 1], 11)[0])
        )
        if kind is None:
            continue
        row = seats[i]
        lon, lat = now.locations.lon[row], now.locations.lat[row]
        known = not np.isnan(lon)
        yield (
            value["siret"][row], now.units.naf[i].replace(".", ""), kind, "", now.units.name[i],
            now.units.usual_name[i] or "", atlas.names[now.places.commune[row]],
            value["codePostalEtablissement"][row], atlas.codes[now.places.commune[row]][:2],
            lon if known else "", lat if known else "", "",
        )  # fmt: skip


def _kind(rates: dict[str, float], number: float) -> str | None:
    for kind, rate in rates.items():
        if number < rate:
            return kind
        number -= rate
    return None


def esus(now: Economy) -> Rows:
    """The list of ESUS: agreements of two or five years, a few of which have just ended."""
    units = now.units
    chance = derived(units.number, 12)
    for i in _chosen(now, chance < of_profiles(units, "esus")).tolist():
        share = float(derived(units.number[i : i + 1], 13)[0])
        years = 2 if now.day.year - int(str(units.created[i])[:4]) < 3 else 5
        begun = now.day - timedelta(days=int(share * (years * 365 + 120)))
        begun = max(begun, units.created[i].astype(date) + timedelta(days=60))
        ends = begun.replace(year=begun.year + years, day=min(begun.day, 28)) - timedelta(days=1)
        yield units.name[i], f"{units.siren[i]:09d}", "31", f"{begun:%d/%m/%Y}", f"{ends:%d/%m/%Y}"


def own_list(now: Economy, stock: Sheet) -> Rows:
    """The organisations that the département follows, as its services wrote them."""
    units = now.units
    seats = seat_rows(now)
    chance = derived(units.number, 14)
    for i in _chosen(now, chance < of_profiles(units, "follow")).tolist():
        service = SERVICES[int(derived(units.number[i : i + 1], 15)[0] * len(SERVICES))]
        yield stock.values["siret"][seats[i]], units.name[i], service


def rna(now: Economy, stock: Sheet, atlas: Atlas) -> Rows:
    """The RNA: declared associations with their purposes, then some that have no SIREN."""
    units = now.units
    declared = has_rna(units) & ~units.hidden
    ranks = np.flatnonzero(declared)
    ranks = ranks[np.argsort(units.siren[ranks], kind="stable")]
    numbers = rnas(units.serial)
    seats = seat_rows(now)
    some = units.take(ranks)
    settings = settings_of(some, atlas)
    site = derived(some.number, 16)
    with_website = WITH_WEBSITE + (NEW_WEBSITE if now.day > FIRST_EDITION else 0)
    for rank, (i, setting) in enumerate(zip(ranks.tolist(), settings, strict=True)):
        place = _address(stock, seats[i])
        # example.org is reserved for documentation: these addresses lead nowhere.
        website = f"https://{numbers[i].lower()}.example.org" if site[rank] < with_website else ""
        yield _rna_row(numbers[i], stock.values["siret"][seats[i]], some, rank, setting, place, website)
    alone = round(len(ranks) * RNA_ONLY)
    craft = next(profile for profile in profiles() if profile.code == "crafts")
    others = rnas(np.arange(700_000, 700_000 + alone))
    for rank in range(alone):
        source = settings[rank * 7 % len(settings)]
        setting = replace(source, number=source.number * 0.71, profile=craft)
        name = f"{setting.word('circle')} {setting.word('de_fancy')}, {setting.word('craft')}"
        yield _rna_row(others[rank], "", some, rank * 7 % len(settings), setting, {}, "", name)


def _rna_row(
    number: str, siret: str, some: Units, rank: int, setting: Setting, place: dict[str, Any], website: str,
    name: str = "",
) -> tuple[Any, ...]:  # fmt: skip
    created = max(some.created[rank].astype(date), FIRST_DECLARATIONS)
    closed = some.closed[rank]
    ended = "" if np.isnat(closed) or name else f"{closed.astype(date):%Y-%m-%d}"
    templates = setting.profile.purposes
    purpose = setting.fill(templates[int(setting.number * 977 % 1 * len(templates))]) if templates else ""
    published = created + timedelta(days=21)
    values = dict.fromkeys(RNA_HEADER, "") | {
        "id": number, "siret": siret, "gestion": f"{number[1:4]}P", "date_creat": created.isoformat(),
        "date_decla": (created + timedelta(days=6)).isoformat(), "date_publi": published.isoformat(),
        "date_disso": ended, "nature": "D", "groupement": "S", "titre": (name or some.name[rank]).upper(),
        "titre_court": some.acronym[rank] or "" if not name else "", "objet": purpose,
        "objet_social1": "000000", "objet_social2": "000000", "adrg_pays": "FRANCE", "siteweb": website,
        "publiweb": "1" if website else "0", "position": "D" if ended else "A",
        "maj_time": f"{published.isoformat()} 09:00:00", **place,
    }  # fmt: skip
    return tuple(values.values())


def _address(stock: Sheet, row: int) -> dict[str, Any]:
    names = {
        "adrs_numvoie": "numeroVoie", "adrs_repetition": "indiceRepetition", "adrs_typevoie": "typeVoie",
        "adrs_libvoie": "libelleVoie", "adrs_codeinsee": "codeCommune", "adrs_codepostal": "codePostal",
        "adrs_libcommune": "libelleCommune",
    }  # fmt: skip
    return {name: stock.values[f"{official}Etablissement"][row] or "" for name, official in names.items()}
