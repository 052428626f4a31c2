"""The form of a text: nothing is lost between the file and the screen; two editors; merging; rows without script."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from essor.kit import library, recipe_library
from essor.kit.editing.actions import Thing, correct
from essor.kit.editing.forms import FicheEditor
from essor.kit.editing.forms_recipe import RecipeEditor
from essor.kit.editing.in_force import in_scope
from essor.kit.editing.rows import Editor
from essor.kit.editing.texts import parts, same, text_of
from essor.kit.models import ContentVersion
from tests.factories import MembershipFactory, UserFactory

K12 = Thing("fiche", "K12")
EDIT = "/installation/boite-a-outils/fiches/K12/corriger/"


def sent(editor: Editor, **changes: Any) -> QueryDict:
    """What a browser sends of a form as it was shown."""
    data = QueryDict(mutable=True)
    fields = [*editor.form]
    for shown in editor.rows:
        fields += [*shown.formset.management_form, *(field for row in shown.formset for field in row)]
    for field in fields:
        value = field.value()
        if isinstance(value, list | tuple):
            data.setlist(field.html_name, [str(each) for each in value])
        elif value is not None and value is not False:
            data[field.html_name] = str(value)
    data["reason"] = "Essai"
    for name, value in changes.items():
        data[name.replace("__", "-")] = value
    return data


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "make", "texts"),
    [("fiche", FicheEditor, library.package_texts), ("recipe", RecipeEditor, recipe_library.package_texts)],
)
def test_every_text_passes_through_its_form(kind: str, make: type[Editor], texts: Any) -> None:
    for code, text in texts().items():
        before = parts(kind, text)
        editor = make(before, sent(make(before)))
        assert editor.is_valid(), (code, editor.form.errors)
        assert same(kind, text, text_of(kind, editor.said())), code


@pytest.fixture
def editor_client(client: Client, db: None) -> Client:
    client.force_login(UserFactory(editor=True))
    return client


def form(title: str = "Acheter autrement", **changes: Any) -> dict[str, Any]:
    return dict(sent(FicheEditor(parts("fiche", K12.text_now())), title=title, **changes).lists())


def test_an_editor_corrects(editor_client: Client) -> None:
    answer = editor_client.post(EDIT, form(), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/kit/fiches/K12/", 302)]
    assert "Acheter autrement" in page
    assert "Texte corrigé sur cette installation" in page
    assert "Acheter autrement" in editor_client.get("/kit/?q=acheter+autrement").content.decode()
    versions = editor_client.get(
        "/installation/boite-a-outils/fiches/K12/versions/?de=0&a=1"
    ).content.decode()
    assert "Essai" in versions
    assert "<del>" in versions


def test_the_second_editor_sees_the_first_ones_change(editor_client: Client) -> None:
    correct(
        None, K12, K12.package_text.replace("Commande publique responsable", "Un autre titre"), "a", seen=0
    )
    page = editor_client.post(EDIT, form(seen="0")).content.decode()
    assert "a corrigé ce texte pendant que vous écriviez" in page
    assert "Un autre titre" in page
    assert 'value="Acheter autrement"' in page
    assert 'name="seen" value="1"' in page
    editor_client.post(EDIT, form(seen="1"))
    assert ContentVersion.objects.get(number=2).is_latest


def test_a_fault_stands_beside_its_field(editor_client: Client) -> None:
    page = editor_client.post(EDIT, form(body="[ici](javascript:x)")).content.decode()
    assert 'href="#id_body"' in page
    page = editor_client.post(EDIT, form(levers__0__title="", reason="")).content.decode()
    assert 'id="id_levers-0-title_error"' in page
    assert 'href="#id_reason"' in page
    assert not ContentVersion.objects.exists()


def test_rows_fold_save_those_at_fault_which_the_summary_leads_to(editor_client: Client) -> None:
    shown = editor_client.get(EDIT).content.decode()
    assert re.search(r'<details class="kit-row"\s+id="levers-1">', shown)
    page = editor_client.post(EDIT, form(levers__1__title="")).content.decode()
    assert re.search(r'<details class="kit-row"\s+id="levers-0">', page)
    assert re.search(r'<details class="kit-row"\s+id="levers-1" open>', page)
    assert '<a href="#levers-1">Levier 2</a>' in page


def test_rows_come_and_go_without_script(editor_client: Client) -> None:
    count = len(parts("fiche", K12.package_text)["levers"])
    page = editor_client.post(EDIT, form(ajouter="levers", levers__0__DELETE="on")).content.decode()
    assert f'id="id_levers-{count - 1}-title"' in page
    assert f'id="id_levers-{count}-title"' not in page
    assert "Il reste quelque chose" not in page
    seen = editor_client.post(EDIT, form(apercu="oui", body="## Neuf\n\n**fort**")).content.decode()
    assert "<h2>Neuf</h2>" in seen
    editor_client.post(EDIT, form(levers__0__DELETE="on"))
    with in_scope():
        assert len(library.fiches()["K12"].levers) == count - 1


def test_two_texts_are_merged(editor_client: Client) -> None:
    older = K12.package_text.replace("Commande publique responsable", "Ancien titre")
    correct(None, K12, older.rstrip() + "\n- Un point d’ici.\n", "a", seen=0, base_text=older)
    assert "Essor a changé ce texte" in editor_client.get("/kit/fiches/K12/").content.decode()
    page = editor_client.get("/installation/boite-a-outils/fiches/K12/comparer/").content.decode()
    assert "Essor seul" in page
    assert "Ici seulement" in page
    merging = editor_client.get(f"{EDIT}?fusion=oui").content.decode()
    assert 'value="Commande publique responsable"' in merging
    assert "Un point d’ici." in merging
    editor_client.post("/installation/boite-a-outils/fiches/K12/comparer/", {"garder": "oui", "seen": "1"})
    assert "Essor a changé ce texte" not in editor_client.get("/kit/fiches/K12/").content.decode()


def test_a_note_is_written_and_read(client: Client, db: None) -> None:
    member = MembershipFactory(agent=True, authority__slug="ici")
    client.force_login(member.user)
    client.post("/ici/kit/fiches/K12/chez-nous/", {"body": "Appelez **la mission**.", "seen": "0"})
    assert "<strong>la mission</strong>" in client.get("/ici/kit/fiches/K12/").content.decode()
    assert "la mission</strong>" not in client.get("/kit/fiches/K12/").content.decode()
    assert client.get("/ici/kit/fiches/K12.pdf").status_code == 200
    refused = client.post("/ici/kit/fiches/K12/chez-nous/", {"body": "autre", "seen": "0"}).content.decode()
    assert "a écrit pendant que vous écriviez" in refused
