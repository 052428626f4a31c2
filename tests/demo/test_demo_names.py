"""Names: invented, varied, French; nobody real."""

import re

import numpy as np
import pytest

from essor.demo.names import (
    LONGEST,
    NOT_DISCLOSED,
    ODDITIES,
    acronym_of,
    at_name,
    fancies,
    fancy_at,
    plain_capitals,
)
from essor.demo.profiles import profiles, words

# Known organisations, brands, sites and people that must never appear, in lower case without accents.
STOP_LIST = """
adapei|admr|airbus|apf france|artisans du monde|asei|banque de france|biocoop|caisse d'epargne|banque populaire|
caisse des depots|citiz|croix-rouge|croix rouge|credit agricole|credit cooperatif|credit mutuel|emmaus|enercoop|
enedis|envie|fondation de france|france travail|gaulle|gambetta|groupama|habitat et humanisme|harmonie mutuelle|
hugo|jaures|la nef|la poste|leo lagrange|ligue de l'enseignement|macif|maif|malakoff|matmut|medecins du monde|
mgen|mirail|moliere|mutualite francaise|petits debrouillards|restos du coeur|scouts|secours catholique|
secours populaire|soliha|stade toulousain|telethon|terre de liens|tisseo|toulouse football|unapei|unicef|zola
"""
FORBIDDEN = [re.sub(r"\s+", " ", name).strip() for name in STOP_LIST.split("|")]


@pytest.fixture(scope="module")
def ess_names(small_economy):
    ess = np.array([profile.is_ess for profile in profiles()])[small_economy.units.profile]
    return small_economy.units.name[ess].tolist()


def test_no_known_organisation_or_person_is_named(small_economy):
    people = words()["people"]
    surnames = {plain_capitals(a + b) for a in people["last_a"] for b in people["last_b"]} | {NOT_DISCLOSED}
    persons = np.array([profile.person for profile in profiles()])[small_economy.units.profile]
    names = [plain_capitals(name).lower() for name in small_economy.units.name[~persons]]
    assert [name for name in names for word in FORBIDDEN if re.search(rf"\b{word}\b", name)] == []
    assert set(small_economy.units.name[persons]) <= surnames


def test_no_word_of_the_lists_is_a_known_name():
    lists = [words()["phrases"], *words()["slots"].values(), *words()["activities"].values()]
    found = [plain_capitals(text).lower() for values in lists for text in values]
    found += [name.lower() for name in words()["streets"]["names"]]
    assert [text for text in found for word in FORBIDDEN if re.search(rf"\b{word}\b", text)] == []


def test_names_of_ess_organisations_are_all_different_and_of_allowed_length(ess_names):
    assert len(set(ess_names)) == len(ess_names)
    assert max(map(len, ess_names)) <= LONGEST


def test_no_organisation_is_called_by_its_activity_and_commune_alone(small_economy, ess_names):
    lands = set(words()["lands"].values())
    heads = {value for values in words()["slots"].values() for value in values}
    bare = {
        f"{head} {link}{name}" for head in heads for name in lands for link in ("de ", "du ", "d’", "en ")
    }
    assert set(ess_names) & bare == set()


def test_names_agree_in_gender_and_elide():
    every = {fancy.with_article: fancy.after_de for _part, places in fancies() for fancy in places}
    assert every["Le Moulin Bleu"] == "du Moulin Bleu"
    assert every["La Source Neuve"] == "de la Source Neuve"
    assert every["L’Étoile aux Merles"] == "de l’Étoile aux Merles"
    assert every["La Halle Claire"] == "de la Halle Claire"
    assert every["Les Trois Ponts"] == "des Trois Ponts"
    assert sum(part for part, _places in fancies()) == pytest.approx(1)
    assert fancy_at(0.0) != fancy_at(0.999999)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Le Fauga", "au Fauga"), ("Les Tourreilles", "aux Tourreilles"), ("Revel", "à Revel")],
)
def test_a_commune_after_a(name, expected):
    assert at_name(name) == expected


def test_capitals_and_acronyms():
    assert plain_capitals("L’Œuvre d’Été – à Noé") == "L'OEUVRE D'ETE - A NOE"
    assert acronym_of("Club de judo du Moulin Bleu") == "CJMB"
    assert acronym_of("Le Moulin") is None


def test_unusual_names_are_there(small_economy):
    assert {name for name, _acronym, _usual in ODDITIES} <= set(small_economy.units.name)


def test_masked_sole_traders_have_no_name_left(small_economy):
    units = small_economy.units
    persons = np.array([profile.person for profile in profiles()])[units.profile]
    masked = persons & units.hidden
    assert masked.sum() > 0
    for column in (units.name, units.first_name, units.sex):
        assert set(column[masked]) == {NOT_DISCLOSED}
    assert NOT_DISCLOSED not in set(units.name[~units.hidden])
