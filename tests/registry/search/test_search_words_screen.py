"""The words that the editors teach to the search, and the index's own screen."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from essor.accounts.models import User
from essor.kernel import audit
from essor.kernel.models import Job
from essor.registry import actions_search as actions
from essor.registry.models import SearchState, SearchSynonym
from essor.registry.search import synonyms, writer
from tests.factories import UserFactory
from tests.registry.search.conftest import Find
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db
PAGE = "/installation/registre/recherche/"


@pytest.fixture
def editor() -> User:
    return UserFactory(editor=True)


@pytest.fixture
def client_of_editor(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def test_a_word_written_is_understood_at_once(client_of_editor: Client, find: Find) -> None:
    edition_in_force()
    FactsFactory(name="Les Petits Pains", naf="10.71C")
    assert find("viennoiserie artisanale") == []
    version = SearchState.objects.get().version

    data = {
        "words": "Viennoiserie artisanale",
        "naf": "10.71c, 1071D",
        "equivalents": "croissants\n\nbrioches",
    }
    assert client_of_editor.post(PAGE + "mots/", data).status_code == 302
    row = SearchSynonym.objects.get()
    assert (row.key, row.naf, row.equivalents) == (
        "viennoiserie artisanale",
        ["10.71C", "10.71D"],
        ["croissants", "brioches"],
    )
    assert SearchState.objects.get().version == version + 1
    assert find("viennoiserie artisanale") == ["Les Petits Pains"]
    page = client_of_editor.get(PAGE).content.decode()
    assert "Viennoiserie artisanale" in page
    assert "Refaire l’index" not in page  # the administration's

    client_of_editor.post(f"{PAGE}mots/{row.pk}/retirer/")
    assert find("viennoiserie artisanale") == []
    assert [line.sentence for line in audit.entries_for(row)][-1].endswith("« Viennoiserie artisanale »")


def test_a_line_of_the_package_is_changed_then_given_back(client_of_editor: Client) -> None:
    address = f"{PAGE}mots/?mots=ressourcerie"
    assert "38.32Z, 47.79Z" in client_of_editor.get(address).content.decode()
    client_of_editor.post(address, {"words": "autre chose", "naf": "", "equivalents": ""})
    row = SearchSynonym.objects.get()
    assert (row.key, row.naf) == ("ressourcerie", [])  # its words are fixed
    assert "ressourcerie" not in {line.key for line in synonyms.in_force()}
    assert "Sans effet" in client_of_editor.get(PAGE).content.decode()
    client_of_editor.post(f"{PAGE}mots/{row.pk}/retirer/")
    assert "ressourcerie" in {line.key for line in synonyms.in_force()}


@pytest.mark.parametrize(
    ("words", "naf", "problem"),
    [
        ("«»", [], "Écrivez au moins un mot."),
        ("pain", ["99.99Z"], "« 99.99Z » ne commence aucun code"),
        ("pain", ["8"], "« 8 » ne commence aucun code"),
        ("pain", ["88"] * 41, "au plus"),
    ],
)
def test_a_wrong_line_is_refused(editor: User, words: str, naf: list[str], problem: str) -> None:
    with pytest.raises(ValidationError) as found:
        actions.write_words(editor, words, naf, [])
    assert problem in found.value.messages[0]


def test_only_editors_write() -> None:
    with pytest.raises(PermissionDenied):
        actions.write_words(UserFactory(), "pain", ["10.71C"], [])
    with pytest.raises(PermissionDenied):
        actions.remove_words(UserFactory(), SearchSynonym(words="x"))


def test_the_administration_asks_for_the_index(admin_client: Client) -> None:
    edition_in_force()
    assert "L’index n’a pas encore été fait." in admin_client.get(PAGE).content.decode()
    writer.rebuild()
    assert "Refaire l’index" in admin_client.get(PAGE).content.decode()
    response = admin_client.post(PAGE + "index/")
    assert (response.status_code, Job.objects.get().kind) == (302, "registry.index")


def test_the_words_come_a_page_at_a_time_and_are_looked_for(client_of_editor: Client) -> None:
    known = len(synonyms.packaged())
    first = client_of_editor.get(PAGE)
    assert (len(first.context["lines"]), first.context["count"]) == (25, known)
    last = client_of_editor.get(PAGE, {"page": "99"})
    assert len(last.context["lines"]) == known % 25 or 25
    found = client_of_editor.get(PAGE, {"q": "BRICOTHEQUE"}).context["lines"]
    assert all("bricoth" in line["key"] or "bricoth" in line["equivalents"] for line in found)
    assert client_of_editor.get(PAGE, {"q": "xyzxyz\x00"}).context["count"] == 0
