"""Names composed from the words of `data/words.yaml`: every one holds an invented place or phrase, none a person."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from essor.demo.draws import Draws, Objects, either, objects
from essor.demo.economy import Units
from essor.demo.places import Atlas
from essor.demo.profiles import Profile, profiles, words

LONGEST = 120  # INSEE's limit of a denomination
NOT_DISCLOSED = "[ND]"
# Slots that make a name an invented one: each template holds one at least.
INVENTED = ("fancy", "de_fancy", "le_fancy", "phrase")
_SLOT = re.compile(r"\{(\w+)\}")
_VOWELS = "AEIOUYÉÈÊÀÎÔ"
_SMALL = {"de", "du", "des", "la", "le", "les", "et", "en", "à", "au", "aux", "d", "l", "un", "une"}

# Unusual but valid names, given to the first active associations.
ODDITIES: tuple[tuple[str, str | None, str | None], ...] = (
    ("Association pour la sauvegarde, la mise en valeur et l’animation des lavoirs et pigeonniers de la"
     " Colline aux Lucioles", None, "Les Chemins aux Lucioles"),
    ("1, 2, 3 Soleil Rond", None, None),
    ("« Ô Pré Fleuri » – café, gîte & cætera", None, None),
    ("L’Œuvre du Sureau Voyageur", "OSV", None),
    ("Trois p’tits tours d’Écluse Secrète", None, None),
    ("A.R.B.R.E. Noyer Lointain", "ARBRE", None),
    ("Zèbre Bleu / Étoile Ronde", None, None),
    ("Çà et Là – Île aux Hérissons (ÇL)", "ÇL", None),
)  # fmt: skip


@dataclass(frozen=True)
class Fancy:
    """An invented place: alone, after « de », and with its article."""

    plain: str
    after_de: str
    with_article: str


def _fancy(noun: str, rest: str, gender: str) -> Fancy:
    plain = f"{noun} {rest}"
    if noun[0].upper() in _VOWELS:
        return Fancy(plain, f"de l’{plain}", f"L’{plain}")
    if gender == "m":
        return Fancy(plain, f"du {plain}", f"Le {plain}")
    return Fancy(plain, f"de la {plain}", f"La {plain}")


def _hamlet(name: str) -> Fancy:
    return Fancy(name, f"de {name}", name)


@cache
def fancies() -> tuple[tuple[float, tuple[Fancy, ...]], ...]:
    """All invented places, some two thousand, by manner, with the part of the names that take each manner."""
    nouns, plurals, hamlets = words()["nouns"], words()["plurals"], words()["hamlets"]
    every = [(noun, gender) for gender in ("m", "f") for noun in nouns[gender]]
    return (
        (0.4, tuple(_fancy(noun, rest, gender) for noun, gender in every for rest in nouns["adjectives"][gender])),
        (0.18, tuple(_fancy(noun, f"aux {other}", gender) for noun, gender in every for other in nouns["among"])),
        (0.17, tuple(
            Fancy(f"{number} {thing}", f"des {number} {thing}", f"Les {number} {thing}")
            for number in plurals["numbers"]
            for thing in plurals["things"]
        )),
        (0.25, tuple(_hamlet(start + end) for start in hamlets["starts"] for end in hamlets["ends"])),
    )  # fmt: skip


def fancy_at(number: float) -> Fancy:
    """The invented place of a number in [0, 1)."""
    for part, places in fancies():
        if number < part:
            return places[int(number / part * len(places))]
        number -= part
    return fancies()[0][1][0]


@cache
def _slots() -> dict[str, tuple[int, list[str]]]:
    """Each list of words with a multiplier of its own: one number a unit gives independent words."""
    slots = {**words()["slots"], "phrase": words()["phrases"]}
    return {
        name: (7919 + 2 * rank * 104_729, values) for rank, (name, values) in enumerate(sorted(slots.items()))
    }


@dataclass(frozen=True)
class Setting:
    """What a template is filled with: the unit's own number, its commune and country, its activity."""

    number: float
    commune: str
    of_commune: str
    land: str
    profile: Profile
    naf: str

    def word(self, slot: str) -> str:
        """The word of a slot; always the same for a unit, so that name and purpose agree."""
        if slot == "commune":
            return self.commune
        if slot == "de":
            return self.of_commune
        if slot == "at":
            return at_name(self.commune)
        if slot == "land":
            return self.land
        if slot.endswith("fancy"):
            fancy = fancy_at(self.number)
            return {"fancy": fancy.plain, "de_fancy": fancy.after_de, "le_fancy": fancy.with_article}[slot]
        if slot == "activity":
            values = self.profile.activity_words(self.naf)
            return values[int(self.number * 7907 % 1 * len(values))]
        factor, values = _slots()[slot]
        return values[int(self.number * factor % 1 * len(values))]

    def fill(self, template: str) -> str:
        """The template with its words."""
        parts = _parsed(template)
        text = "".join([part if rank % 2 == 0 else self.word(part) for rank, part in enumerate(parts)])
        return text[:1].upper() + text[1:]


