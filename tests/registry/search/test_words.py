"""What people type finds what they mean; whatever they type, nothing breaks."""

from dataclasses import replace

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from essor.registry import queries
from essor.registry.filters import Section
from essor.registry.models import SearchSynonym
from essor.registry.search import synonyms, words
from essor.registry.search.schema import stems
from tests.factories import OrganisationFactory, TerritoryFactory
from tests.registry.search.conftest import ALL, Find
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> None:
    """A few organisations whose names, activities and places differ."""
    edition_in_force()
    epci = TerritoryFactory(kind="epci", code="200000001", name="Pays d’Auge", epci_type="CC")
    blagnac = TerritoryFactory(code="31069", name="Blagnac", epci=epci)
    FactsFactory(name="L’Étoile d’Œuvres", acronym="EDO", naf="94.99Z")
    FactsFactory(name="École bilingue occitane", naf="85.20Z", commune=blagnac)
    FactsFactory(name="Le Coup de Main", naf="47.79Z")  # second-hand goods
    FactsFactory(name="La Bonne Pioche", naf="88.10A")  # home care
    FactsFactory(name="Recyclerie du Faubourg", naf="94.99Z")
    FactsFactory(name="Emmaüs Nord", siren="123456782", naf="94.99Z")
    FactsFactory(name="Jardin des Lilas", usual_name="Les Lilas Bleus", naf="94.99Z", tags=["aci"])
    FactsFactory(name="Cachée", organisation=OrganisationFactory(name="Cachée", is_public=False))
    FactsFactory(name="Ancienne", present=False)


FIRST = {
    "etoile": "L’Étoile d’Œuvres",
    "ETOILE D'OEUVRES": "L’Étoile d’Œuvres",
    "étoille": "L’Étoile d’Œuvres",
    "etiole": "L’Étoile d’Œuvres",  # two letters in the wrong order
    "edo": "L’Étoile d’Œuvres",
    "ecole bilinge ocitane": "École bilingue occitane",
    "écoles bilingues": "École bilingue occitane",
    "bilin": "École bilingue occitane",
    "enseignement blagnac": "École bilingue occitane",
    "pays d'auge": "École bilingue occitane",
    "blagnca": "École bilingue occitane",
    "emaüs": "Emmaüs Nord",
    "emmaus": "Emmaüs Nord",
    "123 456 782": "Emmaüs Nord",
    "lilas bleus": "Jardin des Lilas",
    "chantier d'insertion": "Jardin des Lilas",
}


def test_a_name_is_found_however_it_is_written(register: None, find: Find) -> None:
    assert {text: find(text)[:1] for text in FIRST} == {text: [name] for text, name in FIRST.items()}


def test_a_trade_word_finds_the_activity_and_its_other_words(register: None, find: Find) -> None:
    for text in ("recyclerie", "ressourcerie", "ressourceries", "RÉEMPLOI"):
        assert set(find(text)) == {"Recyclerie du Faubourg", "Le Coup de Main"}, text


def test_words_together_are_one_synonym(register: None, find: Find) -> None:
    assert find("aide à domicile") == ["La Bonne Pioche"]
    assert find("aide domicile") == ["La Bonne Pioche"]


def test_what_nobody_bears_finds_nothing(register: None, find: Find) -> None:
    for text in ("999999999", "W999999999", "99999999999999", "zzzzzzzz", "emmaus zzzzzzz"):
        assert find(text) == [], text


def test_signs_alone_limit_nothing(register: None, find: Find) -> None:
    for text in ("", "%", "' ; --", "«»", "()"):
        assert len(find(text)) == 7, text


def test_what_is_hidden_or_gone_is_never_in_the_index(register: None, find: Find) -> None:
    assert find("cachee") == []
    assert find("ancienne") == []


def test_a_row_hidden_since_the_index_was_made_is_not_shown(register: None, find: Find) -> None:
    find()
    bleu = queries.search_page(replace(ALL, text="emmaus"), 1, 0, 1)[0].organisation
    bleu.is_public = False
    bleu.save()

    assert queries.search_page(replace(ALL, text="emmaus"), 1, 0, 1) == []


def test_the_whole_name_comes_first_then_all_the_words_then_close_ones(find: Find) -> None:
    edition_in_force()
    for name in ("Amicale du Lac de Pierre", "Le Lac", "Club nautique du Lac", "Le Lacc"):
        FactsFactory(name=name)

    assert find("le lac")[0] == "Le Lac"
    assert set(find("le lac")[1:3]) == {"Amicale du Lac de Pierre", "Club nautique du Lac"}
    assert find("club nautqiue du lac") == ["Club nautique du Lac"]


def test_close_words_are_told_and_another_writing_is_offered(register: None, find: Find) -> None:
    FactsFactory(name="École des Vignes")
    FactsFactory(name="Bilingue toujours")

    assert find("ecole biligue") == ["École bilingue occitane"]
    spelling = queries.spelling(replace(ALL, text="ecole biligue"))
    assert (spelling.close, spelling.meant) == (True, "ecole bilingue")
    assert queries.spelling(replace(ALL, text="ecole bilingue")) == queries.Spelling()


def test_a_word_of_the_editors_takes_the_place_of_the_package_s(register: None, find: Find) -> None:
    SearchSynonym.objects.create(key="bouquins", words="bouquins", naf=["85"], equivalents=[])
    SearchSynonym.objects.create(key="recyclerie", words="recyclerie", naf=[], equivalents=[])

    assert find("bouquins") == ["École bilingue occitane"]
    assert find("recyclerie") == ["Recyclerie du Faubourg"]


def test_the_package_s_words_can_be_used() -> None:
    lines = synonyms.packaged()
    assert [code for line in lines for code in line.naf if not synonyms.is_naf(code)] == []
    assert [line.words for line in lines if not line.naf and not line.equivalents] == []
    assert len({line.stems for line in lines}) == len(lines)


def test_each_part_of_the_list_has_its_own(register: None, find: Find) -> None:
    FactsFactory(name="Douteuse", to_check=True)
    assert find("douteuse") == []
    assert find("douteuse", section=Section.TO_CHECK) == ["Douteuse"]


def test_a_sign_and_a_postal_code_are_found(find: Find) -> None:
    edition_in_force()
    facts = FactsFactory(name="Association de gestion")
    PlaceFactory(
        organisation=facts.organisation, name="La Guinguette", postal_code="31390", siret="12345678200017"
    )

    for text in ("guinguette", "31390", "123 456 782 00017"):
        assert find(text) == ["Association de gestion"], text


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    asked = words.read(text)
    lines = synonyms.by_stems(synonyms.packaged())
    if not asked.is_empty:
        words.strict(asked, lines)
        words.lenient(asked)
    assert len(asked.words) <= 8
    assert all(stems(word) for word in asked.words)


HOSTILE = [
    "a" * 5000,
    "\x00",
    "AND OR NOT",
    '"',
    "field:words",
    "a~9999",
    "[* TO *]",
    "\u202e",
    "💥 crèche",
    "é" * 100,
    "(" * 99,
]


def test_a_hostile_text_gets_an_answer(register: None, find: Find) -> None:
    assert [text for text in HOSTILE if not isinstance(find(text), list)] == []


def test_another_writing_is_offered_when_it_gives_more_than_the_list(find: Find, client: Client) -> None:
    edition_in_force()
    for name in ("École bilingue", "Bilingue toujours", "École des Vignes"):
        FactsFactory(name=name)
    assert find("ecole biligue") == ["École bilingue"]
    said = client.get("/registre/?q=ecole+biligue").content.decode()
    assert ("ressemblent" in said, "Vouliez-vous dire" in said) == (True, False)  # the list has it all
    narrow, wide = replace(ALL, text="ecole bilingue"), replace(ALL, text="bilingue")
    assert (queries.gives_more(wide, narrow), queries.gives_more(narrow, wide)) == (True, False)