@cache
def _parsed(template: str) -> list[str]:
    """Texts and slots in turn, beginning with a text."""
    return _SLOT.split(template)


def at_name(name: str) -> str:
    """A commune's name after « à »: « au Fauga », « aux Tourreilles », « à Revel »."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    return f"aux {name[4:]}" if name.startswith("Les ") else f"à {name}"


def settings_of(units: Units, atlas: Atlas) -> list[Setting]:
    """The setting of each unit."""
    names, of_names = atlas.names[units.commune], atlas.of_names[units.commune]
    lands = [words()["lands"].get(epci, "Occitanie") for epci in atlas.epci[units.commune].tolist()]
    known = profiles()
    return [
        Setting(number, name, of_name, land, known[rank], naf)
        for number, name, of_name, land, rank, naf in zip(
            units.number.tolist(), names, of_names, lands, units.profile.tolist(), units.naf, strict=True
        )
    ]


def plain_capitals(text: str) -> str:
    """Capitals without accents, as INSEE wrote names for long."""
    text = text.replace("’", "'").replace("–", "-").replace("Œ", "OE").replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()


def acronym_of(name: str) -> str | None:
    """The initials of the name's words, None when they are too few or too many."""
    found = [word[0] for word in re.findall(r"\w+", plain_capitals(name)) if word.lower() not in _SMALL]
    return "".join(found) if 3 <= len(found) <= 6 else None


def name_units(units: Units, atlas: Atlas, draws: Draws) -> None:
    """Give their names to the units: denominations, usual names, acronyms, first names of sole traders."""
    n = len(units)
    settings = settings_of(units, atlas)
    which = draws.unit(n)
    capitals = draws.chance(0.05, n).tolist()
    with_usual = draws.chance(0.05, n).tolist()
    with_acronym = draws.chance(0.3, n).tolist()
    seen: set[str] = set()
    for i, pick in enumerate(which.tolist()):
        profile = settings[i].profile
        if profile.person:
            continue
        name = _name(settings[i], pick, seen)
        if profile.is_ess and with_acronym[i]:
            units.acronym[i] = acronym_of(name)
        if profile.is_ess and with_usual[i]:
            units.usual_name[i] = settings[i].word("le_fancy")
        units.name[i] = plain_capitals(name) if capitals[i] else name
    _name_people(units, draws)


def _name(setting: Setting, pick: float, seen: set[str]) -> str:
    """A name that no ESS organisation bears yet: with the commune, then a phrase, when it is taken."""
    profile = setting.profile
    templates = profile.names
    name = setting.fill(templates[int(pick * len(templates))])
    if profile.is_ess:
        for more in (f" {setting.of_commune}", f" – {setting.word('fancy')}"):
            if name in seen and more.strip() not in name:
                name += more
        seen.add(name)
    return name[:LONGEST].strip()


def _name_people(units: Units, draws: Draws) -> None:
    """Sole traders: a common first name and a surname that nobody bears; masked when they asked for it."""
    people = words()["people"]
    persons = np.array([profile.person for profile in profiles()])[units.profile]
    n = int(persons.sum())
    women = draws.chance(0.42, n)
    first = either(
        women,
        objects(people["first_f"])[draws.below(len(people["first_f"]), n)],
        objects(people["first_m"])[draws.below(len(people["first_m"]), n)],
    )
    last = (
        objects(people["last_a"])[draws.below(len(people["last_a"]), n)]
        + objects(people["last_b"])[draws.below(len(people["last_b"]), n)]
    )
    masked = units.hidden[persons]
    units.sex[persons] = either(masked, NOT_DISCLOSED, either(women, "F", "M"))
    units.first_name[persons] = either(masked, NOT_DISCLOSED, _capitals(first))
    units.name[persons] = either(masked, NOT_DISCLOSED, _capitals(last))


def _capitals(values: Objects) -> Objects:
    table: dict[Any, str] = {value: plain_capitals(value) for value in set(values.tolist())}
    return np.array([table[value] for value in values.tolist()], dtype=object)


def give_oddities(units: Units) -> None:
    """The unusual names, to the first active associations."""
    association = np.array([profile.family == "association" for profile in profiles()])[units.profile]
    chosen = np.flatnonzero(association & np.isnat(units.closed) & ~units.hidden)[: len(ODDITIES)]
    for i, (name, acronym, usual) in zip(chosen.tolist(), ODDITIES, strict=False):
        units.name[i], units.acronym[i], units.usual_name[i] = name, acronym, usual
